/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule: what it wants of a PF and of its VFs. */

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "document/scalar.h"
#include "model/pf.h"
#include "policy/read/check.h"
#include "policy/read/doubt.h"
#include "policy/read/read_section.h"

/* The longest name of a rule, in bytes. */
#define RULE_NAME_MAX 100

/* A rule on its way from a document. */
struct rule_builder {
	struct rule rule;
	size_t entries_capacity;
	struct vf_entry defaults;
	bool has_defaults;
};

static void store_pf_setting(void *target, size_t setting, const struct value *value)
{
	struct rule_builder *builder = target;

	VALUES_SET(&builder->rule.settings, setting, *value);
}

static void store_vf_setting(void *target, size_t setting, const struct value *value)
{
	struct vf_entry *entry = target;

	VALUES_SET(&entry->settings, setting, *value);
}

/* What is meant by what is no VFs, or NULL. */
static const char *hint_index(const struct yaml_node *node)
{
	static const char *const all[] = { "*", "all", "any", "each", "every" };

	if (node->kind == YAML_SEQUENCE)
		return "write the VFs in one text: \"0-3,6\"";
	for (size_t i = 0; node->kind == YAML_SCALAR && i < ARRAY_SIZE(all); i++)
		if (strcasecmp(node->scalar, all[i]) == 0)
			return "write all";
	return NULL;
}

static int read_index(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	static const char expected[] = "VFs such as 3, \"0-3,6\" or all";
	struct vf_entry *entry = target;
	int r;

	entry->origin = node->origin;
	if (node->kind != YAML_SCALAR || yaml_is_null(node))
		return scalar_mismatch(node, "index", expected, hint_index(node),
				       reader->diagnostics);
	r = index_set_parse(node->scalar, PF_VFS_MAX - 1, reader->arena, &entry->indices);
	if (r == -ERANGE)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "'index' is beyond %u, the last VF that there can be",
					 PF_VFS_MAX - 1);
	if (r == -E2BIG)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "'index' has more than %u ranges", INDEX_SET_RANGES_MAX);
	if (r == -EINVAL)
		return scalar_mismatch(node, "index", expected, hint_index(node),
				       reader->diagnostics);
	return r;
}

/* How the values beside it are enforced. */
static int read_enforce(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	static const struct choice choices[] = { { "always", false },
						 { "at-creation", true },
						 { 0 } };
	static const struct setting enforce = { "enforce", VALUE_CHOICE, .choices = choices };
	struct vf_entry *entry = target;
	struct value value;
	int r = value_read(&enforce, node, reader->arena, reader->diagnostics, &value);

	entry->enforce = &node->origin;
	if (r >= 0)
		entry->once = value.number;
	return r;
}

static int add_entry(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	struct rule_builder *builder = target;
	struct vf_entry entry = { .origin = node->origin };
	struct rule *rule = &builder->rule;
	int r, result;

	result = section_read(reader, &vf_entry_section, "virtual-functions", node, &entry);
	if (result == -ENOMEM)
		return result;
	r = arena_grow(reader->arena, &rule->entries, rule->n_entries, &builder->entries_capacity,
		       sizeof(entry));
	if (r < 0)
		return r;
	rule->entries[rule->n_entries++] = entry;
	return result;
}

static int read_entries(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	return list_read(reader, "virtual-functions", "begin each entry with '- index:'", node,
			 add_entry, target);
}

static int read_defaults(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	struct rule_builder *builder = target;

	builder->has_defaults = true;
	builder->defaults.origin = node->origin;
	builder->defaults.indices.all = true;
	return section_read(reader, &vf_defaults_section, "vf-defaults", node, &builder->defaults);
}

static int read_match(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	struct rule_builder *builder = target;

	return match_read(reader, node, &builder->rule);
}

static int read_name(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	struct rule_builder *builder = target;
	const char *name;
	int r;

	r = scalar_read_text(node, "name", "a text", reader->diagnostics, &name);
	if (r < 0)
		return r;
	if (strlen(name) > RULE_NAME_MAX)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "'name' is longer than %u bytes", RULE_NAME_MAX);
	for (const unsigned char *p = (const unsigned char *)name; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return diagnostics_error(reader->diagnostics, &node->origin, NULL,
						 "'name' has a control character in it");
	(void)doubt_quotes(reader->diagnostics, &node->origin, name);
	builder->rule.name = name;
	builder->rule.origin = node->origin;
	return 0;
}

static const struct section_key rule_keys[] = {
	{ "name", read_name, "add 'name:' and what messages shall call the rule" },
	{ "match", read_match, "add 'match:' and the PFs that are meant", .holds = &match_section },
	{ .name = "eswitch", .section = &eswitch_section },
	{ .name = "driver-after", .section = &driver_after_section },
	{ "vf-defaults", read_defaults, NULL, .holds = &vf_defaults_section },
	{ "virtual-functions", read_entries, NULL, .holds = &vf_entry_section, .is_list = true },
};

const struct section rule_section = {
	.noun = "the rule",
	.expected = "a list of mappings of name, match and settings",
	.place = "in a rule of 'physical-functions'",
	.chapter = "RULES",
	.keys = rule_keys,
	.n_keys = ARRAY_SIZE(rule_keys),
	.settings = pf_settings,
	.n_settings = PF_SETTING_COUNT,
	.prefix = "",
	.settings_place = "in a rule of 'physical-functions'",
	.settings_chapter = "Settings of a PF",
	.store = store_pf_setting,
};

const struct section eswitch_section = {
	.noun = "'eswitch'",
	.expected = "a mapping such as {mode: switchdev}",
	.settings = pf_settings,
	.n_settings = PF_SETTING_COUNT,
	.prefix = "eswitch.",
	.settings_place = "under 'eswitch'",
	.settings_chapter = "Settings of a PF",
	.store = store_pf_setting,
};

const struct section driver_after_section = {
	.noun = "'driver-after'",
	.expected = "a mapping such as {bond: bond0}",
	.settings = pf_settings,
	.n_settings = PF_SETTING_COUNT,
	.prefix = "driver-after.",
	.settings_place = "under 'driver-after'",
	.settings_chapter = "Settings of a PF",
	.store = store_pf_setting,
};

static const struct section_key defaults_keys[] = {
	{ "enforce", read_enforce, NULL },
};

const struct section vf_defaults_section = {
	.noun = "'vf-defaults'",
	.expected = "a mapping of VF settings",
	.place = "under 'vf-defaults'",
	.chapter = "Which VFs",
	.keys = defaults_keys,
	.n_keys = ARRAY_SIZE(defaults_keys),
	.settings = vf_settings,
	.n_settings = VF_SETTING_COUNT,
	.prefix = "",
	.settings_place = "under 'vf-defaults' or in an entry of 'virtual-functions'",
	.settings_chapter = "Settings of a VF",
	.store = store_vf_setting,
};

static const struct section_key entry_keys[] = {
	{ "index", read_index, "add 'index:' and the VFs that are meant, or all" },
	{ "enforce", read_enforce, NULL },
};

const struct section vf_entry_section = {
	.noun = "the entry",
	.expected = "a list of mappings of index and VF settings",
	.place = "in an entry of 'virtual-functions'",
	.chapter = "Which VFs",
	.keys = entry_keys,
	.n_keys = ARRAY_SIZE(entry_keys),
	.settings = vf_settings,
	.n_settings = VF_SETTING_COUNT,
	.prefix = "",
	.settings_chapter = "Settings of a VF",
	.store = store_vf_setting,
};

/* Puts vf-defaults before the entries, wherever they were written. */
static int add_defaults(struct policy_reader *reader, struct rule_builder *builder)
{
	struct rule *rule = &builder->rule;
	int r;

	if (!builder->has_defaults)
		return 0;
	r = arena_grow(reader->arena, &rule->entries, rule->n_entries, &builder->entries_capacity,
		       sizeof(*rule->entries));
	if (r < 0)
		return r;
	if (rule->n_entries)
		memmove(&rule->entries[1], &rule->entries[0],
			rule->n_entries * sizeof(*rule->entries));
	rule->entries[0] = builder->defaults;
	rule->n_entries++;
	return 0;
}

int rule_read(struct policy_reader *reader, const struct yaml_node *node, struct rule *ret)
{
	struct rule_builder builder = { .rule = { .origin = node->origin } };
	int r, result;

	result = section_read(reader, &rule_section, "physical-functions", node, &builder);
	if (result == -ENOMEM)
		return result;
	r = add_defaults(reader, &builder);
	if (r < 0)
		return r;
	r = check_rule(&builder.rule, reader->diagnostics);
	if (r == -ENOMEM)
		return r;
	*ret = builder.rule;
	return r < 0 ? r : result;
}
