/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/cdi.h"

#include "model/driver.h"

static int group_of(const struct export *export, const struct vf *vf)
{
	const struct pci_function *function = exported_function(export, vf);

	return function ? function->iommu_group : -1;
}

/* Why a container cannot be given it; NULL: it can. */
static const char *find_reason(const struct export *export, const struct vf *vf)
{
	const char *driver = exported_driver(vf);
	struct pci_address address;

	if (!exported_address(vf, &address))
		return "it has no PCI address";
	if (!driver || !driver_is_vfio(driver))
		return "vfio-pci does not have it, by whose device nodes a container gets it";
	/* Groups without one have nodes of other names, for those who trust the device. */
	if (!export->facts || export->facts->iommu != TOLD_YES)
		return "it is not known that the kernel uses an IOMMU";
	return group_of(export, vf) < 0 ? "its IOMMU group is not known" : NULL;
}

static void begin(const struct group *group, struct export *export)
{
	struct text *out = export->out;

	text_append(out, out->length ? "---\n" : "");
	text_append(out, "cdiVersion: \"0.5.0\"\nkind: \"sriovd/");
	/* A name of a class has no dots before version 0.6.0. */
	exported_append_label(group->name, out);
	text_append(out,
		    "\"\ncontainerEdits:\n  deviceNodes:\n  - path: /dev/vfio/vfio\ndevices:\n");
}

static void add(const struct vf *vf, struct export *export)
{
	text_printf(export->out,
		    "- name: \"%s\"\n  containerEdits:\n    deviceNodes:\n"
		    "    - path: /dev/vfio/%d\n",
		    vf->address, group_of(export, vf));
}

void cdi_write(const struct groups *groups, struct export *export)
{
	static const struct exported_words words = { find_reason, begin, add };

	for (size_t i = 0; i < groups->count; i++)
		exported_write_group(&groups->items[i], &words, export);
}
