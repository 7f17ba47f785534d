/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who else is told to set up VFs of a PF, as the passes that have asked found it. */

#include <stdbool.h>

#include "apply/pass.h"
#include "log.h"

struct rivals {
	bool wanted;	     /* the next pass is to find out */
	bool asked;	     /* the one that runs is */
	struct arena *arena; /* of the names; NULL: nobody has asked yet */
	struct names names;
};

void rivals_clear(struct rivals *rivals);
/* A pass begins: it takes over the wish to know. */
void rivals_begin(struct rivals *rivals);
/* It ended, and may be NULL. Keeps what it has found and logs what is new among it; without memory
 * that is logged again next time: better said twice than never. If it was to find out and did not,
 * the next one is to. */
void rivals_end(struct rivals *rivals, const struct pass *pass, struct log *log);
/* NULL before anybody has asked. */
const struct names *rivals_known(const struct rivals *rivals);
