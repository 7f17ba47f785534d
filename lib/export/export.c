/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/export.h"

#include <string.h>

#include "export/cdi.h"
#include "export/dpdk.h"
#include "export/incus.h"
#include "export/kubernetes.h"
#include "export/kubevirt.h"
#include "export/libvirt.h"
#include "export/openstack.h"
#include "export/proxmox.h"

const struct export_format export_formats[] = {
	{ "cdi", "device nodes of VFs for containers, a kind for each group", cdi_write },
	{ "device-plugin", "resources of pods, for sriov-network-device-plugin",
	  kubernetes_write_device_plugin },
	{ "dpdk", "EAL arguments that allow the VFs a program may drive", dpdk_write },
	{ "incus", "profiles of Incus and LXD, of PFs and of single VFs", incus_write },
	{ "kubevirt", "which of these resources virtual machines may have",
	  kubevirt_write_permitted },
	{ "kubevirt-interface", "an interface of a virtual machine for each such resource",
	  kubevirt_write_interfaces },
	{ "libvirt-interface", "an interface of a domain for each VF", libvirt_write_interfaces },
	{ "libvirt-network", "a network for each group, of which domains get VFs",
	  libvirt_write_networks },
	{ "libvirt-pair", "an interface for each VF beside a virtio one, for failover",
	  libvirt_write_pairs },
	{ "network-attachment", "a network of pods for each such resource, for Multus",
	  kubernetes_write_networks },
	{ "neutron", "which PFs neutron's SR-IOV agent has, and without which VFs",
	  openstack_write_neutron },
	{ "nova", "which VFs nova gives to servers, by physical network", openstack_write_nova },
	{ "proxmox", "a resource mapping for each group, for pci.cfg", proxmox_write },
	{ 0 },
};

const struct export_format *export_format_find(const char *name)
{
	for (const struct export_format *format = export_formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}
