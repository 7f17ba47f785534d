/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/value_mapping.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>
#include <strings.h>

#include "document/scalar.h"
#include "model/foreign_value.h"
#include "util/hex.h"

static bool may_count(const struct setting *setting)
{
	return setting->forms & (1u << VALUE_FROM);
}

/* The keys that there are, for who wrote another. */
static const char *keys_of(const struct setting *setting)
{
	if (setting->type != VALUE_VLAN)
		return "the one key here is from";
	return may_count(setting) ? "the keys here are id or from, qos and protocol"
				  : "the keys here are id, qos and protocol";
}

static int unknown_key(const struct setting *setting, const struct yaml_node *key,
		       struct diagnostics *diagnostics)
{
	const char *meant = foreign_value_mapping_key(setting, key->scalar);
	CLEANUP_TEXT struct text hint = { 0 };

	if (meant)
		text_printf(&hint, "did you mean '%s'?", meant);
	else
		text_append(&hint, keys_of(setting));
	if (hint.failed)
		return -ENOMEM;
	return diagnostics_error(diagnostics, &key->origin, text_string(&hint), "unknown key %s",
				 DIAGNOSTIC_QUOTE(key->scalar));
}

/* A key of a VLAN's mapping, and what numbers it takes. */
struct vlan_key {
	const char *name;
	int (*read)(const struct vlan_key *key, const struct yaml_node *node,
		    struct diagnostics *diagnostics, struct vlan *vlan);
	uint64_t min, max;
	bool counts; /* only where the setting may */
};

static int read_id(const struct vlan_key *key, const struct yaml_node *node,
		   struct diagnostics *diagnostics, struct vlan *vlan)
{
	uint64_t number = 0;
	int r = scalar_read_number(node, key->name, key->min, key->max, diagnostics, &number);

	vlan->id = (uint16_t)number;
	return r;
}

static int read_qos(const struct vlan_key *key, const struct yaml_node *node,
		    struct diagnostics *diagnostics, struct vlan *vlan)
{
	uint64_t number = 0;
	int r = scalar_read_number(node, key->name, key->min, key->max, diagnostics, &number);

	vlan->qos = (uint8_t)number;
	return r;
}

static int read_protocol(const struct vlan_key *key, const struct yaml_node *node,
			 struct diagnostics *diagnostics, struct vlan *vlan)
{
	const char *word = node->kind == YAML_SCALAR ? node->scalar : "";

	if (value_parse_vlan_protocol(word, &vlan->protocol) == 0)
		return 0;
	return scalar_mismatch(node, key->name, "802.1q or 802.1ad",
			       foreign_value_vlan_protocol(word), diagnostics);
}

static int read_vlan_key(const struct setting *setting, const struct yaml_node *key,
			 const struct yaml_node *node, struct diagnostics *diagnostics,
			 struct vlan *vlan)
{
	static const struct vlan_key keys[] = {
		{ "id", read_id, 0, 4095, false },
		/* No VLAN and the reserved one are not counted. */
		{ "from", read_id, 1, 4094, true },
		{ "qos", read_qos, 0, 7, false },
		{ "protocol", read_protocol, 0, 0, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(key->scalar, keys[i].name) == 0 &&
		    (!keys[i].counts || may_count(setting)))
			return keys[i].read(&keys[i], node, diagnostics, vlan);
	return unknown_key(setting, key, diagnostics);
}

/* A VLAN has one number, or begins with one. */
static int check_number(const struct setting *setting, const struct yaml_node *node,
			struct diagnostics *diagnostics)
{
	const struct yaml_node *id = yaml_get(node, "id");
	const struct yaml_node *from = may_count(setting) ? yaml_get(node, "from") : NULL;

	if (id && from)
		return diagnostics_error(diagnostics, &from->origin,
					 "'id' is one VLAN for all VFs here, 'from' counts over "
					 "them",
					 "'id' and 'from' exclude each other");
	if (id || from)
		return 0;
	return diagnostics_error(diagnostics, &node->origin, NULL, "'%s' has no 'id'%s",
				 setting->key, may_count(setting) ? " and no 'from'" : "");
}

int value_mapping_read_vlan(const struct setting *setting, const struct yaml_node *node,
			    struct diagnostics *diagnostics, struct value *ret)
{
	bool failed = false;
	int r;

	for (size_t i = 0; i < node->count; i++) {
		r = read_vlan_key(setting, node->keys[i], node->items[i], diagnostics, &ret->vlan);
		if (r == -ENOMEM)
			return r;
		failed = failed || r < 0;
	}
	r = check_number(setting, node, diagnostics);
	if (r < 0)
		return r;
	if (!yaml_get(node, "id"))
		ret->form = VALUE_FROM;
	return failed ? -EINVAL : 0;
}

/* Sixteen hexadecimal digits, with "0x" before them or not. */
static int parse_guid_digits(const char *string, uint8_t bytes[static 8])
{
	if (strncasecmp(string, "0x", 2) == 0)
		string += 2;
	return hex_parse_digits(string, bytes, 8);
}

int value_mapping_parse_guid(const char *string, uint64_t *ret)
{
	uint8_t bytes[8];

	if (hex_parse_bytes(string, bytes, sizeof(bytes)) < 0 &&
	    hex_parse_groups(string, bytes, sizeof(bytes)) < 0 &&
	    parse_guid_digits(string, bytes) < 0)
		return -EINVAL;
	*ret = 0;
	for (size_t i = 0; i < sizeof(bytes); i++)
		*ret = *ret << 8 | bytes[i];
	return 0;
}

static int read_first_mac(const struct yaml_node *node, struct diagnostics *diagnostics,
			  struct value *ret)
{
	bool is_mac = node->kind == YAML_SCALAR && mac_parse(node->scalar, &ret->mac) == 0;
	const char *hint = NULL;

	if (is_mac && mac_is_multicast(&ret->mac))
		hint = "the first byte of a unicast address is even";
	else if (is_mac && !mac_is_zero(&ret->mac))
		return 0;
	return scalar_mismatch(node, "from", "an address such as 52:54:00:12:34:56", hint,
			       diagnostics);
}

static int read_first_guid(const struct yaml_node *node, struct diagnostics *diagnostics,
			   struct value *ret)
{
	if (node->kind == YAML_SCALAR &&
	    value_mapping_parse_guid(node->scalar, &ret->number) == 0 && ret->number)
		return 0;
	return scalar_mismatch(node, "from", "eight bytes such as 00:11:22:33:44:55:66:77", NULL,
			       diagnostics);
}

int value_mapping_read_from(const struct setting *setting, const struct yaml_node *node,
			    struct diagnostics *diagnostics, struct value *ret)
{
	const struct yaml_node *from = yaml_get(node, "from");
	int result = 0;

	for (size_t i = 0; i < node->count && result != -ENOMEM; i++)
		if (strcmp(node->keys[i]->scalar, "from") != 0)
			result = unknown_key(setting, node->keys[i], diagnostics);
	if (result < 0)
		return result;
	if (!from)
		return diagnostics_error(diagnostics, &node->origin, NULL, "'%s' has no 'from'",
					 setting->key);
	ret->form = VALUE_FROM;
	return setting->type == VALUE_MAC ? read_first_mac(from, diagnostics, ret)
					  : read_first_guid(from, diagnostics, ret);
}
