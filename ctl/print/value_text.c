/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/value_text.h"

#include <inttypes.h>
#include <json-c/json_object.h>
#include <string.h>

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
