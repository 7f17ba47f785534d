/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One daemon at a time, seen by processes that are as a daemon that runs, and as one that the
 * kernel does not let go: its first thread has ended and another has not. */

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "instance.h"
#include "runner.h"
#include "scratch.h"

static char directory[] = "/tmp/sriovd-instance-XXXXXX";
static int claimed;
static pid_t hangs, other;

static void set_up(void)
{
	(void)snprintf(directory, sizeof(directory), "/tmp/sriovd-instance-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	claimed = -1;
	hangs = other = 0;
}

static void tear_down(void)
{
	if (claimed >= 0)
		(void)close(claimed);
	scratch_remove(directory);
}

static int claim(void)
{
	return instance_claim(directory, &claimed, &hangs, &other);
}

static void *wait_for_ever(void *unused)
{
	while (pause() < 0)
		continue;
	return unused;
}

/* Begins one that has claimed the directory, and tells so by closing a pipe. */
static pid_t begin(bool ends)
{
	int fds[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		pthread_t thread;

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (claim() < 0 || pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
			_exit(1);
		(void)close(fds[0]);
		(void)close(fds[1]);
		if (ends)
			pthread_exit(NULL);
		(void)wait_for_ever(NULL);
	}
	(void)close(fds[1]);
	ck_assert_int_eq(read(fds[0], &byte, 1), 0);
	(void)close(fds[0]);
	return pid;
}

static void end(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

START_TEST(one_that_runs_keeps_others_out)
{
	pid_t first = begin(false);

	ck_assert_int_eq(claim(), -EBUSY);
	ck_assert_int_eq(other, first);
	end(first);
	ck_assert_int_eq(claim(), 0);
	ck_assert_int_eq(hangs, 0);
}
END_TEST

START_TEST(one_that_cannot_end_keeps_nobody_out)
{
	pid_t first = begin(true), second;

	/* It closes the pipe before its first thread has ended. */
	while (claim() < 0)
		(void)usleep(1000);
	ck_assert_int_eq(hangs, first);
	(void)close(claimed);
	second = begin(false);
	ck_assert_int_eq(claim(), -EBUSY);
	ck_assert_int_eq(other, second);
	end(first);
	ck_assert_int_eq(claim(), -EBUSY);
	ck_assert_int_eq(other, second);
	end(second);
	claimed = -1;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("instance");
	TCase *tests = tcase_create("instance");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, one_that_runs_keeps_others_out);
	tcase_add_test(tests, one_that_cannot_end_keeps_nobody_out);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
