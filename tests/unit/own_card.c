/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "own_card.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "kernel/device/sysfs.h"
#include "kernel/linux.h"
#include "own_namespace.h"
#include "runner.h"

struct kernel *kernel;
struct arena *arena;
struct pf *pf;

void own_card_add_netdev(const char *device, const char *ifname, unsigned ifindex)
{
	char path[256], text[256];

	(void)snprintf(path, sizeof(path), "%s/net/%s/ifindex", device, ifname);
	(void)snprintf(text, sizeof(text), "%u\n", ifindex);
	own_file(path, text);
	(void)snprintf(path, sizeof(path), "%s/net/%s/mtu", device, ifname);
	own_file(path, "1500\n");
	(void)snprintf(path, sizeof(path), "%s/net/%s/uevent", device, ifname);
	(void)snprintf(text, sizeof(text), "INTERFACE=%s\nIFINDEX=%u\n", ifname, ifindex);
	own_file(path, text);
	(void)snprintf(path, sizeof(path), "%s/net/%s/subsystem", device, ifname);
	own_link(path, "/sys/class/net");
	(void)snprintf(path, sizeof(path), "/sys/class/net/%s", ifname);
	(void)snprintf(text, sizeof(text), "%s/net/%s", device, ifname);
	own_link(path, text);
}

static void make_device(const char *path, const char *name, const char *driver)
{
	char where[256], target[256];

	(void)snprintf(where, sizeof(where), "%s/uevent", path);
	(void)snprintf(target, sizeof(target), "PCI_SLOT_NAME=%s\n", name);
	own_file(where, target);
	(void)snprintf(where, sizeof(where), "%s/subsystem", path);
	own_link(where, "/sys/bus/pci");
	(void)snprintf(where, sizeof(where), "/sys/bus/pci/devices/%s", name);
	own_link(where, path);
	if (!driver)
		return;
	(void)snprintf(where, sizeof(where), "%s/driver", path);
	(void)snprintf(target, sizeof(target), "/sys/bus/pci/drivers/%s", driver);
	own_link(where, target);
}

void own_card_add_vf(const char *path, const char *name, unsigned index, const char *driver)
{
	char where[256];

	make_device(path, name, driver);
	(void)snprintf(where, sizeof(where), "%s/physfn", path);
	own_link(where, "../" OWN_CARD);
	(void)snprintf(where, sizeof(where), OWN_CARD_PATH "/virtfn%u", index);
	own_link(where, path);
}

void own_card_make(void)
{
	make_device(OWN_CARD_PATH, OWN_CARD, "ice");
	own_file(OWN_CARD_PATH "/vendor", "0x8086\n");
	own_file(OWN_CARD_PATH "/device", "0x1592\n");
	own_file(OWN_CARD_PATH "/class", "0x020000\n");
	own_file(OWN_CARD_PATH "/numa_node", "1\n");
	own_file(OWN_CARD_PATH "/sriov_totalvfs", "8\n");
	own_file(OWN_CARD_PATH "/sriov_numvfs", "3\n");
	own_file(OWN_CARD_PATH "/sriov_drivers_autoprobe", "1\n");
	own_card_add_netdev(OWN_CARD_PATH, "lo", 1);
	own_file(OWN_CARD_PATH "/net/lo/phys_port_name", "p0\n");
	own_card_add_vf(OWN_CARD_VF_PATH(0), OWN_CARD_VF(0), 0, "iavf");
	own_card_add_vf(OWN_CARD_VF_PATH(1), OWN_CARD_VF(1), 1, "vfio-pci");
	own_card_add_vf(OWN_CARD_VF_PATH(2), OWN_CARD_VF(2), 2, NULL);
	own_link(OWN_CARD_VF_PATH(1) "/iommu_group", "/sys/kernel/iommu_groups/42");
	own_file("/sys/bus/pci/drivers_probe", "");
	own_file("/run/udev/control", "");
	own_file("/run/udev/data/n1", "I:1\nE:ID_PATH=pci-0000:3b:00.0\n");
}

unsigned own_card_replace_netdev(const char *ifname)
{
	static const char *const files[] = { "/ifindex",	"/mtu", "/uevent", "/subsystem",
					     "/phys_port_name", "" };
	unsigned ifindex = own_veth(ifname);
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		(void)snprintf(path, sizeof(path), OWN_CARD_PATH "/net/lo%s", files[i]);
		own_remove(path);
	}
	own_card_add_netdev(OWN_CARD_PATH, ifname, ifindex);
	return ifindex;
}

void own_card_set_up(void)
{
	own_namespace_clear();
	own_card_make();
	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(kernel_linux_new(&kernel), 0);
	pf = NULL;
}

void own_card_tear_down(void)
{
	pf_free(pf);
	kernel_free(kernel);
	arena_free(arena);
}

void observe(void)
{
	pf_free(TAKE(pf));
	ck_assert_int_eq(kernel->observe(kernel, OWN_CARD_HANDLE, &pf), 0);
}

/* A PF that has a network device of the test's own. */
void observe_with_veth(const char *name)
{
	unsigned ifindex = own_veth(name);

	own_remove(OWN_CARD_PATH "/net");
	own_card_add_netdev(OWN_CARD_PATH, name, ifindex);
	observe();
	ck_assert_uint_eq(pf->ifindex, ifindex);
}

int own_card_write(const struct pf *to, enum pf_setting setting, uint64_t number,
		   struct kernel_error *words)
{
	return kernel->write_pf(kernel, to, setting, &(struct value){ .number = number }, words);
}

void assert_file(const char *path, const char *expected)
{
	const char *content = NULL;

	ck_assert_int_eq(sysfs_read(AT_FDCWD, path, arena, &content), 0);
	ck_assert_msg(content && !strcmp(content, expected), "%s: %s, not %s", path,
		      content ? content : "absent", expected);
}
