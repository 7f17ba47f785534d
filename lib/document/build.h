/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Building JSON where memory may be short: an object or array that something could not be added to
 * is freed and NULL from then on, and so is what that is added to. Build freely, ask once at the
 * end. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stdint.h>

#include "document/document.h"

/* A string as text_append_escaped() makes it; a name as text_append_quoted() does. NULL when out of
 * memory. */
struct json_object *build_text(const char *string);
struct json_object *build_name(const char *string);

/* Each takes over item, which may be NULL for "out of memory". */
void build_set(struct json_object **object, const char *key, struct json_object *item);
void build_append(struct json_object **array, struct json_object *item);

/* As build_text() and build_name(); NULL is left out. */
void build_set_text(struct json_object **object, const char *key, const char *string);
void build_set_name(struct json_object **object, const char *key, const char *string);
void build_set_number(struct json_object **object, const char *key, int64_t number);
/* Milliseconds as seconds with three decimals: what a double makes of 4161.112 is longer. */
void build_set_seconds(struct json_object **object, const char *key, uint64_t ms);
void build_set_bool(struct json_object **object, const char *key, bool on);
/* {file, line, column}; nothing where origin is NULL or of no document. */
void build_set_origin(struct json_object **object, const char *key, const struct origin *origin);

/* excerpt, the line that origin is in, and caret, the number of its characters left of the place;
 * nothing where the document has no such line. */
void build_set_excerpt(struct json_object **object, const struct origin *origin);

/* For an object that is part of another, and must stay: takes over item, which may be NULL for "out
 * of memory"; false when out of memory. */
bool build_add(struct json_object *object, const char *key, struct json_object *item);
/* As build_add() for a key that outlives the object: json-c makes no copy of it, and has none to
 * lose when memory runs out. */
bool build_add_constant(struct json_object *object, const char *key, struct json_object *item);
