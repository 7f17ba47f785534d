/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Building, reading and printing JSON; out of memory ends the program (memory.h). */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "util/cleanup.h"

struct json_object *json_new_object(void);
struct json_object *json_new_array(void);
/* Each takes over item, which may not be NULL. */
void json_set(struct json_object *object, const char *key, struct json_object *item);
void json_append(struct json_object *array, struct json_object *item);
/* Sets the string with what is no printable UTF-8 escaped; nothing for NULL. */
void json_set_text(struct json_object *object, const char *key, const char *string);
void json_set_number(struct json_object *object, const char *key, int64_t number);
void json_set_bool(struct json_object *object, const char *key, bool on);
/* {file, line, column}; nothing where origin is NULL or of no document. */
void json_set_origin(struct json_object *object, const char *key, const struct origin *origin);
/* {file, line, column, severity, message, hint}. */
struct json_object *json_diagnostic(const struct diagnostic *diagnostic);
/* Members and items; NULL where object is, or has none. What is got belongs to what it was got
 * from.
 */
struct json_object *json_get(struct json_object *object, const char *key);
const char *json_get_text(struct json_object *object, const char *key);
int64_t json_get_number(struct json_object *object, const char *key);
bool json_get_bool(struct json_object *object, const char *key);
size_t json_length(struct json_object *array); /* 0 for NULL */
struct json_object *json_item(struct json_object *array, size_t index);
/* A string itself, anything else as JSON. */
const char *json_string(struct json_object *item);
/* Frees what was not handed on; accepts NULL. */
void json_drop(struct json_object *item);
DEFINE_CLEANUP(struct json_object *, json_drop);
#define CLEANUP_JSON CLEANUP(json_drop_cleanup)
/* Prints for both programs and people, and frees. */
void json_print(struct json_object *object);
/* The same in one line, for programs. */
void json_print_line(struct json_object *object);
