/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Policies in tests/data: those in good/ are read, those in bad/ refused, and NAME.expect beside
 * NAME.yaml is all that is said of it; without such a file nothing must be said. The environment
 * variable SRIOVD_TEST_DATA names the directory. With SRIOVD_TEST_UPDATE set, the files are
 * written instead: read the difference before you keep it. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "document/document_file.h"
#include "policy/policy.h"
#include "runner.h"

static glob_t files;

static struct diagnostics diagnostics;
static struct arena *arena;
static struct text reported;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	arena_free(arena);
	diagnostics_clear(&diagnostics);
	text_clear(&reported);
}

static const char *expectation_path(const char *path)
{
	return arena_printf(arena, "%.*s.expect", (int)(strrchr(path, '.') - path), path);
}

static const char *read_expectation(const char *path)
{
	struct document document;

	if (access(path, F_OK) < 0)
		return "";
	ck_assert_int_eq(document_file_read(path, 1 << 20, arena, &diagnostics, &document), 0);
	return document.text;
}

static void write_expectation(const char *path, const char *text)
{
	FILE *file;

	(void)unlink(path);
	if (!*text)
		return;
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_file_is_reported_as_expected)
{
	const char *path = files.gl_pathv[_i], *expectation;
	struct policy *policy = NULL;
	struct document document;
	int r;

	ck_assert_int_eq(document_file_read(path, 1 << 20, arena, &diagnostics, &document), 0);
	document.name = strrchr(path, '/') + 1;
	r = policy_read(&document, 1, NULL, &diagnostics, &policy);
	policy_free(policy);
	diagnostics_format(&diagnostics, &reported);
	expectation = expectation_path(path);
	if (getenv("SRIOVD_TEST_UPDATE"))
		write_expectation(expectation, text_string(&reported));
	ck_assert_str_eq(text_string(&reported), read_expectation(expectation));
	ck_assert_msg(r == (strstr(path, "/bad/") ? -EINVAL : 0), "%s: %d", path, r);
}
END_TEST

/* A document that is cut off anywhere is read or refused; nothing worse happens. */
START_TEST(a_file_may_end_anywhere)
{
	struct document document;

	ck_assert_int_eq(
		document_file_read(files.gl_pathv[_i], 1 << 20, arena, &diagnostics, &document), 0);
	for (size_t length = document.length; length-- > 0;) {
		char *copy = strndup(document.text, length);
		const struct document part = { "part", copy, strlen(copy) };
		struct policy *policy = NULL;
		int r;

		r = policy_read(&part, 1, NULL, &diagnostics, &policy);
		ck_assert(r == 0 || (r == -EINVAL && diagnostics.errors));
		policy_free(policy);
		free(copy);
		diagnostics_clear(&diagnostics);
		if (length > 2000)
			length -= 100;
	}
}
END_TEST

static void find_files(const char *kind, int flags)
{
	const char *data = getenv("SRIOVD_TEST_DATA");
	char pattern[4096];

	(void)snprintf(pattern, sizeof(pattern), "%s/%s/*.yaml", data ? data : "tests/data", kind);
	if (glob(pattern, flags, NULL, &files) != 0) {
		(void)fprintf(stderr, "no files: %s\n", pattern);
		exit(EXIT_FAILURE);
	}
}

int main(void)
{
	Suite *suite = suite_create("policy files");
	TCase *tests = tcase_create("policy files");
	int status;

	find_files("good", 0);
	find_files("bad", GLOB_APPEND);
	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_file_is_reported_as_expected, 0, (int)files.gl_pathc);
	tcase_add_loop_test(tests, a_file_may_end_anywhere, 0, (int)files.gl_pathc);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	globfree(&files);
	return status;
}
