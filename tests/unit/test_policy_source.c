/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The policy's files from one start to the next, with the event loop and the thread that keeps
 * them. */

#include "files/policy_source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"
#include "scratch.h"

#define GOOD	 "version: 1\nphysical-functions: [{name: a, match: {driver: igb}, vfs: 2}]\n"
#define ANOTHER	 "version: 1\nphysical-functions: [{name: b, match: {driver: ice}, vfs: 3}]\n"
#define BAD	 "version: 1\nphysical-functions: [{name: a, match: {driver: igb}, vsf: 2}]\n"
#define FOR_SOME "version: 1\nhost: {hostname: some}\n"

static char root[] = "/tmp/test-policy-source-XXXXXX";
static char directory[64], state[64], file[80];
static const char *directories[] = { directory };
static const struct host host = { .hostname = "this" };

static sd_event *event;
static struct workers *workers;
static struct policy_source *source;
static struct policy *policy;
static struct text logged; /* "<level>message", one a line */
static unsigned n_done;

static void write_down(struct log *log, int level, const struct log_fields *fields,
		       const char *message)
{
	(void)log;
	(void)fields;
	text_printf(&logged, "<%d>%s\n", level, message);
}

static struct log notebook = { write_down };

static void on_done(void *context)
{
	(void)context;
	n_done++;
}

static void start(bool keep)
{
	const struct policy_source_options options = {
		.directories = directories,
		.n_directories = 1,
		.trusted_only = geteuid() == 0,
	};

	text_clear(&logged);
	ck_assert_int_eq(policy_source_new(&options, &notebook, &source), 0);
	if (keep)
		ck_assert_int_eq(policy_source_keep(source, state, workers, on_done, NULL), 0);
}

static void forget_policy(void)
{
	policy_free(policy);
	policy = NULL;
}

static void stop(void)
{
	policy_source_free(source);
	source = NULL;
	forget_policy();
}

static void restart(void)
{
	stop();
	start(true);
}

static void set_up(void)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	(void)snprintf(directory, sizeof(directory), "%s/etc", root);
	(void)snprintf(state, sizeof(state), "%s/state", root);
	(void)snprintf(file, sizeof(file), "%s/a.yaml", directory);
	ck_assert_int_eq(mkdir(directory, 0755), 0);
	ck_assert_int_ge(sd_event_new(&event), 0);
	ck_assert_int_eq(workers_new(event, &workers), 0);
	n_done = 0;
	start(true);
}

static void tear_down(void)
{
	stop();
	workers_free(workers);
	sd_event_unref(event);
	text_clear(&logged);
	scratch_remove(root);
}

static void write_file(const char *text)
{
	FILE *stream = fopen(file, "we");

	ck_assert_ptr_nonnull(stream);
	ck_assert_int_ge(fputs(text, stream), 0);
	ck_assert_int_eq(fclose(stream), 0);
	ck_assert_int_eq(chmod(file, 0644), 0);
}

static int read_files(void)
{
	forget_policy();
	return policy_source_read(source, &host, &policy);
}

static int restore(void)
{
	forget_policy();
	return policy_source_restore(source, &host, &policy);
}

/* Until all that was read is kept, or is known not to be. */
static void wait_done(void)
{
	while (workers_busy(workers))
		ck_assert_int_ge(sd_event_run(event, 10 * 1000000), 0);
}

static void keep(const char *text)
{
	write_file(text);
	ck_assert_int_eq(read_files(), 0);
	wait_done();
}

static void assert_standing(enum policy_relation relation, const char *words)
{
	CLEANUP_TEXT struct text text = { 0 };

	ck_assert_int_eq(policy_source_standing(source)->relation, relation);
	policy_standing_describe(policy_source_standing(source), true, &text);
	ck_assert_msg(*words ? !!strstr(text_string(&text), words) : !text.length, "%s",
		      text_string(&text));
}

static void assert_logged(const char *words)
{
	ck_assert_msg(strstr(text_string(&logged), words), "%s", text_string(&logged));
}

START_TEST(good_files_are_in_force_and_kept)
{
	keep(GOOD);
	ck_assert_uint_eq(n_done, 1);
	ck_assert_str_eq(policy->rules[0].name, "a");
	assert_standing(POLICY_CURRENT, "");
	assert_logged("<7>kept in ");
}
END_TEST

START_TEST(a_start_with_bad_files_uses_the_last_good_policy)
{
	keep(GOOD);
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	ck_assert_uint_eq(policy->n_rules, 1);
	ck_assert_str_eq(policy->rules[0].name, "a");
	assert_standing(POLICY_LAST_GOOD, "the last good policy, of 20");
	assert_logged("a.yaml:2:54: error: unknown key 'vsf'; did you mean 'vfs'?\n");
	assert_logged("<3>the policy files have 1 error since 20");
	/* What is kept is the same still. */
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
}
END_TEST

START_TEST(corrected_files_take_over)
{
	keep(GOOD);
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	keep(ANOTHER);
	ck_assert_str_eq(policy->rules[0].name, "b");
	assert_standing(POLICY_CURRENT, "");
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	ck_assert_str_eq(policy->rules[0].name, "b");
}
END_TEST

START_TEST(bad_files_later_are_not_kept)
{
	keep(GOOD);
	write_file(BAD);
	ck_assert_int_eq(read_files(), -EINVAL);
	wait_done();
	assert_standing(POLICY_OUTDATED, "a.yaml:2:54; the policy read before them stays in force");
	ck_assert_uint_eq(policy_source_standing(source)->errors, 1);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	ck_assert_str_eq(policy->rules[0].name, "a");
}
END_TEST

/* However often they are read, and whatever else is wrong by then. */
START_TEST(files_are_refused_since_the_first_error_until_they_are_good)
{
	const struct policy_standing *standing = policy_source_standing(source);
	char digest[DIGEST_SIZE];
	time_t since;
	unsigned revision;

	keep(GOOD);
	ck_assert_int_ne(standing->since, 0);
	ck_assert_int_eq(standing->refused_since, 0);
	revision = standing->revision;
	memcpy(digest, standing->digest, sizeof(digest));
	write_file(BAD);
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_uint_ne(standing->revision, revision);
	ck_assert_str_eq(standing->digest, digest);
	since = standing->refused_since;
	ck_assert_int_ne(since, 0);
	((struct policy_standing *)standing)->refused_since = since -= 100;
	write_file("version: 1\nvsf: 1\nvfs: 1\n");
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(standing->refused_since, since);
	assert_standing(POLICY_OUTDATED, "the policy files have 2 errors since 20");
	keep(ANOTHER);
	ck_assert_str_ne(standing->digest, digest);
	revision = standing->revision;
	ck_assert_int_eq(read_files(), 0);
	wait_done();
	ck_assert_uint_eq(standing->revision, revision);
	ck_assert_int_eq(standing->refused_since, 0);
	ck_assert_ptr_null(standing->refused_at);
}
END_TEST

START_TEST(a_file_that_is_being_written_changes_nothing)
{
	FILE *stream;
	unsigned revision;

	keep(GOOD);
	revision = policy_source_standing(source)->revision;
	text_clear(&logged);
	stream = fopen(file, "we");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(read_files(), -EAGAIN);
	ck_assert_uint_eq(policy_source_standing(source)->revision, revision);
	assert_standing(POLICY_CURRENT, "");
	ck_assert_ptr_null(strstr(strchr(text_string(&logged), '\n') + 1, "written"));
	assert_logged("a.yaml is being written: it is read when it is closed");
	ck_assert_int_ge(fputs(ANOTHER, stream), 0);
	ck_assert_int_eq(fclose(stream), 0);
	ck_assert_int_eq(read_files(), 0);
	wait_done();
	ck_assert_str_eq(policy->rules[0].name, "b");
}
END_TEST

START_TEST(bad_files_after_bad_files_leave_the_last_good_policy_in_force)
{
	keep(GOOD);
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	ck_assert_int_eq(read_files(), -EINVAL);
	assert_standing(POLICY_LAST_GOOD, "the last good policy");
}
END_TEST

START_TEST(without_a_last_good_policy_nothing_is_enforced)
{
	if (_i) {
		stop();
		start(false);
	}
	write_file(BAD);
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), -ENOENT);
	ck_assert_ptr_null(policy);
	assert_standing(POLICY_NONE, "nothing is enforced");
	assert_logged("<3>the policy files have 1 error since 20");
}
END_TEST

START_TEST(files_for_other_hosts_are_kept_and_do_not_count)
{
	keep(FOR_SOME "physical-functions: [{name: a, match: {driver: igb}}]\n");
	ck_assert_uint_eq(policy->n_rules, 0);
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	ck_assert_uint_eq(policy->n_rules, 0);
}
END_TEST

START_TEST(a_failure_to_keep_is_logged_once_and_is_no_other_harm)
{
	FILE *obstacle = fopen(state, "we");

	ck_assert_int_eq(fclose(obstacle), 0);
	keep(GOOD);
	ck_assert_str_eq(policy->rules[0].name, "a");
	assert_standing(POLICY_CURRENT, "");
	assert_logged("<4>the policy is in force, but cannot be kept in ");
	text_clear(&logged);
	keep(ANOTHER);
	ck_assert_str_eq(text_string(&logged), "");
	ck_assert_int_eq(unlink(state), 0);
	keep(GOOD);
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
}
END_TEST

START_TEST(of_many_reloads_the_latest_is_kept)
{
	for (int i = 0; i < 20; i++) {
		write_file(i % 2 ? ANOTHER : GOOD);
		ck_assert_int_eq(read_files(), 0);
	}
	wait_done();
	ck_assert_uint_eq(n_done, 1);
	write_file(BAD);
	restart();
	ck_assert_int_eq(read_files(), -EINVAL);
	ck_assert_int_eq(restore(), 0);
	ck_assert_str_eq(policy->rules[0].name, "b");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy_source");
	TCase *tests = tcase_create("policy_source");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, good_files_are_in_force_and_kept);
	tcase_add_test(tests, a_start_with_bad_files_uses_the_last_good_policy);
	tcase_add_test(tests, corrected_files_take_over);
	tcase_add_test(tests, bad_files_later_are_not_kept);
	tcase_add_test(tests, files_are_refused_since_the_first_error_until_they_are_good);
	tcase_add_test(tests, a_file_that_is_being_written_changes_nothing);
	tcase_add_test(tests, bad_files_after_bad_files_leave_the_last_good_policy_in_force);
	tcase_add_loop_test(tests, without_a_last_good_policy_nothing_is_enforced, 0, 2);
	tcase_add_test(tests, files_for_other_hosts_are_kept_and_do_not_count);
	tcase_add_test(tests, a_failure_to_keep_is_logged_once_and_is_no_other_harm);
	tcase_add_test(tests, of_many_reloads_the_latest_is_kept);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
