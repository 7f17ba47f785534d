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

static void begin(const struct group *group, struct export *export)
{
	text_append(export->out, export->count ? "\n" : "");
	exported_append_word(group->name, export->out);
	text_append(export->out, "\n");
}

static void add(const struct vf *vf, struct export *export)
{
	const struct pci_function *function = exported_function(export, vf);

	text_printf(export->out, "\tmap id=%s,", function->id);
	if (function->iommu_group >= 0)
		text_printf(export->out, "iommugroup=%d,", function->iommu_group);
	text_printf(export->out, "node=%.*s,path=%s", (int)node_length(export),
		    export->host->hostname, vf->address);
	if (function->subsystem_id && exported_is_id(function->subsystem_id))
		text_printf(export->out, ",subsystem-id=%s", function->subsystem_id);
	text_append(export->out, "\n");
}

void proxmox_write(const struct groups *groups, struct export *export)
{
	static const struct exported_words words = { find_reason, begin, add };

	if (!node_length(export)) {
		text_append(export->notes, "the host has no name, by which a mapping knows it\n");
		return;
	}
	for (size_t i = 0; i < groups->count; i++)
		exported_write_group(&groups->items[i], &words, export);
}
