/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/document_schema.h"

#include <json-c/json_object.h>
#include <string.h>

#include "guide/schema_part.h"
#include "memory.h"
#include "model/inventory.h"
#include "model/inventory_pf.h"
#include "model/pf_state.h"
#include "model/schema.h"
#include "print/json.h"
#include "util/cleanup.h"

/* What a value is that the kernel reports, by its name in documents.json. NULL: one of the
 * setting's choices. */
static const char *const types[] = {
	[VALUE_BOOL] = "boolean",  [VALUE_NUMBER] = "natural",	[VALUE_RATE] = "natural",
	[VALUE_COUNT] = "natural", [VALUE_CHOICE] = NULL,	[VALUE_MAC] = "address",
	[VALUE_VLAN] = "vlan",	   [VALUE_GUID] = "guid",	[VALUE_NAME] = "string",
	[VALUE_NETDEV] = "string", [VALUE_TEMPLATE] = "string",
};

static struct json_object *schema_of(const struct schema *schema);

static struct json_object *setting_schema(const struct setting *setting)
{
	if (setting->type == VALUE_CHOICE)
		return schema_part_choices(setting->choices, true);
	return schema_part_reference("", setting->type < ARRAY_SIZE(types) ? types[setting->type]
									   : "a-type-that-is-new");
}

static struct json_object *field_schema(const struct field_kind *kind)
{
	if (!kind->below)
		return schema_part_reference("", kind->type);
	return kind->is_list ? schema_part_list(schema_of(kind->below)) : schema_of(kind->below);
}

/* Where a setting stands: "mode" of "eswitch.mode" in a mapping of its own. */
static void set_setting(struct json_object *properties, const struct setting *setting)
{
	const char *dot = strchr(setting->key, '.');
	CLEANUP_FREE char *group = NULL;
	struct json_object *below;

	if (!dot) {
		json_set(properties, setting->key, setting_schema(setting));
		return;
	}
	group = MEMORY_REQUIRE(strndup(setting->key, (size_t)(dot - setting->key)));
	below = json_get(properties, group);
	if (!below) {
		below = schema_part_mapping(json_new_object(), json_new_array());
		json_set(properties, group, below);
	}
	json_set(json_get(below, "properties"), dot + 1, setting_schema(setting));
}

static struct json_object *schema_of(const struct schema *schema)
{
	struct json_object *properties = json_new_object(), *required = json_new_array();

	for (size_t i = 0; i < schema->n_fields; i++) {
		const struct field *field = &schema->fields[i];

		json_set(properties, field->key, field_schema(field->kind));
		if (field->required)
			schema_part_append_word(required, field->key);
	}
	for (size_t i = 0; i < schema->n_settings; i++)
		if (!(schema->excluded & SETTING_BIT(i)))
			set_setting(properties, &schema->settings[i]);
	return schema_part_mapping(properties, required);
}

static void append_keys(struct json_object *words, const struct setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		schema_part_append_word(words, settings[i].key);
}

/* The names of settings: of PFs and VFs, or of VFs alone. */
static struct json_object *setting_names(bool of_pfs)
{
	struct json_object *words = json_new_array();

	if (of_pfs)
		append_keys(words, pf_settings, PF_SETTING_COUNT);
	append_keys(words, vf_settings, VF_SETTING_COUNT);
	return schema_part_enum(words);
}

static struct json_object *states(void)
{
	struct json_object *words = json_new_array();

	for (enum pf_state state = 0; state < STATE_COUNT; state++)
		schema_part_append_word(words, pf_state_name(state));
	return schema_part_enum(words);
}

static struct json_object *definitions(void)
{
	struct json_object *all = json_new_object();

	json_set(all, "setting-name", setting_names(true));
	json_set(all, "vf-setting-name", setting_names(false));
	json_set(all, "state", states());
	json_set(all, "inventory-pf", schema_of(&inventory_pf_schema));
	json_set(all, "inventory", schema_of(&inventory_schema));
	return all;
}

struct json_object *document_schema_inventory(void)
{
	struct json_object *schema = schema_part_reference("", "inventory");

	schema_part_begin(schema, "An inventory of sriovd, as in sriovctl(1)", definitions());
	return schema;
}

struct json_object *document_schema_output(void)
{
	struct json_object *schema = schema_part_reference("", "output");

	schema_part_begin(schema, "What sriovctl --json prints, as in sriovctl(1)", definitions());
	return schema;
}
