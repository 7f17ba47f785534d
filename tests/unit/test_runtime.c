/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/lock.h"
#include "runner.h"
#include "util/arena.h"
#include "util/file.h"

static char parent[] = "/tmp/test-runtime-XXXXXX";
static char path[sizeof(parent) + 16];

static void set_up(void)
{
	strcpy(parent + strlen(parent) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(parent));
	(void)snprintf(path, sizeof(path), "%s/sriovd", parent);
}

static void tear_down(void)
{
	char lock[sizeof(path) + 32];

	(void)snprintf(lock, sizeof(lock), "%s/pci-0000:3b:00.0.lock", path);
	(void)unlink(lock);
	(void)remove(path);
	(void)rmdir(parent);
}

START_TEST(it_is_made_and_may_be_there)
{
	struct stat status;

	ck_assert_int_eq(runtime_make(path), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0755);
	ck_assert_int_eq(runtime_make(path), 0);
}
END_TEST

START_TEST(all_may_read_it_whatever_the_umask)
{
	const mode_t mask = umask(0077);
	struct stat status;

	ck_assert_int_eq(runtime_make(path), 0);
	umask(mask);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0755);
}
END_TEST

START_TEST(one_that_others_cannot_read_is_opened_for_them)
{
	struct stat status;

	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(runtime_make(path), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0755);
}
END_TEST

START_TEST(without_its_parent_it_cannot_be_made)
{
	ck_assert_int_eq(rmdir(parent), 0);
	ck_assert_int_eq(runtime_make(path), -ENOENT);
	ck_assert_str_eq(runtime_error(-ENOENT), "No such file or directory");
}
END_TEST

START_TEST(one_that_others_can_write_to_is_refused)
{
	ck_assert_int_eq(runtime_make(path), 0);
	ck_assert_int_eq(chmod(path, 0775), 0);
	ck_assert_int_eq(runtime_make(path), -EPERM);
	ck_assert_str_eq(runtime_error(-EPERM), "others than root own it or can write to it");
}
END_TEST

START_TEST(one_of_another_owner_is_refused)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(runtime_make(path), 0);
	ck_assert_int_eq(chown(path, 12345, 0), 0);
	ck_assert_int_eq(runtime_make(path), -EPERM);
}
END_TEST

START_TEST(a_link_is_refused)
{
	ck_assert_int_eq(symlink("/tmp", path), 0);
	ck_assert_int_eq(runtime_make(path), -ENOTDIR);
}
END_TEST

/* Somebody has cleaned up /run. */
START_TEST(a_lock_makes_it_again)
{
	int fd;

	ck_assert_int_eq(lock_take(path, "pci/0000:3b:00.0", NULL, &fd), 0);
	(void)close(fd);
	ck_assert_int_eq(runtime_make(path), 0);
}
END_TEST

/* Its parent is a file. */
START_TEST(without_the_directory_there_is_no_lock)
{
	char file[sizeof(path)], below[sizeof(path) + 8];
	int fd = -1;

	(void)snprintf(file, sizeof(file), "%s", path);
	(void)close(creat(file, 0644));
	(void)snprintf(below, sizeof(below), "%s/sriovd", file);
	ck_assert_int_eq(runtime_make(below), -ENOTDIR);
	ck_assert_int_eq(lock_take(below, "pci/0000:3b:00.0", NULL, &fd), -ENOTDIR);
	ck_assert_int_eq(fd, -1);
	ck_assert_str_eq(runtime_error(-ENOTDIR), "Not a directory");
}
END_TEST

/* Its place may have been somebody else's. */
START_TEST(what_is_read_is_no_link_and_keeps_nobody_waiting)
{
	char bytes[4];

	ck_assert_int_eq(runtime_read(path, bytes, sizeof(bytes)), -ENOENT);
	ck_assert_int_eq(runtime_replace(path, "12345", 5), 0);
	ck_assert_int_eq(runtime_read(path, bytes, sizeof(bytes)), 4);
	ck_assert_mem_eq(bytes, "1234", 4);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	ck_assert_int_eq(runtime_read(path, bytes, sizeof(bytes)), -ELOOP);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0644), 0);
	ck_assert_int_eq(runtime_read(path, bytes, sizeof(bytes)), 0);
}
END_TEST

START_TEST(what_is_kept_of_a_device_has_its_name)
{
	CLEANUP_FREE char *of_pci = runtime_path("/run/x", "pci/0000:3b:00.0", ".hold"),
			  *of_bus = runtime_path("/run/x", "netdevsim/netdevsim7", "");

	ck_assert_str_eq(of_pci, "/run/x/pci-0000:3b:00.0.hold");
	ck_assert_str_eq(of_bus, "/run/x/netdevsim-netdevsim7");
}
END_TEST

static void assert_note(const char *note, const char *content)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	const char *text = NULL;

	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(file_read(AT_FDCWD, note, 100, arena, &text), 0);
	ck_assert_pstr_eq(text, content);
}

START_TEST(a_note_is_replaced_as_a_whole_and_all_may_read_it)
{
	char note[sizeof(path) + 8], draft[sizeof(note) + 8];
	mode_t before = umask(077);
	struct stat status;

	(void)snprintf(note, sizeof(note), "%s/note", parent);
	(void)snprintf(draft, sizeof(draft), "%s.new", note);
	/* Left by who died over it, or by somebody to have it written elsewhere. */
	ck_assert_int_eq(symlink(path, draft), 0);
	ck_assert_int_eq(runtime_replace(note, "one\n", 4), 0);
	(void)umask(before);
	assert_note(note, "one\n");
	ck_assert_int_eq(stat(note, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0644);
	ck_assert_int_eq(runtime_replace(note, "2", 1), 0);
	assert_note(note, "2");
	ck_assert_int_lt(access(draft, F_OK), 0);
	ck_assert_int_lt(access(path, F_OK), 0);
	ck_assert_int_eq(runtime_remove(note), 0);
	assert_note(note, NULL);
	ck_assert_int_eq(runtime_remove(note), 0);
}
END_TEST

START_TEST(a_note_that_cannot_be_made_leaves_nothing)
{
	char draft[sizeof(path) + 8];

	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_int_eq(runtime_replace(path, "1", 1), -EISDIR);
	(void)snprintf(draft, sizeof(draft), "%s.new", path);
	ck_assert_int_lt(access(draft, F_OK), 0);
	ck_assert_int_eq(runtime_remove(path), -EISDIR);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("runtime");
	TCase *tests = tcase_create("runtime");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, it_is_made_and_may_be_there);
	tcase_add_test(tests, all_may_read_it_whatever_the_umask);
	tcase_add_test(tests, one_that_others_cannot_read_is_opened_for_them);
	tcase_add_test(tests, without_its_parent_it_cannot_be_made);
	tcase_add_test(tests, one_that_others_can_write_to_is_refused);
	tcase_add_test(tests, one_of_another_owner_is_refused);
	tcase_add_test(tests, a_link_is_refused);
	tcase_add_test(tests, a_lock_makes_it_again);
	tcase_add_test(tests, without_the_directory_there_is_no_lock);
	tcase_add_test(tests, what_is_read_is_no_link_and_keeps_nobody_waiting);
	tcase_add_test(tests, what_is_kept_of_a_device_has_its_name);
	tcase_add_test(tests, a_note_is_replaced_as_a_whole_and_all_may_read_it);
	tcase_add_test(tests, a_note_that_cannot_be_made_leaves_nothing);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
