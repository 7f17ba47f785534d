/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/build.h"

#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdio.h>

#include "document/excerpt.h"
#include "util/arena.h"
#include "util/text.h"

static bool add(struct json_object *object, const char *key, struct json_object *item,
		unsigned options)
{
	if (item && json_object_object_add_ex(object, key, item, options) == 0)
		return true;
	json_object_put(item);
	return false;
}

bool build_add(struct json_object *object, const char *key, struct json_object *item)
{
	return add(object, key, item, 0);
}

bool build_add_constant(struct json_object *object, const char *key, struct json_object *item)
{
	return add(object, key, item, JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static void give_up(struct json_object **whole)
{
	json_object_put(*whole);
	*whole = NULL;
}

void build_set(struct json_object **object, const char *key, struct json_object *item)
{
	if (!*object)
		json_object_put(item);
	else if (!build_add(*object, key, item))
		give_up(object);
}

void build_append(struct json_object **array, struct json_object *item)
{
	if (*array && item && json_object_array_add(*array, item) == 0)
		return;
	json_object_put(item);
	give_up(array);
}

struct json_object *build_text(const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_escaped(&text, string);
	return text.failed ? NULL : json_object_new_string(text_string(&text));
}

struct json_object *build_name(const char *string)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_quoted(&text, string);
	return text.failed ? NULL : json_object_new_string(text_string(&text));
}

void build_set_text(struct json_object **object, const char *key, const char *string)
{
	if (string)
		build_set(object, key, build_text(string));
}

void build_set_name(struct json_object **object, const char *key, const char *string)
{
	if (string)
		build_set(object, key, build_name(string));
}

void build_set_number(struct json_object **object, const char *key, int64_t number)
{
	build_set(object, key, json_object_new_int64(number));
}

void build_set_seconds(struct json_object **object, const char *key, uint64_t ms)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRIu64 ".%03u", ms / 1000, (unsigned)(ms % 1000));
	build_set(object, key, json_object_new_double_s((double)ms / 1000, text));
}

void build_set_bool(struct json_object **object, const char *key, bool on)
{
	build_set(object, key, json_object_new_boolean(on));
}

void build_set_origin(struct json_object **object, const char *key, const struct origin *origin)
{
	struct json_object *place;

	if (!origin || !origin->document)
		return;
	place = json_object_new_object();
	build_set_text(&place, "file", origin->document->name);
	build_set_number(&place, "line", origin->line);
	build_set_number(&place, "column", origin->column);
	build_set(object, key, place);
}

void build_set_excerpt(struct json_object **object, const struct origin *origin)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	const char *excerpt = NULL;
	size_t caret = 0;
	int r = 0;

	if (!origin || !origin->document)
		return;
	r = arena_new(&arena);
	if (r >= 0)
		r = excerpt_make(origin, arena, &excerpt, &caret);
	if (r < 0) {
		give_up(object);
		return;
	}
	if (!excerpt)
		return;
	build_set_text(object, "excerpt", excerpt);
	build_set_number(object, "caret", (int64_t)excerpt_width(excerpt, caret));
}
