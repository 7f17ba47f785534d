/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One value of one setting, as policies write it, as the kernel reports it and as people read it.
 * The same type serves desired and observed. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/diagnostic.h"
#include "util/mac.h"
#include "util/text.h"
#include "util/yaml_node.h"

enum value_type {
	VALUE_BOOL,	/* number: 0 or 1 */
	VALUE_NUMBER,	/* number */
	VALUE_COUNT,	/* number; or a percentage, or max (of sriov_totalvfs) */
	VALUE_CHOICE,	/* number: one of the setting's choices */
	VALUE_MAC,	/* mac; none is the zero address; or stable */
	VALUE_VLAN,	/* vlan; none is VLAN 0 */
	VALUE_GUID,	/* number: 64 bits, host byte order */
	VALUE_NAME,	/* name: of a driver; or default, or none */
	VALUE_TEMPLATE, /* name: with placeholders (model/template.h); plain in a resolved PF */
};

/* What a value asks for besides a plain one. Observed values are VALUE_PLAIN or VALUE_NONE. */
enum value_form {
	VALUE_PLAIN,
	VALUE_NONE,    /* VALUE_NAME: explicitly nothing, as a VF without a driver */
	VALUE_DEFAULT, /* VALUE_NAME: what the kernel would choose */
	VALUE_STABLE,  /* VALUE_MAC: derived, see policy/resolve.h; never in a resolved PF */
	VALUE_PERCENT, /* VALUE_COUNT: number is per cent, 0 to 100; never in a resolved PF */
	VALUE_MAX,     /* VALUE_COUNT: never in a resolved PF */
};

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

struct choice {
	const char *word;
	uint64_t number; /* the kernel's constant */
};

/* One setting: the row that all code reads, so that adding a setting is adding a row. */
struct setting {
	const char *key; /* YAML and JSON key; "a.b" is key b in the mapping a */
	enum value_type type;
	uint64_t min, max;	      /* VALUE_NUMBER, VALUE_COUNT: the range allowed, inclusive */
	const struct choice *choices; /* VALUE_CHOICE: ended by a NULL word */
	const char *unit;	      /* for people: "Mbit/s", or NULL */
	uint8_t forms;		      /* bit per enum value_form that a policy may ask for */
	bool interrupts; /* changing it may stop the traffic of its VF or PF for a moment */
	uint8_t layer;	 /* of a VF's setting: enum vf_layer */
};

/* Reads the value of a setting from a YAML node (a VLAN may be a mapping of id, qos and protocol).
 * Reports what is wrong with it and returns -EINVAL; 0; -ENOMEM. "none" is the zero address of a
 * MAC and VLAN 0, both VALUE_PLAIN. Names are copied to arena. ret->origin is &node->origin. */
int value_read(const struct setting *setting, const struct yaml_node *node, struct arena *arena,
	       struct diagnostics *diagnostics, struct value *ret);

/* Whether two values of the setting ask for the same; origins do not count. */
bool value_equal(const struct setting *setting, const struct value *a, const struct value *b);
/* The same for values that are equal, and the same seed. */
uint64_t value_hash(const struct setting *setting, const struct value *value, uint64_t seed);

/* As a policy would write it in one line: true, 100, none, "{id: 100, qos: 3, protocol: 802.1ad}",
 * 52:54:00:... */
void value_format(const struct setting *setting, const struct value *value, struct text *out);
/* As value_format(), for people: with the unit. */
void value_describe(const struct setting *setting, const struct value *value, struct text *out);
/* As JSON: boolean, number, string, or an object for a VLAN with QoS or another protocol. NULL when
 * out of memory. */
struct json_object *value_json(const struct setting *setting, const struct value *value);
