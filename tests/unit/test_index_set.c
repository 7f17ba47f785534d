/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/index_set.h"

#include <errno.h>
#include <string.h>

#include "runner.h"
#include "util/text.h"

#define MAX 99

static struct arena *arena;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	arena_free(arena);
}

static const struct {
	const char *text;
	int result;
	const char *members; /* one character per index from 0: '#' is in */
	uint32_t highest;
	bool single;
} cases[] = {
	{ "0", 0, "#........", 0, true },
	{ "3", 0, "...#.....", 3, true },
	{ "0-3", 0, "####.....", 3, false },
	{ "0-3,6", 0, "####..#..", 6, false },
	{ "6,0-3", 0, "####..#..", 6, false },
	{ "0-3 , 6", 0, "####..#..", 6, false },
	{ " 2\t", 0, "..#......", 2, true },
	{ "2-2", 0, "..#......", 2, true },
	{ "2,2", 0, "..#......", 2, true },
	{ "1-4,3-6", 0, ".######..", 6, false },
	{ "99", 0, ".........", 99, true },
	{ "all", 0, "#########", 0, false },
	{ "", -EINVAL },
	{ " ", -EINVAL },
	{ ",", -EINVAL },
	{ "1,", -EINVAL },
	{ ",1", -EINVAL },
	{ "1,,2", -EINVAL },
	{ "3-0", -EINVAL },
	{ "3-", -EINVAL },
	{ "-3", -EINVAL },
	{ "1-2-3", -EINVAL },
	{ "1 - 2", -EINVAL },
	{ "1 2", -EINVAL },
	{ "+1", -EINVAL },
	{ "01", -EINVAL },
	{ "00", -EINVAL },
	{ "0x1", -EINVAL },
	{ "1.5", -EINVAL },
	{ "ALL", -EINVAL },
	{ "all,1", -EINVAL },
	{ "1,all", -EINVAL },
	{ "one", -EINVAL },
	{ "100", -ERANGE },
	{ "0-100", -ERANGE },
	{ "4294967296", -ERANGE },
	{ "99999999999999999999999999", -ERANGE },
};

START_TEST(a_set_has_the_members_that_its_text_names)
{
	struct index_set set;

	ck_assert_int_eq(index_set_parse(cases[_i].text, MAX, arena, &set), cases[_i].result);
	if (cases[_i].result < 0)
		return;
	for (uint32_t i = 0; i < strlen(cases[_i].members); i++)
		ck_assert_int_eq(index_set_contains(&set, i), cases[_i].members[i] == '#');
	ck_assert_uint_eq(index_set_highest(&set), cases[_i].highest);
	ck_assert_int_eq(index_set_is_single(&set), cases[_i].single);
}
END_TEST

/* Each index, in rising order, comes after one more than the one before it. */
START_TEST(indices_are_counted_in_rising_order)
{
	struct index_set set;
	uint32_t position = 0;

	ck_assert_int_eq(index_set_parse(cases[_i].text, MAX, arena, &set), cases[_i].result);
	for (uint32_t i = 0; !cases[_i].result && i <= MAX; i++)
		if (index_set_contains(&set, i))
			ck_assert_uint_eq(index_set_position(&set, i), position++);
}
END_TEST

START_TEST(the_largest_maximum_is_a_limit_too)
{
	struct index_set set;

	ck_assert_int_eq(index_set_parse("4294967295", UINT32_MAX, arena, &set), 0);
	ck_assert_uint_eq(index_set_highest(&set), UINT32_MAX);
	ck_assert_int_eq(index_set_parse("4294967296", UINT32_MAX, arena, &set), -ERANGE);
}
END_TEST

START_TEST(the_number_of_ranges_is_bounded)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct index_set set;

	for (uint32_t i = INDEX_SET_RANGES_MAX; i > 0; i--)
		text_printf(&text, "%s%u", text.length ? "," : "", 2 * i);
	ck_assert_int_eq(index_set_parse(text_string(&text), UINT16_MAX, arena, &set), 0);
	ck_assert_uint_eq(set.count, INDEX_SET_RANGES_MAX);
	ck_assert_uint_eq(index_set_position(&set, 2 * INDEX_SET_RANGES_MAX),
			  INDEX_SET_RANGES_MAX - 1);
	text_append(&text, ",2");
	ck_assert_int_eq(index_set_parse(text_string(&text), UINT16_MAX, arena, &set), -E2BIG);
}
END_TEST

START_TEST(an_empty_set_names_nothing)
{
	const struct index_set set = { 0 };

	ck_assert(!index_set_contains(&set, 0));
	ck_assert_uint_eq(index_set_highest(&set), 0);
	ck_assert(!index_set_is_single(&set));
}
END_TEST

START_TEST(a_set_is_written_as_it_is_read)
{
	static const char *const texts[] = { "all", "3", "0-1", "0-3,6,8-9" };
	CLEANUP_TEXT struct text text = { 0 };
	struct index_set set;

	ck_assert_int_eq(index_set_parse(texts[_i], UINT16_MAX, arena, &set), 0);
	index_set_format(&set, &text);
	ck_assert_str_eq(text_string(&text), texts[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("index set");
	TCase *tests = tcase_create("index set");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_set_has_the_members_that_its_text_names, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tests, indices_are_counted_in_rising_order, 0, ARRAY_SIZE(cases));
	tcase_add_test(tests, the_largest_maximum_is_a_limit_too);
	tcase_add_test(tests, the_number_of_ranges_is_bounded);
	tcase_add_test(tests, an_empty_set_names_nothing);
	tcase_add_loop_test(tests, a_set_is_written_as_it_is_read, 0, 4);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
