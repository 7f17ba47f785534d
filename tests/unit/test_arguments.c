/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What callers pass to methods, as messages that nobody sends. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/arguments.h"
#include "runner.h"
#include "util/cleanup.h"

static sd_bus *bus;
static sd_bus_message *message;
static sd_bus_error error;
static struct arguments arguments;
static int fds[2];

static void set_up(void)
{
	error = (sd_bus_error){ 0 };
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	ck_assert_int_ge(sd_bus_new(&bus), 0);
	ck_assert_int_ge(sd_bus_set_fd(bus, fds[0], fds[0]), 0);
	ck_assert_int_ge(sd_bus_start(bus), 0);
	ck_assert_int_ge(sd_bus_message_new_method_call(bus, &message, "org.sriovd", "/org/sriovd",
							"org.sriovd.Manager", "Apply"),
			 0);
}

static void tear_down(void)
{
	sd_bus_error_free(&error);
	message = sd_bus_message_unref(message);
	bus = sd_bus_close_unref(bus);
	(void)close(fds[1]);
}

static int read_all(void)
{
	ck_assert_int_ge(sd_bus_message_seal(message, 1, 0), 0);
	return arguments_read(message, &arguments, &error);
}

static void append(const char *types, const char *word)
{
	ck_assert_int_ge(sd_bus_message_append(message, types, word), 0);
}

static void append_words(unsigned count)
{
	ck_assert_int_ge(sd_bus_message_open_container(message, 'a', "s"), 0);
	for (unsigned i = 0; i < count; i++)
		append("s", "a");
	ck_assert_int_ge(sd_bus_message_close_container(message), 0);
}

START_TEST(words_are_the_messages_own)
{
	append_words(ARGUMENTS_MAX_WORDS);
	ck_assert_int_eq(read_all(), 0);
	ck_assert_uint_eq(arguments.count, ARGUMENTS_MAX_WORDS);
	ck_assert_str_eq(arguments.words[255], "a");
	ck_assert_ptr_null(arguments.words[256]);
}
END_TEST

START_TEST(more_words_than_can_be_meant_are_not_even_read)
{
	append_words(5000);
	ck_assert_int_eq(read_all(), -E2BIG);
	ck_assert_str_eq(error.name, SD_BUS_ERROR_LIMITS_EXCEEDED);
	ck_assert_uint_eq(arguments.count, ARGUMENTS_MAX_WORDS);
}
END_TEST

START_TEST(a_word_is_as_long_as_a_name_can_be)
{
	static char word[ARGUMENTS_MAX_LENGTH + 2];

	memset(word, 'x', sizeof(word) - 1);
	append("s", word + 1);
	append("s", word);
	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_str_eq(error.name, SD_BUS_ERROR_INVALID_ARGS);
}
END_TEST

START_TEST(a_shape_that_no_method_has_is_refused)
{
	ck_assert_int_ge(sd_bus_message_append(message, "ssv", "a", "b", "u", 1), 0);
	ck_assert_int_eq(read_all(), -EINVAL);
}
END_TEST

START_TEST(nothing_is_a_shape)
{
	ck_assert_int_eq(read_all(), 0);
	ck_assert_uint_eq(arguments.count, 0);
}
END_TEST

START_TEST(the_time_to_wait_is_an_option)
{
	ck_assert_int_ge(
		sd_bus_message_append(message, "asa{sv}", 1, "ens1", 1, "wait-usec", "t", 7ul), 0);
	ck_assert_int_eq(read_all(), 0);
	ck_assert_str_eq(arguments.words[0], "ens1");
	ck_assert_uint_eq(arguments.wait_us, 7);
}
END_TEST

START_TEST(what_disrupts_is_asked_for_by_an_option)
{
	ck_assert_int_ge(sd_bus_message_append(message, "asa{sv}", 0, 2, "disruptive", "b", 1,
					       "wait-usec", "t", UINT64_C(7)),
			 0);
	ck_assert_int_eq(read_all(), 0);
	ck_assert(arguments.disruptive);
	ck_assert_uint_eq(arguments.wait_us, 7);
}
END_TEST

START_TEST(an_option_of_another_type_is_named)
{
	ck_assert_int_ge(sd_bus_message_append(message, "asa{sv}", 0, 1, "wait-usec", "s", "7"), 0);
	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_str_eq(error.message, "option 'wait-usec' is of type 't'");
}
END_TEST

START_TEST(an_unknown_option_is_named)
{
	ck_assert_int_ge(sd_bus_message_append(message, "asa{sv}", 0, 1, "force", "b", 1), 0);
	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_str_eq(error.message, "unknown option 'force'");
}
END_TEST

START_TEST(options_are_few)
{
	append_words(0);
	ck_assert_int_ge(sd_bus_message_open_container(message, 'a', "{sv}"), 0);
	for (unsigned i = 0; i < 17; i++)
		ck_assert_int_ge(sd_bus_message_append(message, "{sv}", "wait-usec", "t", 7ul), 0);
	ck_assert_int_ge(sd_bus_message_close_container(message), 0);
	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_str_eq(error.message, "too many options");
}
END_TEST

START_TEST(a_time_is_read_behind_a_word)
{
	ck_assert_int_ge(sd_bus_message_append(message, "st", "ens1", UINT64_MAX), 0);
	ck_assert_int_eq(read_all(), 0);
	ck_assert_uint_eq(arguments.count, 1);
	ck_assert_str_eq(arguments.words[0], "ens1");
	ck_assert_uint_eq(arguments.time_us, UINT64_MAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("arguments");
	TCase *tests = tcase_create("arguments");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_time_is_read_behind_a_word);
	tcase_add_test(tests, words_are_the_messages_own);
	tcase_add_test(tests, more_words_than_can_be_meant_are_not_even_read);
	tcase_add_test(tests, a_word_is_as_long_as_a_name_can_be);
	tcase_add_test(tests, a_shape_that_no_method_has_is_refused);
	tcase_add_test(tests, nothing_is_a_shape);
	tcase_add_test(tests, the_time_to_wait_is_an_option);
	tcase_add_test(tests, what_disrupts_is_asked_for_by_an_option);
	tcase_add_test(tests, an_option_of_another_type_is_named);
	tcase_add_test(tests, an_unknown_option_is_named);
	tcase_add_test(tests, options_are_few);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
