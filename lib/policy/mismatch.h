/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Why a rule matches no PF, for messages. */

#include <stddef.h>

#include "model/pf.h"
#include "policy/rule.h"
#include "util/text.h"

/* Of a rule that matches none of the n PFs: "no interface matches 'ens1f*'; PFs here: ens2f0", or
 * what the PF that comes nearest has instead. */
void mismatch_explain(const struct rule *rule, struct pf *const *pfs, size_t n, struct text *out);
/* Whether word is what a VF of one of them is called; appends "VF 1 of ens1f0" then. */
bool mismatch_names_vf(struct pf *const *pfs, size_t n, const char *word, struct text *out);
/* "ens1f0, ens1f1 and 3 more", or "none". */
void mismatch_names(struct pf *const *pfs, size_t n, struct text *out);
