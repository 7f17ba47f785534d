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

const struct export_format export_formats[] = {
	{ "cdi", "device nodes of VFs for containers, a kind for each group", EXPORT_NAMES_LABEL,
	  cdi_write },
	{ "device-plugin", "resources of pods, for sriov-network-device-plugin",
	  EXPORT_NAMES_OBJECT, kubernetes_write_device_plugin },
	{ "dpdk", "EAL arguments that allow the VFs a program may drive", EXPORT_NAMES_NONE,
	  dpdk_write },
	{ "incus", "profiles of Incus and LXD, of PFs and of single VFs", EXPORT_NAMES_WORD,
	  incus_write },
	{ "kubevirt", "which of these resources virtual machines may have", EXPORT_NAMES_OBJECT,
	  kubevirt_write_permitted },
	{ "kubevirt-interface", "an interface of a virtual machine for each such resource",
	  EXPORT_NAMES_OBJECT, kubevirt_write_interfaces },
	{ "libvirt-interface", "an interface of a domain for each VF", EXPORT_NAMES_NONE,
	  libvirt_write_interfaces },
	{ "libvirt-network", "a network for each group, of which domains get VFs",
	  EXPORT_NAMES_NONE, libvirt_write_networks },
	{ "libvirt-pair", "an interface for each VF beside a virtio one, for failover",
	  EXPORT_NAMES_NONE, libvirt_write_pairs },
	{ "network-attachment", "a network of pods for each such resource, for Multus",
	  EXPORT_NAMES_OBJECT, kubernetes_write_networks },
	{ "neutron", "which PFs neutron's SR-IOV agent has, and without which VFs",
	  EXPORT_NAMES_NONE, openstack_write_neutron },
	{ "nova", "which VFs nova gives to servers, by physical network", EXPORT_NAMES_WORD,
	  openstack_write_nova },
	{ "proxmox", "a resource mapping for each group, for pci.cfg", EXPORT_NAMES_WORD,
	  proxmox_write },
	{ 0 },
};

const struct export_format *export_format_find(const char *name)
{
	for (const struct export_format *format = export_formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}

static void append_name(enum export_naming naming, const struct group *group, struct text *out)
{
	const struct resource resource = { .group = group };
	CLEANUP_TEXT struct text word = { 0 };

	if (naming == EXPORT_NAMES_OBJECT)
		return resource_append_name(&resource, true, out);
	exported_append_word(group->name, &word);
	out->failed = out->failed || word.failed;
	for (const char *p = text_string(&word); *p; p++)
		text_append_n(out, *p == '.' && naming == EXPORT_NAMES_LABEL ? "-" : p, 1);
}

/* NULL: out of memory. */
static const char *name_of(enum export_naming naming, const struct group *group,
			   struct arena *arena)
{
	CLEANUP_TEXT struct text name = { 0 };

	append_name(naming, group, &name);
	return name.failed ? NULL : arena_strdup(arena, text_string(&name));
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Adds those of the groups that have a name of their own; what has no VFs has none. */
static int keep_named(const struct export_format *format, const struct groups *groups,
		      struct arena *arena, struct groups *ret, struct export *export)
{
	const char **names = arena_array(arena, groups->count + 1, sizeof(*names));
	size_t n_names = 0;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];

		if (group->count) {
			names[n_names] = name_of(format->naming, group, arena);
			if (!names[n_names])
				return -ENOMEM;
			if (is_among(names[n_names], names, n_names)) {
				exported_note_group(export, group,
						    "another has the name that it would have "
						    "there; a pool in the policy gives it one");
				continue;
			}
			n_names++;
		}
		ret->items[ret->count++] = *group;
	}
	return 0;
}

int export_write(const struct export_format *format, const struct groups *groups,
		 struct arena *arena, struct export *export)
{
	struct groups named = { .items = arena_array(arena, groups->count + 1,
						     sizeof(struct group)) };
	int r = named.items ? 0 : -ENOMEM;

	if (format->naming == EXPORT_NAMES_NONE) {
		format->write(groups, export);
		return 0;
	}
	if (r >= 0)
		r = keep_named(format, groups, arena, &named, export);
	if (r >= 0)
		format->write(&named, export);
	return r;
}
