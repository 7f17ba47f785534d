/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is said of a key that a section does not have. */

#include "policy/read/section.h"

/* Reports the pair of the mapping that has such a key. -EINVAL; -ENOMEM. */
int unknown_key_report(struct policy_reader *reader, const struct section *section,
		       const struct yaml_node *mapping, size_t pair);
