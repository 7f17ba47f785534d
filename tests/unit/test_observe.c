/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a look at a PF tells: a card in files, and network devices that are real, in namespaces of
 * this test's own. */

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/counters.h"
#include "kernel/device/device.h"
#include "kernel/netlink/devlink.h"
#include "kernel/netlink/rtnl.h"
#include "memory.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/directory.h"

#define HANDLE	   OWN_CARD_HANDLE
#define PF_PATH	   OWN_CARD_PATH
#define VF_PATH(n) OWN_CARD_VF_PATH(n)

/* What the kernel answers where it was asked for VFs. */
static struct {
	int error; /* 0: as it is */
	unsigned asked;
} vf_lists;

int __real_rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, enum rtnl_vfs vfs,
			 struct arena *arena, struct link *ret);
int __wrap_rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, enum rtnl_vfs vfs,
			 struct arena *arena, struct link *ret);

int __wrap_rtnl_get_link(struct rtnl *rtnl, unsigned index, enum rtnl_vfs vfs, struct arena *memory,
			 struct link *ret)
{
	vf_lists.asked += vfs != RTNL_NO_VFS;
	if (vfs != RTNL_NO_VFS && vf_lists.error)
		return vf_lists.error;
	return __real_rtnl_get_link(rtnl, index, vfs, memory, ret);
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
	ck_assert_int_eq(own_card_write(pf, PF_UP, 1, &words), 0);
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

static void read_counters(void)
{
	struct counters_reader *reader;

	ck_assert_int_eq(counters_reader_new(&reader), 0);
	ck_assert_int_eq(counters_read(reader, pf), 0);
	counters_reader_free(reader);
}

static void observe_vf_with_netdev(const char *driver)
{
	struct rtnl *rtnl;
	struct kernel_error error;
	unsigned ifindex = own_veth("vf0");

	ck_assert_int_eq(rtnl_new(&rtnl), 0);
	ck_assert_int_eq(rtnl_set_up(rtnl, ifindex, &error), 0);
	rtnl_free(rtnl);
	own_card_add_netdev(VF_PATH(0), "vf0", ifindex);
	observe();
	pf->driver = driver;
	ck_assert_ptr_null(pf->vfs[0].counters);
}

/* The loopback device, here the PF's, reports no VFs: what they count themselves is all. */
START_TEST(a_vf_that_its_pf_does_not_count_counts_itself)
{
	observe_vf_with_netdev("igb");
	read_counters();
	ck_assert_ptr_nonnull(pf->vfs[0].counters);
	ck_assert(pf->vfs[0].counters->known & VF_COUNTER_BIT(VF_TX_BYTES));
	ck_assert(!(pf->vfs[0].counters->known & VF_COUNTER_BIT(VF_RX_BROADCAST)));
	ck_assert_ptr_null(pf->vfs[1].counters);
}
END_TEST

START_TEST(a_vf_that_its_pf_counts_does_not_count_itself_meanwhile)
{
	observe_vf_with_netdev("ice");
	read_counters();
	ck_assert_ptr_null(pf->vfs[0].counters);
	vf_lists.error = -EBUSY;
	read_counters();
	ck_assert_ptr_null(pf->vfs[0].counters);
	/* This will not change as long as they are there. */
	vf_lists.error = -EMSGSIZE;
	read_counters();
	ck_assert_ptr_nonnull(pf->vfs[0].counters);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter())
		return RUNNER_SKIPPED;
	suite = suite_create("observe");
	tests = tcase_create("observe");
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
	if (own_veth("probe")) {
		tcase_add_test(tests, vfs_are_observed_with_their_drivers_and_network_devices);
		tcase_add_test(tests, a_vf_that_its_pf_does_not_count_counts_itself);
		tcase_add_test(tests, a_vf_that_its_pf_counts_does_not_count_itself_meanwhile);
		tcase_add_test(tests, of_two_network_devices_of_a_port_the_older_is_the_pfs);
		tcase_add_test(tests, another_ports_alternative_names_are_the_pfs_too);
	}
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
