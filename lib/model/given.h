/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is noted of the values that a VF is given once, when it is made (enforce: at-creation), and
 * of which it is left to others what becomes of them. Masks are of VF settings, SETTING_BIT. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As observed of a VF. */
struct given {
	uint64_t done;	  /* were given, or count so */
	uint64_t guessed; /* of those: by what they read as, which is still to be noted */
	uint64_t open;	  /* of those: it is seen once the VF is there again, and left until then */
	uint64_t due;	  /* are to be given still, whoever uses the VF by now */
	bool untold;	  /* cannot be told */
};

/* Those that are left as they are: they were given; it cannot be told whether; or somebody used the
 * VF, as held says, before anything was noted of it. */
uint64_t given_left(const struct given *given, bool held);

/* What is to be noted of one VF, in place of what was noted of those settings. */
struct given_note {
	uint32_t vf;
	uint64_t done, due;
	uint64_t none;	/* nothing */
	uint64_t tried; /* will be written now */
};
