/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bus/quota.h"
#include "runner.h"

#define NOBODY 65534u

static struct quota quota;

static void tear_down(void)
{
	quota_clear(&quota);
}

static unsigned take_all(uid_t uid, uint64_t now)
{
	unsigned count = 0;

	while (count < 1000 && quota_take(&quota, uid, now))
		count++;
	return count;
}

START_TEST(a_user_has_a_few_questions_open)
{
	for (unsigned i = 0; i < QUOTA_OPEN; i++)
		ck_assert(quota_open(&quota, NOBODY, 1));
	ck_assert(!quota_open(&quota, NOBODY, 1));
	ck_assert(quota_open(&quota, 1000, 1));
	quota_close(&quota, NOBODY);
	ck_assert(quota_open(&quota, NOBODY, 1));
}
END_TEST

START_TEST(all_users_have_a_bounded_number_open_and_root_has_not)
{
	unsigned count = 0;

	for (uid_t uid = 1; uid <= 100; uid++)
		count += quota_open(&quota, uid, 1);
	ck_assert_uint_eq(count, QUOTA_OPEN_ALL);
	for (unsigned i = 0; i < 1000; i++)
		ck_assert(quota_open(&quota, 0, 1));
	quota_close(&quota, 0);
	ck_assert(!quota_open(&quota, 101, 1));
	quota_close(&quota, 1);
	ck_assert(quota_open(&quota, 101, 1));
}
END_TEST

START_TEST(messages_are_as_many_as_the_time_allows)
{
	ck_assert_uint_eq(take_all(NOBODY, 5000), QUOTA_BURST);
	ck_assert_uint_eq(take_all(1000, 5000), QUOTA_BURST);
	ck_assert_uint_eq(take_all(NOBODY, 5500), QUOTA_PER_SECOND / 2);
	/* A clock that stands still, or is read in another order. */
	ck_assert_uint_eq(take_all(NOBODY, 5400), 0);
	ck_assert_uint_eq(take_all(NOBODY, 3600000), QUOTA_BURST);
	ck_assert_uint_eq(take_all(0, 5000), 1000);
}
END_TEST

START_TEST(users_who_went_away_make_room)
{
	for (uid_t uid = 1; uid <= QUOTA_USERS; uid++)
		ck_assert(quota_take(&quota, uid, 1));
	ck_assert(!quota_take(&quota, QUOTA_USERS + 1, 1));
	ck_assert(!quota_open(&quota, QUOTA_USERS + 1, 1));
	ck_assert(quota_open(&quota, 5, 1));
	ck_assert(quota_take(&quota, QUOTA_USERS + 1, 10000));
	ck_assert_uint_eq(quota.count, 2);
	quota_close(&quota, 5);
	ck_assert_uint_eq(quota.open, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("quota");
	TCase *tests = tcase_create("quota");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, a_user_has_a_few_questions_open);
	tcase_add_test(tests, all_users_have_a_bounded_number_open_and_root_has_not);
	tcase_add_test(tests, messages_are_as_many_as_the_time_allows);
	tcase_add_test(tests, users_who_went_away_make_room);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
