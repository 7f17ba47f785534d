/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/timestamp.h"

#include <errno.h>

#include "runner.h"
#include "util/cleanup.h"

#define LAST_OF_JANUARY 1769903999 /* 2026-01-31T23:59:59Z */

static const char *const no_times[] = {
	"",
	"unknown",
	"2026-01-31",
	"2026-01-31 23:59:59 UTC",
	"2026-01-31T23:59:59",
	"2026-01-31T23:59:59+01:00",
	"2026-01-31T23:59:59Z and more",
	"2026-13-31T23:59:59Z",
};

START_TEST(a_time_reads_as_it_was_written)
{
	char buffer[TIMESTAMP_SIZE];
	time_t time;

	ck_assert_str_eq(timestamp_iso(LAST_OF_JANUARY, buffer), "2026-01-31T23:59:59Z");
	ck_assert_int_eq(timestamp_read_iso(buffer, &time), 0);
	ck_assert_int_eq(time, LAST_OF_JANUARY);
	ck_assert_str_eq(timestamp_words(LAST_OF_JANUARY, buffer), "2026-01-31 23:59:59 UTC");
}
END_TEST

START_TEST(what_is_no_time_leaves_the_answer_alone)
{
	time_t time = 7;

	ck_assert_int_eq(timestamp_read_iso(no_times[_i], &time), -EINVAL);
	ck_assert_int_eq(time, 7);
}
END_TEST

START_TEST(never_has_no_time)
{
	char buffer[TIMESTAMP_SIZE];

	ck_assert_ptr_null(timestamp_iso(0, buffer));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("timestamp");
	TCase *tests = tcase_create("timestamp");

	tcase_add_test(tests, a_time_reads_as_it_was_written);
	tcase_add_loop_test(tests, what_is_no_time_leaves_the_answer_alone, 0,
			    ARRAY_SIZE(no_times));
	tcase_add_test(tests, never_has_no_time);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
