/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernel as sysfs, rtnetlink and udev's database show it: a card in files, and network devices
 * that are real, in namespaces of this test's own. What only a card's driver does is for the
 * laboratory. */

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel/device/device.h"
#include "kernel/device/sysfs.h"
#include "kernel/facts.h"
#include "kernel/linux.h"
#include "kernel/netlink/rtnl.h"
#include "kernel/note/hold.h"
#include "memory.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/directory.h"
#include "util/fd.h"

#define HANDLE	   OWN_CARD_HANDLE
#define PF_PATH	   OWN_CARD_PATH
#define VF_PATH(n) OWN_CARD_VF_PATH(n)

START_TEST(numbers_are_written_to_sysfs)
{
	observe();
	ck_assert_int_eq(kernel->write_numvfs(kernel, pf, 5), 0);
	assert_file(PF_PATH "/sriov_numvfs", "5");
	ck_assert_int_eq(own_card_write(pf, PF_DRIVERS_AUTOPROBE, 0, NULL), 0);
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
	ck_assert_int_eq(own_card_write(pf, PF_DRIVERS_AUTOPROBE, 0, NULL), -ENODEV);
	ck_assert_int_eq(kernel->hold_drivers(kernel, pf), -ENODEV);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), -ENODEV);
	assert_file(PF_PATH "/sriov_numvfs", "3");
	assert_file(PF_PATH "/sriov_drivers_autoprobe", "1");
}
END_TEST

START_TEST(a_link_is_brought_up_and_given_an_mtu)
{
	struct kernel_error words;

	observe_with_veth("pf0");
	ck_assert_uint_eq(pf->settings.value[PF_UP].number, 0);
	ck_assert_int_eq(own_card_write(pf, PF_UP, 1, &words), 0);
	ck_assert_int_eq(own_card_write(pf, PF_MTU, 1400, &words), 0);
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
	ck_assert_int_eq(own_card_write(pf, PF_MTU, 10, &words), -EINVAL);
	ck_assert_str_eq(words.message, "mtu less than device minimum");
	ck_assert_int_eq(kernel->write_vfs(kernel, pf, &change, 1, &words), -EOPNOTSUPP);
	pf->ifindex = 999999;
	ck_assert_int_eq(own_card_write(pf, PF_UP, 1, &words), -ENODEV);
	ck_assert_int_eq(kernel->write_vfs(kernel, pf, &change, 1, &words), -ENODEV);
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

	return r < 0 ? r : own_card_write(context, PF_DRIVERS_AUTOPROBE, 1, NULL);
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
	ck_assert_int_eq(rtnl_get_link(rtnl, 1, RTNL_VFS, arena, &link), 0);
	ck_assert_str_eq(link.ifname, "lo");
	ck_assert_int_eq(rtnl_get_link(rtnl, 999999, RTNL_NO_VFS, arena, &link), -ENODEV);
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
	ck_assert_int_eq(rtnl_get_link(rtnl, 1, RTNL_VFS, arena, &link), 0);
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
	tcase_add_checked_fixture(tests, own_card_set_up, own_card_tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, numbers_are_written_to_sysfs);
	tcase_add_loop_test(tests, another_device_at_the_address_is_not_written_to, 0, 4);
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
		tcase_add_test(tests, a_link_is_brought_up_and_given_an_mtu);
		tcase_add_test(tests, a_refusal_comes_with_the_kernels_error_and_words);
	}
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
