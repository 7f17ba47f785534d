/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/yaml_node.h"

#include <string.h>

#include "util/cleanup.h"

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
	if (mapping->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->keys[i]->scalar, key) == 0)
			return mapping->items[i];
	return NULL;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	if (node->kind != YAML_SCALAR || !node->plain)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(node->scalar, words[i]) == 0)
			return true;
	return false;
}

const char *yaml_kind_word(enum yaml_kind kind)
{
	static const char *const words[] = {
		[YAML_SCALAR] = "a text",
		[YAML_SEQUENCE] = "a list",
		[YAML_MAPPING] = "a mapping",
	};

	return words[kind];
}
