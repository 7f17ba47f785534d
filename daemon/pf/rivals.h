/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who else is told to set up VFs of a PF, as the passes that have asked found it. */

#include <stdbool.h>

#include "apply/pass.h"
#include "log.h"

struct rivals {
	bool wanted;	     /* the next pass is to find out */
	struct arena *arena; /* of the names; NULL: nobody has asked yet */
	struct names names;
};

void rivals_clear(struct rivals *rivals);
/* Keeps what the pass has found, if it has asked, and logs what is new among it. Without memory it
 * is logged again next time: better said twice than never. */
void rivals_note(struct rivals *rivals, const struct pass *pass, struct log *log);
/* NULL before anybody has asked. */
const struct names *rivals_known(const struct rivals *rivals);
