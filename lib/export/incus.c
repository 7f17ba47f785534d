/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/incus.h"

/* Whether Incus can choose among the VFs of the group itself. */
static bool has_parent(const struct group *group)
{
	return group_is_whole(group) && group->pf->ifname && exported_is_word(group->pf->ifname) &&
	       exported_is_network(group->pf);
}

static void begin(struct export *export)
{
	text_append(export->out, export->count++ ? "" : "profiles:\n");
	text_append(export->out, "- name: \"");
}

static void write_nic(const struct group *group, struct export *export)
{
	begin(export);
	exported_append_word(group->name, export->out);
	text_printf(export->out,
		    "\"\n  devices:\n    vf:\n      type: nic\n      nictype: sriov\n"
		    "      parent: \"%s\"\n",
		    group->pf->ifname);
}

/* No two instances can have it, so that each has a profile of its own. */
static void write_pci(const struct group *group, const struct member *member, struct export *export)
{
	begin(export);
	exported_append_word(group->name, export->out);
	text_append(export->out, "-");
	for (const char *p = member->vf->address; *p; p++)
		text_append_n(export->out, *p == ':' ? "-" : p, 1);
	text_printf(export->out,
		    "\"\n  devices:\n    vf:\n      type: pci\n      address: \"%s\"\n",
		    member->vf->address);
}

void incus_write(const struct groups *groups, struct export *export)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];
		struct pci_address address;

		if (has_parent(group))
			write_nic(group, export);
		for (size_t k = 0; !has_parent(group) && k < group->count; k++)
			if (exported_address(group->members[k].vf, &address))
				write_pci(group, &group->members[k], export);
			else
				exported_note_vf(export, &group->members[k],
						 "it has no PCI address");
	}
}
