/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The calls that change the disk are wrapped by the linker: any of them can fail, or be the last
 * one that the process lives to see. */

#include "files/last_good.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"
#include "scratch.h"

static const char *const directories[] = { "/etc/x", "/run/x" };

static char root[] = "/tmp/test-last-good-XXXXXX";
static char state[64];
static struct arena *arena;
static struct diagnostics diagnostics;
static struct last_good where;

static struct document *kept;
static size_t n_kept;
static time_t since;
static char digest[DIGEST_SIZE];

/* The wrapped calls. */
static unsigned n_calls, n_syncs;
static unsigned fail_at, crash_at; /* counted from 1; 0: never */
static int fail_with;
static bool no_exchange; /* as of file systems that do not know it */

static bool fails(void)
{
	n_calls++;
	if (n_calls == crash_at)
		(void)raise(SIGKILL);
	if (n_calls != fail_at)
		return false;
	errno = fail_with;
	return true;
}

int __real_mkdirat(int, const char *, mode_t);
int __wrap_mkdirat(int, const char *, mode_t);
ssize_t __real_write(int, const void *, size_t);
ssize_t __wrap_write(int, const void *, size_t);
int __real_fsync(int);
int __wrap_fsync(int);
int __real_renameat(int, const char *, int, const char *);
int __wrap_renameat(int, const char *, int, const char *);
int __real_renameat2(int, const char *, int, const char *, unsigned);
int __wrap_renameat2(int, const char *, int, const char *, unsigned);
int __real_unlinkat(int, const char *, int);
int __wrap_unlinkat(int, const char *, int);

int __wrap_mkdirat(int parent, const char *name, mode_t mode)
{
	return fails() ? -1 : __real_mkdirat(parent, name, mode);
}

/* Half of it, where it is cut off: a file may be incomplete. */
ssize_t __wrap_write(int fd, const void *data, size_t length)
{
	if (n_calls + 1 == crash_at)
		(void)!__real_write(fd, data, length / 2);
	return fails() ? -1 : __real_write(fd, data, length);
}

int __wrap_fsync(int fd)
{
	n_syncs++;
	return fails() ? -1 : __real_fsync(fd);
}

int __wrap_renameat(int from, const char *name, int to, const char *new_name)
{
	return fails() ? -1 : __real_renameat(from, name, to, new_name);
}

int __wrap_renameat2(int from, const char *name, int to, const char *new_name, unsigned flags)
{
	if (no_exchange) {
		errno = EINVAL;
		return -1;
	}
	return fails() ? -1 : __real_renameat2(from, name, to, new_name, flags);
}

int __wrap_unlinkat(int parent, const char *name, int flags)
{
	return fails() ? -1 : __real_unlinkat(parent, name, flags);
}

/* Two policies of different files and sizes. */
static const struct document before[] = {
	{ "/etc/x/10-a.yaml", "before a", 8 },
	{ "/run/x/20-b.yaml", "before b", 8 },
};
static const struct document after[] = {
	{ "/etc/x/10-a.yaml", "after a\0with a NUL", 18 },
	{ "/etc/x/15-c.yaml", "", 0 },
};

static void set_up(void)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	(void)snprintf(state, sizeof(state), "%s/state", root);
	ck_assert_int_eq(arena_new(&arena), 0);
	where = (struct last_good){
		.state = state,
		.directories = directories,
		.n_directories = ARRAY_SIZE(directories),
		.options = { .suffix = ".yaml", .size_max = 1000, .trusted_only = geteuid() == 0 },
	};
	n_calls = n_syncs = fail_at = crash_at = 0;
	no_exchange = false;
}

static void tear_down(void)
{
	scratch_remove(root);
	arena_free(arena);
	diagnostics_clear(&diagnostics);
}

static const char *path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", state, name);
}

static int read_kept(void)
{
	diagnostics_clear(&diagnostics);
	return last_good_read(&where, arena, &diagnostics, &kept, &n_kept, &since, digest);
}

static bool is_kept(const struct document *documents, size_t count)
{
	if (read_kept() < 0 || n_kept != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (kept[i].length != documents[i].length ||
		    memcmp(kept[i].text, documents[i].text, kept[i].length) != 0 ||
		    !strstr(kept[i].name, documents[i].name))
			return false;
	return true;
}

static int save_before(void)
{
	return last_good_save(&where, before, ARRAY_SIZE(before));
}

static int save_after(void)
{
	return last_good_save(&where, after, ARRAY_SIZE(after));
}

static bool is_before(void)
{
	return is_kept(before, ARRAY_SIZE(before));
}

static bool is_after(void)
{
	return is_kept(after, ARRAY_SIZE(after));
}

/* Nothing but the one tree is left in the state directory. */
static void assert_tidy(void)
{
	ck_assert_int_lt(access(path_of(".last-good.new"), F_OK), 0);
	ck_assert_int_lt(access(path_of(".last-good.old"), F_OK), 0);
}

START_TEST(nothing_is_kept_at_first)
{
	ck_assert_int_eq(read_kept(), -ENOENT);
	ck_assert_int_eq(mkdir(state, 0755), 0);
	ck_assert_int_eq(read_kept(), -ENOENT);
	ck_assert_uint_eq(diagnostics.count, 0);
}
END_TEST

START_TEST(what_is_kept_is_read_again)
{
	time_t now = time(NULL);

	ck_assert_int_eq(save_before(), 1);
	ck_assert(is_before());
	ck_assert_str_eq(kept[1].name, path_of("last-good/run/x/20-b.yaml"));
	ck_assert_int_ge(since, now - 2);
	ck_assert_int_le(since, now + 2);
	assert_tidy();
}
END_TEST

START_TEST(a_later_one_replaces_it_wholly)
{
	no_exchange = _i;
	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(save_after(), 1);
	ck_assert(is_after());
	ck_assert_int_lt(access(path_of("last-good/run"), F_OK), 0);
	assert_tidy();
}
END_TEST

START_TEST(no_file_is_a_policy_too)
{
	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(last_good_save(&where, NULL, 0), 1);
	ck_assert(is_kept(NULL, 0));
	ck_assert_int_eq(last_good_save(&where, NULL, 0), 0);
	ck_assert_int_eq(save_after(), 1);
	ck_assert(is_after());
}
END_TEST

START_TEST(nothing_is_written_where_nothing_has_changed)
{
	ck_assert_int_eq(save_before(), 1);
	n_calls = 0;
	ck_assert_int_eq(save_before(), 0);
	ck_assert_uint_eq(n_calls, 0);
}
END_TEST

START_TEST(everything_is_on_the_disk_before_the_exchange)
{
	ck_assert_int_eq(save_before(), 1);
	n_syncs = 0;
	ck_assert_int_eq(save_after(), 1);
	/* The state directory for the new tree and the exchange, the tree for etc and at the end,
	 * etc for x; two files and x for each; then the manifest, and the tree for it and at the
	 * end. */
	ck_assert_uint_eq(n_syncs, 2 + 2 + 1 + 4 + 3);
}
END_TEST

/* By hand: (printf '%s' 'before a' | sha256sum; ...) with the names, then sha256sum of that. */
START_TEST(what_is_kept_has_the_digest_of_its_files)
{
	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(read_kept(), 0);
	ck_assert_str_eq(digest,
			 "3c20f84e12bf7e22937a89c42a257092c40f7caf24b607093d0787bcc89a93e7");
}
END_TEST

/* A valid part of a policy is another policy. */
START_TEST(what_is_not_as_it_was_kept_is_no_policy)
{
	static const struct {
		const char *name;
		long length; /* negative: it is removed */
	} damages[] = {
		{ "last-good/etc/x/10-a.yaml", 3 },  { "last-good/etc/x/10-a.yaml", 0 },
		{ "last-good/run/x/20-b.yaml", -1 }, { "last-good/manifest", 80 },
		{ "last-good/manifest", 11 },	     { "last-good/manifest", -1 },
	};
	const char *path = path_of(damages[_i].name);

	ck_assert_int_eq(save_before(), 1);
	if (damages[_i].length < 0)
		ck_assert_int_eq(unlink(path), 0);
	else
		ck_assert_int_eq(truncate(path, damages[_i].length), 0);
	ck_assert_int_eq(read_kept(), -EINVAL);
	ck_assert_uint_eq(diagnostics.errors, 1);
	ck_assert_str_eq(diagnostics.items[0].origin.document->name, path_of("last-good/manifest"));
	/* It is written anew. */
	ck_assert_int_eq(save_before(), 1);
	ck_assert(is_before());
}
END_TEST

START_TEST(only_root_may_look_at_it)
{
	struct stat status;

	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(stat(path_of("last-good"), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
	ck_assert_int_eq(stat(path_of("last-good/etc/x/10-a.yaml"), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
}
END_TEST

/* Runs the save in a process that ends right before its n-th change. Whether it came so far. */
static bool crash(unsigned n)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		n_calls = 0;
		crash_at = n;
		(void)save_after();
		_exit(EXIT_SUCCESS);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

START_TEST(a_crash_at_any_step_leaves_one_of_both_whole)
{
	unsigned n = 1, n_before = 0, n_after = 0;

	no_exchange = _i;
	ck_assert_int_eq(save_before(), 1);
	for (bool crashed = true; crashed; n++) {
		bool was_before;

		crashed = crash(n);
		was_before = is_before();
		ck_assert_msg(was_before || is_after(), "neither, after %u steps", n);
		n_before += was_before;
		n_after += !was_before;
		/* And the next one is none the worse for it. */
		ck_assert_int_ge(save_before(), 0);
		ck_assert(is_before());
		assert_tidy();
	}
	ck_assert_uint_gt(n_before, 10);
	ck_assert_uint_gt(n_after, 3);
}
END_TEST

START_TEST(a_first_save_that_crashes_leaves_nothing_or_all)
{
	unsigned n = 1;

	for (bool crashed = true; crashed; n++) {
		crashed = crash(n);
		ck_assert(is_after() || read_kept() == -ENOENT);
		scratch_remove(state);
	}
	ck_assert_uint_gt(n, 10);
}
END_TEST

START_TEST(a_full_disk_at_any_step_leaves_one_of_both_whole)
{
	unsigned steps, n_failed = 0;

	no_exchange = _i;
	ck_assert_int_eq(save_before(), 1);
	n_calls = 0;
	ck_assert_int_eq(save_after(), 1);
	steps = n_calls;
	ck_assert_int_eq(save_before(), 1);
	for (unsigned n = 1; n <= steps; n++) {
		int r;

		n_calls = 0;
		fail_at = n;
		fail_with = ENOSPC;
		r = save_after();
		fail_at = 0;
		ck_assert(r == 1 || r == -ENOSPC);
		n_failed += r < 0;
		ck_assert(is_before() || is_after());
		if (r == 1)
			ck_assert(is_after());
		ck_assert_int_ge(save_before(), 0);
		ck_assert(is_before());
		assert_tidy();
	}
	ck_assert_uint_gt(n_failed, 8);
}
END_TEST

START_TEST(a_read_only_disk_is_an_error_only_where_something_is_to_be_written)
{
	ck_assert_int_eq(save_before(), 1);
	n_calls = 0;
	fail_at = 1;
	fail_with = EROFS;
	ck_assert_int_eq(save_before(), 0);
	ck_assert_int_eq(save_after(), -EROFS);
	ck_assert(is_before());
}
END_TEST

START_TEST(one_process_at_a_time_keeps_a_policy)
{
	int other;

	ck_assert_int_eq(save_before(), 1);
	other = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(flock(other, LOCK_EX), 0);
	ck_assert_int_eq(save_after(), -EBUSY);
	(void)close(other);
	ck_assert(is_before());
}
END_TEST

/* What was tampered with is not used. */
static void assert_untrusted(const char *name)
{
	ck_assert_int_eq(read_kept(), -EINVAL);
	ck_assert_uint_eq(diagnostics.errors, 1);
	ck_assert_msg(strstr(diagnostics.items[0].hint, name), "%s", diagnostics.items[0].hint);
}

START_TEST(what_others_can_write_to_is_not_used)
{
	static const char *const names[] = { "", "last-good", "last-good/etc", "last-good/etc/x",
					     "last-good/etc/x/10-a.yaml" };
	const char *path = path_of(names[_i]);

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(chmod(path, 0777), 0);
	assert_untrusted(names[_i]);
	ck_assert_int_eq(chmod(path, 0755), 0);
	ck_assert_int_eq(chown(path, 12345, 0), 0);
	assert_untrusted(names[_i]);
	ck_assert_int_eq(chown(path, 0, 0), 0);
	ck_assert(is_before());
}
END_TEST

START_TEST(what_was_tampered_with_is_written_anew)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(chmod(path_of("last-good/etc/x/10-a.yaml"), 0666), 0);
	ck_assert_int_eq(save_before(), 1);
	ck_assert(is_before());
}
END_TEST

START_TEST(nothing_is_kept_where_others_can_write)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(mkdir(state, 0755), 0);
	ck_assert_int_eq(chmod(state, 0777), 0);
	ck_assert_int_eq(save_before(), -EPERM);
}
END_TEST

/* A link in the place of what is removed or written is removed, and not followed. */
START_TEST(links_are_not_followed)
{
	const char *victim = arena_printf(arena, "%s/victim", root);

	ck_assert_int_eq(save_before(), 1);
	ck_assert_int_eq(mkdir(victim, 0755), 0);
	ck_assert_int_eq(mkdir(arena_printf(arena, "%s/etc", victim), 0755), 0);
	ck_assert_int_eq(symlink(victim, path_of(".last-good.new")), 0);
	ck_assert_int_eq(symlink(victim, path_of("last-good/link")), 0);
	ck_assert_int_eq(save_after(), 1);
	ck_assert(is_after());
	ck_assert_int_eq(access(arena_printf(arena, "%s/etc", victim), F_OK), 0);
	ck_assert_int_lt(access(arena_printf(arena, "%s/etc/x", victim), F_OK), 0);
	assert_tidy();
}
END_TEST

START_TEST(something_else_of_that_name_is_replaced)
{
	ck_assert_int_eq(mkdir(state, 0755), 0);
	ck_assert_int_eq(close(open(path_of("last-good"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)),
			 0);
	ck_assert_int_eq(read_kept(), -EINVAL);
	ck_assert_int_eq(save_before(), 1);
	ck_assert(is_before());
	assert_tidy();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("last_good");
	TCase *tests = tcase_create("last_good");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, nothing_is_kept_at_first);
	tcase_add_test(tests, what_is_kept_is_read_again);
	tcase_add_loop_test(tests, a_later_one_replaces_it_wholly, 0, 2);
	tcase_add_test(tests, no_file_is_a_policy_too);
	tcase_add_test(tests, nothing_is_written_where_nothing_has_changed);
	tcase_add_test(tests, everything_is_on_the_disk_before_the_exchange);
	tcase_add_test(tests, what_is_kept_has_the_digest_of_its_files);
	tcase_add_loop_test(tests, what_is_not_as_it_was_kept_is_no_policy, 0, 6);
	tcase_add_test(tests, only_root_may_look_at_it);
	tcase_add_loop_test(tests, a_crash_at_any_step_leaves_one_of_both_whole, 0, 2);
	tcase_add_test(tests, a_first_save_that_crashes_leaves_nothing_or_all);
	tcase_add_loop_test(tests, a_full_disk_at_any_step_leaves_one_of_both_whole, 0, 2);
	tcase_add_test(tests, a_read_only_disk_is_an_error_only_where_something_is_to_be_written);
	tcase_add_test(tests, one_process_at_a_time_keeps_a_policy);
	tcase_add_loop_test(tests, what_others_can_write_to_is_not_used, 0, 5);
	tcase_add_test(tests, what_was_tampered_with_is_written_anew);
	tcase_add_test(tests, nothing_is_kept_where_others_can_write);
	tcase_add_test(tests, links_are_not_followed);
	tcase_add_test(tests, something_else_of_that_name_is_replaced);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
