/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The bytes that VF settings travel in. */

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>

#include "kernel/netlink/vf_list.h"
#include "runner.h"
#include "util/text.h"

static struct nl_msg *message;

static void set_up(void)
{
	message = nlmsg_alloc_size(NLMSG_HDRLEN + vf_list_size(KERNEL_VFS_PER_WRITE));
	ck_assert_ptr_nonnull(nlmsg_put(message, 0, 0, RTM_SETLINK, 0, 0));
}

static void tear_down(void)
{
	nlmsg_free(message);
}

static void assert_bytes(const char *expected)
{
	const unsigned char *bytes = nlmsg_data(nlmsg_hdr(message));
	size_t length = (size_t)nlmsg_datalen(nlmsg_hdr(message));
	CLEANUP_TEXT struct text text = { 0 };

	for (size_t i = 0; i < length; i++)
		text_printf(&text, "%02x%s", bytes[i], (i + 1) % 4 && i + 1 < length ? "" : " ");
	ck_assert_str_eq(text_string(&text), expected);
}

static struct vf_change change_of(uint32_t index, enum vf_setting setting, struct value value)
{
	struct vf_change change = { .index = index, .mask = SETTING_BIT(setting) };

	VALUES_SET(&change.values, setting, value);
	return change;
}

/* Little-endian, as the machines are that this runs on; the VLAN's protocol is big-endian on all.
 */
static const struct row {
	const char *name;
	enum vf_setting setting;
	struct value value;
	const char *item; /* the attribute within IFLA_VF_INFO, of VF 3 */
} rows[] = {
	{ "mac",
	  VF_MAC,
	  { .mac = { { 2, 1, 2, 3, 4, 5 } } },
	  "28000100 03000000 02010203 04050000 00000000 00000000 00000000 00000000 00000000 "
	  "00000000 " },
	{ "vlan",
	  VF_VLAN,
	  { .vlan = { 100, 3, 0x8100 } },
	  "18000c00 14000100 03000000 64000000 03000000 81000000 " },
	{ "802.1ad",
	  VF_VLAN,
	  { .vlan = { 100, 0, 0x88a8 } },
	  "18000c00 14000100 03000000 64000000 00000000 88a80000 " },
	{ "spoof check", VF_SPOOF_CHECK, { .number = 1 }, "0c000400 03000000 01000000 " },
	{ "link state", VF_LINK_STATE, { .number = 2 }, "0c000500 03000000 02000000 " },
	{ "query RSS", VF_QUERY_RSS, { .number = 1 }, "0c000700 03000000 01000000 " },
	{ "trust", VF_TRUST, { .number = 1 }, "0c000900 03000000 01000000 " },
	{ "node GUID",
	  VF_NODE_GUID,
	  { .number = 0x1122334455667788 },
	  "14000a00 03000000 00000000 88776655 44332211 " },
};

START_TEST(each_setting_has_its_attribute)
{
	const struct row *row = &rows[_i];
	struct vf_change change = change_of(3, row->setting, row->value);
	CLEANUP_TEXT struct text expected = { 0 };
	unsigned length;

	ck_assert_int_eq(vf_list_put(message, &change, 1), 0);
	length = (unsigned)nlmsg_datalen(nlmsg_hdr(message));
	text_printf(&expected, "%02x001680 %02x000180 %s", length, length - 4, row->item);
	assert_bytes(text_string(&expected));
}
END_TEST

START_TEST(both_rates_share_one_attribute)
{
	struct vf_change change = change_of(3, VF_MAX_TX_RATE, (struct value){ .number = 9 });

	change.mask |= SETTING_BIT(VF_MIN_TX_RATE);
	VALUES_SET(&change.values, VF_MIN_TX_RATE, (struct value){ .number = 4 });
	ck_assert_int_eq(vf_list_put(message, &change, 1), 0);
	assert_bytes("18001680 14000180 10000600 03000000 04000000 09000000 ");
}
END_TEST

START_TEST(one_rate_takes_the_other_along)
{
	struct vf_change change = change_of(3, VF_MAX_TX_RATE, (struct value){ .number = 9 });

	VALUES_SET(&change.values, VF_MIN_TX_RATE, (struct value){ .number = 4 });
	ck_assert_int_eq(vf_list_put(message, &change, 1), 0);
	assert_bytes("18001680 14000180 10000600 03000000 04000000 09000000 ");
}
END_TEST

START_TEST(a_vf_without_changes_is_left_out)
{
	struct vf_change changes[] = { { .index = 1 },
				       change_of(3, VF_TRUST, (struct value){ .number = 1 }) };

	ck_assert_int_eq(vf_list_put(message, changes, 2), 0);
	assert_bytes("14001680 10000180 0c000900 03000000 01000000 ");
}
END_TEST

START_TEST(a_port_guid_stands_apart_from_a_node_guid)
{
	struct vf_change change = change_of(3, VF_NODE_GUID, (struct value){ .number = 1 });

	change.mask |= SETTING_BIT(VF_PORT_GUID) | SETTING_BIT(VF_TRUST);
	VALUES_SET(&change.values, VF_PORT_GUID, (struct value){ .number = 2 });
	VALUES_SET(&change.values, VF_TRUST, (struct value){ .number = 1 });
	ck_assert_int_eq(vf_list_put(message, &change, 1), 0);
	assert_bytes("40001680 24000180 0c000900 03000000 01000000 "
		     "14000a00 03000000 00000000 01000000 00000000 "
		     "18000180 14000b00 03000000 00000000 02000000 00000000 ");
}
END_TEST

static struct vf_change everything(uint32_t index)
{
	struct vf_change change = { .index = index, .mask = vf_list_settings() };

	change.values.present = change.mask;
	return change;
}

START_TEST(a_full_message_has_the_size_that_was_promised_and_fits_its_length)
{
	struct vf_change changes[KERNEL_VFS_PER_WRITE];

	for (uint32_t i = 0; i < KERNEL_VFS_PER_WRITE; i++)
		changes[i] = everything(i);
	ck_assert_int_eq(vf_list_put(message, changes, KERNEL_VFS_PER_WRITE), 0);
	ck_assert_uint_le((size_t)nlmsg_datalen(nlmsg_hdr(message)),
			  vf_list_size(KERNEL_VFS_PER_WRITE));
	ck_assert_uint_le(vf_list_size(KERNEL_VFS_PER_WRITE), UINT16_MAX);
}
END_TEST

START_TEST(a_message_that_is_too_small_is_refused)
{
	struct vf_change change = everything(0);

	nlmsg_free(message);
	message = nlmsg_alloc_size(NLMSG_HDRLEN + 60);
	ck_assert_ptr_nonnull(nlmsg_put(message, 0, 0, RTM_SETLINK, 0, 0));
	ck_assert_int_eq(vf_list_put(message, &change, 1), -ENOMEM);
}
END_TEST

/* The one VF of a message that has these changes. */
static struct vf read_back(const struct vf_change *change, struct arena *arena)
{
	const struct nlattr *end;
	struct vf *vfs;
	uint32_t count;

	ck_assert_int_eq(vf_list_put(message, change, 1), 0);
	ck_assert_int_eq(vf_list_read(nlmsg_data(nlmsg_hdr(message)),
				      nlmsg_datalen(nlmsg_hdr(message)), 1, arena, &vfs, &count,
				      &end),
			 0);
	ck_assert_uint_eq(count, 1);
	return vfs[0];
}

/* As mlx5_core, liquidio and nfp report it. */
START_TEST(a_vlan_of_no_protocol_is_one_of_802_1q)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	const struct value want = { .vlan = { 100, 3, 0x8100 } };
	struct vf_change change = everything(0);
	struct vf vf;

	change.values.value[VF_VLAN].vlan = (struct vlan){ 100, 3, 0 };
	ck_assert_int_eq(arena_new(&arena), 0);
	vf = read_back(&change, arena);
	ck_assert(value_equal(&vf_settings[VF_VLAN], &vf.settings.value[VF_VLAN], &want));
}
END_TEST

START_TEST(what_is_written_reads_back)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct vf_change change = everything(5);
	struct vf vf;

	change.mask &= ~SETTING_BIT(VF_PORT_GUID); /* the kernel reports both GUIDs in one item */
	change.values.value[VF_MAC].mac.bytes[0] = 2;
	change.values.value[VF_VLAN].vlan = (struct vlan){ 7, 1, 0x88a8 };
	change.values.value[VF_MAX_TX_RATE].number = 50;
	change.values.value[VF_TRUST].number = 1;
	ck_assert_int_eq(arena_new(&arena), 0);
	vf = read_back(&change, arena);
	ck_assert_uint_eq(vf.index, 5);
	ck_assert_uint_eq(vf.settings.present, change.mask);
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (change.mask & SETTING_BIT(i))
			ck_assert(value_equal(&vf_settings[i], &vf.settings.value[i],
					      &change.values.value[i]));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vf_list");
	TCase *tests = tcase_create("vf_list");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, each_setting_has_its_attribute, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, both_rates_share_one_attribute);
	tcase_add_test(tests, one_rate_takes_the_other_along);
	tcase_add_test(tests, a_port_guid_stands_apart_from_a_node_guid);
	tcase_add_test(tests, a_vf_without_changes_is_left_out);
	tcase_add_test(tests, a_full_message_has_the_size_that_was_promised_and_fits_its_length);
	tcase_add_test(tests, a_message_that_is_too_small_is_refused);
	tcase_add_test(tests, a_vlan_of_no_protocol_is_one_of_802_1q);
	tcase_add_test(tests, what_is_written_reads_back);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
