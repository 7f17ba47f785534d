/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Questions and answers between the daemon and sriovd-openers, whole and damaged. */

#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "kernel/privileged/query.h"
#include "runner.h"

static struct arena *arena;
static struct text message;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	arena_free(arena);
	text_clear(&message);
}

static struct query node_query(void)
{
	return (struct query){ .kind = QUERY_OPENER, .of = query_of_node(makedev(243, 1)) };
}

static int decode_answer(struct query *query)
{
	return query_decode_answer(message.data, message.length, arena, query, 1);
}

START_TEST(a_question_is_read_as_it_was_asked)
{
	struct query asked[3] = { node_query(),
				  { .kind = QUERY_CNI_RECORD },
				  { .kind = QUERY_MSIX_VECTORS } };
	struct query *read;
	size_t count;

	ck_assert_int_eq(query_of_address("10000:e1:1f.7", &asked[1].of), 0);
	ck_assert_int_eq(query_of_address("0000:3b:02.1", &asked[2].of), 0);
	query_encode_question(asked, 3, &message);
	ck_assert_int_eq(query_decode_question(message.data, message.length, arena, &read, &count),
			 0);
	ck_assert_uint_eq(count, 3);
	ck_assert_uint_eq(query_node(&read[0]), makedev(243, 1));
	ck_assert_str_eq(query_address(&read[1], arena), "10000:e1:1f.7");
	ck_assert_str_eq(query_address(&read[2], arena), "0000:3b:02.1");
	for (size_t i = 0; i < count; i++)
		ck_assert_uint_eq(read[i].kind, asked[i].kind);
}
END_TEST

START_TEST(what_is_no_pci_address_is_not_asked_about)
{
	static const char *const others[] = {
		"",
		"0000:3b:02",
		"0000:3b:02.8",
		"0000:3b:20.1",
		"netdevsim3",
		"0000:3b:02.1x",
		"0000:3B:02.1",
		"000:3b:02.1",
		" 000:3b:02.1",
	};
	uint64_t of;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		ck_assert_msg(query_of_address(others[i], &of) == -EINVAL, "%s", others[i]);
}
END_TEST

START_TEST(as_many_as_fit_are_asked_and_answered_in_one_packet)
{
	struct query *queries = arena_array(arena, QUERY_MAX, sizeof(*queries)), *read;
	char name[QUERY_TEXT_MAX + 10];
	size_t count;

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < QUERY_MAX; i++) {
		queries[i] = node_query();
		query_answer(&queries[i], 1, name);
	}
	query_encode_question(queries, QUERY_MAX, &message);
	ck_assert_uint_eq(message.length, QUERY_QUESTION_MAX);
	ck_assert_int_eq(query_decode_question(message.data, message.length, arena, &read, &count),
			 0);
	ck_assert_uint_eq(count, QUERY_MAX);
	text_clear(&message);
	query_encode_answer(queries, QUERY_MAX, &message);
	ck_assert_uint_eq(message.length, QUERY_ANSWER_MAX);
	ck_assert_int_eq(query_decode_answer(message.data, message.length, arena, read, QUERY_MAX),
			 0);
	ck_assert_uint_eq(strlen(read[QUERY_MAX - 1].text), QUERY_TEXT_MAX);
}
END_TEST

START_TEST(a_text_is_cut_between_characters)
{
	struct query query = node_query();
	char name[QUERY_TEXT_MAX + 2];

	memset(name, 'x', sizeof(name));
	strcpy(name + QUERY_TEXT_MAX - 1, "\u00e4");
	query_answer(&query, 0, name);
	query_encode_answer(&query, 1, &message);
	ck_assert_int_eq(decode_answer(&query), 0);
	ck_assert_uint_eq(strlen(query.text), QUERY_TEXT_MAX - 1);
}
END_TEST

START_TEST(what_is_there_not_there_and_cannot_be_told_are_told_apart)
{
	struct query there = node_query(), absent = node_query(), unknown = node_query(), read;

	query_answer(&there, 12, "qemu \\xff (pid 1)");
	query_fail(&unknown, -EACCES);
	query_encode_answer(&there, 1, &message);
	ck_assert_int_eq(decode_answer(&read), 0);
	ck_assert(read.there && read.number == 12 && !read.error);
	ck_assert_str_eq(read.text, "qemu \\xff (pid 1)");
	text_clear(&message);
	query_encode_answer(&absent, 1, &message);
	ck_assert_int_eq(decode_answer(&read), 0);
	ck_assert(!read.there && !read.number && !read.error && !read.text);
	text_clear(&message);
	query_encode_answer(&unknown, 1, &message);
	ck_assert_int_eq(decode_answer(&read), 0);
	ck_assert(!read.there && read.error == -EACCES);
}
END_TEST

/* Each length of an answer but the whole one, and each byte that could be another. */
START_TEST(an_answer_that_is_not_whole_is_none)
{
	struct query query = node_query(), kept = node_query();

	query_answer(&query, 12, "q");
	query_encode_answer(&query, 1, &message);
	for (size_t length = 0; length < message.length; length++)
		ck_assert_int_eq(query_decode_answer(message.data, length, arena, &kept, 1),
				 -EBADMSG);
	text_append_n(&message, "", 1);
	ck_assert_int_eq(decode_answer(&kept), -EBADMSG);
	message.length--;
	ck_assert_int_eq(query_decode_answer(message.data, message.length, arena, &kept, 2),
			 -EBADMSG);
	ck_assert(!kept.there && !kept.text);
	ck_assert_int_eq(decode_answer(&kept), 0);
}
END_TEST

START_TEST(an_answer_that_contradicts_itself_is_none)
{
	/* Offsets of an answer to one query: error, there, number, length, text. */
	static const struct {
		size_t offset;
		char byte;
	} damages[] = { { 8, 13 },    { 12, 0 },      { 12, 2 },    { 20, 2 },	{ 21, 1 },
			{ 24, '\n' }, { 24, '\xff' }, { 24, '\0' }, { 0, 'x' }, { 4, 2 } };

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct query query = node_query();

		text_clear(&message);
		query_answer(&query, 12, "q");
		query_encode_answer(&query, 1, &message);
		message.data[damages[i].offset] = damages[i].byte;
		ck_assert_msg(decode_answer(&query) == -EBADMSG, "%zu", i);
	}
}
END_TEST

START_TEST(a_question_that_nobody_asks_is_none)
{
	/* Offsets of a question of one query: kind, zero, of. */
	static const struct {
		size_t offset;
		char byte;
	} damages[] = { { 0, 'x' }, { 4, 2 }, { 8, QUERY_KIND_COUNT }, { 12, 1 }, { 23, 1 } };

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct query query = { .kind = QUERY_MSIX_VECTORS }, *read;
		size_t count;

		text_clear(&message);
		query_encode_question(&query, 1, &message);
		message.data[damages[i].offset] = damages[i].byte;
		ck_assert_msg(query_decode_question(message.data, message.length, arena, &read,
						    &count) == -EBADMSG,
			      "%zu", i);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("query");
	TCase *tests = tcase_create("query");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_question_is_read_as_it_was_asked);
	tcase_add_test(tests, what_is_no_pci_address_is_not_asked_about);
	tcase_add_test(tests, as_many_as_fit_are_asked_and_answered_in_one_packet);
	tcase_add_test(tests, a_text_is_cut_between_characters);
	tcase_add_test(tests, what_is_there_not_there_and_cannot_be_told_are_told_apart);
	tcase_add_test(tests, an_answer_that_is_not_whole_is_none);
	tcase_add_test(tests, an_answer_that_contradicts_itself_is_none);
	tcase_add_test(tests, a_question_that_nobody_asks_is_none);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
