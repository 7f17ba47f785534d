/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a driver does otherwise than others, and what that means for the steps. A driver that is not
 * in the table has none of these; to teach sriovd another one is to add a row. */

#include <stdbool.h>
#include <stdint.h>

/* When a driver changes its eswitch mode. */
enum quirk_eswitch {
	ESWITCH_ANY_TIME,
	ESWITCH_WITHOUT_VFS, /* they are destroyed for it, and created again */
	ESWITCH_UNBOUND_VFS, /* with its VFs, as long as no driver has one */
};

struct quirk {
	const char *driver;
	enum quirk_eswitch eswitch;
	bool vfs_need_up; /* VFs are only created while the PF is up */
	/* Bits of VF settings: that the card may have changed by itself when the link comes up,
	 * without the kernel knowing: write them again; */
	uint64_t lost_with_link;
	/* that reset the VF when they are written: its traffic stops for a moment. */
	uint64_t resets_vf;
};

/* The row of the driver, which may be NULL; one without quirks if there is none. */
const struct quirk *quirk_of(const char *driver);
