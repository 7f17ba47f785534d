/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/read_section.h"

#include <errno.h>
#include <string.h>

#include "document/scalar.h"
#include "policy/read/unknown_key.h"

static int read_setting(struct policy_reader *reader, const struct section *section, size_t number,
			const struct yaml_node *node, void *target)
{
	const struct setting *setting = &section->settings[number];
	struct value value;
	int r;

	r = value_read(setting, node, reader->arena, reader->diagnostics, &value);
	if (r < 0)
		return r;
	section->store(target, number, &value);
	return 0;
}

static int read_pair(struct policy_reader *reader, const struct section *section,
		     const struct yaml_node *mapping, size_t pair, void *target)
{
	const struct yaml_node *key = mapping->keys[pair], *node = mapping->items[pair];
	const struct section_key *own = section_find_key(section, key->scalar);
	size_t number;

	if (own && own->section)
		return section_read(reader, own->section, own->name, node, target);
	if (own)
		return own->read(reader, node, target);
	number = section_find_name(section, key->scalar);
	if (number < section->n_names)
		return section->read_name(reader, number, node, target);
	number = section_find_setting(section, key->scalar);
	if (number < section->n_settings)
		return read_setting(reader, section, number, node, target);
	return unknown_key_report(reader, section, mapping, pair);
}

static int check_required(struct policy_reader *reader, const struct section *section,
			  const struct yaml_node *node)
{
	int r = 0;

	for (size_t i = 0; i < section->n_keys; i++) {
		const struct section_key *key = &section->keys[i];

		if (key->required && !yaml_get(node, key->name))
			r = diagnostics_error(reader->diagnostics, &node->origin, key->required,
					      "%s has no '%s'", section->noun, key->name);
	}
	return r;
}

static int report_empty(struct policy_reader *reader, const char *key, const char *hint,
			const struct yaml_node *node)
{
	return diagnostics_error(reader->diagnostics, &node->origin,
				 hint ? hint : "delete it: what is not named is left alone",
				 "'%s' is empty", key);
}

int section_read(struct policy_reader *reader, const struct section *section, const char *key,
		 const struct yaml_node *node, void *target)
{
	int r, result;

	if (node->kind != YAML_MAPPING)
		return scalar_mismatch(node, key, section->expected, NULL, reader->diagnostics);
	result = check_required(reader, section, node);
	if (result == 0 && !node->count)
		result = report_empty(reader, key, section->if_empty, node);
	for (size_t i = 0; i < node->count && !diagnostics_are_enough(reader->diagnostics); i++) {
		r = read_pair(reader, section, node, i, target);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

int list_read(struct policy_reader *reader, const char *key, const char *begin,
	      const struct yaml_node *node,
	      int (*read)(struct policy_reader *reader, const struct yaml_node *item, void *target),
	      void *target)
{
	int r, result = 0;

	if (node->kind != YAML_SEQUENCE)
		return scalar_mismatch(node, key, "a list", begin, reader->diagnostics);
	if (!node->count)
		return report_empty(reader, key, NULL, node);
	for (size_t i = 0; i < node->count && !diagnostics_are_enough(reader->diagnostics); i++) {
		r = read(reader, node->items[i], target);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}
