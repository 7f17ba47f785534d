/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/places.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "print/json.h"
#include "style.h"

static const char *base_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

static size_t directory_length(const char *file)
{
	return (size_t)(base_of(file) - file);
}

void places_add(struct places *places, const char *file)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->files[i], file) == 0)
			return;
	if (arena_grow(places->arena, &places->files, places->count, &places->capacity,
		       sizeof(*places->files)) < 0)
		memory_exhausted();
	places->files[places->count++] = MEMORY_REQUIRE(arena_strdup(places->arena, file));
}

void places_add_steps(struct places *places, struct json_object *steps)
{
	for (size_t i = 0; i < json_length(steps); i++) {
		struct json_object *origin = json_get(json_item(steps, i), "origin");

		if (origin)
			places_add(places, json_get_text(origin, "file"));
	}
}

static bool is_ambiguous(const struct places *places, const char *file)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->files[i], file) != 0 &&
		    strcmp(base_of(places->files[i]), base_of(file)) == 0)
			return true;
	return false;
}

const char *places_name(const struct places *places, const char *file, unsigned line,
			unsigned column)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, is_ambiguous(places, file) ? file : base_of(file));
	text_printf(&text, ":%u", line);
	if (column)
		text_printf(&text, ":%u", column);
	return memory_keep(places->arena, &text);
}

static bool is_same_directory(const char *a, const char *b)
{
	return directory_length(a) == directory_length(b) &&
	       strncmp(a, b, directory_length(a)) == 0;
}

/* Whether the directory of the file is to be told, and is that of no earlier file. */
static bool is_first(const struct places *places, size_t which)
{
	const char *file = places->files[which];

	if (!directory_length(file) || is_ambiguous(places, file))
		return false;
	for (size_t i = 0; i < which; i++)
		if (is_same_directory(places->files[i], file) &&
		    !is_ambiguous(places, places->files[i]))
			return false;
	return true;
}

static size_t count_directories(const struct places *places)
{
	size_t count = 0;

	for (size_t i = 0; i < places->count; i++)
		count += is_first(places, i);
	return count;
}

/* "10-a.yaml, 20-b.yaml" */
static void append_files(const struct places *places, const char *like, struct text *out)
{
	const char *separator = "";

	for (size_t i = 0; i < places->count; i++) {
		const char *file = places->files[i];

		if (is_ambiguous(places, file) || !is_same_directory(file, like))
			continue;
		text_printf(out, "%s%s", separator, base_of(file));
		separator = ", ";
	}
}

void places_print(const struct places *places)
{
	bool several = count_directories(places) > 1;

	for (size_t i = 0; i < places->count; i++) {
		CLEANUP_TEXT struct text text = { 0 };

		if (!is_first(places, i))
			continue;
		if (several)
			append_files(places, places->files[i], &text);
		else
			text_append(&text, "places are");
		text_append(&text, several ? ": in " : " in ");
		text_append_n(&text, places->files[i], directory_length(places->files[i]));
		style_print(stdout, STYLE_FAINT, memory_text(&text));
		putchar('\n');
	}
}
