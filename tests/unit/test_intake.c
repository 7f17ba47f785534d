/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of what a bus sends to who reads it, with sockets of the test's own. */

#include "socket/intake.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner.h"
#include "util/text.h"

/* More than the sockets in between have room for. */
#define LENGTH (4u << 20)

static sd_event *event;
static struct intake *intake;
static int bus, reader;

static void set_up(void)
{
	int pair[2];

	ck_assert_int_ge(sd_event_new(&event), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair),
			 0);
	bus = pair[0];
	ck_assert_int_eq(intake_new(event, 0, pair[1], &intake, &reader), 0);
}

static void tear_down(void)
{
	intake_free(intake);
	(void)close(bus);
	(void)close(reader);
	sd_event_unref(event);
}

/* Until nothing is ready. */
static void run(void)
{
	for (unsigned turns = 0; sd_event_run(event, 0) > 0; turns++)
		ck_assert_uint_lt(turns, 10000);
}

static size_t read_all(struct text *out)
{
	char piece[4096];
	size_t before = out->length;
	ssize_t n;

	while ((n = read(reader, piece, sizeof(piece))) > 0)
		text_append_n(out, piece, (size_t)n);
	return out->length - before;
}

/* Lines come before the first message, and are not cut. */
START_TEST(what_there_is_no_room_for_is_handed_on_once_there_is)
{
	CLEANUP_TEXT struct text in = { 0 }, out = { 0 };
	unsigned waited = 0;
	size_t sent = 0;

	for (unsigned i = 0; in.length < LENGTH; i++)
		text_printf(&in, "DATA %u\r\n", i);
	while (out.length < in.length) {
		ssize_t n = 1;

		while (sent < in.length && n > 0) {
			n = send(bus, in.data + sent, in.length - sent, MSG_NOSIGNAL);
			sent += n > 0 ? (size_t)n : 0;
			run();
		}
		waited += sent < in.length;
		ck_assert_uint_gt(read_all(&out), 0);
		run();
	}
	ck_assert_uint_gt(waited, 0);
	ck_assert_int_eq(memcmp(in.data, out.data, in.length), 0);
}
END_TEST

START_TEST(who_reads_sees_the_end_of_the_bus)
{
	char byte;

	ck_assert_int_eq(read(reader, &byte, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(shutdown(bus, SHUT_RDWR), 0);
	run();
	ck_assert_int_eq(read(reader, &byte, 1), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("intake");
	TCase *tests = tcase_create("intake");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, what_there_is_no_room_for_is_handed_on_once_there_is);
	tcase_add_test(tests, who_reads_sees_the_end_of_the_bus);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
