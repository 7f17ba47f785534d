/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A policy file as a whole, and its settings. */

#include <errno.h>

#include "document/scalar.h"
#include "document/yaml.h"
#include "policy/read/duration.h"
#include "policy/read/read_section.h"

#define POLICY_VERSION 1

static int read_resync(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	static const struct duration_limits limits = { 1000, 24 * 60 * 60 * 1000,
						       "0, or from 1s to 24h" };
	struct policy_file *file = target;

	return duration_read(node, "resync", &limits, reader->diagnostics, &file->resync_ms);
}

static int read_boot_wait(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	static const struct duration_limits limits = { 0, 60 * 60 * 1000, "from 0 to 1h" };
	struct policy_file *file = target;

	return duration_read(node, "boot-wait", &limits, reader->diagnostics, &file->boot_wait_ms);
}

static const struct section_key settings_keys[] = {
	{ "resync", read_resync, NULL },
	{ "boot-wait", read_boot_wait, NULL },
};

static const struct section settings_section = {
	.noun = "'settings'",
	.expected = "a mapping such as {resync: 60s}",
	.place = "under 'settings'",
	.chapter = "SETTINGS OF THE DAEMON",
	.keys = settings_keys,
	.n_keys = ARRAY_SIZE(settings_keys),
};

static int read_version(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	uint64_t version;

	(void)target;
	if (!scalar_is_number(node, 0, UINT32_MAX, &version))
		return scalar_mismatch(node, "version", "1", scalar_number_hint(node),
				       reader->diagnostics);
	if (version != POLICY_VERSION)
		return diagnostics_error(reader->diagnostics, &node->origin,
					 "this sriovd reads version 1",
					 "version %llu of the policy language is not known",
					 (unsigned long long)version);
	return 0;
}

static int read_host(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	struct policy_file *file = target;

	return host_selector_read(reader, node, &file->selector);
}

static int add_rule(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	struct policy_file *file = target;
	int r = arena_grow(reader->arena, &file->rules, file->n_rules, &file->capacity,
			   sizeof(*file->rules));

	return r < 0 ? r : rule_read(reader, node, &file->rules[file->n_rules++]);
}

static int read_rules(struct policy_reader *reader, const struct yaml_node *node, void *target)
{
	return list_read(reader, "physical-functions", "begin each rule with '- name:'", node,
			 add_rule, target);
}

static const struct section_key policy_keys[] = {
	{ "version", read_version, "add 'version: 1'" },
	{ "host", read_host, NULL, .holds = &host_section },
	{ .name = "settings", .section = &settings_section },
	{ "physical-functions", read_rules, NULL, .holds = &rule_section, .is_list = true },
};

static const struct section policy_section = {
	.noun = "the policy",
	.expected = "a mapping",
	.place = "at the left margin",
	.chapter = "DOCUMENT",
	.keys = policy_keys,
	.n_keys = ARRAY_SIZE(policy_keys),
};

const struct section *const sections[] = {
	&policy_section,       &host_section,
	&settings_section,     &rule_section,
	&match_section,	       &eswitch_section,
	&driver_after_section, &vf_defaults_section,
	&vf_entry_section,     NULL,
};

/* An empty document, and one in another language, is not worth reading on. */
static int check_version(struct policy_reader *reader, const struct document *document,
			 const struct yaml_node *root)
{
	const struct origin whole = { document, 1, 1 };
	const struct yaml_node *version;

	if (!root)
		return diagnostics_error(reader->diagnostics, &whole, policy_keys[0].required,
					 "the policy has no 'version'");
	if (root->kind != YAML_MAPPING)
		return diagnostics_error(
			reader->diagnostics, &root->origin, "begin with 'version: 1'",
			"a policy must be a mapping, not %s", yaml_kind_word(root->kind));
	version = yaml_get(root, "version");
	if (!version && yaml_get(root, "inventory"))
		return diagnostics_error(reader->diagnostics, &root->origin,
					 "'sriovctl list --inventory' reads it",
					 "this is the inventory of a host, not a policy");
	return version ? read_version(reader, version, NULL) : 0;
}

int policy_file_read(struct policy_reader *reader, const struct document *document,
		     struct policy_file *ret)
{
	static const char merge_hint[] =
		"repeat the keys, or use 'vf-defaults' for what all VFs share";
	struct policy_file file = { .resync_ms = POLICY_TIME_UNSET,
				    .boot_wait_ms = POLICY_TIME_UNSET };
	struct yaml_node *root;
	int r;

	r = yaml_read_tolerant(document, merge_hint, reader->arena, reader->diagnostics, &root);
	if (r < 0)
		return r;
	r = check_version(reader, document, root);
	if (r < 0)
		return r;
	r = section_read(reader, &policy_section, "policy", root, &file);
	if (r == -ENOMEM)
		return r;
	*ret = file;
	return 0;
}
