/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/policy_schema.h"

#include <json-c/json_object.h>
#include <string.h>

#include "guide/key_text.h"
#include "guide/schema_part.h"
#include "memory.h"
#include "model/foreign_value.h"
#include "model/pci_class.h"
#include "policy/read/section.h"
#include "policy/rule.h"
#include "print/json.h"
#include "util/cleanup.h"

/* What a plain value is, by its name in definitions.json. NULL: it is one of the setting's choices.
 */
static const char *const types[] = {
	[VALUE_BOOL] = "boolean",  [VALUE_NUMBER] = "number", [VALUE_RATE] = "number",
	[VALUE_COUNT] = "number",  [VALUE_CHOICE] = NULL,     [VALUE_MAC] = "mac",
	[VALUE_VLAN] = "vlan",	   [VALUE_GUID] = "guid",     [VALUE_NAME] = "driver",
	[VALUE_NETDEV] = "netdev", [VALUE_LABEL] = "label",   [VALUE_TEMPLATE] = "template",
};

/* What a value may be besides. What a share or a count is depends on what it is one of. */
static const struct {
	enum value_form form;
	enum value_type type; /* of this alone */
	bool any_type;
	const char *name;
} forms[] = {
	{ VALUE_NONE, 0, true, "none" },
	{ VALUE_DEFAULT, 0, true, "default" },
	{ VALUE_STABLE, 0, true, "stable" },
	{ VALUE_MAX, 0, true, "max" },
	{ VALUE_PERCENT, VALUE_RATE, false, "share-of-link" },
	{ VALUE_PERCENT, VALUE_RATE, false, "rate" },
	{ VALUE_PERCENT, VALUE_COUNT, false, "share-of-vfs" },
	{ VALUE_FROM, VALUE_MAC, false, "mac-from" },
	{ VALUE_FROM, VALUE_VLAN, false, "vlan-from" },
	{ VALUE_FROM, VALUE_GUID, false, "guid-from" },
};

static struct json_object *plain_schema(const struct setting *setting)
{
	struct json_object *schema;

	if (setting->type == VALUE_CHOICE)
		return schema_part_choices(setting->choices, false);
	schema =
		schema_part_reference("", setting->type < ARRAY_SIZE(types) ? types[setting->type]
									    : "a-type-that-is-new");
	if (setting->max) {
		json_set_number(schema, "minimum", (int64_t)setting->min);
		json_set_number(schema, "maximum", (int64_t)setting->max);
	}
	return schema;
}

/* Other tools' words for what a driver may be besides, which are no drivers to us. */
static void exclude_foreign_words(const struct setting *setting, struct json_object *schema)
{
	struct json_object *words = json_new_array();

	for (const struct foreign_value *value = foreign_values; value->key; value++)
		if (strcmp(value->key, setting->key) == 0)
			schema_part_append_word(words, value->word);
	json_set(schema, "not", schema_part_enum(words));
}

static struct json_object *setting_schema(const struct setting *setting)
{
	struct json_object *schema = json_new_object(), *any = json_new_array();

	json_append(any, plain_schema(setting));
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (setting->forms & (1u << forms[i].form) &&
		    (forms[i].any_type || forms[i].type == setting->type))
			json_append(any, schema_part_reference("", forms[i].name));
	json_set(schema, "anyOf", any);
	if (setting->type == VALUE_NAME)
		exclude_foreign_words(setting, schema);
	return schema;
}

/* One pattern, or a list of them. */
static struct json_object *patterns_schema(const char *prefix, const char *name)
{
	struct json_object *schema = json_new_object(), *any = json_new_array();
	struct json_object *list = schema_part_list(schema_part_reference(prefix, name));

	json_set_number(list, "minItems", 1);
	json_append(any, schema_part_reference(prefix, name));
	json_append(any, list);
	json_set(schema, "anyOf", any);
	return schema;
}

static struct json_object *section_schema(const struct section *section);

static struct json_object *list_schema(const struct section *section)
{
	struct json_object *schema = schema_part_list(section_schema(section));

	json_set_number(schema, "minItems", 1);
	return schema;
}

static struct json_object *own_key_schema(const struct section_key *key)
{
	if (key->section)
		return section_schema(key->section);
	if (!key->holds)
		return schema_part_reference("key-", key->name);
	return key->is_list ? list_schema(key->holds) : section_schema(key->holds);
}

static struct json_object *key_schema(const struct section *section, const char *name)
{
	const struct section_key *own = section_find_key(section, name);

	if (own)
		return own_key_schema(own);
	if (section_find_name(section, name) < section->n_names)
		return patterns_schema(section->names == match_key_names ? "match-" : "host-",
				       name);
	return setting_schema(&section->settings[section_find_setting(section, name)]);
}

/* What an editor shows beside the key. */
static void describe(const struct section *section, const char *name, struct json_object *schema)
{
	const struct key_text *text = key_text_find(section, name);
	CLEANUP_TEXT struct text description = { 0 };

	if (!text)
		return;
	text_append(&description, text->text);
	if (text->example)
		text_printf(&description, "\n\nExample: %s", text->example);
	schema_part_set_word(schema, "description", memory_text(&description));
}

static void append_more(const struct section *section, struct json_object *schema)
{
	/* What a mapping has to be besides, which stands in no table. */
	static const struct {
		const struct section *section;
		const char *name;
	} more[] = {
		{ &rule_section, "at-most-of-a-number" },
		{ &match_section, "says-what-is-meant" },
		{ &vf_defaults_section, "enforces-something" },
		{ &vf_entry_section, "enforces-something-of-an-entry" },
	};

	struct json_object *all = json_new_array();

	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		if (more[i].section == section)
			json_append(all, schema_part_reference("", more[i].name));
	if (json_length(all))
		json_set(schema, "allOf", all);
	else
		json_drop(all);
}

static struct json_object *section_schema(const struct section *section)
{
	struct json_object *properties = json_new_object(), *required = json_new_array();
	const char *names[SECTION_KEYS_MAX];
	size_t count = section_list_names(section, names);
	struct json_object *schema;

	for (size_t i = 0; i < count; i++) {
		const struct section_key *own = section_find_key(section, names[i]);
		struct json_object *key = key_schema(section, names[i]);

		describe(section, names[i], key);
		json_set(properties, names[i], key);
		if (own && own->required)
			schema_part_append_word(required, names[i]);
	}
	schema = schema_part_mapping(properties, required);
	json_set_number(schema, "minProperties", 1);
	append_more(section, schema);
	return schema;
}

/* The words of classes are a table of their own. */
static struct json_object *definitions(void)
{
	struct json_object *all = json_new_object(), *words = json_new_array();

	for (const struct pci_class *class = pci_classes; class->word; class ++)
		schema_part_append_word(words, class->word);
	json_set(all, "match-class", schema_part_enum(words));
	return all;
}

struct json_object *policy_schema(void)
{
	struct json_object *schema = section_schema(sections[0]);

	schema_part_begin(schema, "A policy of sriovd, as in sriovd.yaml(5)", definitions());
	return schema;
}
