/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Processes and what they have open, in a directory as /proc is one. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel/privileged/process.h"
#include "runner.h"
#include "scratch.h"
#include "util/fd.h"
#include "util/text.h"

static struct arena *arena;
static char proc[] = "/tmp/test-process-XXXXXX";

/* Nodes that every host has: /dev/null, /dev/zero, /dev/full. */
#define NULL_NODE makedev(1, 3)
#define ZERO_NODE makedev(1, 5)
#define FULL_NODE makedev(1, 7)

static const char *path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", proc, name);
}

static void make_file(const char *name, const char *content)
{
	CLEANUP_FD int fd = open(path_of(name), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
}

static void make_process(const char *pid, const char *comm)
{
	ck_assert_int_eq(mkdir(path_of(pid), 0700), 0);
	ck_assert_int_eq(mkdir(path_of(arena_printf(arena, "%s/fd", pid)), 0700), 0);
	make_file(arena_printf(arena, "%s/comm", pid), comm);
}

static void make_descriptor(const char *name, const char *target)
{
	ck_assert_int_eq(symlink(target, path_of(name)), 0);
}

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
	strcpy(proc + strlen(proc) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(proc));
	make_process("1", "systemd\n");
	make_descriptor("1/fd/0", "/dev/null");
	make_file("meminfo", "");
}

static void tear_down(void)
{
	scratch_remove(proc);
	arena_free(arena);
}

static int find(struct opener *openers, size_t count)
{
	return process_find_openers(proc, openers, count, 60000, arena);
}

START_TEST(one_process_is_named_for_each_node_however_many_have_it)
{
	struct opener openers[] = { { .node = FULL_NODE }, { .node = ZERO_NODE } };

	make_process("20", "qemu-system-x86\n");
	for (unsigned i = 0; i < 300; i++)
		make_descriptor(arena_printf(arena, "20/fd/%u", i), "/dev/full");
	make_process("21", "other\n");
	make_descriptor("21/fd/3", "/dev/full");
	make_descriptor("21/fd/4", "/nonexistent");
	ck_assert_int_eq(find(openers, 2), 0);
	ck_assert(openers[0].name && (!strcmp(openers[0].name, "qemu-system-x86 (pid 20)") ||
				      !strcmp(openers[0].name, "other (pid 21)")));
	ck_assert_ptr_null(openers[1].name);
}
END_TEST

START_TEST(a_file_of_the_nodes_name_is_not_the_node)
{
	struct opener opener = { .node = FULL_NODE };

	make_file("full", "");
	make_process("20", "sleep\n");
	make_descriptor("20/fd/3", path_of("full"));
	ck_assert_int_eq(find(&opener, 1), 0);
	ck_assert_ptr_null(opener.name);
}
END_TEST

/* A disk has numbers of its own. */
START_TEST(a_block_device_of_the_nodes_number_is_not_the_node)
{
	struct opener opener = { .node = FULL_NODE };

	if (mknod(path_of("disk"), S_IFBLK | 0600, FULL_NODE) < 0)
		return; /* only root may */
	make_process("20", "sleep\n");
	make_descriptor("20/fd/3", path_of("disk"));
	ck_assert_int_eq(find(&opener, 1), 0);
	ck_assert_ptr_null(opener.name);
}
END_TEST

/* Whoever is hidden (hidepid= in proc(5)) is hidden from those who do not see process 1 either. */
START_TEST(where_processes_are_hidden_nobody_is_told_to_have_nothing_open)
{
	struct opener opener = { .node = FULL_NODE };

	scratch_remove(path_of("1"));
	ck_assert_int_eq(find(&opener, 1), -EACCES);
	ck_assert_int_eq(process_find_openers(path_of("nowhere"), &opener, 1, 60000, arena),
			 -EACCES);
}
END_TEST

START_TEST(a_process_that_cannot_be_looked_into_may_have_a_node_open)
{
	struct opener openers[] = { { .node = FULL_NODE }, { .node = ZERO_NODE } };

	make_process("20", "qemu\n");
	make_descriptor("20/fd/3", "/dev/full");
	make_descriptor("21", "21"); /* a link to itself */
	ck_assert_int_eq(find(openers, 2), -ELOOP);
	ck_assert_str_eq(openers[0].name, "qemu (pid 20)");
	ck_assert_ptr_null(openers[1].name);
}
END_TEST

START_TEST(without_descriptors_to_look_by_it_cannot_be_told)
{
	struct opener opener = { .node = FULL_NODE };
	struct rlimit limit, low;
	int last = dup(0), r;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = (rlim_t)last;
	(void)close(last);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	r = find(&opener, 1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_int_eq(r, -EMFILE);
}
END_TEST

START_TEST(who_has_many_descriptors_takes_no_more_than_the_time_there_is)
{
	struct opener opener = { .node = FULL_NODE };

	make_process("8", "hoarder\n");
	make_descriptor("8/fd/3", "/dev/full");
	ck_assert_int_eq(process_find_openers(proc, &opener, 1, 0, arena), -ETIMEDOUT);
	ck_assert_ptr_null(opener.name);
	ck_assert_int_eq(find(&opener, 1), 0);
	ck_assert_str_eq(opener.name, "hoarder (pid 8)");
}
END_TEST

START_TEST(a_process_without_descriptors_has_ended)
{
	struct opener opener = { .node = FULL_NODE };

	ck_assert_int_eq(mkdir(path_of("22"), 0700), 0);
	ck_assert_int_eq(find(&opener, 1), 0);
}
END_TEST

/* As main() leaves it that ends by pthread_exit(). */
START_TEST(what_only_a_thread_has_open_is_found)
{
	struct opener opener = { .node = FULL_NODE };

	make_process("20", "dpdk\n");
	ck_assert_int_eq(mkdir(path_of("20/task"), 0700), 0);
	make_process("20/task/20", "dpdk\n");
	make_process("20/task/24", "lcore-worker-1\n");
	make_descriptor("20/task/24/fd/9", "/dev/full");
	ck_assert_int_eq(find(&opener, 1), 0);
	ck_assert_str_eq(opener.name, "dpdk (pid 20)");
}
END_TEST

START_TEST(names_are_printable_whatever_bytes_they_have)
{
	make_process("20", "");
	for (int byte = 1; byte < 256; byte++) {
		const char comm[] = { 'a', (char)byte, 'b', '\n', '\0' };
		const char *name;

		make_file("20/comm", comm);
		name = process_describe(proc, "20", arena);
		ck_assert_msg(name && text_is_printable(name), "%s", name);
		ck_assert_ptr_nonnull(strstr(name, "b (pid 20)"));
		ck_assert_int_eq(name[0], 'a');
	}
	make_file("20/comm", "\xf0\x9f\x98\n");
	ck_assert_str_eq(process_describe(proc, "20", arena), "\\xf0\\x9f\\x98 (pid 20)");
	make_file("20/comm", "\\xf0\n");
	ck_assert_str_eq(process_describe(proc, "20", arena), "\\x5cxf0 (pid 20)");
	ck_assert_str_eq(process_describe(proc, "99", arena), "a process (pid 99)");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("process");
	TCase *tests = tcase_create("process");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, one_process_is_named_for_each_node_however_many_have_it);
	tcase_add_test(tests, a_file_of_the_nodes_name_is_not_the_node);
	tcase_add_test(tests, a_block_device_of_the_nodes_number_is_not_the_node);
	tcase_add_test(tests, where_processes_are_hidden_nobody_is_told_to_have_nothing_open);
	tcase_add_test(tests, a_process_that_cannot_be_looked_into_may_have_a_node_open);
	tcase_add_test(tests, without_descriptors_to_look_by_it_cannot_be_told);
	tcase_add_test(tests, who_has_many_descriptors_takes_no_more_than_the_time_there_is);
	tcase_add_test(tests, a_process_without_descriptors_has_ended);
	tcase_add_test(tests, what_only_a_thread_has_open_is_found);
	tcase_add_test(tests, names_are_printable_whatever_bytes_they_have);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
