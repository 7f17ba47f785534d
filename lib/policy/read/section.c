/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/section.h"

#include <errno.h>
#include <string.h>

#include "document/scalar.h"
#include "policy/read/foreign_word.h"

/* More keys than any section has. */
#define KEYS_MAX 64

static const struct section_key *find_key(const struct section *section, const char *name)
{
	for (size_t i = 0; i < section->n_keys; i++)
		if (strcmp(section->keys[i].name, name) == 0)
			return &section->keys[i];
	return NULL;
}

/* The position of a name, or n_names. */
static size_t find_name(const struct section *section, const char *name)
{
	size_t i = 0;

	while (i < section->n_names && strcmp(section->names[i], name) != 0)
		i++;
	return i;
}

/* What a policy calls a setting in this section, or NULL where it has another place. */
static const char *setting_name(const struct section *section, size_t setting)
{
	const char *key = section->settings[setting].key;
	size_t length = strlen(section->prefix);

	if (strncmp(key, section->prefix, length) != 0 || strchr(key + length, '.'))
		return NULL;
	return key + length;
}

/* The position of a setting, or n_settings. */
static size_t find_setting(const struct section *section, const char *name)
{
	size_t i = 0;

	for (; i < section->n_settings; i++) {
		const char *own = setting_name(section, i);

		if (own && strcmp(own, name) == 0)
			break;
	}
	return i;
}

static size_t list_names(const struct section *section, const char *names[static KEYS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < section->n_keys && count < KEYS_MAX; i++)
		names[count++] = section->keys[i].name;
	for (size_t i = 0; i < section->n_names && count < KEYS_MAX; i++)
		names[count++] = section->names[i];
	for (size_t i = 0; i < section->n_settings && count < KEYS_MAX; i++)
		if (setting_name(section, i))
			names[count++] = setting_name(section, i);
	return count;
}

/* Where in the language a key belongs, or NULL. */
static const char *place_of(const struct section *section, const char *name)
{
	if (find_key(section, name) || find_name(section, name) < section->n_names)
		return section->place;
	if (find_setting(section, name) < section->n_settings)
		return section->settings_place;
	return NULL;
}

static void hint_place(const char *name, struct text *out)
{
	for (size_t i = 0; sections[i]; i++) {
		const char *place = place_of(sections[i], name);

		if (!place)
			continue;
		if (out->length)
			text_append(out, ", or ");
		else
			text_printf(out, "'%s' belongs ", name);
		text_append(out, place);
	}
}

static void hint_names(const char *name, const char *const *names, size_t count, struct text *out)
{
	const char *nearest = diagnostic_suggest(name, names, count);

	if (nearest) {
		text_printf(out, "did you mean '%s'?", nearest);
		return;
	}
	for (size_t i = 0; i < count; i++)
		text_printf(out, "%s%s", i ? ", " : "the keys here are ", names[i]);
}

/* What is to be said of a key of ours that is meant. */
static void hint_key(const struct section *section, const char *key, struct text *out)
{
	if (find_key(section, key) || find_name(section, key) < section->n_names ||
	    find_setting(section, key) < section->n_settings)
		text_printf(out, "did you mean '%s'?", key);
	else
		hint_place(key, out);
}

static void hint_foreign(const struct section *section, const char *name, struct text *out)
{
	const struct foreign_word *word = foreign_word_find(section, name);

	if (!word)
		return;
	if (word->hint)
		text_append(out, word->hint);
	else
		hint_key(section, word->key, out);
}

static int report_unknown(struct policy_reader *reader, const struct section *section,
			  const struct yaml_node *key)
{
	CLEANUP_TEXT struct text hint = { 0 };
	const char *names[KEYS_MAX];
	size_t count = list_names(section, names);

	hint_foreign(section, key->scalar, &hint);
	if (!hint.length)
		hint_place(key->scalar, &hint);
	if (!hint.length)
		hint_names(key->scalar, names, count, &hint);
	if (hint.failed)
		return -ENOMEM;
	return diagnostics_error(reader->diagnostics, &key->origin, text_string(&hint),
				 "unknown key %s", DIAGNOSTIC_QUOTE(key->scalar));
}

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
		     const struct yaml_node *key, const struct yaml_node *node, void *target)
{
	const struct section_key *own = find_key(section, key->scalar);
	size_t number;

	if (own)
		return own->read(reader, node, target);
	number = find_name(section, key->scalar);
	if (number < section->n_names)
		return section->read_name(reader, number, node, target);
	number = find_setting(section, key->scalar);
	if (number < section->n_settings)
		return read_setting(reader, section, number, node, target);
	return report_unknown(reader, section, key);
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

int section_read(struct policy_reader *reader, const struct section *section, const char *key,
		 const struct yaml_node *node, void *target)
{
	int r, result;

	if (node->kind != YAML_MAPPING)
		return scalar_mismatch(node, key, section->expected, NULL, reader->diagnostics);
	result = check_required(reader, section, node);
	for (size_t i = 0; i < node->count && !diagnostics_are_enough(reader->diagnostics); i++) {
		r = read_pair(reader, section, node->keys[i], node->items[i], target);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}
