/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One PF of an inventory, VFs included. */

#include <json-c/json_types.h>

#include "document/yaml_node.h"
#include "model/pf.h"
#include "model/schema.h"

extern const struct schema inventory_pf_schema;

/* Reads it from a mapping. 0; -EINVAL with the errors reported; -ENOMEM. */
int inventory_pf_read(const struct schema_reader *reader, const struct yaml_node *node,
		      struct pf **ret);
/* As JSON, which inventory_pf_read() reads. NULL when out of memory. */
struct json_object *inventory_pf_json(const struct pf *pf);
