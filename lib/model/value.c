/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/value.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <linux/if_ether.h>
#include <string.h>
#include <strings.h>

#include "util/hex.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static bool is_vlan_none(const struct vlan *vlan)
{
	return vlan->id == 0 && vlan->qos == 0;
}

static bool equal_number(const struct value *a, const struct value *b)
{
	return a->number == b->number;
}

static bool equal_mac(const struct value *a, const struct value *b)
{
	return mac_equal(&a->mac, &b->mac);
}

static bool equal_vlan(const struct value *a, const struct value *b)
{
	if (is_vlan_none(&a->vlan) && is_vlan_none(&b->vlan))
		return true;
	return a->vlan.id == b->vlan.id && a->vlan.qos == b->vlan.qos &&
	       a->vlan.protocol == b->vlan.protocol;
}

static bool equal_name(const struct value *a, const struct value *b)
{
	return strcmp(a->name, b->name) == 0;
}

static uint64_t hash_number(const struct value *value, uint64_t seed)
{
	return XXH3_64bits_withSeed(&value->number, sizeof(value->number), seed);
}

static uint64_t hash_mac(const struct value *value, uint64_t seed)
{
	return XXH3_64bits_withSeed(value->mac.bytes, sizeof(value->mac.bytes), seed);
}

static uint64_t hash_vlan(const struct value *value, uint64_t seed)
{
	const struct vlan *vlan = &value->vlan;
	const uint16_t words[] = { vlan->id, vlan->qos, is_vlan_none(vlan) ? 0 : vlan->protocol };

	return XXH3_64bits_withSeed(words, sizeof(words), seed);
}

static uint64_t hash_name(const struct value *value, uint64_t seed)
{
	return XXH3_64bits_withSeed(value->name, strlen(value->name), seed);
}

static void format_bool(const struct setting *setting, const struct value *value, struct text *out)
{
	(void)setting;
	text_append(out, value->number ? "true" : "false");
}

static void format_number(const struct setting *setting, const struct value *value,
			  struct text *out)
{
	(void)setting;
	text_printf(out, "%llu", (unsigned long long)value->number);
}

static void format_choice(const struct setting *setting, const struct value *value,
			  struct text *out)
{
	for (const struct choice *choice = setting->choices; choice->word; choice++) {
		if (choice->number == value->number) {
			text_append(out, choice->word);
			return;
		}
	}
	format_number(setting, value, out); /* of a kernel that knows more */
}

static void format_mac(const struct setting *setting, const struct value *value, struct text *out)
{
	char buffer[MAC_STRING_SIZE];

	(void)setting;
	text_append(out, mac_is_zero(&value->mac) ? "none" : mac_format(&value->mac, buffer));
}

static const struct {
	const char *word;
	uint16_t protocol;
} vlan_protocols[] = {
	{ "802.1q", ETH_P_8021Q },
	{ "802.1ad", ETH_P_8021AD },
};

int value_parse_vlan_protocol(const char *word, uint16_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(vlan_protocols); i++)
		if (strcasecmp(vlan_protocols[i].word, word) == 0) {
			*ret = vlan_protocols[i].protocol;
			return 0;
		}
	return -EINVAL;
}

static void append_protocol(uint16_t protocol, struct text *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(vlan_protocols); i++)
		if (vlan_protocols[i].protocol == protocol) {
			text_append(out, vlan_protocols[i].word);
			return;
		}
	text_printf(out, "0x%04x", protocol);
}

static void format_vlan(const struct setting *setting, const struct value *value, struct text *out)
{
	const struct vlan *vlan = &value->vlan;

	(void)setting;
	if (is_vlan_none(vlan)) {
		text_append(out, "none");
		return;
	}
	if (value->form == VALUE_PLAIN && !vlan->qos && vlan->protocol == ETH_P_8021Q) {
		text_printf(out, "%u", vlan->id);
		return;
	}
	text_printf(out, "{%s: %u", value->form == VALUE_FROM ? "from" : "id", vlan->id);
	if (vlan->qos)
		text_printf(out, ", qos: %u", vlan->qos);
	if (vlan->protocol != ETH_P_8021Q) {
		text_append(out, ", protocol: ");
		append_protocol(vlan->protocol, out);
	}
	text_append(out, "}");
}

static void format_guid(const struct setting *setting, const struct value *value, struct text *out)
{
	uint8_t bytes[8];
	char buffer[3 * sizeof(bytes)];

	(void)setting;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value->number >> (8 * (sizeof(bytes) - 1 - i)));
	text_append(out, hex_format_bytes(bytes, sizeof(bytes), buffer));
}

static void format_name(const struct setting *setting, const struct value *value, struct text *out)
{
	(void)setting;
	text_append_quoted(out, value->name);
}

static void format_template(const struct setting *setting, const struct value *value,
			    struct text *out)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

	if (!value->name[strspn(value->name, harmless)]) {
		format_name(setting, value, out);
		return;
	}
	text_append(out, "\"");
	for (const char *p = value->name; *p;) {
		size_t length = strcspn(p, "\\\"");

		text_append_n(out, p, length);
		p += length;
		if (*p)
			text_printf(out, "\\%c", *p++);
	}
	text_append(out, "\"");
}

static struct json_object *make_text(const struct setting *setting, const struct value *value)
{
	CLEANUP_TEXT struct text text = { 0 };

	value_format(setting, value, &text);
	return text.failed ? NULL : json_object_new_string(text_string(&text));
}

static struct json_object *make_bool(const struct setting *setting, const struct value *value)
{
	(void)setting;
	return json_object_new_boolean(value->number != 0);
}

static struct json_object *make_number(const struct setting *setting, const struct value *value)
{
	(void)setting;
	return json_object_new_uint64(value->number);
}

static struct json_object *make_name(const struct setting *setting, const struct value *value)
{
	(void)setting;
	return json_object_new_string(value->name);
}

static bool add(struct json_object *object, const char *key, struct json_object *member)
{
	if (member &&
	    json_object_object_add_ex(object, key, member, JSON_C_OBJECT_ADD_CONSTANT_KEY) == 0)
		return true;
	json_object_put(member);
	return false;
}

static struct json_object *make_vlan(const struct setting *setting, const struct value *value)
{
	const struct vlan *vlan = &value->vlan;
	CLEANUP_TEXT struct text protocol = { 0 };
	struct json_object *object;

	(void)setting;
	if (is_vlan_none(vlan) || (!vlan->qos && vlan->protocol == ETH_P_8021Q))
		return json_object_new_int(vlan->id);
	append_protocol(vlan->protocol, &protocol);
	object = protocol.failed ? NULL : json_object_new_object();
	if (!object)
		return NULL;
	if (add(object, "id", json_object_new_int(vlan->id)) &&
	    add(object, "qos", json_object_new_int(vlan->qos)) &&
	    add(object, "protocol", json_object_new_string(text_string(&protocol))))
		return object;
	json_object_put(object);
	return NULL;
}

/* What the types do with a value of form VALUE_PLAIN. */
static const struct {
	bool (*equal)(const struct value *a, const struct value *b);
	uint64_t (*hash)(const struct value *value, uint64_t seed);
	void (*format)(const struct setting *setting, const struct value *value, struct text *out);
	struct json_object *(*json)(const struct setting *setting, const struct value *value);
} types[] = {
	[VALUE_BOOL] = { equal_number, hash_number, format_bool, make_bool },
	[VALUE_NUMBER] = { equal_number, hash_number, format_number, make_number },
	[VALUE_RATE] = { equal_number, hash_number, format_number, make_number },
	[VALUE_COUNT] = { equal_number, hash_number, format_number, make_number },
	[VALUE_CHOICE] = { equal_number, hash_number, format_choice, make_text },
	[VALUE_MAC] = { equal_mac, hash_mac, format_mac, make_text },
	[VALUE_VLAN] = { equal_vlan, hash_vlan, format_vlan, make_vlan },
	[VALUE_GUID] = { equal_number, hash_number, format_guid, make_text },
	[VALUE_NAME] = { equal_name, hash_name, format_name, make_name },
	[VALUE_NETDEV] = { equal_name, hash_name, format_template, make_name },
	[VALUE_LABEL] = { equal_name, hash_name, format_template, make_name },
	[VALUE_TEMPLATE] = { equal_name, hash_name, format_template, make_name },
};

/* The words for the other forms; VALUE_PERCENT is a number and a sign, VALUE_FROM has a value. */
static const char *const form_words[] = {
	[VALUE_NONE] = "none",	[VALUE_DEFAULT] = "default", [VALUE_STABLE] = "stable",
	[VALUE_PERCENT] = NULL, [VALUE_MAX] = "max",	     [VALUE_FROM] = NULL,
};

/* Whether two values of that form may differ as plain ones do. */
static bool has_plain(enum value_form form)
{
	return form == VALUE_PLAIN || form == VALUE_FROM;
}

bool value_equal(const struct setting *setting, const struct value *a, const struct value *b)
{
	if (a->form != b->form)
		return false;
	if (a->form == VALUE_PERCENT)
		return equal_number(a, b);
	return !has_plain(a->form) || types[setting->type].equal(a, b);
}

bool value_is_nothing(const struct setting *setting, const struct value *value)
{
	switch (setting->type) {
	case VALUE_MAC:
		return mac_is_zero(&value->mac);
	case VALUE_VLAN:
		return !value->vlan.id && !value->vlan.qos;
	default:
		return !value->number;
	}
}

uint64_t value_hash(const struct setting *setting, const struct value *value, uint64_t seed)
{
	if (value->form == VALUE_PLAIN)
		return types[setting->type].hash(value, seed);
	seed = XXH3_64bits_withSeed(&value->form, sizeof(value->form), seed);
	if (has_plain(value->form))
		return types[setting->type].hash(value, seed);
	return value->form == VALUE_PERCENT ? hash_number(value, seed) : seed;
}

/* A VLAN is a mapping by itself. */
static void format_from(const struct setting *setting, const struct value *value, struct text *out)
{
	bool of_vlan = setting->type == VALUE_VLAN;

	text_append(out, of_vlan ? "" : "{from: ");
	types[setting->type].format(setting, value, out);
	text_append(out, of_vlan ? "" : "}");
}

void value_format(const struct setting *setting, const struct value *value, struct text *out)
{
	if (value->form == VALUE_FROM)
		format_from(setting, value, out);
	else if (value->form == VALUE_PLAIN)
		types[setting->type].format(setting, value, out);
	else if (value->form == VALUE_PERCENT)
		text_printf(out, "%llu%%", (unsigned long long)value->number);
	else
		text_append(out, form_words[value->form]);
}

void value_describe(const struct setting *setting, const struct value *value, struct text *out)
{
	if (setting->type == VALUE_TEMPLATE)
		format_name(setting, value, out);
	else
		value_format(setting, value, out);
	if (setting->unit && value->form == VALUE_PLAIN)
		text_printf(out, " %s", setting->unit);
}

struct json_object *value_json(const struct setting *setting, const struct value *value)
{
	if (value->form == VALUE_PLAIN)
		return types[setting->type].json(setting, value);
	return make_text(setting, value);
}
