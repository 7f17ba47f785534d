/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Entries for the journal, and a journal that does not take them. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "journal.h"
#include "runner.h"
#include "util/cleanup.h"

static char directory[] = "/tmp/test_journal.XXXXXX";
static struct sockaddr_un address;
static int journal;

static void set_up(void)
{
	(void)strcpy(strrchr(directory, '.'), ".XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	address.sun_family = AF_UNIX;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", directory);
	journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(journal, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void tear_down(void)
{
	(void)close(journal);
	(void)unlink(address.sun_path);
	(void)rmdir(directory);
}

START_TEST(an_entry_has_its_fields_with_their_lengths)
{
	static const char expected[] = "MESSAGE\n\x0b\0\0\0\0\0\0\0two\n lines!\n"
				       "PF\n\x04\0\0\0\0\0\0\0ens1\n";
	const struct journal_field fields[] = { { "MESSAGE", "two\n lines!" },
						{ "VF", NULL },
						{ "PF", "ens1" } };
	char entry[256];

	ck_assert_int_eq(journal_send(address.sun_path, fields, ARRAY_SIZE(fields)), 0);
	ck_assert_int_eq(recv(journal, entry, sizeof(entry), 0), sizeof(expected) - 1);
	ck_assert_mem_eq(entry, expected, sizeof(expected) - 1);
}
END_TEST

START_TEST(a_journal_that_takes_nothing_is_not_waited_for)
{
	const struct journal_field field = { "MESSAGE", "stuck" };
	int r = 0;

	for (int i = 0; i < 100000 && r == 0; i++)
		r = journal_send(address.sun_path, &field, 1);
	ck_assert_int_eq(r, -EAGAIN);
}
END_TEST

START_TEST(without_a_journal_nothing_is_sent)
{
	const struct journal_field field = { "MESSAGE", "x" };
	char path[200];

	ck_assert_int_eq(journal_send("/nonexistent/socket", &field, 1), -ENOENT);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(journal_send(path, &field, 1), -EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("journal");
	TCase *tests = tcase_create("journal");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, an_entry_has_its_fields_with_their_lengths);
	tcase_add_test(tests, a_journal_that_takes_nothing_is_not_waited_for);
	tcase_add_test(tests, without_a_journal_nothing_is_sent);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
