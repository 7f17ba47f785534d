/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* JSON values as YAML documents. */

#include <json-c/json_types.h>

#include "util/text.h"

/* Appends a JSON value as a YAML document in block style. Strings that YAML would take for
 * something else are quoted. Returns 0; or -ENOMEM, with a part of it appended. */
int yaml_out_write(struct json_object *value, struct text *out);
