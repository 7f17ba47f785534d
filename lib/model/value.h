/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One value of one setting, as policies write it, as the kernel reports it and as people read it;
 * and the values of one PF or VF. The same types serve desired and observed. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stdint.h>

#include "document/diagnostic.h"
#include "document/yaml_node.h"
#include "model/setting.h"
#include "util/arena.h"
#include "util/mac.h"
#include "util/text.h"

struct vlan {
	uint16_t id;	   /* 0 to 4095; 0 is no VLAN */
	uint8_t qos;	   /* 0 to 7 */
	uint16_t protocol; /* ETH_P_8021Q or ETH_P_8021AD, host byte order */
};

struct value {
	union {
		uint64_t number;
		struct mac mac;
		struct vlan vlan;
		const char *name; /* borrowed from the arena of whoever holds the value */
	};
	enum value_form form;
	const struct origin *origin; /* where a desired value was written; NULL if observed */
};

/* The settings of one PF or one VF, with presence bits: a setting that is not present was not asked
 * for (desired) or is not reported by the kernel (observed). Absent is neither zero nor false. */
struct pf_values {
	uint64_t present; /* bit per enum pf_setting */
	struct value value[PF_SETTING_COUNT];
};

struct vf_values {
	uint64_t present; /* bit per enum vf_setting */
	struct value value[VF_SETTING_COUNT];
};

/* The value if present, else NULL; for both kinds of values. */
#define VALUES_GET(values, setting)                                                                \
	(((values)->present & SETTING_BIT(setting)) ? &(values)->value[setting] : NULL)
/* Stores a struct value and marks it present. */
#define VALUES_SET(values, setting, ...)                                                           \
	do {                                                                                       \
		(values)->value[setting] = (__VA_ARGS__);                                          \
		(values)->present |= SETTING_BIT(setting);                                         \
	} while (0)

/* Reads the value of a setting from a YAML node (a VLAN may be a mapping of id or from, qos and
 * protocol; what counts else is a mapping of from).
 * Reports what is wrong with it and returns -EINVAL; 0; -ENOMEM. "none" is the zero address of a
 * MAC and VLAN 0, both VALUE_PLAIN. Names are copied to arena. ret->origin is &node->origin. */
int value_read(const struct setting *setting, const struct yaml_node *node, struct arena *arena,
	       struct diagnostics *diagnostics, struct value *ret);

/* The protocol of a VLAN by its name, in either case. 0 or -EINVAL. */
int value_parse_vlan_protocol(const char *word, uint16_t *ret);

/* Whether two values of the setting ask for the same; origins do not count. */
bool value_equal(const struct setting *setting, const struct value *a, const struct value *b);
/* Whether the value, of VALUE_PLAIN, is none: no address, VLAN 0 without QoS, 0, false. */
bool value_is_nothing(const struct setting *setting, const struct value *value);
/* The same for values that are equal, and the same seed. */
uint64_t value_hash(const struct setting *setting, const struct value *value, uint64_t seed);

/* As a policy would write it in one line: true, 100, none, "{id: 100, qos: 3, protocol: 802.1ad}",
 * 52:54:00:..., {from: 100} */
void value_format(const struct setting *setting, const struct value *value, struct text *out);
/* As value_format(), for people: with the unit. */
void value_describe(const struct setting *setting, const struct value *value, struct text *out);
/* As JSON: boolean, number, string, or an object for a VLAN with QoS or another protocol. NULL when
 * out of memory. */
struct json_object *value_json(const struct setting *setting, const struct value *value);
