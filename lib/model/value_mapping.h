/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reads values that are mappings, as value_read() does. Private to lib/model. */

#include "model/value.h"

/* A VLAN: id, or from where the setting may count, with qos and protocol. */
int value_mapping_read_vlan(const struct setting *setting, const struct yaml_node *node,
			    struct diagnostics *diagnostics, struct value *ret);

/* An address or a GUID that counts: from alone. */
int value_mapping_read_from(const struct setting *setting, const struct yaml_node *node,
			    struct diagnostics *diagnostics, struct value *ret);

/* A GUID in one of its notations. 0 or -EINVAL; reports nothing. */
int value_mapping_parse_guid(const char *string, uint64_t *ret);
