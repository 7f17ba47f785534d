/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which rules are meant for which PF. */

#include <stdbool.h>

#include "model/pf.h"
#include "policy/rule.h"
#include "util/text.h"

enum match_answer {
	MATCH_NO,
	MATCH_YES,
	MATCH_UNTOLD, /* what it goes by is not known of the PF yet */
};

/* Why a rule is not for a PF. */
struct match_failure {
	enum match_key key;
	bool of_not; /* it is one of not:, which holds, or cannot be told; else of match: */
	bool untold; /* what the PF has for it is not known yet */
};

/* Whether the rule is for the observed PF, by match: and not:; for one that is without its network
 * device for a moment, while drivers are kept off its VFs, by what it was called earlier. Unless it
 * is, *ret (may be NULL) says why: the first key that keeps it from being so, those that cannot be
 * told last. */
enum match_answer rule_answer(const struct rule *rule, const struct pf *pf,
			      struct match_failure *ret);
/* Whether it is known to be: a PF that not: may be meant to exclude, since its network device is
 * not there yet, is none that the rule is for. */
bool rule_matches(const struct rule *rule, const struct pf *pf, struct match_failure *ret);

/* What it is about: "interface", or "not.interface". */
void match_failure_key(const struct match_failure *failure, struct text *out);
/* What the PF has, and what the rule wants: "interface is ens2f0, wanted 'ens1f*'". */
void match_failure_describe(const struct match_failure *failure, const struct rule *rule,
			    const struct pf *pf, struct text *out);
/* What the rule asks for with that key. */
const struct match_patterns *match_failure_patterns(const struct match_failure *failure,
						    const struct rule *rule);

/* What the PF has for a key, for messages: "ens1f0, enp59s0f0", or "nothing". */
void match_actual(const struct pf *pf, enum match_key key, struct text *out);
