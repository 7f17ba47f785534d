/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a PF was when something was learnt of it. */

#include "model/pf.h"

/* What the driver is like: of another hardly anything holds that was learnt. */
struct identity {
	char *driver;
	char *firmware;
	unsigned ifindex;
	uint64_t eswitch_mode;
};

void identity_clear(struct identity *identity);
/* Becomes that of the PF, as observed. 0 or -ENOMEM, and nothing is changed. */
int identity_take(struct identity *identity, const struct pf *pf);
bool identity_is_of(const struct identity *identity, const struct pf *pf);
/* In whatever mode its eswitch is. */
bool identity_is_of_card(const struct identity *identity, const struct pf *pf);
