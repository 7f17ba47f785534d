/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What to write in the place of another tool's key whose value has to be written in another way:
 * with the value that stands there, and no key that nobody asked for. A hint that says "write" has
 * been read by what reads policies. */

#include "policy/read/foreign_word.h"
#include "policy/read/section.h"

/* Appends the hint for the pair of the mapping, or where the key belongs if its value is none that
 * ours takes. Appends nothing where ours takes what the other tool's does. 0 or -ENOMEM. */
int foreign_hint(struct policy_reader *reader, const struct section *section,
		 const struct foreign_word *word, const struct yaml_node *mapping, size_t pair,
		 struct text *out);
