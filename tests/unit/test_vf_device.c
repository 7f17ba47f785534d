/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is read from and written to the VFs' own devices: driver, interrupts, network device, the
 * note to leave that alone. In files, so that which attribute gets what, in which case, and what an
 * error in between leaves behind is seen; what drivers make of it is for the laboratory. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/device/udev_facts.h"
#include "kernel/device/vf_device.h"
#include "memory.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/fd.h"

#define DRIVERS	   "/sys/bus/pci/drivers/"
#define PROBE	   "/sys/bus/pci/drivers_probe"
#define NOTES	   "/run/sriovd/unmanaged"
#define NOTE(n)	   NOTES "/" OWN_CARD_VF(n)
#define NOTE_OF_PF NOTES "/" OWN_CARD ".pf"

static struct kernel_error words;

static void set_up(void)
{
	own_card_set_up();
	own_file(DRIVERS "iavf/bind", "");
	own_file(DRIVERS "iavf/unbind", "");
	own_file(DRIVERS "vfio-pci/bind", "");
	own_file(DRIVERS "vfio-pci/unbind", "");
	own_file(OWN_CARD_VF_PATH(0) "/driver_override", "");
	own_file(OWN_CARD_VF_PATH(1) "/driver_override", "");
	own_file(OWN_CARD_VF_PATH(2) "/driver_override", "");
	words = (struct kernel_error){ 0 };
	observe();
}

static int write_driver(uint32_t vf, enum value_form form, const char *name)
{
	const struct value value = { .form = form, .name = name };

	words = (struct kernel_error){ 0 };
	return kernel->write_vf(kernel, pf, vf, VF_DRIVER, &value, &words);
}

static int write_number(uint32_t vf, enum vf_setting setting, int64_t number)
{
	const struct value value = { .number = number };

	words = (struct kernel_error){ 0 };
	return kernel->write_vf(kernel, pf, vf, setting, &value, &words);
}

static int write_altname(uint32_t vf, const char *name)
{
	const struct value value = { .name = name };

	words = (struct kernel_error){ 0 };
	return kernel->write_vf(kernel, pf, vf, VF_ALTNAME, &value, &words);
}

static int write_pf(enum pf_setting setting, uint64_t number)
{
	const struct value value = { .number = number };

	words = (struct kernel_error){ 0 };
	return kernel->write_pf(kernel, pf, setting, &value, &words);
}

START_TEST(a_driver_takes_the_place_of_another)
{
	ck_assert_int_eq(write_driver(0, VALUE_PLAIN, "vfio-pci"), 0);
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", "vfio-pci");
	assert_file(DRIVERS "iavf/unbind", OWN_CARD_VF(0));
	assert_file(DRIVERS "vfio-pci/bind", OWN_CARD_VF(0));
	observe();
	ck_assert_str_eq(pf->vfs[0].driver_override, "vfio-pci");
}
END_TEST

#define INFINIBAND OWN_CARD_VF_PATH(0) "/infiniband/mlx5_3"

static const struct {
	const char *name, *node_guid, *gid;
	uint64_t node, port; /* 0: it cannot be told */
} rdma_devices[] = {
	{ "what an RDMA device says is what the driver took up", "0011:2233:4455:6677\n",
	  "fe80:0000:0000:0000:0011:2233:4455:6688\n", 0x0011223344556677, 0x0011223344556688 },
	{ "one that another network namespace has is not seen", NULL, NULL, 0, 0 },
	{ "a port without a GID has an empty one", "0011:2233:4455:6677\n",
	  "0000:0000:0000:0000:0000:0000:0000:0000\n", 0x0011223344556677, 0 },
	{ "a port may still be to come", "0011:2233:4455:6677\n", NULL, 0x0011223344556677, 0 },
	{ "what is no GUID says nothing", "0011:2233:4455:667\n",
	  "fe80:0000:0000:0000:0011:2233:4455-6688\n", 0, 0 },
};

static void assert_taken(const struct vf *vf, enum vf_setting setting, uint64_t expected,
			 const char *name)
{
	struct value value = { 0 };

	ck_assert_msg(taken_get(&vf->taken, setting, &value) == (expected != 0), "%s", name);
	ck_assert_msg(value.number == expected, "%s: %" PRIx64, name, value.number);
}

/* As node_guid_show() and show_port_gid() in drivers/infiniband/core/sysfs.c print them. */
START_TEST(the_guids_that_a_driver_took_up_are_read_of_its_rdma_device)
{
	struct udev_facts *facts;
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	struct vf vf = { 0 };

	if (rdma_devices[_i].node_guid)
		own_file(INFINIBAND "/node_guid", rdma_devices[_i].node_guid);
	if (rdma_devices[_i].gid)
		own_file(INFINIBAND "/ports/1/gids/0", rdma_devices[_i].gid);
	ck_assert_int_eq(udev_facts_new(&facts), 0);
	ck_assert_int_eq(device_open(OWN_CARD_HANDLE, arena, &device), 0);
	/* Only where the PF's driver knows of GUIDs. */
	ck_assert_int_eq(vf_device_read(&device, facts, pf, &vf), 0);
	ck_assert_uint_eq(vf.taken.known, 0);
	VALUES_SET(&vf.settings, VF_NODE_GUID, (struct value){ 0 });
	ck_assert_int_eq(vf_device_read(&device, facts, pf, &vf), 0);
	assert_taken(&vf, VF_NODE_GUID, rdma_devices[_i].node, rdma_devices[_i].name);
	assert_taken(&vf, VF_PORT_GUID, rdma_devices[_i].port, rdma_devices[_i].name);
	udev_facts_free(facts);
}
END_TEST

START_TEST(a_vf_is_bound_anew_for_its_guids)
{
	const struct value guid = { .number = 1 };

	ck_assert_int_eq(kernel->write_vf(kernel, pf, 0, VF_PORT_GUID, &guid, &words), 0);
	assert_file(DRIVERS "iavf/unbind", OWN_CARD_VF(0));
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
}
END_TEST

START_TEST(which_vfs_these_are_is_read_of_the_first)
{
	struct stat status;

	ck_assert_int_eq(stat(OWN_CARD_VF_PATH(0), &status), 0);
	ck_assert_uint_eq(pf->vfs[0].instance, status.st_ino);
	ck_assert_uint_eq(pf->vfs[1].instance, 0);
}
END_TEST

START_TEST(a_driver_that_is_there_stays_and_has_the_vf_reserved)
{
	ck_assert_int_eq(write_driver(1, VALUE_PLAIN, "vfio-pci"), 0);
	assert_file(OWN_CARD_VF_PATH(1) "/driver_override", "vfio-pci");
	assert_file(DRIVERS "vfio-pci/unbind", "");
	assert_file(DRIVERS "vfio-pci/bind", "");
}
END_TEST

START_TEST(a_vf_without_a_driver_gets_one)
{
	ck_assert_int_eq(write_driver(2, VALUE_PLAIN, "iavf"), 0);
	assert_file(OWN_CARD_VF_PATH(2) "/driver_override", "iavf");
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(2));
}
END_TEST

START_TEST(no_driver_is_wanted)
{
	ck_assert_int_eq(write_driver(0, VALUE_NONE, NULL), 0);
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", VF_DRIVER_NOBODY);
	assert_file(DRIVERS "iavf/unbind", OWN_CARD_VF(0));
	ck_assert_int_eq(write_driver(2, VALUE_NONE, NULL), 0);
	assert_file(OWN_CARD_VF_PATH(2) "/driver_override", VF_DRIVER_NOBODY);
}
END_TEST

/* "x" in place of a driver's name: an empty line in its place leaves nothing of it in the file. */
START_TEST(the_kernels_choice_is_asked_for_once_nothing_is_reserved)
{
	own_file(OWN_CARD_VF_PATH(1) "/driver_override", "x");
	ck_assert_int_eq(write_driver(1, VALUE_DEFAULT, NULL), 0);
	assert_file(OWN_CARD_VF_PATH(1) "/driver_override", "");
	assert_file(DRIVERS "vfio-pci/unbind", OWN_CARD_VF(1));
	assert_file(PROBE, OWN_CARD_VF(1));
}
END_TEST

START_TEST(a_driver_that_came_by_itself_is_the_kernels_choice)
{
	own_file(OWN_CARD_VF_PATH(0) "/driver_override", "(null)\n");
	observe();
	ck_assert_ptr_null(pf->vfs[0].driver_override);
	ck_assert_int_eq(write_driver(0, VALUE_DEFAULT, NULL), 0);
	assert_file(DRIVERS "iavf/unbind", "");
	assert_file(PROBE, "");
	/* One that has none gets it. */
	own_file(OWN_CARD_VF_PATH(2) "/driver_override", "(null)\n");
	ck_assert_int_eq(write_driver(2, VALUE_DEFAULT, NULL), -ENOENT);
	ck_assert_str_eq(words.message,
			 "no driver has taken the VF: none is there for it yet, or it gave up");
	assert_file(PROBE, OWN_CARD_VF(2));
	/* Nobody tries to where drivers are not to come by themselves. */
	own_file(OWN_CARD_PATH "/sriov_drivers_autoprobe", "0\n");
	observe();
	ck_assert_int_eq(write_driver(2, VALUE_DEFAULT, NULL), 0);
}
END_TEST

/* As "dpdk-devbind" leaves it, without a reservation. */
START_TEST(vfio_is_never_the_kernels_choice)
{
	own_file(OWN_CARD_VF_PATH(1) "/driver_override", "(null)\n");
	observe();
	ck_assert_int_eq(write_driver(1, VALUE_DEFAULT, NULL), 0);
	assert_file(DRIVERS "vfio-pci/unbind", OWN_CARD_VF(1));
	assert_file(PROBE, OWN_CARD_VF(1));
}
END_TEST

START_TEST(a_driver_that_does_not_take_the_vf_is_reported)
{
	own_remove(DRIVERS "vfio-pci/bind");
	ck_assert_int_eq(write_driver(0, VALUE_PLAIN, "vfio-pci"), -ENXIO);
	ck_assert_str_eq(words.message,
			 "driver vfio-pci does not take the VF, which iavf has left");
	ck_assert_int_eq(write_driver(2, VALUE_PLAIN, "vfio-pci"), -ENXIO);
	ck_assert_str_eq(words.message, "driver vfio-pci does not take the VF");
	/* Its own error is not another's. */
	own_file(DRIVERS "vfio-pci/bind/x", "");
	ck_assert_int_eq(write_driver(2, VALUE_PLAIN, "vfio-pci"), -EISDIR);
}
END_TEST

/* udev is asked by an event of the VF's device, and what drives the VF goes on meanwhile. */
START_TEST(a_driver_that_is_not_there_is_asked_for_and_takes_none_away)
{
	own_file(OWN_CARD_VF_PATH(0) "/uevent", "");
	ck_assert_int_eq(write_driver(0, VALUE_PLAIN, "test-nowhere"), -ENOENT);
	ck_assert_str_eq(words.message, "there is no driver test-nowhere yet; udev was asked to "
					"load a module of that name");
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", "test-nowhere");
	assert_file(OWN_CARD_VF_PATH(0) "/uevent",
		    "change 1f1d24b5-9a0c-4d4f-a3b0-7c0c7d0f5a51 SRIOVD=driver");
	assert_file(DRIVERS "iavf/unbind", "");
	/* Where there are no events the kernel says why. */
	own_remove(OWN_CARD_VF_PATH(2) "/uevent");
	own_file(OWN_CARD_VF_PATH(2) "/uevent/x", "");
	ck_assert_int_eq(write_driver(2, VALUE_PLAIN, "test-nowhere"), -EISDIR);
}
END_TEST

START_TEST(a_vf_that_is_not_there_is_not_written_to)
{
	ck_assert_int_eq(write_driver(7, VALUE_PLAIN, "iavf"), -ENOENT);
	ck_assert_int_eq(write_number(7, VF_UNMANAGED, 1), -ENOENT);
	ck_assert_int_eq(write_number(7, VF_MTU, 1500), -ENOENT);
	/* A link that leads nowhere: it goes. */
	own_remove(OWN_CARD_VF_PATH(0));
	ck_assert_int_eq(write_driver(0, VALUE_NONE, NULL), -ENOENT);
	observe();
	ck_assert_ptr_null(pf->vfs[0].address);
}
END_TEST

START_TEST(a_setting_that_is_not_of_the_device_is_refused)
{
	ck_assert_int_eq(write_number(0, VF_TRUST, 1), -EOPNOTSUPP);
}
END_TEST

START_TEST(nothing_is_written_to_another_card)
{
	own_file(OWN_CARD_PATH "/device", "0x10c9\n");
	ck_assert_int_eq(write_driver(0, VALUE_NONE, NULL), -ENODEV);
	ck_assert_int_eq(write_number(0, VF_MSIX_VECTORS, 4), -ENODEV);
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), -ENODEV);
	ck_assert_int_eq(kernel->unbind_vfs(kernel, pf), -ENODEV);
	ck_assert_int_eq(write_pf(PF_ESWITCH_MODE, 1), -ENODEV);
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", "");
	assert_file(DRIVERS "iavf/unbind", "");
	ck_assert_int_lt(access(NOTE(0), F_OK), 0);
}
END_TEST

START_TEST(the_drivers_of_all_vfs_are_taken_off)
{
	ck_assert_int_eq(kernel->unbind_vfs(kernel, pf), 0);
	assert_file(DRIVERS "iavf/unbind", OWN_CARD_VF(0));
	assert_file(DRIVERS "vfio-pci/unbind", OWN_CARD_VF(1));
	/* An error with one keeps nothing from the others. */
	own_remove(DRIVERS "iavf/unbind");
	own_file(DRIVERS "iavf/unbind/x", "");
	own_file(DRIVERS "vfio-pci/unbind", "");
	ck_assert_int_eq(kernel->unbind_vfs(kernel, pf), -EISDIR);
	assert_file(DRIVERS "vfio-pci/unbind", OWN_CARD_VF(1));
	/* Nor does a VF that goes meanwhile. */
	own_remove(OWN_CARD_PATH "/virtfn0");
	ck_assert_int_eq(kernel->unbind_vfs(kernel, pf), 0);
}
END_TEST

START_TEST(interrupts_are_dealt_out_while_there_is_no_driver)
{
	own_file(OWN_CARD_PATH "/sriov_vf_total_msix", "64\n");
	own_file(OWN_CARD_VF_PATH(0) "/sriov_vf_msix_count", "");
	own_file(OWN_CARD_VF_PATH(2) "/sriov_vf_msix_count", "");
	observe();
	ck_assert_uint_eq(pf->msix_vectors, 64);
	ck_assert_int_eq(write_number(0, VF_MSIX_VECTORS, 8), 0);
	assert_file(DRIVERS "iavf/unbind", OWN_CARD_VF(0));
	assert_file(OWN_CARD_VF_PATH(0) "/sriov_vf_msix_count", "8");
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	ck_assert_int_eq(write_number(2, VF_MSIX_VECTORS, 12), 0);
	assert_file(OWN_CARD_VF_PATH(2) "/sriov_vf_msix_count", "12");
	/* The driver comes back also where that failed. */
	ck_assert_int_eq(write_number(1, VF_MSIX_VECTORS, 8), -ENOENT);
	assert_file(DRIVERS "vfio-pci/unbind", OWN_CARD_VF(1));
	assert_file(DRIVERS "vfio-pci/bind", OWN_CARD_VF(1));
}
END_TEST

START_TEST(whether_a_controller_lives_is_what_nvme_says)
{
	own_link(OWN_CARD_VF_PATH(0) "/driver", "/sys/bus/pci/drivers/nvme");
	own_link(OWN_CARD_VF_PATH(2) "/driver", "/sys/bus/pci/drivers/nvme");
	own_file(OWN_CARD_VF_PATH(0) "/nvme/nvme3/state", "connecting\n");
	/* Of another driver's it is not asked. */
	own_file(OWN_CARD_VF_PATH(1) "/nvme/nvme4/state", "live\n");
	observe();
	ck_assert_pstr_eq(pf->vfs[0].controller, "connecting");
	ck_assert_ptr_null(pf->vfs[1].controller);
	ck_assert_ptr_null(pf->vfs[2].controller);
}
END_TEST

#define OWED(n) "/run/sriovd/owed/" OWN_CARD_VF(n)

/* As a program that was killed when the driver had left: here it is that "unbind" is a directory.
 */
static void lose_driver(void)
{
	own_link(OWN_CARD_VF_PATH(0) "/driver", "/sys/bus/pci/drivers/iavf");
	own_remove(DRIVERS "iavf/unbind");
	own_file(DRIVERS "iavf/unbind/x", "");
	own_file(DRIVERS "iavf/bind", "");
	observe();
	ck_assert_int_eq(write_number(0, VF_MAC, 0), -EISDIR);
	own_remove(OWN_CARD_VF_PATH(0) "/driver");
	own_remove(DRIVERS "iavf/unbind/x");
	own_remove(DRIVERS "iavf/unbind");
	own_file(DRIVERS "iavf/unbind", "");
	observe();
}

START_TEST(a_driver_that_left_for_a_moment_is_to_have_its_vf_again)
{
	lose_driver();
	ck_assert_pstr_eq(pf->vfs[0].owed_driver, "iavf");
	ck_assert_ptr_null(pf->vfs[1].owed_driver);
	ck_assert(pf_owes_drivers(pf));
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	observe();
	ck_assert(!pf_owes_drivers(pf));
}
END_TEST

/* It is asked once more later: here it is that "bind" is a directory. */
START_TEST(a_driver_that_does_not_take_its_vf_again_is_still_to_have_it)
{
	lose_driver();
	own_remove(DRIVERS "iavf/bind");
	own_file(DRIVERS "iavf/bind/x", "");
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), -EISDIR);
	observe();
	ck_assert_pstr_eq(pf->vfs[0].owed_driver, "iavf");
	own_remove(DRIVERS "iavf/bind/x");
	own_remove(DRIVERS "iavf/bind");
	own_file(DRIVERS "iavf/bind", "");
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	observe();
	ck_assert(!pf_owes_drivers(pf));
}
END_TEST

START_TEST(a_driver_that_left_gives_way_to_what_somebody_else_gave_its_vf)
{
	lose_driver();
	own_file(OWN_CARD_VF_PATH(0) "/driver_override", VF_DRIVER_NOBODY "\n");
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(DRIVERS "iavf/bind", "");
	observe();
	ck_assert(!pf_owes_drivers(pf));

	lose_driver();
	own_link(OWN_CARD_VF_PATH(0) "/driver", "/sys/bus/pci/drivers/vfio-pci");
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(DRIVERS "iavf/bind", "");
	observe();
	ck_assert(!pf_owes_drivers(pf));
}
END_TEST

START_TEST(a_note_of_a_vf_that_is_gone_counts_for_nothing)
{
	own_link(OWED(0), "00000000000000000001 iavf");
	observe();
	ck_assert_ptr_null(pf->vfs[0].owed_driver);
	own_link(OWED(0), "no note");
	observe();
	ck_assert_ptr_null(pf->vfs[0].owed_driver);
}
END_TEST

/* Events of one watch that are alike and follow each other are one: it is of opening as well. */
static unsigned count_writes(int inotify)
{
	struct inotify_event events[64];
	ssize_t length = read(inotify, events, sizeof(events));
	unsigned count = 0;

	for (size_t i = 0; length > 0 && i < (size_t)length / sizeof(*events); i++)
		count += events[i].mask & IN_CLOSE_WRITE ? 1 : 0;
	return count;
}

/* Meanwhile it is reserved for its own (pci_match_device() in drivers/pci/pci-driver.c). */
START_TEST(a_driver_comes_back_to_a_vf_that_is_reserved_for_one_that_is_not_there_yet)
{
	CLEANUP_FD int inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	own_file(OWN_CARD_VF_PATH(0) "/driver_override", "later\n");
	ck_assert_int_ge(inotify_add_watch(inotify, OWN_CARD_VF_PATH(0) "/driver_override",
					   IN_OPEN | IN_CLOSE_WRITE),
			 0);
	ck_assert_int_eq(write_number(0, VF_MAC, 0), 0);
	ck_assert_uint_eq(count_writes(inotify), 2);
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", "later");
	lose_driver();
	own_file(OWN_CARD_VF_PATH(0) "/driver_override", "later\n");
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", "later");
}
END_TEST

/* With drivers-autoprobe off, as it is while drivers are held, only a VF that is reserved takes one
 * (pci_device_can_probe() in drivers/pci/pci-driver.c). */
START_TEST(a_driver_comes_back_while_drivers_autoprobe_is_off)
{
	CLEANUP_FD int inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	ck_assert_int_ge(inotify_add_watch(inotify, OWN_CARD_VF_PATH(0) "/driver_override",
					   IN_OPEN | IN_CLOSE_WRITE),
			 0);
	ck_assert_int_eq(write_number(0, VF_MAC, 0), 0);
	ck_assert_uint_eq(count_writes(inotify), 0);
	own_file(OWN_CARD_PATH "/sriov_drivers_autoprobe", "0\n");
	ck_assert_int_eq(write_number(0, VF_MAC, 0), 0);
	ck_assert_uint_eq(count_writes(inotify), 2);
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
}
END_TEST

START_TEST(drivers_that_leave_for_another_eswitch_mode_are_to_come_back)
{
	ck_assert_int_eq(kernel->unbind_vfs(kernel, pf), 0);
	own_remove(OWN_CARD_VF_PATH(0) "/driver");
	own_remove(OWN_CARD_VF_PATH(1) "/driver");
	observe();
	ck_assert_int_eq(kernel->release_drivers(kernel, pf), 0);
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	assert_file(DRIVERS "vfio-pci/bind", OWN_CARD_VF(1));
}
END_TEST

START_TEST(a_driver_that_is_to_take_up_an_address_is_bound_anew)
{
	ck_assert_int_eq(write_number(0, VF_MAC, 0), 0);
	assert_file(DRIVERS "iavf/unbind", OWN_CARD_VF(0));
	assert_file(DRIVERS "iavf/bind", OWN_CARD_VF(0));
	assert_file(OWN_CARD_VF_PATH(0) "/driver_override", "");
	/* One without a driver takes it up once it has one. */
	ck_assert_int_eq(write_number(2, VF_MAC, 0), 0);
}
END_TEST

START_TEST(no_driver_is_taken_off_for_interrupts_that_cannot_be_dealt_out)
{
	own_file(OWN_CARD_VF_PATH(0) "/sriov_vf_msix_count", "");
	ck_assert_int_eq(write_number(0, VF_MSIX_VECTORS, 8), -EOPNOTSUPP);
	assert_file(DRIVERS "iavf/unbind", "");
	assert_file(OWN_CARD_VF_PATH(0) "/sriov_vf_msix_count", "");
}
END_TEST

/* A configuration space with nothing but MSI-X, which has room for so many. */
static void write_config(const char *path, unsigned vectors)
{
	unsigned char config[PCI_STD_HEADER_SIZEOF + 4] = {
		[PCI_STATUS] = PCI_STATUS_CAP_LIST,
		[PCI_CAPABILITY_LIST] = PCI_STD_HEADER_SIZEOF,
		[PCI_STD_HEADER_SIZEOF] = PCI_CAP_ID_MSIX,
		[PCI_STD_HEADER_SIZEOF + PCI_MSIX_FLAGS] = (unsigned char)(vectors - 1),
	};
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(config, sizeof(config), 1, file), 1);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(interrupts_are_read_where_they_can_be_dealt_out)
{
	write_config(OWN_CARD_VF_PATH(0) "/config", 5);
	observe();
	ck_assert(!(pf->vfs[0].settings.present & SETTING_BIT(VF_MSIX_VECTORS)));
	own_file(OWN_CARD_PATH "/sriov_vf_total_msix", "64\n");
	observe();
	ck_assert(pf->vfs[0].settings.present & SETTING_BIT(VF_MSIX_VECTORS));
	ck_assert_uint_eq(pf->vfs[0].settings.value[VF_MSIX_VECTORS].number, 5);
	/* One whose configuration is not to be read. */
	ck_assert(!(pf->vfs[1].settings.present & SETTING_BIT(VF_MSIX_VECTORS)));
}
END_TEST

static void assert_unmanaged(uint32_t vf, bool expected)
{
	observe();
	ck_assert(pf->vfs[vf].settings.present & SETTING_BIT(VF_UNMANAGED));
	ck_assert_uint_eq(pf->vfs[vf].settings.value[VF_UNMANAGED].number, expected);
}

START_TEST(a_note_keeps_managers_off_until_it_is_taken_back)
{
	const char *target;

	assert_unmanaged(0, false);
	for (unsigned i = 0; i < 2; i++) { /* also where it is so already */
		ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), 0);
		assert_unmanaged(0, true);
	}
	ck_assert_int_eq(sysfs_read_link(AT_FDCWD, NOTE(0), arena, &target), 0);
	ck_assert_str_eq(target, OWN_CARD ".pf");
	assert_unmanaged(1, false);
	ck_assert_int_eq(write_number(1, VF_UNMANAGED, 1), 0);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(write_number(0, VF_UNMANAGED, 0), 0);
		assert_unmanaged(0, false);
	}
	assert_unmanaged(1, true);
}
END_TEST

START_TEST(notes_end_with_their_card)
{
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), 0);
	own_link(NOTES "/0000:99:01.0", "0000:99:00.0.pf");
	own_file(NOTES "/0000:99:00.0.pf", "");
	/* What the udev rules do when the card leaves. */
	own_remove(NOTE_OF_PF);
	assert_unmanaged(0, false);
	ck_assert_int_eq(write_number(1, VF_UNMANAGED, 1), 0);
	assert_unmanaged(0, false);
	assert_unmanaged(1, true);
	/* Those of other cards stay. */
	ck_assert_int_eq(access(NOTES "/0000:99:01.0", F_OK), 0);
}
END_TEST

START_TEST(what_is_in_the_place_of_a_note_gives_way)
{
	own_link(NOTE(0), "0000:99:00.0.pf");
	own_file(NOTE(1), "");
	for (uint32_t vf = 0; vf < 2; vf++) {
		ck_assert_int_eq(write_number(vf, VF_UNMANAGED, 1), 0);
		assert_unmanaged(vf, true);
	}
	/* But no directory, and no link that would be followed. */
	own_remove(NOTE(0));
	own_file(NOTE(0) "/x", "");
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), -EISDIR);
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 0), -EISDIR);
	own_remove(NOTES);
	own_link(NOTE_OF_PF, "/run/elsewhere");
	ck_assert_int_eq(write_number(1, VF_UNMANAGED, 1), -ELOOP);
	ck_assert_int_lt(access("/run/elsewhere", F_OK), 0);
}
END_TEST

START_TEST(without_a_directory_there_are_no_notes)
{
	own_file(NOTES, "");
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), -ENOTDIR);
	assert_unmanaged(0, false);
	own_remove("/run/sriovd");
	own_file("/run/sriovd", "");
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), -ENOTDIR);
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 0), -ENOTDIR);
}
END_TEST

/* Where a network device is there already, udev looks at it again. */
START_TEST(a_note_has_the_network_device_handled_again)
{
	own_card_add_netdev(OWN_CARD_VF_PATH(0), "gone0", 999999);
	own_file(OWN_CARD_VF_PATH(0) "/net/gone0/uevent", "");
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 1), 0);
	assert_file(OWN_CARD_VF_PATH(0) "/net/gone0/uevent", "change");
	own_remove(OWN_CARD_VF_PATH(0) "/net/gone0/uevent");
	ck_assert_int_eq(write_number(0, VF_UNMANAGED, 0), 0);
}
END_TEST

START_TEST(a_vf_without_a_network_device_has_no_name_and_no_mtu)
{
	ck_assert_int_eq(write_altname(0, "nobody"), -ENOENT);
	ck_assert_int_eq(write_number(0, VF_MTU, 1400), -ENOENT);
	/* One that has gone since sysfs listed it is none any more. */
	own_card_add_netdev(OWN_CARD_VF_PATH(0), "gone0", 999999);
	ck_assert_int_eq(write_altname(0, "nobody"), -ENOENT);
	ck_assert_int_eq(write_number(0, VF_MTU, 1400), -ENOENT);
	observe();
	ck_assert_ptr_null(pf->vfs[0].ifname);
	/* One that goes just now has no number. */
	own_remove(OWN_CARD_VF_PATH(0) "/net/gone0/ifindex");
	ck_assert_int_eq(write_number(0, VF_MTU, 1400), -ENOENT);
}
END_TEST

START_TEST(a_network_device_gets_a_name_and_an_mtu)
{
	own_card_add_netdev(OWN_CARD_VF_PATH(0), "vf0", own_veth("vf0"));
	ck_assert_int_eq(write_altname(0, "left"), 0);
	ck_assert_int_eq(write_number(0, VF_MTU, 1400), 0);
	observe();
	ck_assert_str_eq(pf->vfs[0].ifname, "vf0");
	ck_assert_uint_eq(pf->vfs[0].settings.value[VF_MTU].number, 1400);
	ck_assert_uint_eq(if_nametoindex("left"), pf->vfs[0].ifindex);
	/* A name is of one device. */
	own_card_add_netdev(OWN_CARD_VF_PATH(1), "vf1", own_veth("vf1"));
	ck_assert_int_eq(write_altname(1, "left"), -EEXIST);
	ck_assert_str_eq(words.message, "there is another network device called left");
	ck_assert_int_eq(write_number(0, VF_MTU, 10), -EINVAL);
	ck_assert_str_eq(words.message, "mtu less than device minimum");
}
END_TEST

START_TEST(a_network_device_settles_until_udev_is_done_or_it_has_its_name)
{
	unsigned ifindex = own_veth("vf2");

	own_card_add_netdev(OWN_CARD_VF_PATH(0), "vf2", ifindex);
	observe();
	ck_assert(pf->vfs[0].settling);
	own_file(OWN_CARD_VF_PATH(0) "/net/vf2/name_assign_type", "4\n");
	observe();
	ck_assert(!pf->vfs[0].settling);
	own_file(OWN_CARD_VF_PATH(0) "/net/vf2/name_assign_type", "1\n");
	own_file(arena_printf(arena, "/run/udev/data/n%u", ifindex), "I:1\n");
	observe();
	ck_assert(!pf->vfs[0].settling);
}
END_TEST

/* No kernel has devlink for a card of files; and it does not listen to everybody. */
START_TEST(a_card_that_devlink_does_not_know_has_no_eswitch)
{
	int r = write_pf(PF_ESWITCH_MODE, 1);

	ck_assert(!(pf->settings.present & SETTING_BIT(PF_ESWITCH_MODE)));
	ck_assert_msg(r == -EOPNOTSUPP || r == -EPERM, "%d", r);
	/* It is asked once whether it is there. */
	ck_assert_int_eq(write_pf(PF_ESWITCH_MODE, 1), r);
}
END_TEST

static int write_driver_once(void *context)
{
	return write_driver(0, VALUE_PLAIN, context);
}

static int write_default_once(void *context)
{
	(void)context;
	return write_driver(2, VALUE_DEFAULT, NULL);
}

static int write_msix_once(void *context)
{
	(void)context;
	return write_number(0, VF_MSIX_VECTORS, 8);
}

static int write_unmanaged_once(void *context)
{
	(void)context;
	return write_number(0, VF_UNMANAGED, 1);
}

static int write_mtu_once(void *context)
{
	(void)context;
	return write_number(0, VF_MTU, 1400);
}

static int unbind_once(void *context)
{
	(void)context;
	return kernel->unbind_vfs(kernel, pf);
}

START_TEST(memory_that_runs_out_is_reported)
{
	own_file(OWN_CARD_PATH "/sriov_vf_total_msix", "64\n");
	own_file(OWN_CARD_VF_PATH(0) "/sriov_vf_msix_count", "");
	own_card_add_netdev(OWN_CARD_VF_PATH(0), "gone0", 999999);
	observe();
	ck_assert_uint_gt(memory_try_all(write_driver_once, (char *)"vfio-pci", 0), 0);
	own_file(OWN_CARD_VF_PATH(0) "/uevent", "");
	ck_assert_uint_gt(memory_try_all(write_driver_once, (char *)"test-nowhere", -ENOENT), 0);
	ck_assert_uint_gt(memory_try_all(write_default_once, NULL, -ENOENT), 0);
	ck_assert_uint_gt(memory_try_all(write_msix_once, NULL, 0), 0);
	ck_assert_uint_gt(memory_try_all(write_unmanaged_once, NULL, 0), 0);
	ck_assert_uint_gt(memory_try_all(write_mtu_once, NULL, -ENOENT), 0);
	ck_assert_uint_gt(memory_try_all(unbind_once, NULL, 0), 0);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter())
		return RUNNER_SKIPPED;
	suite = suite_create("vf_device");
	tests = tcase_create("vf_device");
	tcase_add_checked_fixture(tests, set_up, own_card_tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_driver_takes_the_place_of_another);
	tcase_add_loop_test(tests, the_guids_that_a_driver_took_up_are_read_of_its_rdma_device, 0,
			    ARRAY_SIZE(rdma_devices));
	tcase_add_test(tests, a_vf_is_bound_anew_for_its_guids);
	tcase_add_test(tests, which_vfs_these_are_is_read_of_the_first);
	tcase_add_test(tests, a_driver_that_is_there_stays_and_has_the_vf_reserved);
	tcase_add_test(tests, a_vf_without_a_driver_gets_one);
	tcase_add_test(tests, no_driver_is_wanted);
	tcase_add_test(tests, the_kernels_choice_is_asked_for_once_nothing_is_reserved);
	tcase_add_test(tests, a_driver_that_came_by_itself_is_the_kernels_choice);
	tcase_add_test(tests, vfio_is_never_the_kernels_choice);
	tcase_add_test(tests, a_driver_that_does_not_take_the_vf_is_reported);
	tcase_add_test(tests, a_driver_that_is_not_there_is_asked_for_and_takes_none_away);
	tcase_add_test(tests, a_vf_that_is_not_there_is_not_written_to);
	tcase_add_test(tests, a_setting_that_is_not_of_the_device_is_refused);
	tcase_add_test(tests, nothing_is_written_to_another_card);
	tcase_add_test(tests, the_drivers_of_all_vfs_are_taken_off);
	tcase_add_test(tests, interrupts_are_dealt_out_while_there_is_no_driver);
	tcase_add_test(tests, whether_a_controller_lives_is_what_nvme_says);
	tcase_add_test(tests, a_driver_that_left_for_a_moment_is_to_have_its_vf_again);
	tcase_add_test(tests, a_driver_that_does_not_take_its_vf_again_is_still_to_have_it);
	tcase_add_test(tests, a_driver_that_left_gives_way_to_what_somebody_else_gave_its_vf);
	tcase_add_test(tests, a_note_of_a_vf_that_is_gone_counts_for_nothing);
	tcase_add_test(tests,
		       a_driver_comes_back_to_a_vf_that_is_reserved_for_one_that_is_not_there_yet);
	tcase_add_test(tests, a_driver_comes_back_while_drivers_autoprobe_is_off);
	tcase_add_test(tests, drivers_that_leave_for_another_eswitch_mode_are_to_come_back);
	tcase_add_test(tests, a_driver_that_is_to_take_up_an_address_is_bound_anew);
	tcase_add_test(tests, no_driver_is_taken_off_for_interrupts_that_cannot_be_dealt_out);
	tcase_add_test(tests, interrupts_are_read_where_they_can_be_dealt_out);
	tcase_add_test(tests, a_note_keeps_managers_off_until_it_is_taken_back);
	tcase_add_test(tests, notes_end_with_their_card);
	tcase_add_test(tests, what_is_in_the_place_of_a_note_gives_way);
	tcase_add_test(tests, without_a_directory_there_are_no_notes);
	tcase_add_test(tests, a_note_has_the_network_device_handled_again);
	tcase_add_test(tests, a_vf_without_a_network_device_has_no_name_and_no_mtu);
	tcase_add_test(tests, a_card_that_devlink_does_not_know_has_no_eswitch);
	tcase_add_test(tests, memory_that_runs_out_is_reported);
	if (own_veth("probe")) {
		tcase_add_test(tests, a_network_device_gets_a_name_and_an_mtu);
		tcase_add_test(tests,
			       a_network_device_settles_until_udev_is_done_or_it_has_its_name);
	}
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
