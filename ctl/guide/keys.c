/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/keys.h"

#include <string.h>

#include "guide/key_text.h"
#include "memory.h"
#include "policy/read/section.h"

struct keys {
	struct key *items;
	size_t count, capacity;
};

/* A key that means the same in another place. */
static struct key *find_same(struct keys *keys, const char *name, const struct key_text *text)
{
	for (size_t i = 0; i < keys->count; i++)
		if (keys->items[i].text == text && strcmp(keys->items[i].name, name) == 0)
			return &keys->items[i];
	return NULL;
}

static void add_place(struct arena *arena, struct key *key, const char *place)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s, or %s", key->place, place);
	key->place = memory_keep(arena, &text);
}

static const struct section *below(const struct section *section, const char *name)
{
	const struct section_key *key = section_find_key(section, name);

	if (!key)
		return NULL;
	return key->section ? key->section : key->holds;
}

static void add(struct keys *keys, struct arena *arena, const struct section *section,
		const char *name)
{
	const struct key_text *text = key_text_find(section, name);
	const char *place = section_place(section, name);
	struct key *same;

	if (!place || !text)
		return;
	same = find_same(keys, name, text);
	if (same) {
		add_place(arena, same, place);
		return;
	}
	if (arena_grow(arena, &keys->items, keys->count, &keys->capacity, sizeof(*keys->items)) < 0)
		memory_exhausted();
	keys->items[keys->count++] = (struct key){
		.name = name,
		.place = place,
		.is_setting = section_find_setting(section, name) < section->n_settings,
		.text = text,
		.below = below(section, name),
	};
}

size_t keys_list(struct arena *arena, const struct key **ret)
{
	struct keys keys = { 0 };

	for (size_t i = 0; sections[i]; i++) {
		const char *names[SECTION_KEYS_MAX];
		size_t count = section_list_names(sections[i], names);

		for (size_t k = 0; k < count; k++)
			add(&keys, arena, sections[i], names[k]);
	}
	*ret = keys.items;
	return keys.count;
}

/* Whether the place names a mapping of this name. */
static bool is_place_of(const char *place, const char *name, size_t length)
{
	for (const char *p = strchr(place, '\''); p; p = strchr(p + 1, '\''))
		if (strncmp(p + 1, name, length) == 0 && p[1 + length] == '\'')
			return true;
	return false;
}

bool key_is_meant(const struct key *key, const char *word)
{
	const char *dot = strrchr(word, '.'), *start;

	if (!dot)
		return strcmp(key->name, word) == 0;
	start = memrchr(word, '.', (size_t)(dot - word));
	start = start ? start + 1 : word;
	return strcmp(key->name, dot + 1) == 0 &&
	       is_place_of(key->place, start, (size_t)(dot - start));
}
