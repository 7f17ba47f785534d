/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/mac.h"

#include <errno.h>

#include "runner.h"
#include "util/cleanup.h"

static const struct {
	const char *text;
	const char *canonical; /* NULL: it is no address */
} addresses[] = {
	{ "52:54:00:0a:0b:0c", "52:54:00:0a:0b:0c" },
	{ "52:54:00:0A:0B:0C", "52:54:00:0a:0b:0c" },
	{ "52-54-00-0a-0B-0c", "52:54:00:0a:0b:0c" },
	{ "00:00:00:00:00:00", "00:00:00:00:00:00" },
	{ "ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff" },
	{ "", NULL },
	{ "52", NULL },
	{ "5", NULL },
	{ "52:54:00:0a:0b", NULL },
	{ "52:54:00:0a:0b:", NULL },
	{ "52:54:00:0a:0b:0", NULL },
	{ "52:54:00:0a:0b:0c:", NULL },
	{ "52:54:00:0a:0b:0c:0d", NULL },
	{ "52:54:00:0a:0b:0c ", NULL },
	{ " 52:54:00:0a:0b:0c", NULL },
	{ "52:54-00:0a:0b:0c", NULL },
	{ "52.54.00.0a.0b.0c", NULL },
	{ "5254.000a.0b0c", NULL },
	{ "5254000a0b0c", NULL },
	{ "52:54:0:a:b:c", NULL },
	{ "52:54:00:0a:0b:0g", NULL },
	{ "52:54:00:0a:0b:g0", NULL },
};

START_TEST(an_address_is_read_in_any_case_and_written_in_one)
{
	char buffer[MAC_STRING_SIZE];
	struct mac mac;
	int r;

	r = mac_parse(addresses[_i].text, &mac);
	if (!addresses[_i].canonical) {
		ck_assert_int_eq(r, -EINVAL);
		return;
	}
	ck_assert_int_eq(r, 0);
	ck_assert_str_eq(mac_format(&mac, buffer), addresses[_i].canonical);
}
END_TEST

START_TEST(a_failed_read_leaves_the_answer_alone)
{
	struct mac mac = { { 1, 2, 3, 4, 5, 6 } };

	ck_assert_int_eq(mac_parse("52:54:00:0a:0b", &mac), -EINVAL);
	ck_assert(mac_equal(&mac, &(struct mac){ { 1, 2, 3, 4, 5, 6 } }));
}
END_TEST

START_TEST(multicast_is_the_lowest_bit_of_the_first_byte)
{
	ck_assert(mac_is_multicast(&(struct mac){ { 0x01, 0, 0x5e } }));
	ck_assert(mac_is_multicast(&(struct mac){ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } }));
	ck_assert(!mac_is_multicast(&(struct mac){ { 0x02, 1, 1, 1, 1, 1 } }));
}
END_TEST

START_TEST(zero_is_zero_in_every_byte)
{
	ck_assert(mac_is_zero(&(struct mac){ { 0 } }));
	ck_assert(!mac_is_zero(&(struct mac){ { 0, 0, 0, 0, 0, 1 } }));
	ck_assert(!mac_equal(&(struct mac){ { 1 } }, &(struct mac){ { 2 } }));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mac");
	TCase *tests = tcase_create("mac");

	tcase_add_loop_test(tests, an_address_is_read_in_any_case_and_written_in_one, 0,
			    ARRAY_SIZE(addresses));
	tcase_add_test(tests, a_failed_read_leaves_the_answer_alone);
	tcase_add_test(tests, multicast_is_the_lowest_bit_of_the_first_byte);
	tcase_add_test(tests, zero_is_zero_in_every_byte);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
