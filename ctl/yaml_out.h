/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* JSON values as YAML documents. */

#include <json-c/json_types.h>
#include <stdio.h>

/* Prints a JSON value as a YAML document in block style. Strings that YAML would take for something
 * else are quoted. Returns 0 or -ENOMEM; that the stream took it is for the caller to see by
 * ferror(). */
int yaml_print(FILE *stream, struct json_object *value);
