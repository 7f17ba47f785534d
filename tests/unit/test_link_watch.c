/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Notifications of rtnetlink, and their loss, with real links in a namespace of the test's own. */

#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/netlink/rtnl.h"
#include "link_watch.h"
#include "own_namespace.h"
#include "runner.h"

/* More than any receive buffer has room for that we may be given. */
#define BURST 20000u

static struct {
	unsigned calls, of_link, of_any;
} reported;

static sd_event *event;
static struct link_watch *watch;
static struct rtnl *rtnl;
static unsigned ifindex;

static void on_change(void *context, unsigned changed)
{
	(void)context;
	reported.calls++;
	reported.of_link += changed == ifindex;
	reported.of_any += !changed;
}

static void set_up(void)
{
	static unsigned number;
	char name[16];

	(void)snprintf(name, sizeof(name), "watched%u", number++);
	ifindex = own_veth(name);
	ck_assert_int_ge(sd_event_new(&event), 0);
	ck_assert_int_eq(link_watch_new(event, on_change, NULL, &watch), 0);
	ck_assert_int_eq(rtnl_new(&rtnl), 0);
}

static void tear_down(void)
{
	rtnl_free(rtnl);
	link_watch_free(watch);
	sd_event_unref(event);
}

static void change_mtu(uint32_t mtu)
{
	struct kernel_error words;

	ck_assert_int_eq(rtnl_set_number(rtnl, ifindex, IFLA_MTU, mtu, &words), 0);
}

/* Lets the loop handle all there is. */
static void run_loop(void)
{
	reported.calls = reported.of_link = reported.of_any = 0;
	while (sd_event_run(event, 0) > 0)
		;
}

START_TEST(a_change_is_reported_of_its_link)
{
	change_mtu(1400);
	run_loop();
	ck_assert_uint_ge(reported.of_link, 1);
	ck_assert_uint_eq(reported.of_any, 0);
	run_loop();
	ck_assert_uint_eq(reported.calls, 0);
}
END_TEST

/* Who else waits for the event loop does not wait for all of them. */
START_TEST(messages_that_came_together_are_read_in_several_turns)
{
	unsigned turns = 0;

	for (uint32_t i = 0; i < 500; i++)
		change_mtu(1400 + i % 2);
	reported.calls = reported.of_link = reported.of_any = 0;
	while (sd_event_run(event, 0) > 0) {
		turns++;
		ck_assert_uint_le(reported.calls, turns * 100);
	}
	ck_assert_uint_ge(reported.of_link, 500);
	ck_assert_uint_eq(reported.of_any, 0);
}
END_TEST

START_TEST(what_is_lost_in_a_burst_is_reported_as_a_change_of_any_link)
{
	for (uint32_t i = 0; i < BURST; i++)
		change_mtu(1400 + i % 2);
	run_loop();
	ck_assert_uint_ge(reported.of_any, 1);
	/* And it goes on. */
	change_mtu(1300);
	run_loop();
	ck_assert_uint_ge(reported.of_link, 1);
	ck_assert_uint_eq(reported.of_any, 0);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter() || !own_veth("probe"))
		return RUNNER_SKIPPED;
	suite = suite_create("link_watch");
	tests = tcase_create("link_watch");
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, a_change_is_reported_of_its_link);
	tcase_add_test(tests, messages_that_came_together_are_read_in_several_turns);
	tcase_add_test(tests, what_is_lost_in_a_burst_is_reported_as_a_change_of_any_link);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
