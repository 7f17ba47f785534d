/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The drivers of PFs that do something otherwise than others, and what that is. One that is not in
 * the table does none of it; to teach sriovd another driver is to add a row, with its source. */

#include <stdbool.h>
#include <stdint.h>

/* When a driver changes its eswitch mode. */
enum driver_eswitch {
	ESWITCH_ANY_TIME,
	ESWITCH_WITHOUT_VFS, /* they are destroyed for it, and created again */
	ESWITCH_UNBOUND_VFS, /* with its VFs, as long as no driver has one */
};

struct driver {
	const char *name;
	enum driver_eswitch eswitch;
	bool vfs_need_up; /* VFs are only created while the PF is up */
	/* Bits of VF settings: that the card may have changed by itself when the link comes up,
	 * without the kernel knowing: write them again; */
	uint64_t lost_with_link;
	/* that reset the VF when they are written: its traffic stops for a moment. */
	uint64_t resets_vf;
};

/* The row of the driver of that name, which may be NULL; one in which all is as usual where there
 * is none. */
const struct driver *driver_of(const char *name);
