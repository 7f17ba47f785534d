/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"
#include "util/text.h"

static char written[256];

static void write_down(struct log *log, int level, const struct log_fields *fields,
		       const char *message)
{
	(void)log;
	(void)snprintf(written, sizeof(written), "<%d>%s %s", level, fields->pf ? fields->pf : "-",
		       message);
}

static struct log notebook = { write_down };

START_TEST(a_message_is_as_its_format_says)
{
	const struct log_fields fields = { .pf = "ens1f0" };

	log_message(&notebook, LOG_NOTICE, &fields, "%s: %d VFs", fields.pf, 3);
	ck_assert_str_eq(written, "<5>ens1f0 ens1f0: 3 VFs");
	log_message(&notebook, LOG_ERR, NULL, "none");
	ck_assert_str_eq(written, "<3>- none");
}
END_TEST

/* A driver's words, a name of an interface, a line of a file. */
START_TEST(what_devices_and_files_say_is_escaped)
{
	log_message(&notebook, LOG_ERR, NULL, "%s", "a\nb\033[31m\x7f\xff\xc2\x9b ä");
	ck_assert_str_eq(written, "<3>- a\\x0ab\\x1b[31m\\x7f\\xff\\xc2\\x9b ä");
}
END_TEST

/* Once, and whatever is made of the text that it is in. */
START_TEST(names_that_differ_are_quoted_so_that_they_differ)
{
	static const struct {
		const char *name, *quoted;
	} names[] = {
		{ "a\033[31m", "a\\x1b[31m" },	 { "a\\x1b[31m", "a\\x5cx1b[31m" },
		{ "a\\x5cx1b", "a\\x5cx5cx1b" }, { "a\\\033", "a\\\\x1b" },
		{ "a\\\\x1b", "a\\\\x5cx1b" },	 { "a\\x1", "a\\x1" },
		{ "enp\\*", "enp\\*" },		 { "a\\x1B", "a\\x1B" },
	};
	CLEANUP_TEXT struct text text = { 0 };

	text_append_quoted(&text, names[_i].name);
	ck_assert_str_eq(text_string(&text), names[_i].quoted);
	log_message(&notebook, LOG_ERR, NULL, "%s", text_string(&text));
	ck_assert_str_eq(written + strlen("<3>- "), names[_i].quoted);
}
END_TEST

/* U+202E turns what follows around, U+200B and U+FEFF have no width, U+2028 ends a line, U+E000 is
 * whatever a font makes of it; their neighbours, and letters of any script, are as they were. */
START_TEST(what_nobody_sees_is_escaped)
{
	log_message(&notebook, LOG_ERR, NULL, "%s",
		    "a\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf\xe2\x80\xa8\xee\x80\x80z");
	ck_assert_str_eq(written, "<3>- a\\xe2\\x80\\xae\\xe2\\x80\\x8b\\xef\\xbb\\xbf"
				  "\\xe2\\x80\\xa8\\xee\\x80\\x80z");
	log_message(&notebook, LOG_ERR, NULL, "%s", "\u2026 \u05d0 \U00020000 \u2027 \u2030");
	ck_assert_str_eq(written, "<3>- \u2026 \u05d0 \U00020000 \u2027 \u2030");
}
END_TEST

/* Standard error is a file here, and not the journal. */
START_TEST(one_line_of_standard_error_is_one_message)
{
	char line[256] = "", path[] = "/tmp/test-log-XXXXXX";
	int saved = dup(STDERR_FILENO), file = mkstemp(path);

	ck_assert_int_eq(unsetenv("JOURNAL_STREAM"), 0);
	ck_assert_int_eq(dup2(file, STDERR_FILENO), STDERR_FILENO);
	log_message(log_process(), LOG_ERR, NULL, "one\ntwo");
	log_message(log_process(), LOG_DEBUG, NULL, "not for people");
	(void)fflush(stderr);
	ck_assert_int_eq(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	ck_assert_int_gt(pread(file, line, sizeof(line) - 1, 0), 0);
	ck_assert_str_eq(line, "one\\x0atwo\n");
	(void)close(saved);
	(void)close(file);
	(void)unlink(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log");
	TCase *tests = tcase_create("log");

	tcase_add_test(tests, a_message_is_as_its_format_says);
	tcase_add_test(tests, what_nobody_sees_is_escaped);
	tcase_add_loop_test(tests, names_that_differ_are_quoted_so_that_they_differ, 0, 8);
	tcase_add_test(tests, what_devices_and_files_say_is_escaped);
	tcase_add_test(tests, one_line_of_standard_error_is_one_message);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
