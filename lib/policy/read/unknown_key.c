/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/unknown_key.h"

#include <errno.h>

#include "policy/read/foreign_hint.h"

static void hint_place(const char *name, struct text *out)
{
	CLEANUP_TEXT struct text places = { 0 };

	section_places(name, &places);
	if (places.length)
		text_printf(out, "'%s' belongs %s", name, text_string(&places));
	out->failed = out->failed || places.failed;
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
	if (section_has(section, key))
		text_printf(out, "did you mean '%s'?", key);
	else
		hint_place(key, out);
}

static int hint_foreign(struct policy_reader *reader, const struct section *section,
			const struct yaml_node *mapping, size_t pair, struct text *out)
{
	const struct foreign_word *word = foreign_word_find(section, mapping->keys[pair]->scalar);
	int r;

	if (!word)
		return 0;
	r = foreign_hint(reader, section, word, mapping, pair, out);
	if (r < 0 || out->length)
		return r;
	if (word->hint)
		text_append(out, word->hint);
	else
		hint_key(section, word->key, out);
	return 0;
}

/* "{vlan: 100,200}" is a mapping of vlan and 200 to YAML. */
static bool is_rest_of_value(const struct yaml_node *mapping, size_t pair)
{
	const struct yaml_node *key = mapping->keys[pair], *node = mapping->items[pair];

	return pair && key->scalar[0] >= '0' && key->scalar[0] <= '9' && yaml_is_null(node) &&
	       !node->scalar[0];
}

int unknown_key_report(struct policy_reader *reader, const struct section *section,
		       const struct yaml_node *mapping, size_t pair)
{
	const struct yaml_node *key = mapping->keys[pair];
	CLEANUP_TEXT struct text hint = { 0 };
	const char *names[SECTION_KEYS_MAX];
	size_t count = section_list_names(section, names);
	int r = hint_foreign(reader, section, mapping, pair, &hint);

	if (r < 0)
		return r;
	if (is_rest_of_value(mapping, pair))
		text_append(&hint, "in braces a ',' ends the value before it: write that value on "
				   "a line of its own");
	if (!hint.length)
		hint_place(key->scalar, &hint);
	if (!hint.length)
		hint_names(key->scalar, names, count, &hint);
	if (hint.failed)
		return -ENOMEM;
	return diagnostics_error(reader->diagnostics, &key->origin, text_string(&hint),
				 "unknown key %s", DIAGNOSTIC_QUOTE(key->scalar));
}
