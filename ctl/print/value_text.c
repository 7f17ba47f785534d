/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/value_text.h"

#include <inttypes.h>
#include <json-c/json_object.h>
#include <string.h>

#include "memory.h"
#include "model/value.h"
#include "print/json.h"

static const struct setting *find(const struct setting *settings, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(settings[i].key, key))
			return &settings[i];
	return NULL;
}

/* Of settings that PFs and VFs both have, both rows print alike. */
static const struct setting *find_setting(const char *key)
{
	const struct setting *setting = find(vf_settings, VF_SETTING_COUNT, key);

	return setting ? setting : find(pf_settings, PF_SETTING_COUNT, key);
}

static void vlan_text(struct json_object *vlan, struct text *out)
{
	const char *protocol = json_get_text(vlan, "protocol");

	text_printf(out, "{id: %" PRIi64, json_get_number(vlan, "id"));
	if (json_get_number(vlan, "qos"))
		text_printf(out, ", qos: %" PRIi64, json_get_number(vlan, "qos"));
	if (protocol && strcmp(protocol, "802.1q") != 0)
		text_printf(out, ", protocol: %s", protocol);
	text_append(out, "}");
}

static void number_text(const struct setting *setting, int64_t number, struct text *out)
{
	if (setting && setting->type == VALUE_VLAN && !number) {
		text_append(out, "none");
		return;
	}
	text_printf(out, "%" PRIi64, number);
	if (setting && setting->unit)
		text_printf(out, " %s", setting->unit);
}

void value_text(const char *key, struct json_object *value, struct text *out)
{
	if (json_object_is_type(value, json_type_object))
		vlan_text(value, out);
	else if (json_object_is_type(value, json_type_int))
		number_text(find_setting(key), json_object_get_int64(value), out);
	else
		text_append(out, json_string(value));
}

/* A VLAN's number stands in what people read of it. */
static void count_vlan(struct json_object *value, const char *before, struct arena *arena,
		       struct vf_groups_counted *ret)
{
	CLEANUP_TEXT struct text text = { 0 }, number = { 0 };
	const char *all, *place, *digits;

	ret->number = (uint64_t)(json_object_is_type(value, json_type_object)
					 ? json_get_number(value, "id")
					 : json_object_get_int64(value));
	text_append(&text, before);
	value_text("vlan", value, &text);
	text_printf(&number, "%" PRIu64, ret->number);
	all = memory_keep(arena, &text);
	digits = memory_keep(arena, &number);
	place = strstr(all + strlen(before), digits);
	if (!place)
		return;
	ret->value = digits;
	ret->before = MEMORY_REQUIRE(arena_strndup(arena, all, (size_t)(place - all)));
	ret->behind = place + strlen(ret->value);
}

static uint64_t number_of_bytes(const char *bytes)
{
	uint64_t number = 0;

	for (const char *p = bytes; *p; p++)
		if (*p != ':')
			number = number << 4 | (uint64_t)(*p <= '9' ? *p - '0' : *p - 'a' + 10);
	return number;
}

void value_text_counted(struct json_object *value, const char *written, const char *before,
			struct arena *arena, struct vf_groups_counted *ret)
{
	if (!value || !written || strncmp(written, "{from: ", strlen("{from: ")) != 0)
		return;
	if (!json_object_is_type(value, json_type_string)) {
		count_vlan(value, before, arena, ret);
		return;
	}
	ret->before = before;
	ret->value = MEMORY_REQUIRE(arena_strdup(arena, json_string(value)));
	ret->behind = "";
	ret->number = number_of_bytes(ret->value);
}
