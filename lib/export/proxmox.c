/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/proxmox.h"

#include <string.h>

/* Of a name with a domain the first label, which is the node's. */
static size_t node_length(const struct export *export)
{
	const char *name = export->host->hostname;

	return name ? strcspn(name, ".") : 0;
}

static const char *find_reason(const struct export *export, const struct vf *vf)
{
	struct pci_address address;

	if (!exported_address(vf, &address))
		return "it has no PCI address";
	return exported_id(export, vf) ? NULL : "what card it is is not known";
}

static void write_map(const struct vf *vf, struct export *export)
{
	const struct pci_function *function = exported_function(export, vf);

	text_printf(export->out, "\tmap id=%s,", function->id);
	if (function->iommu_group >= 0)
		text_printf(export->out, "iommugroup=%d,", function->iommu_group);
	text_printf(export->out, "node=%.*s,path=%s", (int)node_length(export),
		    export->host->hostname, vf->address);
	if (function->subsystem_id)
		text_printf(export->out, ",subsystem-id=%s", function->subsystem_id);
	text_append(export->out, "\n");
	export->count++;
}

static void write_group(const struct group *group, struct export *export)
{
	bool is_begun = false;

	for (size_t i = 0; i < group->count; i++) {
		const char *reason = find_reason(export, group->members[i].vf);

		if (reason) {
			exported_note_vf(export, &group->members[i], reason);
			continue;
		}
		if (!is_begun) {
			text_append(export->out, export->count ? "\n" : "");
			exported_append_word(group->name, export->out);
			text_append(export->out, "\n");
		}
		is_begun = true;
		write_map(group->members[i].vf, export);
	}
	if (!group->count)
		exported_note_group(export, group, "it has no VFs");
}

void proxmox_write(const struct groups *groups, struct export *export)
{
	if (!node_length(export)) {
		text_append(export->notes, "the host has no name, by which a mapping knows it\n");
		return;
	}
	for (size_t i = 0; i < groups->count; i++)
		write_group(&groups->items[i], export);
}
