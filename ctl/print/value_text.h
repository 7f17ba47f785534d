/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The value of a setting in JSON, as people read it. */

#include <json-c/json_types.h>

#include "print/vf_groups.h"
#include "util/text.h"

/* As value_describe() of the value that value_json() has made the JSON from: "500 Mbit/s". key may
 * be one that is not known here: the daemon may be a newer one. */
void value_text(const char *key, struct json_object *value, struct text *out);

/* The same of a value that counts over VFs, by what the policy has written for it, "{from: 100}".
 * before stands before the value. ret->value is NULL where it counts nothing. Strings are in the
 * arena. */
void value_text_counted(struct json_object *value, const char *written, const char *before,
			struct arena *arena, struct vf_groups_counted *ret);
