/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/diagnostic.h"

#include <errno.h>
#include <string.h>

#include "document/excerpt.h"
#include "runner.h"

static struct diagnostics list;
static struct text out;

static void tear_down(void)
{
	diagnostics_clear(&list);
	text_clear(&out);
}

static struct document document_of(const char *text)
{
	return (struct document){ "a.yaml", text, strlen(text) };
}

/* An error at that place of the text is formatted so. */
static void assert_formatted(const char *text, unsigned line, unsigned column, const char *expected)
{
	const struct document document = document_of(text);
	const struct origin origin = { &document, line, column };

	tear_down();
	diagnostics_report(&list, SEVERITY_ERROR, &origin, NULL, "wrong");
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out), expected);
}

START_TEST(an_error_is_formatted_with_its_line_a_caret_and_a_hint)
{
	const struct document document = document_of("version: 1\nvlna: 2\n");
	const struct origin origin = { &document, 2, 1 };

	diagnostics_report(&list, SEVERITY_ERROR, &origin, "did you mean 'vlan'?",
			   "unknown key '%s'", "vlna");
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out), "a.yaml:2:1: error: unknown key 'vlna'\n"
					    "    2 | vlna: 2\n"
					    "      | ^\n"
					    "  hint: did you mean 'vlan'?\n");
}
END_TEST

START_TEST(a_warning_is_called_one_and_counts_as_no_error)
{
	const struct document document = document_of("driver: vfio-pci");
	const struct origin origin = { &document, 1, 1 };

	diagnostics_report(&list, SEVERITY_WARNING, &origin, NULL, "not applied");
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out), "a.yaml:1:1: warning: not applied\n"
					    "    1 | driver: vfio-pci\n"
					    "      | ^\n");
	ck_assert_uint_eq(list.errors, 0);
}
END_TEST

/* As after a way through JSON: the line is known, its document is not. */
START_TEST(what_was_found_elsewhere_is_added_alike)
{
	const struct document document = document_of("a: \u00e4\tb\n"), other = { "a.yaml", "", 0 };
	const struct origin origin = { &document, 1, 6 };
	struct diagnostic item;

	diagnostics_report(&list, SEVERITY_WARNING, &origin, NULL, "odd");
	item = list.items[0];
	ck_assert_uint_eq(excerpt_bytes(item.excerpt, 5), item.caret);
	item.origin.document = &other;
	diagnostics_add(&list, &item);
	ck_assert_uint_eq(list.count, 1); /* it is known */
	item.message = "odder";
	diagnostics_add(&list, &item);
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out), "a.yaml:1:6: warning: odd\n"
					    "    1 | a: \u00e4 b\n"
					    "      |      ^\n"
					    "a.yaml:1:6: warning: odder\n"
					    "    1 | a: \u00e4 b\n"
					    "      |      ^\n");
}
END_TEST

/* Whoever has made it may keep longer lines than we do. */
START_TEST(of_a_line_that_was_found_elsewhere_no_more_is_kept_than_of_a_message)
{
	static char line[4 * DIAGNOSTIC_MESSAGE_MAX];
	const struct document document = { "a.yaml", NULL, 0 };
	const struct diagnostic item = { .origin = { &document, 1, 1 },
					 .message = "odd",
					 .excerpt = line,
					 .caret = sizeof(line) - 1 };

	memset(line, 'x', sizeof(line) - 1);
	diagnostics_add(&list, &item);
	ck_assert_uint_eq(strlen(list.items[0].excerpt), DIAGNOSTIC_MESSAGE_MAX);
	ck_assert_uint_eq(list.items[0].caret, DIAGNOSTIC_MESSAGE_MAX);
	diagnostics_format(&list, &out);
}
END_TEST

START_TEST(an_error_returns_einval)
{
	ck_assert_int_eq(diagnostics_error(&list, NULL, NULL, "wrong"), -EINVAL);
	ck_assert_uint_eq(list.errors, 1);
}
END_TEST

START_TEST(an_error_may_be_of_a_whole_document_or_of_no_place)
{
	const struct document document = document_of("x");
	const struct origin origin = { .document = &document };

	diagnostics_report(&list, SEVERITY_ERROR, &origin, NULL, "is too large");
	diagnostics_report(&list, SEVERITY_ERROR, NULL, NULL, "nothing to read");
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out),
			 "a.yaml: error: is too large\nerror: nothing to read\n");
}
END_TEST

START_TEST(the_caret_counts_characters)
{
	assert_formatted("k: zürich, x", 1, 12,
			 "a.yaml:1:12: error: wrong\n"
			 "    1 | k: zürich, x\n"
			 "      |            ^\n");
}
END_TEST

START_TEST(the_caret_may_stand_behind_the_line)
{
	assert_formatted("key:\nb", 1, 5,
			 "a.yaml:1:5: error: wrong\n"
			 "    1 | key:\n"
			 "      |     ^\n");
}
END_TEST

START_TEST(what_cannot_be_printed_is_escaped_and_the_caret_moves_along)
{
	assert_formatted("\x1b[31m\xff: x", 1, 8,
			 "a.yaml:1:8: error: wrong\n"
			 "    1 | \\x1b[31m\\xff: x\n"
			 "      |              ^\n");
}
END_TEST

START_TEST(a_tab_is_one_column)
{
	assert_formatted("\tx", 1, 2,
			 "a.yaml:1:2: error: wrong\n"
			 "    1 |  x\n"
			 "      |  ^\n");
}
END_TEST

START_TEST(lines_end_where_yaml_says)
{
	assert_formatted("a\rb\r\nc\xc2\x85"
			 "d\xe2\x80\xa8"
			 "e\xe2\x80\xa9"
			 "f\ng",
			 6, 1,
			 "a.yaml:6:1: error: wrong\n"
			 "    6 | f\n"
			 "      | ^\n");
}
END_TEST

START_TEST(a_line_that_is_not_there_is_not_shown)
{
	assert_formatted("a\nb", 3, 1, "a.yaml:3:1: error: wrong\n");
	assert_formatted("", 1, 1,
			 "a.yaml:1:1: error: wrong\n"
			 "    1 | \n"
			 "      | ^\n");
}
END_TEST

static void repeat(struct text *text, const char *string, size_t times)
{
	for (size_t i = 0; i < times; i++)
		text_append(text, string);
}

START_TEST(of_a_long_line_the_part_about_the_place_is_shown)
{
	CLEANUP_TEXT struct text line = { 0 }, expected = { 0 };

	repeat(&line, "ä", 1000);
	text_append(&expected, "a.yaml:1:501: error: wrong\n    1 | ...");
	repeat(&expected, "ä", 60);
	text_append(&expected, "...\n      | ");
	repeat(&expected, " ", 33);
	text_append(&expected, "^\n");
	assert_formatted(text_string(&line), 1, 501, text_string(&expected));
}
END_TEST

START_TEST(a_message_is_bounded)
{
	CLEANUP_TEXT struct text word = { 0 };

	repeat(&word, "x", 5000);
	diagnostics_report(&list, SEVERITY_ERROR, NULL, text_string(&word), "%s",
			   text_string(&word));
	ck_assert_uint_eq(strlen(list.items[0].message), DIAGNOSTIC_MESSAGE_MAX);
	ck_assert_uint_eq(strlen(list.items[0].hint), DIAGNOSTIC_MESSAGE_MAX);
}
END_TEST

START_TEST(the_document_may_go_away)
{
	char *text = strdup("key: x\n"), *name = strdup("gone.yaml");
	struct document *document = malloc(sizeof(*document));

	*document = (struct document){ name, text, strlen(text) };
	diagnostics_report(&list, SEVERITY_ERROR, &(struct origin){ document, 1, 1 }, NULL,
			   "wrong");
	free(document);
	free(text);
	free(name);
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out), "gone.yaml:1:1: error: wrong\n"
					    "    1 | key: x\n"
					    "      | ^\n");
}
END_TEST

START_TEST(what_is_said_twice_of_one_place_is_reported_once)
{
	const struct document document = document_of("x"), other = { "b.yaml", "x", 1 };
	const struct origin here = { &document, 1, 1 }, there = { &other, 1, 1 };

	diagnostics_report(&list, SEVERITY_ERROR, &here, NULL, "wrong");
	diagnostics_report(&list, SEVERITY_ERROR, &here, NULL, "wrong");
	diagnostics_report(&list, SEVERITY_ERROR, &here, NULL, "bad");
	diagnostics_report(&list, SEVERITY_ERROR, &there, NULL, "wrong");
	ck_assert_uint_eq(list.count, 3);
}
END_TEST

START_TEST(more_than_the_maximum_is_only_counted)
{
	for (int i = 0; i < DIAGNOSTICS_MAX + 7; i++)
		diagnostics_report(&list, SEVERITY_ERROR, NULL, NULL, "error %d", i);
	ck_assert_uint_eq(list.count, DIAGNOSTICS_MAX);
	ck_assert_uint_eq(list.errors, DIAGNOSTICS_MAX + 7);
	ck_assert_uint_eq(list.dropped, 7);
	diagnostics_format(&list, &out);
	ck_assert_ptr_nonnull(strstr(text_string(&out), "error 99\n7 more not shown\n"));
}
END_TEST

START_TEST(warnings_make_room_for_errors)
{
	for (int i = 0; i < DIAGNOSTICS_MAX; i++)
		diagnostics_report(&list, SEVERITY_WARNING, NULL, NULL, "warning %d", i);
	diagnostics_report(&list, SEVERITY_ERROR, NULL, NULL, "wrong");
	ck_assert_uint_eq(list.count, DIAGNOSTICS_MAX);
	ck_assert_str_eq(list.items[DIAGNOSTICS_MAX - 1].message, "wrong");
	ck_assert_str_eq(list.items[DIAGNOSTICS_MAX - 2].message, "warning 98");
	ck_assert_uint_eq(list.dropped, 1);
}
END_TEST

START_TEST(sorting_goes_by_document_line_and_column)
{
	const struct document a = { .name = "z.yaml" }, b = { .name = "a.yaml" };
	const struct origin places[] = {
		{ &a, 2, 1 }, { &a, 1, 9 }, { &b, 1, 1 }, { &a, 1, 2 }, { &a, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		diagnostics_report(&list, SEVERITY_ERROR, &places[i], NULL, "wrong");
	diagnostics_report(&list, SEVERITY_ERROR, NULL, NULL, "wrong");
	diagnostics_sort(&list);
	diagnostics_format(&list, &out);
	ck_assert_str_eq(text_string(&out), "error: wrong\n"
					    "z.yaml: error: wrong\n"
					    "z.yaml:1:2: error: wrong\n"
					    "z.yaml:1:9: error: wrong\n"
					    "z.yaml:2:1: error: wrong\n"
					    "a.yaml:1:1: error: wrong\n");
}
END_TEST

static const struct {
	const char *word;
	const char *suggestion;
} words[] = {
	{ "turst", "trust" },
	{ "trus", "trust" },
	{ "trustt", "trust" },
	{ "Trust", "trust" },
	{ "spoofchk", "spoof-check" },
	{ "spoof_check", "spoof-check" },
	{ "vlna", "vlan" },
	{ "vfx", "vfs" },
	{ "max-tx-rates", "max-tx-rate" },
	{ "min-tx-rte", "min-tx-rate" },
	{ "colour", NULL },
	{ "x", NULL },
	{ "", NULL },
	{ "trusttrusttrusttrusttrusttrusttrusttrusttrusttrusttrusttrusttrusttrust", NULL },
};

START_TEST(a_misspelt_word_is_recognised)
{
	static const char *const known[] = { "trust",	    "spoof-check", "vlan",
					     "max-tx-rate", "min-tx-rate", "vfs" };
	const char *suggestion = diagnostic_suggest(words[_i].word, known, ARRAY_SIZE(known));

	if (words[_i].suggestion)
		ck_assert_pstr_eq(suggestion, words[_i].suggestion);
	else
		ck_assert_ptr_null(suggestion);
}
END_TEST

START_TEST(quoting_shortens_at_a_character)
{
	CLEANUP_TEXT struct text word = { 0 };
	char buffer[DIAGNOSTIC_QUOTE_SIZE];

	ck_assert_str_eq(diagnostic_quote("", buffer), "''");
	ck_assert_str_eq(diagnostic_quote("word", buffer), "'word'");
	repeat(&word, "x", 66);
	diagnostic_quote(text_string(&word), buffer);
	ck_assert_uint_eq(strlen(buffer), 68);
	text_append(&word, "y");
	ck_assert_ptr_nonnull(strstr(diagnostic_quote(text_string(&word), buffer), "xx...'"));
	text_clear(&word);
	text_append(&word, "x");
	repeat(&word, "ä", 66);
	ck_assert_ptr_nonnull(strstr(diagnostic_quote(text_string(&word), buffer), "ä...'"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("diagnostic");
	TCase *tests = tcase_create("diagnostic");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, an_error_is_formatted_with_its_line_a_caret_and_a_hint);
	tcase_add_test(tests, a_warning_is_called_one_and_counts_as_no_error);
	tcase_add_test(tests, what_was_found_elsewhere_is_added_alike);
	tcase_add_test(tests, of_a_line_that_was_found_elsewhere_no_more_is_kept_than_of_a_message);
	tcase_add_test(tests, an_error_returns_einval);
	tcase_add_test(tests, an_error_may_be_of_a_whole_document_or_of_no_place);
	tcase_add_test(tests, the_caret_counts_characters);
	tcase_add_test(tests, the_caret_may_stand_behind_the_line);
	tcase_add_test(tests, what_cannot_be_printed_is_escaped_and_the_caret_moves_along);
	tcase_add_test(tests, a_tab_is_one_column);
	tcase_add_test(tests, lines_end_where_yaml_says);
	tcase_add_test(tests, a_line_that_is_not_there_is_not_shown);
	tcase_add_test(tests, of_a_long_line_the_part_about_the_place_is_shown);
	tcase_add_test(tests, a_message_is_bounded);
	tcase_add_test(tests, the_document_may_go_away);
	tcase_add_test(tests, what_is_said_twice_of_one_place_is_reported_once);
	tcase_add_test(tests, more_than_the_maximum_is_only_counted);
	tcase_add_test(tests, warnings_make_room_for_errors);
	tcase_add_test(tests, sorting_goes_by_document_line_and_column);
	tcase_add_loop_test(tests, a_misspelt_word_is_recognised, 0, ARRAY_SIZE(words));
	tcase_add_test(tests, quoting_shortens_at_a_character);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
