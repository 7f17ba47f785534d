/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events of udev that were lost: what the monitor's socket answers is the test's own. */

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <unistd.h>

#include "runner.h"
#include "udev_watch.h"

struct udev_device *__wrap_udev_monitor_receive_device(struct udev_monitor *monitor);
int __wrap_udev_monitor_get_fd(struct udev_monitor *monitor);

/* A byte for each error that it has yet to answer with. */
static int ends[2];
static sd_event *event;
static struct udev_watch *watch;
static unsigned lost;

int __wrap_udev_monitor_get_fd(struct udev_monitor *monitor)
{
	(void)monitor;
	return ends[0];
}

struct udev_device *__wrap_udev_monitor_receive_device(struct udev_monitor *monitor)
{
	unsigned char error;

	(void)monitor;
	errno = read(ends[0], &error, 1) == 1 ? error : EAGAIN;
	return NULL;
}

static void answer_with(int error)
{
	const unsigned char byte = (unsigned char)error;

	ck_assert_int_eq(write(ends[1], &byte, 1), 1);
}

static void on_device(void *context, const char *handle)
{
	(void)context;
	ck_abort_msg("%s", handle);
}

static void on_lost(void *context)
{
	(void)context;
	lost++;
}

static void on_queue_empty(void *context)
{
	(void)context;
}

static void set_up(void)
{
	static const struct udev_watch_calls calls = { on_device, on_lost, on_queue_empty };

	lost = 0;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_ge(sd_event_new(&event), 0);
	ck_assert_int_eq(udev_watch_new(event, &calls, NULL, &watch), 0);
}

static void tear_down(void)
{
	udev_watch_free(watch);
	sd_event_unref(event);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

START_TEST(events_that_were_lost_are_told)
{
	answer_with(ENOBUFS);
	ck_assert_int_gt(sd_event_run(event, 0), 0);
	ck_assert_uint_eq(lost, 1);
}
END_TEST

START_TEST(another_error_says_nothing_of_events)
{
	answer_with(EINTR);
	ck_assert_int_gt(sd_event_run(event, 0), 0);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

/* Who else waits for the event loop does not wait for the end of a burst. */
START_TEST(a_burst_is_read_in_several_turns)
{
	for (unsigned i = 0; i < 100; i++)
		answer_with(ENOBUFS);
	ck_assert_int_gt(sd_event_run(event, 0), 0);
	ck_assert_uint_le(lost, 20);
	while (sd_event_run(event, 0) > 0)
		;
	ck_assert_uint_eq(lost, 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("udev_watch");
	TCase *tests = tcase_create("udev_watch");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, events_that_were_lost_are_told);
	tcase_add_test(tests, another_error_says_nothing_of_events);
	tcase_add_test(tests, a_burst_is_read_in_several_turns);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
