/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/eswitch_mode.h"

#include <linux/devlink.h>

uint64_t eswitch_mode_of(const struct pf *pf)
{
	const struct value *mode = VALUES_GET(&pf->settings, PF_ESWITCH_MODE);

	return mode ? mode->number : 0;
}

bool eswitch_mode_connects(const struct value *from, const struct value *to)
{
	return from && from->number == ESWITCH_MODE_SWITCHDEV_INACTIVE && to &&
	       to->number == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}
