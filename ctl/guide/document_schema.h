/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Inventories, and what sriovctl prints as JSON, as JSON Schemas, as far as tables have it. The
 * rest is in documents.json, by names: "#/$defs/string". */

#include <json-c/json_types.h>

struct json_object *document_schema_inventory(void);
/* The parts that outputs of several verbs share, and no schema of one. */
struct json_object *document_schema_output(void);
