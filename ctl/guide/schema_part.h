/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Pieces of JSON Schemas. Each takes over what is handed to it. */

#include <json-c/json_types.h>
#include <stdbool.h>

struct choice;

void schema_part_set_word(struct json_object *object, const char *key, const char *word);
void schema_part_append_word(struct json_object *array, const char *word);
/* What a definition of that name says, prefix and name together. */
struct json_object *schema_part_reference(const char *prefix, const char *name);
/* One of the words. */
struct json_object *schema_part_enum(struct json_object *words);
/* One of a setting's choices; those that the kernel alone makes if they are observed. */
struct json_object *schema_part_choices(const struct choice *choices, bool observed);
struct json_object *schema_part_list(struct json_object *items);
/* An object that has no other than these. */
struct json_object *schema_part_mapping(struct json_object *properties,
					struct json_object *required);
/* What a whole schema has besides. */
void schema_part_begin(struct json_object *schema, const char *title,
		       struct json_object *definitions);
