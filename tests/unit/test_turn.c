/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/turn.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"
#include "scratch.h"
#include "util/runtime.h"

static char root[] = "/tmp/test-turn-XXXXXX";
static char directory[sizeof(root) + sizeof("/run")];
static char lock[sizeof(directory) + sizeof("/vfs.lock")];
static struct host_turns own;
static struct kernel_error error;
static pid_t other; /* another process, which has its turn; 0: none */

static struct pf ours = { .handle = (char *)"pci/0000:3b:00.0", .ifname = (char *)"ens1f0" };
static struct pf theirs = { .handle = (char *)"pci/0000:5e:00.0", .ifname = (char *)"ens2f0" };

static int take(void)
{
	error = (struct kernel_error){ 0 };
	return own.turns.take(&own.turns, &ours, &error);
}

static void end(void)
{
	own.turns.end(&own.turns);
}

/* Tells that it has, or that it may not, and keeps what it has until it is killed. */
_Noreturn static void run_other(int out)
{
	struct host_turns turns;
	struct kernel_error why = { 0 };
	char told;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	host_turns_init(&turns, directory);
	told = turns.turns.take(&turns.turns, &theirs, &why) == 0 ? '+' : '-';
	if (write(out, &told, 1) != 1)
		_exit(EXIT_FAILURE);
	for (;;)
		(void)pause();
}

/* Whether another process gets its turn now. */
static bool other_takes(void)
{
	char told = '?';
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	other = fork();
	ck_assert_int_ge(other, 0);
	if (!other)
		run_other(ends[1]);
	(void)close(ends[1]);
	ck_assert_int_eq(read(ends[0], &told, 1), 1);
	(void)close(ends[0]);
	return told == '+';
}

static void kill_other(void)
{
	if (other <= 0)
		return;
	ck_assert_int_eq(kill(other, SIGKILL), 0);
	ck_assert_int_eq(waitpid(other, NULL, 0), other);
	other = 0;
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(root));
	(void)snprintf(directory, sizeof(directory), "%s/run", root);
	(void)snprintf(lock, sizeof(lock), "%s/vfs.lock", directory);
	host_turns_init(&own, directory);
}

static void tear_down(void)
{
	end();
	kill_other();
	scratch_remove(root);
	(void)snprintf(root + sizeof(root) - 7, 7, "XXXXXX");
}

START_TEST(only_one_process_has_its_turn_and_others_are_told_of_which_pf)
{
	ck_assert(other_takes());
	ck_assert_int_eq(take(), -EINPROGRESS);
	ck_assert_str_eq(error.message, "ens2f0");
	ck_assert_int_eq(take(), -EINPROGRESS);
}
END_TEST

/* Whatever it was doing: the kernel lets go of it. */
START_TEST(the_turn_of_a_process_that_died_is_over)
{
	ck_assert(other_takes());
	kill_other();
	ck_assert_int_eq(take(), 0);
}
END_TEST

START_TEST(a_turn_lasts_until_it_is_ended)
{
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), 0);
	ck_assert(!other_takes());
	kill_other();
	end();
	end();
	ck_assert(other_takes());
	ck_assert_int_eq(take(), -EINPROGRESS);
	kill_other();
	ck_assert_int_eq(take(), 0);
}
END_TEST

START_TEST(who_has_not_said_his_name_is_another)
{
	ck_assert(other_takes());
	ck_assert_int_eq(truncate(lock, 0), 0);
	ck_assert_int_eq(take(), -EINPROGRESS);
	ck_assert_str_eq(error.message, "another PF");
}
END_TEST

START_TEST(a_link_in_place_of_the_lock_is_not_followed)
{
	CLEANUP_FREE char *target = NULL;

	ck_assert_int_ge(asprintf(&target, "%s/target", root), 0);
	ck_assert_int_eq(runtime_make(directory), 0);
	ck_assert_int_eq(symlink(target, lock), 0);
	ck_assert_int_eq(take(), -ELOOP);
	ck_assert_int_lt(access(target, F_OK), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("turn");
	TCase *tests = tcase_create("turn");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, only_one_process_has_its_turn_and_others_are_told_of_which_pf);
	tcase_add_test(tests, the_turn_of_a_process_that_died_is_over);
	tcase_add_test(tests, a_turn_lasts_until_it_is_ended);
	tcase_add_test(tests, who_has_not_said_his_name_is_another);
	tcase_add_test(tests, a_link_in_place_of_the_lock_is_not_followed);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
