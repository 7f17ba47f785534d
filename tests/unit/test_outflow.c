/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The end of a connection whose other end does not read, or reads late. */

#include "socket/outflow.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

/* More than the kernel takes, of which sd-bus asks for 8 MiB. */
#define MANY   20000u
#define LENGTH 1000u

static sd_event *event;
static sd_bus *bus;
static int other;

/* One end is a server's, whose other end has said all that begins a connection. */
static void set_up(void)
{
	static const char begin[] = "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n";
	sd_id128_t id = { .bytes = { 1 } };
	char word[LENGTH + 1] = { 0 };
	int pair[2];

	memset(word, 'a', LENGTH);
	ck_assert_int_ge(sd_event_new(&event), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair),
			 0);
	other = pair[1];
	ck_assert_int_gt(write(other, begin, sizeof(begin) - 1), 0);
	ck_assert_int_ge(sd_bus_new(&bus), 0);
	ck_assert_int_ge(sd_bus_set_fd(bus, pair[0], pair[0]), 0);
	ck_assert_int_ge(sd_bus_set_server(bus, true, id), 0);
	ck_assert_int_ge(outflow_own(bus), 0);
	ck_assert_int_ge(sd_bus_start(bus), 0);
	ck_assert_int_ge(sd_bus_attach_event(bus, event, 0), 0);
	for (unsigned i = 0; i < 10; i++)
		(void)sd_event_run(event, 0);
	for (unsigned i = 0; i < MANY; i++)
		ck_assert_int_ge(sd_bus_emit_signal(bus, "/a", "a.b", "c", "s", word), 0);
	ck_assert_uint_gt(outflow_length(bus), 0);
}

static void tear_down(void)
{
	(void)sd_bus_detach_event(bus);
	sd_bus_close(bus);
	sd_bus_unref(bus);
	(void)close(other);
	sd_event_unref(event);
}

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(who_does_not_read_is_not_waited_for)
{
	double begin = seconds();

	outflow_end(bus, 100000);
	ck_assert(seconds() - begin < 2);
	ck_assert_uint_gt(outflow_length(bus), 0);
	/* Nor by what sd-bus does when the loop ends. */
	ck_assert_int_ge(sd_event_exit(event, 0), 0);
	ck_assert_int_eq(sd_event_loop(event), 0);
	ck_assert(seconds() - begin < 2);
}
END_TEST

static void *read_late(void *context)
{
	static char piece[65536];

	(void)usleep(100000);
	while (!atomic_load((atomic_bool *)context))
		if (read(other, piece, sizeof(piece)) <= 0)
			(void)usleep(1000);
	return NULL;
}

START_TEST(who_reads_late_gets_all)
{
	atomic_bool done = false;
	pthread_t reader;

	ck_assert_int_eq(pthread_create(&reader, NULL, read_late, &done), 0);
	outflow_end(bus, 10000000);
	atomic_store(&done, true);
	ck_assert_uint_eq(outflow_length(bus), 0);
	ck_assert_int_eq(pthread_join(reader, NULL), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outflow");
	TCase *tests = tcase_create("outflow");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, who_does_not_read_is_not_waited_for);
	tcase_add_test(tests, who_reads_late_gets_all);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
