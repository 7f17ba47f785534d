/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/export.h"

#include <errno.h>
#include <string.h>

#include "export/cdi.h"
#include "export/dpdk.h"
#include "export/incus.h"
#include "export/kubernetes.h"
#include "export/kubevirt.h"
#include "export/libvirt.h"
#include "export/openstack.h"
#include "export/proxmox.h"
#include "export/resource.h"

static void append_word(const struct group *group, struct text *out)
{
	exported_append_word(group->name, out);
}

static void append_label(const struct group *group, struct text *out)
{
	exported_append_label(group->name, out);
}

static void append_object(const struct group *group, struct text *out)
{
	resource_append_name(&(struct resource){ .group = group }, true, out);
}

const struct export_format export_formats[] = {
	{ "cdi", "device nodes of VFs for containers, a kind for each group", append_label,
	  cdi_write },
	{ "device-plugin", "resources of pods, for sriov-network-device-plugin", append_object,
	  kubernetes_write_device_plugin },
	{ "dpdk", "EAL arguments that allow the VFs a program may drive", NULL, dpdk_write },
	{ "incus", "profiles of Incus and LXD, of PFs and of single VFs", append_word,
	  incus_write },
	{ "kubevirt", "which of these resources virtual machines may have", append_object,
	  kubevirt_write_permitted },
	{ "kubevirt-interface", "an interface of a virtual machine for each such resource",
	  append_object, kubevirt_write_interfaces },
	{ "libvirt-interface", "an interface of a domain for each VF", NULL,
	  libvirt_write_interfaces },
	{ "libvirt-network", "a network for each group, of which domains get VFs", NULL,
	  libvirt_write_networks },
	{ "libvirt-pair", "an interface for each VF beside a virtio one, for failover", NULL,
	  libvirt_write_pairs },
	{ "network-attachment", "a network of pods for each such resource, for Multus",
	  append_object, kubernetes_write_networks },
	{ "neutron", "which PFs neutron's SR-IOV agent has, and without which VFs", NULL,
	  openstack_write_neutron },
	{ "nova", "which VFs nova gives to servers, by physical network", append_word,
	  openstack_write_nova },
	{ "proxmox", "a resource mapping for each group, for pci.cfg", append_word, proxmox_write },
	{ 0 },
};

const struct export_format *export_format_find(const char *name)
{
	for (const struct export_format *format = export_formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}

/* Names that groups have already. */
struct names_taken {
	struct arena *arena;
	const char **names;
	size_t count;
};

/* Whether nobody has the name; then it is taken. */
static bool take_name(struct names_taken *taken, const char *name)
{
	for (size_t i = 0; i < taken->count; i++)
		if (strcmp(taken->names[i], name) == 0)
			return false;
	taken->names[taken->count++] = name;
	return true;
}

/* Why the group is not exported; *ret is NULL: it is. 0 or -ENOMEM. */
static int find_reason(const struct export_format *format, const struct group *group,
		       struct names_taken *taken, const char **ret)
{
	CLEANUP_TEXT struct text text = { 0 };
	const char *name;

	*ret = group->count ? NULL : "it has no VFs";
	if (*ret || !format->append_name)
		return 0;
	format->append_name(group, &text);
	name = text.failed ? NULL : arena_strdup(taken->arena, text_string(&text));
	if (!name)
		return -ENOMEM;
	if (!take_name(taken, name))
		*ret = "another has the name that it would have there; a pool in the policy gives "
		       "it one";
	return 0;
}

int export_write(const struct export_format *format, const struct groups *groups,
		 struct arena *arena, struct export *export)
{
	struct names_taken taken = { arena,
				     arena_array(arena, groups->count + 1, sizeof(*taken.names)),
				     0 };
	struct groups kept = { .items =
				       arena_array(arena, groups->count + 1, sizeof(*kept.items)) };

	if (!taken.names || !kept.items)
		return -ENOMEM;
	for (size_t i = 0; i < groups->count; i++) {
		const char *reason;
		int r = find_reason(format, &groups->items[i], &taken, &reason);

		if (r < 0)
			return r;
		if (reason)
			exported_note_group(export, &groups->items[i], reason);
		else
			kept.items[kept.count++] = groups->items[i];
	}
	format->write(&kept, export);
	return 0;
}
