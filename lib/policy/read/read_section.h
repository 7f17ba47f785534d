/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A mapping of a policy, read by the table of its section. */

#include "policy/read/section.h"

/* Reads a mapping into target. key is what messages call it by. What is wrong in one key does not
 * keep the others from being read. Returns 0; -EINVAL, reported; -ENOMEM. */
int section_read(struct policy_reader *reader, const struct section *section, const char *key,
		 const struct yaml_node *node, void *target);
