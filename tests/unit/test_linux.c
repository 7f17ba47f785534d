/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernel as sysfs, rtnetlink and udev's database show it: a card in files, and network devices
 * that are real, in namespaces of this test's own. What only a card's driver does is for the
 * laboratory. */

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel/device/device.h"
#include "kernel/device/hold.h"
#include "kernel/device/sysfs.h"
#include "kernel/facts.h"
#include "kernel/linux.h"
#include "kernel/netlink/devlink.h"
#include "kernel/netlink/rtnl.h"
#include "memory.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/directory.h"
#include "util/fd.h"

#define HANDLE	   OWN_CARD_HANDLE
#define PF_PATH	   OWN_CARD_PATH
#define VF_PATH(n) OWN_CARD_VF_PATH(n)
#define NOTE	   "/run/sriovd/pci-0000:3b:00.0.hold"
#define NAMES	   "/run/sriovd/pci-0000:3b:00.0.names"

/* What the kernel answers where it was asked for VFs. */
static struct {
	int error; /* 0: as it is */
	unsigned asked;
} vf_lists;

int __real_rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, bool with_vfs, struct arena *arena,
			 struct link *ret);
int __wrap_rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, bool with_vfs, struct arena *arena,
			 struct link *ret);

int __wrap_rtnl_get_link(struct rtnl *rtnl, unsigned index, bool with_vfs, struct arena *memory,
			 struct link *ret)
{
	vf_lists.asked += with_vfs;
	if (with_vfs && vf_lists.error)
		return vf_lists.error;
	return __real_rtnl_get_link(rtnl, index, with_vfs, memory, ret);
}

static int rates_error; /* what devlink answers to who asks for rates; 0: as it is */

int __real_devlink_find_rate_nodes(struct devlink *devlink, const char *handle, struct arena *arena,
				   const char **ret);
int __wrap_devlink_find_rate_nodes(struct devlink *devlink, const char *handle, struct arena *arena,
				   const char **ret);

int __wrap_devlink_find_rate_nodes(struct devlink *devlink, const char *handle,
				   struct arena *memory, const char **ret)
{
	return rates_error ? rates_error
			   : __real_devlink_find_rate_nodes(devlink, handle, memory, ret);
}

static void set_up(void)
{
	rates_error = 0;
	vf_lists.error = 0;
	vf_lists.asked = 0;
	own_card_set_up();
}

/* The note that drivers are held says what the attribute will be, and of which device. */
static void assert_note(char expected)
{
	const char *content = NULL;

	ck_assert_int_eq(sysfs_read(AT_FDCWD, NOTE, arena, &content), 0);
	ck_assert_ptr_nonnull(content);
	ck_assert_int_eq(content[0], expected);
	ck_assert_uint_eq(strlen(content), strlen("1 00000000000000012345"));
}

static int write_pf(const struct pf *to, enum pf_setting setting, uint64_t number,
		    struct kernel_error *words)
{
	return kernel->write_pf(kernel, to, setting, &(struct value){ .number = number }, words);
}

START_TEST(a_card_that_can_have_vfs_is_listed)
{
	const char **handles;
	size_t count;

	ck_assert_int_eq(kernel->list(kernel, arena, &handles, &count), 0);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(handles[0], HANDLE);
	ck_assert(device_exists(HANDLE));
	ck_assert(!device_exists("pci/0000:3b:01.0"));
	ck_assert(!device_exists("pci/0000:99:00.0"));
}
END_TEST

START_TEST(every_fact_of_a_pf_is_observed)
{
	observe();
	ck_assert_str_eq(pf->handle, HANDLE);
	ck_assert_str_eq(pf->address, "0000:3b:00.0");
	ck_assert_str_eq(pf->driver, "ice");
	ck_assert_str_eq(pf->ifname, "lo");
	ck_assert_uint_eq(pf->ifindex, 1);
	ck_assert_str_eq(pf->port, "p0");
	ck_assert_str_eq(pf->id_path, "pci-0000:3b:00.0");
	ck_assert_int_eq(pf->numa_node, 1);
	ck_assert_uint_eq(pf->totalvfs, 8);
	ck_assert(pf->has_device_id && pf->vendor_id == 0x8086 && pf->device_id == 0x1592);
	ck_assert(pf->has_class && pf->class == 0x020000);
	ck_assert(!pf->drivers_held && !pf->settling);
	ck_assert_uint_eq(pf->settings.value[PF_VFS].number, 3);
	ck_assert_uint_eq(pf->settings.value[PF_DRIVERS_AUTOPROBE].number, 1);
	ck_assert_uint_eq(pf->settings.value[PF_MTU].number, 65536);
	ck_assert(pf->settings.present & SETTING_BIT(PF_UP));
}
END_TEST

/* What cannot be read, as by others than root, is not known. */
START_TEST(a_serial_number_is_observed_where_the_kernel_tells_it)
{
	observe();
	ck_assert_ptr_null(pf->serial);
	own_file(OWN_CARD_PATH "/serial_number", "b4-96-91-ff-ff-aa-00-00\n");
	observe();
	ck_assert_str_eq(pf->serial, "b4-96-91-ff-ff-aa-00-00");
	ck_assert_int_eq(unlink(OWN_CARD_PATH "/serial_number"), 0);
	ck_assert_int_eq(mkdir(OWN_CARD_PATH "/serial_number", 0755), 0);
	observe();
	ck_assert_ptr_null(pf->serial);
}
END_TEST

/* A driver that goes on saying the speed of a link that is gone is not believed. */
START_TEST(a_link_that_is_up_has_the_speed_that_its_driver_says)
{
	struct kernel_error words = { 0 };

	own_file(PF_PATH "/net/lo/speed", "25000\n");
	observe();
	ck_assert(!pf->carrier);
	ck_assert_uint_eq(pf->speed, 0);
	ck_assert_int_eq(write_pf(pf, PF_UP, 1, &words), 0);
	observe();
	ck_assert(pf->carrier);
	ck_assert_uint_eq(pf->speed, 25000);
	own_file(PF_PATH "/net/lo/speed", "-1\n");
	observe();
	ck_assert_uint_eq(pf->speed, 0);
}
END_TEST

START_TEST(vfs_are_observed_with_their_drivers_and_network_devices)
{
	unsigned ifindex = own_veth("vf0");

	own_card_add_netdev(VF_PATH(0), "vf0", ifindex);
	observe();
	ck_assert_uint_eq(pf->n_vfs, 3);
	ck_assert_str_eq(pf->vfs[0].address, "0000:3b:01.0");
	ck_assert_str_eq(pf->vfs[0].ifname, "vf0");
	ck_assert_uint_eq(pf->vfs[0].ifindex, ifindex);
	ck_assert_uint_eq(pf->vfs[0].settings.value[VF_MTU].number, 1500);
	ck_assert_str_eq(pf->vfs[1].settings.value[VF_DRIVER].name, "vfio-pci");
	ck_assert_int_eq(pf->vfs[2].settings.value[VF_DRIVER].form, VALUE_NONE);
	/* The loopback device reports no VFs. */
	ck_assert(!pf->vfs[0].reported);
}
END_TEST

/* Of every three VFs the first has a network device that is gone by now, the second a veth, the
 * third the loopback device. */
static void make_many_netdevs(uint32_t count, unsigned ifindex)
{
	char path[256], name[32], text[16];

	(void)snprintf(text, sizeof(text), "%u\n", count);
	own_file(PF_PATH "/sriov_numvfs", text);
	for (unsigned i = 0; i < count; i++) {
		const unsigned indices[] = { 900000 + i, ifindex, 1 };

		(void)snprintf(name, sizeof(name), "0000:3c:%02x.%u", i / 8, i % 8);
		(void)snprintf(path, sizeof(path), OWN_CARD_PLACE "%s", name);
		own_card_add_vf(path, name, i, "iavf");
		(void)snprintf(name, sizeof(name), "many%u", i);
		own_card_add_netdev(path, name, indices[i % 3]);
	}
}

/* More than go into one message to the kernel. */
START_TEST(network_devices_of_many_vfs_are_told_from_those_that_are_gone)
{
	const char *names[] = { NULL, "vf0", "lo" };
	unsigned ifindex = own_veth("vf0");
	struct kernel_error error;
	struct rtnl *rtnl;

	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	ck_assert_int_eq(rtnl_add_altname(rtnl, ifindex, "another", &error), 0);
	rtnl_free(rtnl);
	make_many_netdevs(133, ifindex);
	observe();
	ck_assert_uint_eq(pf->n_vfs, 133);
	for (unsigned i = 0; i < pf->n_vfs; i++) {
		const struct vf *vf = &pf->vfs[i];

		ck_assert_pstr_eq(vf->ifname, names[i % 3]);
		ck_assert_uint_eq(vf->ifindex, i % 3 == 0 ? 0 : i % 3 == 1 ? ifindex : 1);
		ck_assert_int_eq(!!(vf->settings.present & SETTING_BIT(VF_MTU)), i % 3 != 0);
		ck_assert_uint_eq(vf->altnames.count, i % 3 == 1);
		if (vf->altnames.count)
			ck_assert_str_eq(vf->altnames.items[0], "another");
	}
}
END_TEST

START_TEST(a_vf_whose_directory_is_gone_has_no_address)
{
	own_remove(PF_PATH "/virtfn1");
	observe();
	ck_assert_ptr_null(pf->vfs[1].address);
	ck_assert_str_eq(pf->vfs[2].address, "0000:3b:01.2");
}
END_TEST

START_TEST(a_handle_without_a_device_is_told_from_nonsense)
{
	ck_assert_int_eq(kernel->observe(kernel, "pci/0000:99:00.0", &pf), -ENODEV);
	ck_assert_int_eq(kernel->observe(kernel, "usb/1-1", &pf), -EINVAL);
	ck_assert_int_eq(kernel->observe(kernel, "pci/", &pf), -EINVAL);
	ck_assert_int_eq(kernel->observe(kernel, "pci/../../etc", &pf), -EINVAL);
	ck_assert_int_eq(kernel->observe(kernel, "0000:3b:00.0", &pf), -EINVAL);
}
END_TEST

START_TEST(a_pf_without_a_network_device_has_none)
{
	own_remove(PF_PATH "/net");
	observe();
	ck_assert_ptr_null(pf->ifname);
	ck_assert_uint_eq(pf->ifindex, 0);
	ck_assert(!(pf->settings.present & SETTING_BIT(PF_MTU)));
	ck_assert_ptr_null(pf->id_path);
}
END_TEST

START_TEST(a_network_device_that_udev_has_not_finished_with_is_settling)
{
	own_remove("/run/udev/data/n1");
	observe();
	ck_assert(pf->settling);
	own_file("/run/udev/data/n1", "I:1\nE:ID_RENAMING=1\nE:ID_PATH=pci-old\n");
	observe();
	ck_assert(pf->settling);
	ck_assert_str_eq(pf->id_path, "pci-old");
	/* Without udev there is nothing to wait for. */
	own_remove("/run/udev/control");
	observe();
	ck_assert(!pf->settling);
}
END_TEST

/* It is asked once; another network device in the place of that one is another thing. */
START_TEST(what_udev_has_finished_with_is_remembered_of_that_network_device)
{
	observe();
	ck_assert_str_eq(pf->id_path, "pci-0000:3b:00.0");
	own_remove("/run/udev/data/n1");
	observe();
	ck_assert(!pf->settling);
	ck_assert_str_eq(pf->id_path, "pci-0000:3b:00.0");
	own_remove(PF_PATH "/net/lo");
	own_card_add_netdev(PF_PATH, "new0", own_veth("new0"));
	observe();
	ck_assert(pf->settling);
	ck_assert_ptr_null(pf->id_path);
}
END_TEST

/* Gives the PF's device a network device that is on a port of that name. */
static void add_port(const char *ifname, unsigned ifindex, const char *port)
{
	char path[128];

	own_card_add_netdev(PF_PATH, ifname, ifindex);
	(void)snprintf(path, sizeof(path), PF_PATH "/net/%s/phys_port_name", ifname);
	own_file(path, port);
}

/* Ports whose name is a representor's are of others, whatever their number. */
START_TEST(of_several_network_devices_the_lowest_port_is_the_pfs)
{
	static const char *const representors[] = { "pf0vf3",	 "c1pf0vf3", "pf0sf88",
						    "c1pf0sf88", "pf0",	     "c1pf0" };
	char name[16];

	own_file(PF_PATH "/net/lo/dev_port", "2\n");
	own_card_add_netdev(PF_PATH, "other", 9);
	own_file(PF_PATH "/net/other/dev_port", "3\n");
	for (size_t i = 0; i < ARRAY_SIZE(representors); i++) {
		(void)snprintf(name, sizeof(name), "rep%zu", i);
		add_port(name, (unsigned)(10 + i), representors[i]);
	}
	observe();
	ck_assert_str_eq(pf->ifname, "lo");
	ck_assert_uint_eq(pf->other_names.count, 1);
	ck_assert_str_eq(pf->other_names.items[0], "other");
}
END_TEST

START_TEST(a_port_that_only_begins_like_a_representors_is_the_pfs)
{
	static const char *const ports[] = { "p0", "pfx", "pf0x", "c1", "np0" };

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		own_file(PF_PATH "/net/lo/phys_port_name", ports[i]);
		observe();
		ck_assert_pstr_eq(pf->ifname, "lo");
	}
}
END_TEST

/* Those of IPoIB's children come after what they were made on. */
START_TEST(of_two_network_devices_of_a_port_the_older_is_the_pfs)
{
	own_card_add_netdev(PF_PATH, "a-child", own_veth("a-child"));
	observe();
	ck_assert_str_eq(pf->ifname, "lo");
}
END_TEST

START_TEST(another_ports_alternative_names_are_the_pfs_too)
{
	unsigned ifindex = own_veth("port1");
	struct kernel_error error;
	struct rtnl *rtnl;

	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	ck_assert_int_eq(rtnl_add_altname(rtnl, ifindex, "second", &error), 0);
	rtnl_free(rtnl);
	add_port("port1", ifindex, "p1");
	own_file(PF_PATH "/net/port1/dev_port", "1\n");
	observe();
	ck_assert_str_eq(pf->ifname, "lo");
	ck_assert_uint_eq(pf->other_names.count, 2);
	ck_assert_str_eq(pf->other_names.items[0], "port1");
	ck_assert_str_eq(pf->other_names.items[1], "second");
}
END_TEST

/* As that of cxgb4, which is there as long as VFs are. */
START_TEST(a_network_device_may_go_and_come_with_the_vfs)
{
	observe();
	own_remove(PF_PATH "/net/lo");
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 5), 0);
	observe();
	own_card_add_netdev(PF_PATH, "lo", 1);
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 6), 0);
	assert_file(PF_PATH "/sriov_numvfs", "6");
}
END_TEST

static bool are_all_reported(void)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (!pf->vfs[i].reported)
			return false;
	return true;
}

/* With 16 InfiniBand VFs older kernels log a warning and a stack trace each time. */
START_TEST(a_list_of_vfs_that_cannot_be_told_is_asked_for_once)
{
	vf_lists.error = -EMSGSIZE;
	for (unsigned i = 0; i < 3; i++) {
		observe();
		ck_assert(are_all_reported());
		ck_assert_uint_eq(vf_lists.asked, 1);
	}
	/* Of more or fewer it may be told. */
	vf_lists.error = 0;
	own_file(PF_PATH "/sriov_numvfs", "2\n");
	observe();
	ck_assert_uint_eq(vf_lists.asked, 2);
	ck_assert(!are_all_reported());
}
END_TEST

/* Linux 6.1 wants one piece of memory for the whole answer. */
START_TEST(a_list_of_vfs_that_there_is_no_memory_for_is_unknown_unless_there_was)
{
	vf_lists.error = -ENOBUFS;
	observe();
	ck_assert(are_all_reported());
	own_file(PF_PATH "/sriov_numvfs", "2\n");
	vf_lists.error = 0;
	observe();
	vf_lists.error = -ENOBUFS;
	pf_free(TAKE(pf));
	ck_assert_int_eq(kernel->observe(kernel, HANDLE, &pf), -ENOBUFS);
	vf_lists.error = -EIO;
	ck_assert_int_eq(kernel->observe(kernel, HANDLE, &pf), -EIO);
}
END_TEST

/* Allows the process so many descriptors beyond those that it has. */
static void allow_descriptors(struct rlimit *ret_before, unsigned more)
{
	int next = open("/", O_RDONLY | O_CLOEXEC);
	struct rlimit limit;

	ck_assert_int_ge(next, 0);
	close(next);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, ret_before), 0);
	limit = *ret_before;
	limit.rlim_cur = (rlim_t)next + more;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* It is neither another device nor one without a network device. */
START_TEST(a_device_that_cannot_be_looked_at_is_not_taken_for_another)
{
	struct rlimit before;
	struct pf *seen = NULL;
	int r;

	observe();
	allow_descriptors(&before, (unsigned)_i);
	r = kernel->observe(kernel, HANDLE, &seen);
	ck_assert(r == -EMFILE || (r == 0 && seen->ifindex == pf->ifindex));
	pf_free(seen);
	r = kernel->write_numvfs(kernel, pf, 3);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_int_eq(r, _i < 3 ? -EMFILE : 0);
}
END_TEST

START_TEST(rates_that_vfs_may_share_are_there_when_it_cannot_be_told)
{
	observe();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_PF), 0);
	ck_assert_ptr_null(pf->shared_rates);
	rates_error = -EPERM;
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_PF), 0);
	ck_assert_str_eq(pf->shared_rates,
			 "whether there are devlink rate nodes cannot be told now (EPERM)");
	rates_error = -ENOMEM;
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_PF), -ENOMEM);
}
END_TEST

START_TEST(numbers_are_written_to_sysfs)
{
	observe();
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 5), 0);
	assert_file(PF_PATH "/sriov_numvfs", "5");
	ck_assert_int_eq(write_pf(pf, PF_DRIVERS_AUTOPROBE, 0, NULL), 0);
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "0");
}
END_TEST

/* The same card, at the same place. */
static void plug_in_again(void)
{
	ck_assert_int_eq(rename(PF_PATH, PF_PATH "-before"), 0);
	own_card_make();
}

static void replace_device(int how)
{
	if (how == 0)
		own_file(PF_PATH "/device", "0x10c9\n");
	else if (how == 1)
		own_file(PF_PATH "/net/lo/ifindex", "99\n");
	else if (how == 2)
		own_remove("/sys/bus/pci/devices/0000:3b:00.0");
	else
		plug_in_again();
}

START_TEST(another_device_at_the_address_is_not_written_to)
{
	observe();
	replace_device(_i);
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 0), -ENODEV);
	ck_assert_int_eq(write_pf(pf, PF_DRIVERS_AUTOPROBE, 0, NULL), -ENODEV);
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), -ENODEV);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), -ENODEV);
	assert_file(PF_PATH "/sriov_numvfs", "3");
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "1");
}
END_TEST

START_TEST(drivers_are_held_and_let_again)
{
	observe();
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), 0);
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "0");
	assert_note('1');
	observe();
	ck_assert(pf->drivers_held);
	ck_assert_uint_eq(pf->settings.value[PF_DRIVERS_AUTOPROBE].number, 1);
	/* What is noted is of before the first hold. */
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), 0);
	assert_note('1');
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "1");
	/* Only the VF without a driver is offered to one. */
	assert_file("/sys/bus/pci/drivers_probe", "0000:3b:01.2");
	ck_assert_int_lt(access(NOTE, F_OK), 0);
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
}
END_TEST

START_TEST(what_autoprobe_will_be_can_change_while_drivers_are_held)
{
	observe();
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), 0);
	observe();
	ck_assert_int_eq(write_pf(pf, PF_DRIVERS_AUTOPROBE, 0, NULL), 0);
	assert_note('0');
	observe();
	ck_assert_uint_eq(pf->settings.value[PF_DRIVERS_AUTOPROBE].number, 0);
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "0");
	assert_file("/sys/bus/pci/drivers_probe", "");
}
END_TEST

/* Without a note that outlives this process nothing is done that would have to be undone. */
START_TEST(without_a_runtime_directory_nothing_is_held_or_noted)
{
	const struct value on = { .number = true };
	int expected = _i ? -EPERM : -ENOTDIR;
	struct kernel_error error;

	observe();
	if (_i) {
		ck_assert_int_eq(mkdir("/run/sriovd", 0755), 0);
		ck_assert_int_eq(chmod("/run/sriovd", 0777), 0);
	} else {
		own_file("/run/sriovd", "");
	}
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), expected);
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "1");
	ck_assert_int_eq(kernel->write_vf(kernel, pf, 0, VF_UNMANAGED, &on, &error), expected);
	ck_assert_int_lt(access("/run/sriovd/unmanaged", F_OK), 0);
	ck_assert_int_lt(access(NOTE, F_OK), 0);
}
END_TEST

START_TEST(a_note_that_was_cut_off_or_is_of_another_device_is_none)
{
	bool autoprobe;

	own_file(NOTE, "1 000");
	ck_assert_int_eq(hold_read(HANDLE, &autoprobe), -ENOENT);
	own_file(NOTE, "1 99999999999999999999");
	ck_assert_int_eq(hold_read(HANDLE, &autoprobe), -ENOENT);
	/* A link in its place is not followed. */
	own_link(NOTE, "/sys/bus/pci/drivers_probe");
	ck_assert_int_eq(hold_read(HANDLE, &autoprobe), -ELOOP);
	ck_assert_int_eq(hold_write(HANDLE, true), -ELOOP);
	assert_file("/sys/bus/pci/drivers_probe", "");
	ck_assert_int_eq(hold_remove(HANDLE), 0);
	ck_assert_int_eq(hold_remove(HANDLE), 0);
	ck_assert_int_eq(hold_read(HANDLE, &autoprobe), -ENOENT);
}
END_TEST

/* A PF that has a network device of the test's own. */
static void observe_with_veth(const char *name)
{
	unsigned ifindex = own_veth(name);

	own_remove(PF_PATH "/net");
	own_card_add_netdev(PF_PATH, name, ifindex);
	observe();
	ck_assert_uint_eq(pf->ifindex, ifindex);
}

static void cut_names(void)
{
	char bytes[4096];
	CLEANUP_FD int fd = open(NAMES, O_RDWR);
	ssize_t length = read(fd, bytes, sizeof(bytes));

	ck_assert_int_gt(length, 0);
	ck_assert_int_eq(ftruncate(fd, length - 1), 0);
}

/* Also by a name that reads as two. */
START_TEST(what_the_pf_is_called_is_noted_while_drivers_are_held)
{
	struct kernel_error error;
	struct rtnl *rtnl;

	observe_with_veth("pf0");
	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	ck_assert_int_eq(rtnl_add_altname(rtnl, pf->ifindex, "up link\nport p7", &error), 0);
	rtnl_free(rtnl);
	own_file(PF_PATH "/net/pf0/phys_port_name", "p0\n");
	observe();
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), 0);
	observe();
	ck_assert_ptr_null(pf->earlier);
	own_remove(PF_PATH "/net");
	observe();
	ck_assert_ptr_null(pf->ifname);
	ck_assert_ptr_nonnull(pf->earlier);
	ck_assert_str_eq(pf->earlier->ifname, "pf0");
	ck_assert_uint_eq(pf->earlier->altnames.count, 1);
	ck_assert_str_eq(pf->earlier->altnames.items[0], "up link\nport p7");
	ck_assert_str_eq(pf->earlier->port, "p0");
	/* Whoever holds them again without it knows no better. */
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), 0);
	observe();
	ck_assert_str_eq(pf->earlier->ifname, "pf0");
	cut_names();
	observe();
	ck_assert(pf->drivers_held && !pf->earlier);
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	ck_assert_int_lt(access(NAMES, F_OK), 0);
}
END_TEST

START_TEST(a_link_is_brought_up_and_given_an_mtu)
{
	struct kernel_error words;

	observe_with_veth("pf0");
	ck_assert_uint_eq(pf->settings.value[PF_UP].number, 0);
	ck_assert_int_eq(write_pf(pf, PF_UP, 1, &words), 0);
	ck_assert_int_eq(write_pf(pf, PF_MTU, 1400, &words), 0);
	ck_assert_str_eq(words.message, "");
	observe();
	ck_assert_uint_eq(pf->settings.value[PF_UP].number, 1);
	ck_assert_uint_eq(pf->settings.value[PF_MTU].number, 1400);
	ck_assert_str_eq(pf->ifname, "pf0");
}
END_TEST

START_TEST(a_refusal_comes_with_the_kernels_error_and_words)
{
	struct kernel_error words;
	const struct vf_change change = { .index = 0,
					  .mask = SETTING_BIT(VF_TRUST),
					  .values = { .present = SETTING_BIT(VF_TRUST) } };

	observe_with_veth("pf1");
	ck_assert_int_eq(write_pf(pf, PF_MTU, 10, &words), -EINVAL);
	ck_assert_str_eq(words.message, "mtu less than device minimum");
	ck_assert_int_eq(kernel->write_vfs(kernel, pf, &change, 1, &words), -EOPNOTSUPP);
	pf->ifindex = 999999;
	ck_assert_int_eq(write_pf(pf, PF_UP, 1, &words), -ENODEV);
	ck_assert_int_eq(kernel->write_vfs(kernel, pf, &change, 1, &words), -ENODEV);
}
END_TEST

/* VF 1 is given its driver, and what is noted of it is read again. */
static void note_driver(uint64_t done, uint64_t tried)
{
	const struct given_note note = { .vf = 1, .done = done, .tried = tried };

	ck_assert_int_eq(kernel->note_given(kernel, pf, &note, 1), 0);
	observe();
}

#define GIVEN "/run/sriovd/given/pci-0000:3b:00.0"

START_TEST(what_vfs_were_given_is_noted_until_others_are_made)
{
	const uint64_t driver = SETTING_BIT(VF_DRIVER);

	observe();
	ck_assert(!pf->vfs[1].given.done && !pf->vfs[1].given.untold && !pf->given_stale);
	note_driver(driver, SETTING_BIT(VF_MTU));
	ck_assert_uint_eq(pf->vfs[1].given.done, driver | SETTING_BIT(VF_MTU));
	ck_assert_uint_eq(pf->vfs[0].given.done, 0);
	note_driver(0, driver);
	ck_assert_uint_eq(pf->vfs[1].given.due, driver); /* it has the driver that it had */
	note_driver(driver, 0);
	ck_assert_uint_eq(pf->vfs[1].given.due, 0);
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 3), 0);
	ck_assert_int_eq(access(GIVEN, F_OK), -1);
	observe();
	ck_assert_uint_eq(pf->vfs[1].given.done, 0);
}
END_TEST

START_TEST(what_was_noted_of_other_vfs_counts_for_nothing_and_goes)
{
	CLEANUP_TEXT struct text text = { 0 };

	observe();
	note_driver(SETTING_BIT(VF_DRIVER), 0);
	text_printf(&text, "sriovd given 1\n%llu %llu 3\n1 +driver +some-new-setting\nend\n",
		    (unsigned long long)pf->instance, (unsigned long long)pf->vfs[0].instance);
	own_file(GIVEN, text_string(&text));
	observe();
	ck_assert_uint_eq(pf->vfs[1].given.done, SETTING_BIT(VF_DRIVER));
	text_clear(&text);
	text_printf(&text, "sriovd given 1\n%llu %llu 3\n1 +driver\nend\n",
		    (unsigned long long)pf->instance, (unsigned long long)pf->vfs[0].instance + 1);
	own_file(GIVEN, text_string(&text));
	observe();
	ck_assert(pf->given_stale && !pf->vfs[1].given.done && !pf->vfs[1].given.untold);
	ck_assert_int_eq(kernel->note_given(kernel, pf, NULL, 0), 0);
	ck_assert_int_eq(access(GIVEN, F_OK), -1);
}
END_TEST

/* Cut off, of another version, with what no version writes. */
START_TEST(notes_that_cannot_be_read_leave_it_untold)
{
	static const char *const contents[] = {
		"",
		"sriovd given 2\nend\n",
		"sriovd given 1\n1 2 3\n",
		"sriovd given 1\n1 2\nend\n",
		"sriovd given 1\n1 2 3\n3 +driver\nend\n",
		"sriovd given 1\n1 2 3\n1 driver\nend\n",
		"sriovd given 1\n1 2 3\n1 ?driver=xyz\nend\n",
		"sriovd given 1\n1 2 3\nend\nend\n",
		"sriovd given 1\n1 2 99999\nend\n",
	};
	const struct given_note note = { .vf = 1, .done = SETTING_BIT(VF_DRIVER) };

	observe();
	note_driver(SETTING_BIT(VF_DRIVER), 0);
	own_file(GIVEN, contents[_i]);
	observe();
	ck_assert(pf->vfs[0].given.untold && pf->vfs[2].given.untold);
	ck_assert_int_eq(kernel->note_given(kernel, pf, &note, 1), -EBADMSG);
}
END_TEST

START_TEST(a_network_device_that_goes_while_it_is_looked_at_is_reported)
{
	own_file(PF_PATH "/net/lo/ifindex", "999999\n");
	ck_assert_int_eq(kernel->observe(kernel, HANDLE, &pf), -ENODEV);
}
END_TEST

START_TEST(a_driver_that_is_not_there_is_asked_of_udev)
{
	const struct value value = { .name = "uio-x" };
	struct kernel_error words;

	own_file(VF_PATH(2) "/uevent", "");
	own_file(VF_PATH(2) "/driver_override", "");
	own_file(VF_PATH(1) "/uevent", "");
	own_file(VF_PATH(1) "/driver_override", "");
	own_file("/sys/bus/pci/drivers/vfio-pci/unbind", "");
	observe();
	for (unsigned vf = 1; vf < 3; vf++) {
		ck_assert_int_eq(kernel->write_vf(kernel, pf, vf, VF_DRIVER, &value, &words),
				 -ENOENT);
		ck_assert_str_eq(words.message, "there is no driver uio-x yet; udev was asked to "
						"load a module of that name");
	}
	assert_file(VF_PATH(2) "/driver_override", "uio-x");
	assert_file(VF_PATH(2) "/uevent",
		    "change 1f1d24b5-9a0c-4d4f-a3b0-7c0c7d0f5a51 SRIOVD=driver");
	assert_file(VF_PATH(1) "/driver_override", "uio-x");
	assert_file("/sys/bus/pci/drivers/vfio-pci/unbind", "");

	own_file("/sys/bus/pci/drivers/uio-x/bind", "");
	ck_assert_int_eq(kernel->write_vf(kernel, pf, 1, VF_DRIVER, &value, &words), 0);
	assert_file("/sys/bus/pci/drivers/vfio-pci/unbind", "0000:3b:01.1");
	assert_file("/sys/bus/pci/drivers/uio-x/bind", "0000:3b:01.1");
}
END_TEST

START_TEST(a_driver_that_does_not_take_the_vf_is_named)
{
	const struct value value = { .name = "vfio-pci" };
	struct kernel_error words;

	own_file("/sys/bus/pci/drivers/vfio-pci/x", "");
	own_file(VF_PATH(2) "/driver_override", "");
	observe();
	ck_assert_int_eq(kernel->write_vf(kernel, pf, 2, VF_DRIVER, &value, &words), -ENXIO);
	ck_assert_str_eq(words.message, "driver vfio-pci does not take the VF");
}
END_TEST

/* The files of VF 1, which vfio-pci has, and of a driver that it is to get. */
static void make_drivers(void)
{
	own_file(VF_PATH(1) "/driver_override", "\n");
	own_file(VF_PATH(1) "/sriov_vf_msix_count", "");
	own_file(PF_PATH "/sriov_vf_total_msix", "64\n");
	own_file("/sys/bus/pci/drivers/vfio-pci/unbind", "");
	own_file("/sys/bus/pci/drivers/iavf/bind", "");
}

static void assert_driver_untouched(void)
{
	assert_file(VF_PATH(1) "/driver_override", "");
	assert_file("/sys/bus/pci/drivers/vfio-pci/unbind", "");
	assert_file("/sys/bus/pci/drivers/iavf/bind", "");
}

START_TEST(a_driver_that_has_come_since_the_look_is_not_disturbed)
{
	const struct value driver = { .name = "iavf" }, vectors = { .number = 4 };
	struct kernel_error words;

	make_drivers();
	observe();
	VALUES_SET(&pf->vfs[1].settings, VF_DRIVER, (struct value){ .form = VALUE_NONE });
	ck_assert_int_eq(kernel->write_vf(kernel, pf, 1, VF_DRIVER, &driver, &words), -EAGAIN);
	ck_assert_str_eq(words.message, "driver vfio-pci has the VF since it was looked at");
	ck_assert_int_eq(kernel->write_vf(kernel, pf, 1, VF_MSIX_VECTORS, &vectors, &words),
			 -EAGAIN);
	ck_assert_int_eq(kernel->unbind_vfs(kernel, pf), -EAGAIN);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, 1), -EAGAIN);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), -EAGAIN);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, 0), 0);
	assert_driver_untouched();
}
END_TEST

/* Bus addresses are given again: what is written to a driver's file must still mean the VF. */
START_TEST(no_driver_is_changed_of_a_device_that_has_come_to_the_address_of_a_vf)
{
	const struct value driver = { .name = "iavf" };
	struct kernel_error words;

	make_drivers();
	observe();
	own_link("/sys/bus/pci/devices/0000:3b:01.1", PF_PATH);
	ck_assert_int_eq(kernel->write_vf(kernel, pf, 1, VF_DRIVER, &driver, &words), -ENOENT);
	assert_file("/sys/bus/pci/drivers/vfio-pci/unbind", "");
	assert_file("/sys/bus/pci/drivers/iavf/bind", "");
	own_link("/sys/bus/pci/devices/0000:3b:01.2", PF_PATH);
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), 0);
	observe();
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file("/sys/bus/pci/drivers_probe", "");
}
END_TEST

START_TEST(events_are_about_the_pf_that_they_belong_to)
{
	static const char *const paths[] = { PF_PATH, PF_PATH "/net/lo", VF_PATH(2),
					     VF_PATH(0) "/net/vf0", PF_PATH "/virtio3/net/eth3" };
	struct udev *udev = udev_new();
	const char *handle = NULL;

	own_card_add_netdev(VF_PATH(0), "vf0", 77);
	own_link(PF_PATH "/virtio3/subsystem", "/sys/bus/virtio");
	own_card_add_netdev(PF_PATH "/virtio3", "eth3", 78);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct udev_device *device = udev_device_new_from_syspath(udev, paths[i]);

		ck_assert_msg(device, "%s", paths[i]);
		ck_assert_int_eq(device_handle_of(device, arena, &handle), 0);
		ck_assert_str_eq(handle, HANDLE);
		udev_device_unref(device);
	}
	udev_unref(udev);
}
END_TEST

START_TEST(events_about_a_vf_that_is_gone_are_about_its_address)
{
	struct udev *udev = udev_new();
	struct udev_device *device = udev_device_new_from_syspath(udev, VF_PATH(2));
	const char *handle = NULL;

	/* An event says it. */
	ck_assert_str_eq(udev_device_get_subsystem(device), "pci");
	own_remove(VF_PATH(2));
	ck_assert_int_eq(device_handle_of(device, arena, &handle), 0);
	ck_assert_str_eq(handle, "pci/0000:3b:01.2");
	udev_device_unref(device);
	udev_unref(udev);
}
END_TEST

START_TEST(a_device_of_another_bus_is_of_no_pf)
{
	struct udev *udev = udev_new();
	struct udev_device *device;
	const char *handle = "";

	own_file("/sys/devices/virtual/net/tap0/uevent", "INTERFACE=tap0\nIFINDEX=50\n");
	own_link("/sys/devices/virtual/net/tap0/subsystem", "/sys/class/net");
	device = udev_device_new_from_syspath(udev, "/sys/devices/virtual/net/tap0");
	ck_assert_ptr_nonnull(device);
	ck_assert_int_eq(device_handle_of(device, arena, &handle), 0);
	ck_assert_ptr_null(handle);
	udev_device_unref(device);
	udev_unref(udev);
}
END_TEST

START_TEST(what_is_no_number_in_sysfs_is_absent)
{
	int64_t number;

	own_file("/sys/a", "0x1f\n");
	ck_assert_int_eq(sysfs_read_number(AT_FDCWD, "/sys/a", &number), 0);
	ck_assert_int_eq(number, 31);
	own_file("/sys/a", "-1\n");
	ck_assert_int_eq(sysfs_read_number(AT_FDCWD, "/sys/a", &number), 0);
	ck_assert_int_eq(number, -1);
	own_file("/sys/a", "none\n");
	ck_assert_int_eq(sysfs_read_number(AT_FDCWD, "/sys/a", &number), -ENODATA);
	own_file("/sys/a", "99999999999999999999\n");
	ck_assert_int_eq(sysfs_read_number(AT_FDCWD, "/sys/a", &number), -ENODATA);
	ck_assert_int_eq(sysfs_read_number(AT_FDCWD, "/sys/nothing", &number), -ENODATA);
	/* Other errors are reported: a directory cannot be read. */
	ck_assert_int_eq(sysfs_read_number(AT_FDCWD, "/sys", &number), -EISDIR);
	ck_assert_int_eq(sysfs_write(AT_FDCWD, "/sys/nothing", "1"), -ENOENT);
}
END_TEST

START_TEST(names_in_a_directory_come_sorted)
{
	const char **names, *text;
	size_t count;

	own_file("/sys/d/b", "");
	own_file("/sys/d/a", "");
	own_file("/sys/d/.hidden", "");
	ck_assert_int_eq(directory_list(AT_FDCWD, "/sys/d", arena, &names, &count), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(names[0], "a");
	ck_assert_str_eq(names[1], "b");
	ck_assert_int_eq(directory_list(AT_FDCWD, "/sys/none", arena, &names, &count), 0);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(sysfs_read_link(AT_FDCWD, "/sys/none", arena, &text), 0);
	ck_assert_ptr_null(text);
	ck_assert_int_lt(sysfs_read_link(AT_FDCWD, "/sys/d/a", arena, &text), 0);
}
END_TEST

START_TEST(the_host_is_known_by_its_files)
{
	struct host host;

	ck_assert_int_eq(facts_read_host(NULL, arena, &host), 0);
	ck_assert_ptr_nonnull(host.hostname);
	own_file("/run/root/etc/hostname", "elsewhere\n");
	own_file("/run/root/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	own_file("/run/root/proc/cmdline", "quiet\n");
	own_file("/run/root/sys/class/dmi/id/product_name", "Box\n");
	ck_assert_int_eq(facts_read_host("/run/root", arena, &host), 0);
	ck_assert_str_eq(host.hostname, "elsewhere");
	ck_assert_str_eq(host.machine_id, "0123456789abcdef0123456789abcdef");
	ck_assert_str_eq(host.kernel_command_line, "quiet");
	ck_assert_str_eq(host.product_name, "Box");
	own_file("/run/root/etc/machine-id", "uninitialized\n");
	ck_assert_int_eq(facts_read_host("/run/root", arena, &host), 0);
	ck_assert_ptr_null(host.machine_id);
	/* Nobody is waited for. */
	own_remove("/run/root/etc/hostname");
	ck_assert_int_eq(mkfifo("/run/root/etc/hostname", 0644), 0);
	ck_assert_int_eq(facts_read_host("/run/root", arena, &host), 0);
	ck_assert_ptr_null(host.hostname);
}
END_TEST

static int observe_once(void *context)
{
	struct pf *observed = NULL;
	int r = kernel->observe(kernel, context, &observed);

	pf_free(observed);
	return r;
}

static int find_holders_once(void *context)
{
	struct pf *observed = NULL;
	int r;

	(void)context;
	memory_pause(true);
	ck_assert_int_eq(kernel->observe(kernel, HANDLE, &observed), 0);
	memory_pause(false);
	r = kernel->find_holders(kernel, observed, KERNEL_ALL_VFS);
	pf_free(observed);
	return r;
}

static int list_once(void *context)
{
	CLEANUP(arena_free_cleanup) struct arena *scratch = NULL;
	const char **handles;
	size_t count;
	int r = arena_new(&scratch);

	(void)context;
	return r < 0 ? r : kernel->list(kernel, scratch, &handles, &count);
}

static int hold_and_release_once(void *context)
{
	int r = kernel->hold_drivers(kernel, context);

	return r < 0 ? r : kernel->release_drivers(kernel, context);
}

static int write_once(void *context)
{
	int r = kernel->write_numvfs(kernel, context, 3);

	return r < 0 ? r : write_pf(context, PF_DRIVERS_AUTOPROBE, 1, NULL);
}

static int make_kernel(void *context)
{
	struct kernel *other = NULL;
	int r = kernel_linux_new(&other);

	(void)context;
	kernel_free(other);
	return r;
}

/* A node that hardly anybody has open: /dev/full (Documentation/admin-guide/devices.txt). */
#define NODE	    "/dev/vfio/x"
#define NODE_NUMBER "1:7\n"

/* Whether the processes that this test sees are its own: else it need not be let look into them. */
static bool has_processes;

/* Whoever may not make device nodes is root in a user namespace of this test's own only. */
static bool make_node(void)
{
	own_file("/dev/vfio/other", "");
	return has_processes && mknod(NODE, S_IFCHR | 0600, makedev(1, 7)) == 0;
}

/* libudev's and libnl's own allocations excepted. */
START_TEST(memory_that_runs_out_is_reported_and_not_taken_for_what_is_not_there)
{
	CLEANUP_FD int node = -1;

	own_file("/sys/class/vfio/42/dev", NODE_NUMBER);
	if (make_node())
		node = open(NODE, O_RDONLY | O_CLOEXEC);
	own_file(PF_PATH "/net/lo/dev_port", "0\n");
	own_file("/run/libvirt/hostdevmgr/lo_vf2", "");
	observe();
	(void)memory_try_all(observe_once, (char *)HANDLE, 0);
	(void)memory_try_all(find_holders_once, NULL, 0);
	(void)memory_try_all(list_once, NULL, 0);
	(void)memory_try_all(hold_and_release_once, pf, 0);
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "1");
	(void)memory_try_all(write_once, pf, 0);
	(void)memory_try_all(make_kernel, NULL, 0);
}
END_TEST

static int stop_at_first(const struct nlmsghdr *message, void *context)
{
	unsigned *count = context;

	(void)message;
	(*count)++;
	return -ECANCELED;
}

START_TEST(a_dump_can_be_left_and_the_socket_is_good_for_the_next)
{
	struct rtnl *rtnl;
	struct link link;
	unsigned count = 0;

	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	ck_assert_int_eq(rtnl_dump(rtnl, RTM_GETLINK, stop_at_first, &count), -ECANCELED);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(rtnl_get_link(rtnl, 1, true, arena, &link), 0);
	ck_assert_str_eq(link.ifname, "lo");
	ck_assert_int_eq(rtnl_get_link(rtnl, 999999, false, arena, &link), -ENODEV);
	rtnl_free(rtnl);
}
END_TEST

static int stop_at_second(void *context, const struct link *link)
{
	unsigned *count = context;

	ck_assert_uint_eq(link->ifindex, 1);
	return ++*count == 2 ? -ECANCELED : 0;
}

START_TEST(answers_can_be_left_and_the_socket_is_good_for_the_next)
{
	const unsigned indices[] = { 1, 999999, 1, 1 };
	struct rtnl *rtnl;
	struct link link;
	unsigned count = 0;

	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	ck_assert_int_eq(
		rtnl_get_links(rtnl, indices, ARRAY_SIZE(indices), arena, stop_at_second, &count),
		-ECANCELED);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(rtnl_get_link(rtnl, 1, true, arena, &link), 0);
	ck_assert_str_eq(link.ifname, "lo");
	ck_assert_int_eq(rtnl_get_links(rtnl, indices, 0, arena, stop_at_second, &count), 0);
	ck_assert_uint_eq(count, 2);
	rtnl_free(rtnl);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter())
		return RUNNER_SKIPPED;
	has_processes = own_processes_enter();
	suite = suite_create("linux");
	tests = tcase_create("linux");
	tcase_add_checked_fixture(tests, set_up, own_card_tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_card_that_can_have_vfs_is_listed);
	tcase_add_test(tests, every_fact_of_a_pf_is_observed);
	tcase_add_test(tests, a_serial_number_is_observed_where_the_kernel_tells_it);
	tcase_add_test(tests, a_link_that_is_up_has_the_speed_that_its_driver_says);
	tcase_add_test(tests, network_devices_of_many_vfs_are_told_from_those_that_are_gone);
	tcase_add_test(tests, a_vf_whose_directory_is_gone_has_no_address);
	tcase_add_test(tests, a_handle_without_a_device_is_told_from_nonsense);
	tcase_add_test(tests, a_pf_without_a_network_device_has_none);
	tcase_add_test(tests, a_network_device_that_udev_has_not_finished_with_is_settling);
	tcase_add_test(tests, what_udev_has_finished_with_is_remembered_of_that_network_device);
	tcase_add_test(tests, of_several_network_devices_the_lowest_port_is_the_pfs);
	tcase_add_test(tests, a_port_that_only_begins_like_a_representors_is_the_pfs);
	tcase_add_test(tests, a_network_device_may_go_and_come_with_the_vfs);
	tcase_add_test(tests, a_list_of_vfs_that_cannot_be_told_is_asked_for_once);
	tcase_add_test(tests,
		       a_list_of_vfs_that_there_is_no_memory_for_is_unknown_unless_there_was);
	tcase_add_loop_test(tests, a_device_that_cannot_be_looked_at_is_not_taken_for_another, 0,
			    6);
	tcase_add_test(tests, rates_that_vfs_may_share_are_there_when_it_cannot_be_told);
	tcase_add_test(tests, numbers_are_written_to_sysfs);
	tcase_add_loop_test(tests, another_device_at_the_address_is_not_written_to, 0, 4);
	tcase_add_test(tests, drivers_are_held_and_let_again);
	tcase_add_test(tests, what_autoprobe_will_be_can_change_while_drivers_are_held);
	tcase_add_loop_test(tests, without_a_runtime_directory_nothing_is_held_or_noted, 0, 2);
	tcase_add_test(tests, a_note_that_was_cut_off_or_is_of_another_device_is_none);
	tcase_add_test(tests, what_vfs_were_given_is_noted_until_others_are_made);
	tcase_add_test(tests, what_was_noted_of_other_vfs_counts_for_nothing_and_goes);
	tcase_add_loop_test(tests, notes_that_cannot_be_read_leave_it_untold, 0, 9);
	tcase_add_test(tests, a_network_device_that_goes_while_it_is_looked_at_is_reported);
	tcase_add_test(tests, a_driver_that_is_not_there_is_asked_of_udev);
	tcase_add_test(tests, a_driver_that_does_not_take_the_vf_is_named);
	tcase_add_test(tests, a_driver_that_has_come_since_the_look_is_not_disturbed);
	tcase_add_test(tests,
		       no_driver_is_changed_of_a_device_that_has_come_to_the_address_of_a_vf);
	tcase_add_test(tests, events_are_about_the_pf_that_they_belong_to);
	tcase_add_test(tests, events_about_a_vf_that_is_gone_are_about_its_address);
	tcase_add_test(tests, a_device_of_another_bus_is_of_no_pf);
	tcase_add_test(tests, what_is_no_number_in_sysfs_is_absent);
	tcase_add_test(tests, names_in_a_directory_come_sorted);
	tcase_add_test(tests, the_host_is_known_by_its_files);
	tcase_add_test(tests, memory_that_runs_out_is_reported_and_not_taken_for_what_is_not_there);
	tcase_add_test(tests, a_dump_can_be_left_and_the_socket_is_good_for_the_next);
	tcase_add_test(tests, answers_can_be_left_and_the_socket_is_good_for_the_next);
	if (own_veth("probe")) {
		tcase_add_test(tests, vfs_are_observed_with_their_drivers_and_network_devices);
		tcase_add_test(tests, of_two_network_devices_of_a_port_the_older_is_the_pfs);
		tcase_add_test(tests, another_ports_alternative_names_are_the_pfs_too);
		tcase_add_test(tests, what_the_pf_is_called_is_noted_while_drivers_are_held);
		tcase_add_test(tests, a_link_is_brought_up_and_given_an_mtu);
		tcase_add_test(tests, a_refusal_comes_with_the_kernels_error_and_words);
	}
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
