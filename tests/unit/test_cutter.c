/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What passes of what a bus sends. */

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"
#include "socket/cutter.h"
#include "util/cleanup.h"
#include "util/text.h"

#define GREETING "DATA\r\nOK 0123456789abcdef0123456789abcdef\r\nAGREE_UNIX_FD\r\n"

static struct text in, out;
static struct cutter cutter;

static void set_up(void)
{
	in = out = (struct text){ 0 };
	cutter = (struct cutter){ 0 };
}

static void tear_down(void)
{
	text_clear(&in);
	text_clear(&out);
}

/* Feeds all of it, in pieces of that size. */
static int feed(size_t piece)
{
	char *buffer = malloc(piece + CUTTER_FIXED_SIZE);
	int r = 0;

	for (size_t at = 0; r >= 0 && at < in.length; at += piece) {
		size_t n = in.length - at < piece ? in.length - at : piece, written = 0;

		r = cutter_feed(&cutter, in.data + at, n, buffer, &written);
		ck_assert_uint_le(written, n + CUTTER_FIXED_SIZE);
		if (r >= 0)
			text_append_n(&out, buffer, written);
	}
	free(buffer);
	return r;
}

static void append_filling(struct text *text, char filling, size_t length)
{
	char *bytes = malloc(length + 1);

	memset(bytes, filling, length);
	text_append_n(text, bytes, length);
	free(bytes);
}

/* A message with such a body, of which that many bytes are there. */
static void append(struct text *text, char order, uint32_t fields, uint32_t body, size_t there)
{
	uint32_t words[4] = { 0, body, 7, fields };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = order == 'l' ? htole32(words[i]) : htobe32(words[i]);
	((char *)words)[0] = order;
	text_append_n(text, (const char *)words, sizeof(words));
	append_filling(text, 'f', (fields + 7) / 8 * 8);
	append_filling(text, 'b', there);
}

static void expect(size_t piece, const struct text *wanted)
{
	text_clear(&out);
	out = (struct text){ 0 };
	cutter = (struct cutter){ 0 };
	ck_assert_int_eq(feed(piece), 0);
	ck_assert_uint_eq(out.length, wanted->length);
	ck_assert_int_eq(memcmp(out.data, wanted->data, wanted->length), 0);
}

START_TEST(what_is_short_passes_as_it_is)
{
	text_append(&in, GREETING);
	append(&in, 'l', 61, 0, 0);
	append(&in, 'B', 64, 3, 3);
	for (size_t piece = 1; piece < 40; piece++)
		expect(piece, &in);
	append(&in, 'l', 1, CUTTER_BODY_MAX, CUTTER_BODY_MAX);
	expect(4096, &in);
	expect(in.length, &in);
}
END_TEST

START_TEST(a_long_body_is_cut_and_says_so)
{
	CLEANUP_TEXT struct text wanted = { 0 };

	for (size_t i = 0; i < 2; i++) {
		append(&in, i ? 'B' : 'l', 20, CUTTER_BODY_MAX + 9, CUTTER_BODY_MAX + 9);
		append(&wanted, i ? 'B' : 'l', 20, CUTTER_BODY_MAX, CUTTER_BODY_MAX);
		append(&in, 'l', 8, 5, 5);
		append(&wanted, 'l', 8, 5, 5);
	}
	expect(17, &wanted);
	expect(4096, &wanted);
	expect(in.length, &wanted);
}
END_TEST

START_TEST(a_message_with_a_long_header_goes_by)
{
	CLEANUP_TEXT struct text wanted = { 0 };

	append(&in, 'l', CUTTER_HEADER_MAX + 1, 9, 9);
	append(&in, 'l', CUTTER_HEADER_MAX, 9, 9);
	append(&wanted, 'l', CUTTER_HEADER_MAX, 9, 9);
	expect(4096, &wanted);
}
END_TEST

/* The sum of the largest numbers is no small one. */
START_TEST(no_length_is_too_large_to_be_counted)
{
	append(&in, 'l', 8, UINT32_MAX, 1u << 20);
	ck_assert_int_eq(feed(65536), 0);
	ck_assert_uint_eq(out.length, CUTTER_FIXED_SIZE + 8 + CUTTER_BODY_MAX);
	ck_assert_uint_eq(cutter.drop, (uint64_t)UINT32_MAX - (1u << 20));
	cutter = (struct cutter){ 0 };
	memset(in.data + 4, 0xff, 12);
	ck_assert_int_eq(feed(in.length), 0);
	ck_assert_uint_eq(cutter.drop,
			  (UINT64_C(1) << 32) + UINT32_MAX - (in.length - CUTTER_FIXED_SIZE));
}
END_TEST

START_TEST(what_is_no_message_is_refused)
{
	append(&in, 'l', 8, 5, 5);
	text_append(&in, "OK it is not");
	ck_assert_int_eq(feed(7), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cutter");
	TCase *test_case = tcase_create("cutter");

	tcase_add_checked_fixture(test_case, set_up, tear_down);
	tcase_add_test(test_case, what_is_short_passes_as_it_is);
	tcase_add_test(test_case, a_long_body_is_cut_and_says_so);
	tcase_add_test(test_case, a_message_with_a_long_header_goes_by);
	tcase_add_test(test_case, no_length_is_too_large_to_be_counted);
	tcase_add_test(test_case, what_is_no_message_is_refused);
	suite_add_tcase(suite, test_case);
	return run_suite(suite);
}
