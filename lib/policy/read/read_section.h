/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Mappings of a policy, read by the tables of their sections, and lists of them. One with nothing
 * in it is an error. */

#include "policy/read/section.h"

/* Reads a mapping into target. key is what messages call it by. What is wrong in one key does not
 * keep the others from being read. Returns 0; -EINVAL, reported; -ENOMEM. */
int section_read(struct policy_reader *reader, const struct section *section, const char *key,
		 const struct yaml_node *node, void *target);

/* Reads a list, each item into target by read, which returns as section_read() does. begin is how
 * an item is begun: "begin each entry with '- index:'". */
int list_read(struct policy_reader *reader, const char *key, const char *begin,
	      const struct yaml_node *node,
	      int (*read)(struct policy_reader *reader, const struct yaml_node *item, void *target),
	      void *target);
