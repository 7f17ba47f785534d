/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/schema_part.h"

#include <json-c/json_object.h>

#include "memory.h"
#include "model/setting.h"
#include "print/json.h"
#include "util/text.h"

void schema_part_set_word(struct json_object *object, const char *key, const char *word)
{
	json_set(object, key, MEMORY_REQUIRE(json_object_new_string(word)));
}

void schema_part_append_word(struct json_object *array, const char *word)
{
	json_append(array, MEMORY_REQUIRE(json_object_new_string(word)));
}

struct json_object *schema_part_reference(const char *prefix, const char *name)
{
	struct json_object *schema = json_new_object();
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "#/$defs/%s%s", prefix, name);
	schema_part_set_word(schema, "$ref", memory_text(&text));
	return schema;
}

struct json_object *schema_part_enum(struct json_object *words)
{
	struct json_object *schema = json_new_object();

	json_set(schema, "enum", words);
	return schema;
}

struct json_object *schema_part_choices(const struct choice *choices, bool observed)
{
	struct json_object *words = json_new_array();

	for (const struct choice *choice = choices; choice->word; choice++)
		if (observed || !choice->observed_only)
			schema_part_append_word(words, choice->word);
	return schema_part_enum(words);
}

struct json_object *schema_part_list(struct json_object *items)
{
	struct json_object *schema = json_new_object();

	schema_part_set_word(schema, "type", "array");
	json_set(schema, "items", items);
	return schema;
}

struct json_object *schema_part_mapping(struct json_object *properties,
					struct json_object *required)
{
	struct json_object *schema = json_new_object();

	schema_part_set_word(schema, "type", "object");
	json_set_bool(schema, "additionalProperties", false);
	json_set(schema, "required", required);
	json_set(schema, "properties", properties);
	return schema;
}

void schema_part_begin(struct json_object *schema, const char *title,
		       struct json_object *definitions)
{
	schema_part_set_word(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
	schema_part_set_word(schema, "title", title);
	json_set(schema, "$defs", definitions);
}
