/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Memory may run out at any allocation of a reader: the answer is then -ENOMEM, nothing leaks and
 * nothing is half done. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "document/document_file.h"
#include "document/dropin.h"
#include "document/ini.h"
#include "fixture.h"
#include "memory.h"
#include "policy/resolve/resolve.h"
#include "runner.h"

static const char *data_directory(void)
{
	const char *data = getenv("SRIOVD_TEST_DATA");

	return data ? data : "tests/data";
}

static glob_t files;

static int read_policy(const struct document *document)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text text = { 0 };
	struct policy *policy = NULL;
	int r;

	r = policy_read(document, 1, &fixture_host, &diagnostics, &policy);
	diagnostics_format(&diagnostics, &text);
	policy_free(policy);
	return r;
}

START_TEST(reading_a_policy_survives)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct document document;
	int expected, r;

	memory_lasts();
	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(
		document_file_read(files.gl_pathv[_i], 1 << 20, arena, &diagnostics, &document), 0);
	/* What grows with the file is the same again and again. */
	if (document.length > 5000)
		return;
	expected = read_policy(&document);
	for (size_t n = 0;; n++) {
		memory_lasts_for(n);
		r = read_policy(&document);
		memory_lasts();
		ck_assert_msg(r == expected || (memory_ran_out() && r == -ENOMEM),
			      "allocation %zu: %d", n, r);
		if (!memory_ran_out())
			break;
	}
}
END_TEST

START_TEST(resolving_a_policy_survives)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	int r = 0;

	policy = fixture_policy("physical-functions:\n"
				"  - name: a/b\n    match: {driver: ice}\n    vfs: 6\n"
				"    vf-defaults: {mac: stable, altname: \"{rule}-{index}\"}\n"
				"    virtual-functions:\n"
				"      - {index: 1, min-tx-rate: 200, mac: 52:54:00:00:00:01}\n"
				"  - name: b\n    match: {driver: ice}\n"
				"    virtual-functions:\n"
				"      - {index: \"1,9\", max-tx-rate: 100}\n"
				"      - {index: 2, mac: 52:54:00:00:00:01, altname: vf2}\n");
	pf = fixture_pf("- handle: pci/0000:3b:00.0\n  driver: ice\n"
			"  mac: 52:54:00:aa:00:01\n  totalvfs: 8\n");
	for (size_t n = 0;; n++) {
		CLEANUP(desired_free_cleanup) struct desired *desired = NULL;

		memory_lasts_for(n);
		r = policy_resolve(policy, &fixture_host, pf, &desired);
		memory_lasts();
		ck_assert_msg(r == (memory_ran_out() ? -ENOMEM : 0), "allocation %zu: %d", n, r);
		if (!memory_ran_out())
			break;
	}
}
END_TEST

START_TEST(reading_a_directory_survives)
{
	CLEANUP_TEXT struct text good = { 0 };
	const char *directories[2];
	const struct dropin_options options = { .suffix = ".yaml", .size_max = 1 << 20 };

	text_printf(&good, "%s/good", data_directory());
	directories[0] = text_string(&good);
	directories[1] = "/nonexistent";
	for (size_t n = 0;; n++) {
		CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
		CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
		struct document *documents;
		size_t count;
		int r;

		ck_assert_int_eq(arena_new(&arena), 0);
		memory_lasts_for(n);
		r = dropin_read(directories, ARRAY_SIZE(directories), &options, arena, &diagnostics,
				&documents, &count);
		memory_lasts();
		ck_assert_msg(r == (memory_ran_out() ? -ENOMEM : 0), "allocation %zu: %d", n, r);
		if (!memory_ran_out())
			break;
	}
}
END_TEST

/* Joining them took the square of their number. */
START_TEST(lines_that_go_on_take_no_more_memory_than_the_file)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text text = { 0 };
	struct document document = { .name = "a.link" };
	struct ini_line *lines;
	size_t count;
	int r;

	text_append(&text, "[A]\nb=");
	for (int i = 0; i < 20000; i++)
		text_append(&text, "x\\\n");
	document.text = text_string(&text);
	document.length = text.length;
	ck_assert_int_eq(arena_new(&arena), 0);
	memory_lasts_for(4);
	r = ini_read(&document, INI_SYSTEMD, arena, &lines, &count, NULL);
	memory_lasts();
	ck_assert_int_eq(r, 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_uint_eq(strlen(lines[1].value), 2 * 20000 - 1);
}
END_TEST

static void find_files(const char *kind, int flags)
{
	char pattern[4096];

	(void)snprintf(pattern, sizeof(pattern), "%s/%s/*.yaml", data_directory(), kind);
	if (glob(pattern, flags, NULL, &files) != 0)
		exit(EXIT_FAILURE);
}

int main(void)
{
	Suite *suite = suite_create("memory");
	TCase *tests = tcase_create("memory");
	int status;

	find_files("good", 0);
	find_files("bad", GLOB_APPEND);
	tcase_set_timeout(tests, 300);
	tcase_add_loop_test(tests, reading_a_policy_survives, 0, (int)files.gl_pathc);
	tcase_add_test(tests, resolving_a_policy_survives);
	tcase_add_test(tests, lines_that_go_on_take_no_more_memory_than_the_file);
	tcase_add_test(tests, reading_a_directory_survives);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	globfree(&files);
	return status;
}
