/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where everything is in a picture of a topology, in pixels: ports at the left, level by level,
 * then PFs, then the VFs of each as a field of cells with what is to be said of them below. */

#include "topology/alike.h"
#include "topology/lines.h"

#define LAYOUT_MARGIN	    24
#define LAYOUT_PORT_WIDTH   190
#define LAYOUT_PF_WIDTH	    300
#define LAYOUT_VFS_WIDTH    500
#define LAYOUT_PADDING	    10 /* within boxes */
#define LAYOUT_LINE_HEIGHT  18
#define LAYOUT_CELLS	    16 /* a row */
#define LAYOUT_CELL_WIDTH   27
#define LAYOUT_CELL_HEIGHT  20
#define LAYOUT_CELL_PITCH_X 30
#define LAYOUT_CELL_PITCH_Y 23
#define LAYOUT_SWATCH	    18 /* what a coloured square takes in front of text */
/* The most that a character of the text takes, on average, in fonts that systems come with. */
#define LAYOUT_CHARACTER_TENTHS 76

/* What is said of VFs that are alike. */
struct layout_caption {
	const struct alike *alike;
	struct lines lines;
	int y; /* of its top */
};

struct layout_box {
	const struct topology_node *node;
	struct lines lines;
	int x, y, width, height;
	struct layout_box *first, *next; /* below it, and beside it, as the nodes */
	/* Of a PF with VFs. */
	int vfs_y, vfs_height; /* of the field around them */
	struct layout_caption *captions;
	size_t n_captions;
};

/* What is in one NUMA node, with a frame unless that is not known of any. */
struct layout_band {
	struct layout_box *first;
	int numa_node;
	bool framed;
	int y, height;
};

struct layout {
	struct layout_band *bands;
	size_t n_bands;
	int left, pf_x, vfs_x; /* of the columns */
	int width, height;     /* of all of them, with margins */
};

/* Places all below top; in arena. 0 or -ENOMEM. */
int layout_make(const struct topology *topology, int top, struct arena *arena, struct layout *ret);
