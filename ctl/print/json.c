/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/json.h"

#include <json-c/json_object.h>
#include <stdio.h>

#include "document/build.h"
#include "memory.h"

struct json_object *json_new_object(void)
{
	return MEMORY_REQUIRE(json_object_new_object());
}

struct json_object *json_new_array(void)
{
	return MEMORY_REQUIRE(json_object_new_array());
}

void json_set(struct json_object *object, const char *key, struct json_object *item)
{
	build_set(&object, key, item);
	if (!object)
		memory_exhausted();
}

void json_append(struct json_object *array, struct json_object *item)
{
	build_append(&array, item);
	if (!array)
		memory_exhausted();
}

void json_set_text(struct json_object *object, const char *key, const char *string)
{
	if (string)
		json_set(object, key, build_text(string));
}

void json_set_number(struct json_object *object, const char *key, int64_t number)
{
	json_set(object, key, json_object_new_int64(number));
}

void json_set_bool(struct json_object *object, const char *key, bool on)
{
	json_set(object, key, json_object_new_boolean(on));
}

void json_set_origin(struct json_object *object, const char *key, const struct origin *origin)
{
	build_set_origin(&object, key, origin);
	if (!object)
		memory_exhausted();
}

struct json_object *json_get(struct json_object *object, const char *key)
{
	return json_object_object_get(object, key);
}

const char *json_string(struct json_object *item)
{
	return json_object_get_string(item);
}

const char *json_get_text(struct json_object *object, const char *key)
{
	return json_string(json_get(object, key));
}

int64_t json_get_number(struct json_object *object, const char *key)
{
	return json_object_get_int64(json_get(object, key));
}

bool json_get_bool(struct json_object *object, const char *key)
{
	return json_object_get_boolean(json_get(object, key));
}

size_t json_length(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

struct json_object *json_item(struct json_object *array, size_t index)
{
	return json_object_array_get_idx(array, index);
}

struct json_object *json_diagnostic(const struct diagnostic *diagnostic)
{
	const struct origin *origin = &diagnostic->origin;
	struct json_object *object = json_new_object();

	if (origin->document) {
		json_set_text(object, "file", origin->document->name);
		if (origin->line) {
			json_set_number(object, "line", origin->line);
			json_set_number(object, "column", origin->column);
		}
	}
	json_set_text(object, "severity", severity_name(diagnostic->severity));
	json_set_text(object, "message", diagnostic->message);
	json_set_text(object, "hint", diagnostic->hint);
	return object;
}

void json_drop(struct json_object *item)
{
	json_object_put(item);
}

void json_print(struct json_object *object)
{
	const int flags =
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;

	puts(MEMORY_REQUIRE(json_object_to_json_string_ext(object, flags)));
	json_object_put(object);
}

void json_print_line(struct json_object *object)
{
	const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

	puts(MEMORY_REQUIRE(json_object_to_json_string_ext(object, flags)));
	json_object_put(object);
}
