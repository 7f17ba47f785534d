/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The value of a setting in JSON, as people read it. */

#include <json-c/json_types.h>

#include "util/text.h"

/* As value_describe() of the value that value_json() has made the JSON from: "500 Mbit/s". key may
 * be one that is not known here: the daemon may be a newer one. */
void value_text(const char *key, struct json_object *value, struct text *out);
