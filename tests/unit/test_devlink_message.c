/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The bytes that devlink and alternative names travel in. */

#include <errno.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "kernel/netlink/devlink_message.h"
#include "kernel/netlink/link.h"
#include "runner.h"
#include "util/text.h"

#define FAMILY 0x15

static struct nl_msg *message;

static void tear_down(void)
{
	nlmsg_free(TAKE(message));
}

/* Little-endian, as the machines are that this runs on. */
static void assert_payload(const char *expected)
{
	const unsigned char *bytes = nlmsg_data(nlmsg_hdr(message));
	size_t length = (size_t)nlmsg_datalen(nlmsg_hdr(message));
	CLEANUP_TEXT struct text text = { 0 };

	for (size_t i = 0; i < length; i++)
		text_printf(&text, "%02x%s", bytes[i], (i + 1) % 4 && i + 1 < length ? "" : " ");
	ck_assert_str_eq(text_string(&text), expected);
}

/* "pci" and "0000:3b:00.0". */
#define HANDLE	     "pci/0000:3b:00.0"
#define HANDLE_BYTES "08000100 70636900 11000200 30303030 3a33623a 30302e30 00000000 "

static const struct row {
	enum pf_setting setting;
	uint64_t value;
	const char *bytes;
} rows[] = {
	{ PF_ESWITCH_MODE, DEVLINK_ESWITCH_MODE_SWITCHDEV, "06001900 01000000 " },
	{ PF_ESWITCH_INLINE_MODE, DEVLINK_ESWITCH_INLINE_MODE_TRANSPORT, "05001a00 03000000 " },
	{ PF_ESWITCH_ENCAP_MODE, DEVLINK_ESWITCH_ENCAP_MODE_BASIC, "05003e00 01000000 " },
};

START_TEST(each_eswitch_setting_is_one_attribute)
{
	const struct row *row = &rows[_i];
	CLEANUP_TEXT struct text expected = { 0 };

	ck_assert_int_eq(
		devlink_message_set_eswitch(FAMILY, HANDLE, row->setting, row->value, &message), 0);
	ck_assert_uint_eq(nlmsg_hdr(message)->nlmsg_type, FAMILY);
	ck_assert_uint_eq(nlmsg_hdr(message)->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	text_printf(&expected, "1e010000 %s%s", HANDLE_BYTES, row->bytes);
	assert_payload(text_string(&expected));
}
END_TEST

START_TEST(what_is_no_setting_of_the_eswitch_is_refused)
{
	ck_assert_int_eq(devlink_message_set_eswitch(FAMILY, HANDLE, PF_MTU, 1500, &message),
			 -EINVAL);
}
END_TEST

START_TEST(the_eswitch_is_asked_for_by_handle)
{
	ck_assert_int_eq(devlink_message_get_eswitch(FAMILY, HANDLE, &message), 0);
	ck_assert_uint_eq(nlmsg_hdr(message)->nlmsg_flags, NLM_F_REQUEST);
	assert_payload("1d010000 " HANDLE_BYTES);
}
END_TEST

static struct nlmsghdr *rate_of(const char *device, uint16_t type, const char *name)
{
	const struct genlmsghdr header = { .cmd = DEVLINK_CMD_RATE_NEW };

	message = nlmsg_alloc();
	ck_assert_ptr_nonnull(nlmsg_put(message, 0, 0, FAMILY, 0, NLM_F_MULTI));
	ck_assert_int_eq(nlmsg_append(message, (void *)&header, sizeof(header), NLMSG_ALIGNTO), 0);
	ck_assert_int_eq(nla_put_string(message, DEVLINK_ATTR_BUS_NAME, "pci"), 0);
	ck_assert_int_eq(nla_put_string(message, DEVLINK_ATTR_DEV_NAME, device), 0);
	ck_assert_int_eq(nla_put_u16(message, DEVLINK_ATTR_RATE_TYPE, type), 0);
	ck_assert_int_eq(nla_put_string(message, DEVLINK_ATTR_RATE_NODE_NAME, name), 0);
	return nlmsg_hdr(message);
}

static const char *node_of(const char *device, uint16_t type)
{
	nlmsg_free(TAKE(message));
	return devlink_message_read_rate_node(rate_of(device, type, "gold"), HANDLE);
}

START_TEST(the_rate_nodes_of_a_device_are_those_by_its_handle)
{
	ck_assert_int_eq(devlink_message_get_rates(FAMILY, &message), 0);
	ck_assert_uint_eq(nlmsg_hdr(message)->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_payload("4a010000 ");
	ck_assert_str_eq(node_of("0000:3b:00.0", DEVLINK_RATE_TYPE_NODE), "gold");
	ck_assert_ptr_null(node_of("0000:3b:00.0", DEVLINK_RATE_TYPE_LEAF));
	ck_assert_ptr_null(node_of("0000:3b:00.1", DEVLINK_RATE_TYPE_NODE));
	ck_assert_ptr_null(node_of("0000:3b:00.00", DEVLINK_RATE_TYPE_NODE));
}
END_TEST

START_TEST(what_is_no_handle_is_refused)
{
	static const char *const handles[] = { "", "pci", "/0000:3b:00.0", "pci/" };

	for (size_t i = 0; i < ARRAY_SIZE(handles); i++)
		ck_assert_int_eq(devlink_message_get_eswitch(FAMILY, handles[i], &message),
				 -EINVAL);
}
END_TEST

static void begin_answer(void)
{
	struct genlmsghdr header = { .cmd = DEVLINK_CMD_ESWITCH_GET };

	message = nlmsg_alloc();
	(void)nlmsg_put(message, 0, 0, FAMILY, 0, 0);
	(void)nlmsg_append(message, &header, sizeof(header), NLMSG_ALIGNTO);
}

START_TEST(an_answer_gives_the_settings_that_it_has)
{
	struct pf_values values = { 0 };

	begin_answer();
	(void)nla_put_u16(message, DEVLINK_ATTR_ESWITCH_MODE, 1);
	(void)nla_put_u8(message, DEVLINK_ATTR_ESWITCH_ENCAP_MODE, 0);
	devlink_message_read_eswitch(nlmsg_hdr(message), &values);
	ck_assert_uint_eq(values.present,
			  SETTING_BIT(PF_ESWITCH_MODE) | SETTING_BIT(PF_ESWITCH_ENCAP_MODE));
	ck_assert_uint_eq(values.value[PF_ESWITCH_MODE].number, 1);
	ck_assert_uint_eq(values.value[PF_ESWITCH_ENCAP_MODE].number, 0);
}
END_TEST

START_TEST(an_answer_that_is_cut_off_gives_nothing)
{
	struct pf_values values = { 0 };

	begin_answer();
	(void)nla_put_u8(message, DEVLINK_ATTR_ESWITCH_MODE, 1); /* half of it */
	devlink_message_read_eswitch(nlmsg_hdr(message), &values);
	nlmsg_hdr(message)->nlmsg_len = NLMSG_HDRLEN;
	devlink_message_read_eswitch(nlmsg_hdr(message), &values);
	ck_assert_uint_eq(values.present, 0);
	ck_assert_uint_eq(devlink_message_read_family(nlmsg_hdr(message)), 0);
}
END_TEST

START_TEST(the_family_is_asked_for_by_name_and_has_a_number)
{
	ck_assert_int_eq(devlink_message_family(&message), 0);
	ck_assert_uint_eq(nlmsg_hdr(message)->nlmsg_type, GENL_ID_CTRL);
	assert_payload("03010000 0c000200 6465766c 696e6b00 ");
	tear_down();
	begin_answer();
	(void)nla_put_u16(message, CTRL_ATTR_FAMILY_ID, FAMILY);
	ck_assert_uint_eq(devlink_message_read_family(nlmsg_hdr(message)), FAMILY);
}
END_TEST

START_TEST(an_alternative_name_is_a_property)
{
	message = nlmsg_alloc_size(64);
	(void)nlmsg_put(message, 0, 0, RTM_NEWLINKPROP, 0, 0);
	ck_assert_int_eq(link_put_altname(message, "tenant0"), 0);
	assert_payload("10003480 0c003500 74656e61 6e743000 ");
}
END_TEST

START_TEST(an_alternative_name_that_does_not_fit_is_refused)
{
	message = nlmsg_alloc_size(NLMSG_HDRLEN + 12);
	(void)nlmsg_put(message, 0, 0, RTM_NEWLINKPROP, 0, 0);
	ck_assert_int_eq(link_put_altname(message, "tenant0"), -ENOMEM);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("devlink_message");
	TCase *tests = tcase_create("devlink_message");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_loop_test(tests, each_eswitch_setting_is_one_attribute, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, what_is_no_setting_of_the_eswitch_is_refused);
	tcase_add_test(tests, the_eswitch_is_asked_for_by_handle);
	tcase_add_test(tests, the_rate_nodes_of_a_device_are_those_by_its_handle);
	tcase_add_test(tests, what_is_no_handle_is_refused);
	tcase_add_test(tests, an_answer_gives_the_settings_that_it_has);
	tcase_add_test(tests, an_answer_that_is_cut_off_gives_nothing);
	tcase_add_test(tests, the_family_is_asked_for_by_name_and_has_a_number);
	tcase_add_test(tests, an_alternative_name_is_a_property);
	tcase_add_test(tests, an_alternative_name_that_does_not_fit_is_refused);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
