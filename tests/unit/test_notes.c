/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is noted of a PF and its VFs in the runtime directory: that drivers are held, what the PF is
 * called meanwhile, what VFs were given once, that VFs are owed. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/netlink/rtnl.h"
#include "kernel/note/hold.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/directory.h"
#include "util/fd.h"

#define HANDLE	OWN_CARD_HANDLE
#define PF_PATH OWN_CARD_PATH
#define NOTE	"/run/sriovd/pci-0000:3b:00.0.hold"
#define NAMES	"/run/sriovd/pci-0000:3b:00.0.names"

/* The note that drivers are held says what the attribute will be, and of which device. */
static void assert_note(char expected)
{
	const char *content = NULL;

	ck_assert_int_eq(sysfs_read(AT_FDCWD, NOTE, arena, &content), 0);
	ck_assert_ptr_nonnull(content);
	ck_assert_int_eq(content[0], expected);
	ck_assert_uint_eq(strlen(content), strlen("1 00000000000000012345"));
}

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
	ck_assert_int_eq(own_card_write(pf, PF_DRIVERS_AUTOPROBE, 0, NULL), 0);
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

#define OWED "/run/sriovd/pci-0000:3b:00.0.owed"

static void note_owed(const struct owed_vfs *owed)
{
	ck_assert_int_eq(kernel->note_owed_vfs(kernel, pf, owed), 0);
	observe();
}

START_TEST(vfs_are_owed_until_that_is_taken_back)
{
	observe();
	ck_assert(!pf->owed_vfs.noted && !pf->owed_vfs.owed);
	note_owed(&(struct owed_vfs){ .owed = true, .with_mode = true, .mode = 1 });
	ck_assert(pf->owed_vfs.noted && pf->owed_vfs.owed && pf->owed_vfs.with_mode);
	ck_assert_uint_eq(pf->owed_vfs.mode, 1);
	ck_assert(!pf_owes_vfs(pf)); /* it has some */
	note_owed(&(struct owed_vfs){ .owed = true });
	ck_assert(pf->owed_vfs.owed && !pf->owed_vfs.with_mode);
	note_owed(NULL);
	ck_assert(!pf->owed_vfs.noted && !pf->owed_vfs.owed);
	ck_assert_int_eq(access(OWED, F_OK), -1);
	ck_assert_int_eq(kernel->note_owed_vfs(kernel, pf, NULL), 0);
}
END_TEST

START_TEST(vfs_are_owed_by_the_device_that_they_were_destroyed_of)
{
	CLEANUP_TEXT struct text text = { 0 };

	observe();
	text_printf(&text, "%020llu -\n", (unsigned long long)pf->instance);
	own_file(OWED, text_string(&text));
	observe();
	ck_assert(pf->owed_vfs.owed);
	text_clear(&text);
	text_printf(&text, "%020llu 1\n", (unsigned long long)pf->instance + 1);
	own_file(OWED, text_string(&text));
	observe();
	ck_assert(pf->owed_vfs.noted && !pf->owed_vfs.owed && !pf->owed_vfs.doubtful);
	ck_assert(!pf->owed_vfs.with_mode);
}
END_TEST

START_TEST(a_note_that_cannot_be_read_leaves_it_untold_whether_vfs_are_owed)
{
	static const char *const contents[] = {
		"",
		"00000000000000012345 -",
		"00000000000000012345 1\n\n",
		"00000000000000012345 x\n",
		"00000000000000012345-1\n",
		"0000000000000001234x 1\n",
	};

	own_file(OWED, contents[_i]);
	observe();
	ck_assert(pf->owed_vfs.noted && !pf->owed_vfs.owed);
	ck_assert_str_eq(pf->owed_vfs.doubtful, OWED ": this is no note of VFs");
	/* A link in its place is not followed. */
	own_file("/run/elsewhere", "00000000000000012345 -\n");
	own_link(OWED, "/run/elsewhere");
	observe();
	ck_assert(pf->owed_vfs.noted && !pf->owed_vfs.owed && pf->owed_vfs.doubtful);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter())
		return RUNNER_SKIPPED;
	suite = suite_create("notes");
	tests = tcase_create("notes");
	tcase_add_checked_fixture(tests, own_card_set_up, own_card_tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, drivers_are_held_and_let_again);
	tcase_add_test(tests, what_autoprobe_will_be_can_change_while_drivers_are_held);
	tcase_add_loop_test(tests, without_a_runtime_directory_nothing_is_held_or_noted, 0, 2);
	tcase_add_test(tests, a_note_that_was_cut_off_or_is_of_another_device_is_none);
	tcase_add_test(tests, what_vfs_were_given_is_noted_until_others_are_made);
	tcase_add_test(tests, what_was_noted_of_other_vfs_counts_for_nothing_and_goes);
	tcase_add_loop_test(tests, notes_that_cannot_be_read_leave_it_untold, 0, 9);
	tcase_add_test(tests, vfs_are_owed_until_that_is_taken_back);
	tcase_add_test(tests, vfs_are_owed_by_the_device_that_they_were_destroyed_of);
	tcase_add_loop_test(tests, a_note_that_cannot_be_read_leaves_it_untold_whether_vfs_are_owed,
			    0, 6);
	if (own_veth("probe")) {
		tcase_add_test(tests, what_the_pf_is_called_is_noted_while_drivers_are_held);
	}
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
