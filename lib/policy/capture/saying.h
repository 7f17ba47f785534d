/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy can say of what a PF and its VFs have, and why it cannot say the rest: so that a
 * plan of what it says is empty, and that nothing is said which is not known. Private to
 * lib/policy/capture. */

#include <stdint.h>

#include "model/pf.h"
#include "util/arena.h"

enum lack {
	LACK_NOTHING,	   /* it is said, or there is nothing */
	LACK_UNREAD,	   /* the driver does not report it */
	LACK_UNREPORTED,   /* nor anything of the VF, now */
	LACK_RANGE,	   /* no policy can ask for it */
	LACK_IGNORED,	   /* the driver does nothing with it */
	LACK_REFUSED,	   /* the driver takes it from nobody */
	LACK_IDLE,	   /* it is not in force in switchdev mode */
	LACK_DOWN,	   /* it reaches no driver of a VF while the PF is down */
	LACK_UNTAKEN,	   /* the VF's driver goes on with another value */
	LACK_TAKEN_UNTOLD, /* it cannot be told whether it does */
	LACK_SHARED,	   /* another VF has the same */
	LACK_CROSSED,	   /* a least that is over the most */
	LACK_TOO_MANY,	   /* all VFs together have more than the card is said to have */
	LACK_UNRESERVED,   /* no driver, and any may come */
	LACK_RESERVED,	   /* no driver, and one is to come */
	LACK_OWED,	   /* no driver, for a moment */
	LACK_PROTOCOL,	   /* it is said, and its protocol is not known */
	LACK_COUNT,
};

/* Whether it is said all the same. */
static inline bool lack_is_said(enum lack lack)
{
	return lack == LACK_NOTHING || lack == LACK_PROTOCOL;
}

/* Of one VF. */
struct saying {
	struct vf_values said;
	uint8_t lacks[VF_SETTING_COUNT]; /* enum lack */
	/* Of what is not said: what it has, where that is reported. */
	struct vf_values unsaid;
};

/* An array for all VFs of the PF, in arena. Returns 0 or -ENOMEM. */
int saying_of_vfs(const struct pf *pf, struct arena *arena, struct saying **ret);

/* The same of a setting of the PF: ret is set where it is said, or where it has a value that is
 * not. Sets *ret_there unless there is none. */
enum lack saying_of_pf(const struct pf *pf, enum pf_setting setting, struct arena *arena,
		       struct value *ret, bool *ret_there);
