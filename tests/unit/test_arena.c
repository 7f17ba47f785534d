/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/arena.h"

#include <stdint.h>
#include <string.h>

#include "runner.h"

static struct arena *arena;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	arena_free(arena);
}

static size_t count_zeros(const char *memory, size_t size)
{
	size_t count = 0;

	while (count < size && !memory[count])
		count++;
	return count;
}

/* Around the length up to which it is formatted once. */
START_TEST(text_of_any_length_is_formatted_whole)
{
	static const int lengths[] = { 0, 1, 254, 255, 256, 257, 5000 };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		const char *string = arena_printf(arena, "%0*d", lengths[i], 0);
		size_t expected = lengths[i] ? (size_t)lengths[i] : 1;

		ck_assert_uint_eq(strlen(string), expected);
		ck_assert_uint_eq(strspn(string, "0"), expected);
	}
}
END_TEST

START_TEST(memory_is_zeroed_and_aligned)
{
	for (size_t size = 0; size < 3000; size += 7) {
		const char *memory = arena_alloc(arena, size);

		ck_assert_uint_eq((uintptr_t)memory % _Alignof(max_align_t), 0);
		/* One assertion for all: a million of them take valgrind a minute. */
		ck_assert_uint_eq(count_zeros(memory, size), size);
	}
}
END_TEST

START_TEST(an_array_too_large_for_the_world_is_refused)
{
	ck_assert_ptr_null(arena_array(arena, SIZE_MAX / 2, 4));
	ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX));
}
END_TEST

START_TEST(an_array_keeps_its_elements_as_it_grows)
{
	size_t capacity = 0;
	uint32_t *numbers = NULL;

	for (uint32_t i = 0; i < 1000; i++) {
		ck_assert_int_eq(arena_grow(arena, &numbers, i, &capacity, sizeof(*numbers)), 0);
		numbers[i] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(numbers[i], i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("arena");
	TCase *tests = tcase_create("arena");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, text_of_any_length_is_formatted_whole);
	tcase_add_test(tests, memory_is_zeroed_and_aligned);
	tcase_add_test(tests, an_array_too_large_for_the_world_is_refused);
	tcase_add_test(tests, an_array_keeps_its_elements_as_it_grows);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
