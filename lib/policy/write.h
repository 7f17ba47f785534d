/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rules as a policy file has them: what policy_read() of the text gives is what was written. */

#include "policy/rule.h"
#include "util/text.h"

/* A comment in lines of 80 columns, so many blanks in; those after the first one are two more in
 * where it begins with "- ". */
void write_comment(const char *comment, unsigned indent, struct text *out);

/* What a file begins with, up to where its rules come, if there are any. */
void write_heading(bool has_rules, struct text *out);

/* The rule as an item of physical-functions. A first entry for all VFs becomes vf-defaults. */
void write_rule(const struct rule *rule, struct text *out);
