/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/openstack.h"

#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"

static struct json_object *make_word(const struct group *group)
{
	CLEANUP_TEXT struct text word = { 0 };

	exported_append_word(group->name, &word);
	return word.failed ? NULL : json_object_new_string(text_string(&word));
}

/* Takes the object. */
static void append_option(const char *option, struct json_object *object, struct text *out)
{
	const char *json =
		object ? json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN) : NULL;

	out->failed = out->failed || !json;
	text_printf(out, "%s = %s\n", option, json ? json : "");
	json_object_put(object);
}

static void write_spec(const struct group *group, const struct member *member,
		       struct export *export)
{
	struct json_object *spec = json_object_new_object();

	build_set_text(&spec, "address", member->vf->address);
	if (exported_is_network(member->pf))
		build_set(&spec, "physical_network", make_word(group));
	append_option("device_spec", spec, export->out);
	export->count++;
}

static void write_specs(const struct group *group, struct export *export)
{
	struct pci_address address;

	for (size_t i = 0; i < group->count; i++)
		if (exported_address(group->members[i].vf, &address))
			write_spec(group, &group->members[i], export);
		else
			exported_note_vf(export, &group->members[i], "it has no PCI address");
}

/* Whether a VF before it, of any group, has the same. */
static bool is_told(const struct groups *groups, size_t group, size_t member, const char *id,
		    const struct export *export)
{
	for (size_t i = 0; i <= group; i++) {
		const size_t count = i < group ? groups->items[i].count : member;

		for (size_t k = 0; k < count; k++) {
			const char *other = exported_id(export, groups->items[i].members[k].vf);

			if (other && strcmp(other, id) == 0)
				return true;
		}
	}
	return false;
}

static void write_alias(const struct group *group, const char *id, struct export *export)
{
	struct json_object *alias = json_object_new_object();
	const char vendor[] = { id[0], id[1], id[2], id[3], '\0' };

	build_set(&alias, "name", make_word(group));
	build_set_text(&alias, "vendor_id", vendor);
	build_set_text(&alias, "product_id", id + 5);
	build_set_text(&alias, "device_type", "type-VF");
	append_option("alias", alias, export->out);
}

/* An alias cannot name a physical network, and of two with the same identifiers either is for both
 * (_ALIAS_SCHEMA in nova/pci/request.py). */
static void write_aliases(const struct groups *groups, size_t g, struct export *export)
{
	const struct group *group = &groups->items[g];

	for (size_t i = 0; i < group->count; i++) {
		const struct member *member = &group->members[i];
		const char *id = exported_id(export, member->vf);

		if (exported_is_network(member->pf) || !member->vf->address)
			continue;
		if (!id)
			exported_note_vf(export, member,
					 "what card it is is not known, for an alias");
		else if (!is_told(groups, g, i, id, export))
			write_alias(group, id, export);
	}
}

void openstack_write_nova(const struct groups *groups, struct export *export)
{
	text_append(export->out, "[pci]\n");
	for (size_t i = 0; i < groups->count; i++) {
		write_specs(&groups->items[i], export);
		write_aliases(groups, i, export);
	}
	if (!export->count)
		text_clear(export->out);
}

/* What keeps the agent from having the PF; NULL: nothing does. */
static const char *find_reason(const struct pf *pf)
{
	if (!pf->ifname)
		return "it has no network device, by which the agent knows it";
	return exported_is_word(pf->ifname)
		       ? NULL
		       : "its name has characters that mean something else there";
}

static const struct group *find_first(const struct groups *groups, const struct pf *pf)
{
	for (size_t i = 0; i < groups->count; i++)
		for (size_t k = 0; k < groups->items[i].count;
		     k = group_next_pf(&groups->items[i], k))
			if (groups->items[i].members[k].pf == pf)
				return &groups->items[i];
	return NULL;
}

/* VFs of the PF in other groups than its first. */
static void append_excluded(const struct groups *groups, const struct group *first,
			    const struct pf *pf, struct export *export, struct text *out)
{
	bool any = false;

	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];

		for (size_t k = 0; group != first && k < group->count; k++) {
			const struct member *member = &group->members[k];
			struct pci_address address;

			if (member->pf != pf || !exported_address(member->vf, &address))
				continue;
			if (any)
				text_printf(out, ";%s", member->vf->address);
			else
				text_printf(out, "%s%s:%s", out->length ? "," : "", pf->ifname,
					    member->vf->address);
			exported_note_vf(
				export, member,
				"excluded: the agent has its PF in the network of another");
			any = true;
		}
	}
}

static void add_pf(const struct groups *groups, const struct group *group, const struct pf *pf,
		   struct export *export, struct text *excluded)
{
	const char *reason = find_reason(pf);

	if (find_first(groups, pf) != group)
		return;
	if (reason) {
		exported_note_pf(export, pf, reason);
		return;
	}
	text_append(export->out, export->count++ ? "," : "");
	exported_append_word(group->name, export->out);
	text_printf(export->out, ":%s", pf->ifname);
	append_excluded(groups, group, pf, export, excluded);
}

void openstack_write_neutron(const struct groups *groups, struct export *export)
{
	CLEANUP_TEXT struct text excluded = { 0 };

	text_append(export->out, "[sriov_nic]\nphysical_device_mappings = ");
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];

		for (size_t k = 0; k < group->count; k = group_next_pf(group, k))
			add_pf(groups, group, group->members[k].pf, export, &excluded);
	}
	if (!export->count) {
		text_clear(export->out);
		return;
	}
	text_append(export->out, "\n");
	export->out->failed = export->out->failed || excluded.failed;
	if (excluded.length)
		text_printf(export->out, "exclude_devices = %s\n", text_string(&excluded));
}
