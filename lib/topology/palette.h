/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is painted how in pictures, on light and on dark ground. Text on each has a contrast of 4.5
 * to 1 at least (WCAG 2, AA). */

#include "model/pf.h"

enum paint {
	PAINT_PAGE,
	PAINT_NUMA_NODE,
	PAINT_PORT,
	PAINT_PF,
	PAINT_KERNEL, /* a VF that a driver of the kernel's own has */
	PAINT_KERNEL_USED,
	PAINT_VFIO, /* for guests and programs */
	PAINT_VFIO_USED,
	PAINT_NO_DRIVER,
	PAINT_NO_DRIVER_USED,
	PAINT_UNTOLD, /* what driver has it, or who uses it */
	PAINT_COUNT,
};

struct paint_colours {
	const char *fill, *stroke, *text;
};

struct paint_row {
	const char *name;
	struct paint_colours light, dark;
	const char *meaning; /* for the key of a picture; NULL: it has none */
	bool dashed;
};

/* By enum paint. */
extern const struct paint_row paints[PAINT_COUNT];

enum paint paint_of_vf(const struct vf *vf);
