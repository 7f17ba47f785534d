/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The language of policies as a JSON Schema (2020-12), by the tables that read it. Types of values
 * are references to what definitions.json has: "#/$defs/mac". */

#include <json-c/json_types.h>

struct json_object *policy_schema(void);
