/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The reader of link messages, on whole, wrapped and damaged ones. */

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/netlink/link.h"
#include "message.h"
#include "runner.h"

static struct arena *arena;
static struct message message;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
	message_begin(&message);
}

static void tear_down(void)
{
	message_free(&message);
	arena_free(arena);
}

static const uint8_t permanent[6] = { 0x52, 0x54, 0, 1, 2, 3 };

/* A link with n VFs, VF skip left out, and its permanent address behind the list. */
static struct link read_link_with(uint32_t n, uint32_t skip)
{
	struct link link;
	size_t list;

	message_put(&message, IFLA_IFNAME, "ens1", 5);
	message_put_u32(&message, IFLA_MTU, 1500);
	message_put_u32(&message, IFLA_NUM_VF, n);
	list = message_nest(&message, IFLA_VFINFO_LIST);
	for (uint32_t i = 0; i < n; i++)
		if (i != skip)
			message_put_vf(&message, &(struct message_vf){ i, (uint8_t)i, (uint16_t)i,
								       i % 2 ? 1 : UINT32_MAX });
	message_end(&message, list);
	message_put(&message, IFLA_PERM_ADDRESS, permanent, sizeof(permanent));
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	return link;
}

static uint64_t mtu_of(const struct link *link)
{
	struct pf_values values = { 0 };

	link_get_pf_settings(link, &values);
	ck_assert(values.present & SETTING_BIT(PF_MTU));
	return values.value[PF_MTU].number;
}

START_TEST(a_plain_link_is_read_whole)
{
	struct link link = read_link_with(2, UINT32_MAX);
	const struct vf_values *values = &link.vfs[1].settings;

	ck_assert_uint_eq(link.ifindex, 7);
	ck_assert_str_eq(link.ifname, "ens1");
	ck_assert(link.up && link.carrier);
	ck_assert_uint_eq(mtu_of(&link), 1500);
	ck_assert(link.has_permanent_mac && !link.has_mac);
	ck_assert_mem_eq(link.permanent_mac.bytes, permanent, 6);
	ck_assert_uint_eq(link.n_vfs, 2);
	ck_assert_uint_eq(values->value[VF_MAC].mac.bytes[5], 1);
	ck_assert_uint_eq(values->value[VF_VLAN].vlan.id, 1);
	ck_assert_uint_eq(values->value[VF_VLAN].vlan.protocol, 0x8100);
	ck_assert_uint_eq(values->value[VF_MIN_TX_RATE].number, 0);
	ck_assert_uint_eq(values->value[VF_MAX_TX_RATE].number, 100);
	ck_assert_uint_eq(values->value[VF_SPOOF_CHECK].number, 1);
	ck_assert_uint_eq(values->value[VF_LINK_STATE].number, 0);
	ck_assert_uint_eq(values->value[VF_TRUST].number, 1);
}
END_TEST

START_TEST(what_a_driver_does_not_report_is_absent_and_zero_is_not)
{
	struct link link = read_link_with(2, UINT32_MAX);
	uint64_t first = link.vfs[0].settings.present, second = link.vfs[1].settings.present;

	ck_assert(!(first & SETTING_BIT(VF_QUERY_RSS)));
	ck_assert(!(first & SETTING_BIT(VF_TRUST)));
	ck_assert(second & SETTING_BIT(VF_TRUST));
	ck_assert(first & SETTING_BIT(VF_LINK_STATE));
	ck_assert(!(first & SETTING_BIT(VF_NODE_GUID)));
}
END_TEST

static const uint32_t sizes[] = { 1, 221, 222, 334, 335, 512, 1024, 4096 };

START_TEST(every_vf_is_read_however_often_the_length_wraps)
{
	uint32_t n = sizes[_i];
	struct link link = read_link_with(n, UINT32_MAX);

	ck_assert_uint_eq(link.n_vfs, n);
	for (uint32_t i = 0; i < n; i++) {
		ck_assert_uint_eq(link.vfs[i].index, i);
		ck_assert_uint_eq(link.vfs[i].settings.value[VF_VLAN].vlan.id, i);
	}
	ck_assert_msg(link.has_permanent_mac, "what stands behind the list was not read");
}
END_TEST

START_TEST(a_vf_that_resets_is_left_out_and_the_others_keep_their_numbers)
{
	struct link link = read_link_with(400, 3);

	ck_assert_uint_eq(link.n_vfs, 399);
	ck_assert_uint_eq(link.vfs[2].index, 2);
	ck_assert_uint_eq(link.vfs[3].index, 4);
	ck_assert(link.has_permanent_mac);
}
END_TEST

START_TEST(a_list_that_wrapped_and_is_damaged_says_nothing_of_what_follows)
{
	struct link link;
	size_t list;

	message_put_u32(&message, IFLA_NUM_VF, 500);
	list = message_nest(&message, IFLA_VFINFO_LIST);
	for (uint32_t i = 0; i < 500; i++) {
		size_t at = message.length;

		message_put_vf(&message, &(struct message_vf){ .index = i });
		if (i == 400)
			message.data[at + 2] = 99; /* no IFLA_VF_INFO */
	}
	message_end(&message, list);
	message_put(&message, IFLA_IFNAME, "after", 6);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.n_vfs, 400);
	ck_assert_ptr_null(link.ifname);
}
END_TEST

START_TEST(a_short_list_with_something_unknown_in_it_is_left_by_its_length)
{
	struct link link;
	size_t list;

	message_put_u32(&message, IFLA_NUM_VF, 2);
	list = message_nest(&message, IFLA_VFINFO_LIST);
	message_put_vf(&message, &(struct message_vf){ .index = 0 });
	message_put_u32(&message, 77, 0);
	message_end(&message, list);
	message_put(&message, IFLA_IFNAME, "after", 6);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.n_vfs, 1);
	ck_assert_str_eq(link.ifname, "after");
}
END_TEST

START_TEST(a_count_without_vfs_makes_none)
{
	struct link link;

	message_put_u32(&message, IFLA_NUM_VF, UINT32_MAX);
	message_end(&message, message_nest(&message, IFLA_VFINFO_LIST));
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.n_vfs, 0);
}
END_TEST

/* Who has no list never reports its VFs; who has an empty one will. */
START_TEST(no_list_is_told_from_an_empty_one)
{
	struct link link;

	message_put_u32(&message, IFLA_NUM_VF, 3);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.num_vf, 3);
	ck_assert(!link.has_vf_list);
	message_end(&message, message_nest(&message, IFLA_VFINFO_LIST));
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert(link.has_vf_list);
}
END_TEST

START_TEST(alternative_names_are_read)
{
	struct link link;
	size_t properties = message_nest(&message, IFLA_PROP_LIST);

	message_put(&message, IFLA_ALT_IFNAME, "enp1s0", 7);
	message_put(&message, IFLA_ALT_IFNAME, "uplink", 7);
	message_end(&message, properties);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.altnames.count, 2);
	ck_assert_str_eq(link.altnames.items[1], "uplink");
}
END_TEST

START_TEST(the_device_that_a_link_is_of_is_read)
{
	struct link link;

	message_put(&message, IFLA_PARENT_DEV_NAME, "0000:01:10.0", 13);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_str_eq(link.parent, "0000:01:10.0");
}
END_TEST

START_TEST(what_a_link_is_on_top_of_and_who_listens_is_read)
{
	struct link link = read_link_with(0, UINT32_MAX);
	size_t xdp;

	ck_assert_uint_eq(link.lower, 0);
	ck_assert_int_lt(link.lower_nsid, 0);
	ck_assert(!link.has_xdp);
	ck_assert_uint_eq(link.listeners, 0);

	message_put_u32(&message, IFLA_LINK, 5);
	message_put_u32(&message, IFLA_LINK_NETNSID, 3);
	message_put_u32(&message, IFLA_PROMISCUITY, 2);
	xdp = message_nest(&message, IFLA_XDP);
	message_put(&message, IFLA_XDP_ATTACHED, "\2", 1);
	message_end(&message, xdp);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.lower, 5);
	ck_assert_int_eq(link.lower_nsid, 3);
	ck_assert(link.has_xdp);
	ck_assert_uint_eq(link.listeners, 2);

	/* Set by hand as well. */
	((struct ifinfomsg *)nlmsg_data(message_finish(&message)))->ifi_flags |= IFF_PROMISC;
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.listeners, 1);
}
END_TEST

START_TEST(another_kind_of_message_is_refused)
{
	struct nlmsghdr header = { .nlmsg_type = RTM_NEWADDR };
	struct link link;

	memcpy(message.data + offsetof(struct nlmsghdr, nlmsg_type), &header.nlmsg_type,
	       sizeof(header.nlmsg_type));
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), -EBADMSG);
}
END_TEST

/* Answers of a real kernel (6.1), recorded by tests/lab/record.c. */
static struct link read_recording(const char *name)
{
	char *path = arena_printf(arena, "%s/netlink/%s", getenv("SRIOVD_TEST_DATA"), name);
	FILE *file = fopen(path, "r");
	struct nlmsghdr *recording;
	struct link link;
	long size;

	ck_assert_msg(file, "%s", path);
	ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	rewind(file);
	recording = arena_alloc(arena, (size_t)size);
	ck_assert_uint_eq(fread(recording, 1, (size_t)size, file), (size_t)size);
	(void)fclose(file);
	ck_assert_uint_eq(recording->nlmsg_len, (size_t)size);
	ck_assert_int_eq(link_read(recording, arena, &link), 0);
	return link;
}

START_TEST(a_recording_of_igb_is_read_as_ip_shows_it)
{
	struct link link = read_recording("igb-7.bin");

	ck_assert_str_eq(link.ifname, "enp1s0");
	ck_assert_uint_eq(link.altnames.count, 1);
	ck_assert_str_eq(link.altnames.items[0], "uplink0");
	ck_assert(link.up && link.carrier && link.has_permanent_mac);
	ck_assert_uint_eq(link.n_vfs, 7);
	for (uint32_t i = 0; i < 7; i++) {
		const struct vf_values *values = &link.vfs[i].settings;

		ck_assert_uint_eq(link.vfs[i].index, i);
		ck_assert_uint_eq(values->value[VF_MAC].mac.bytes[5], 0x10 + i);
		ck_assert_uint_eq(values->value[VF_VLAN].vlan.id, 100 + i);
		ck_assert_uint_eq(values->value[VF_TRUST].number, i % 2);
		ck_assert_uint_eq(values->value[VF_MAX_TX_RATE].number, i == 3 ? 250 : 0);
		ck_assert_uint_eq(values->value[VF_SPOOF_CHECK].number, 1);
		ck_assert(!(values->present & SETTING_BIT(VF_QUERY_RSS)));
	}
}
END_TEST

START_TEST(a_recording_of_512_vfs_is_read_whole_though_its_length_wrapped)
{
	struct link link = read_recording("netdevsim-512.bin");
	const struct vf_values *last = &link.vfs[511].settings;

	ck_assert_str_eq(link.ifname, "eni5np1");
	ck_assert_uint_eq(link.n_vfs, 512);
	ck_assert_uint_eq(link.vfs[511].index, 511);
	ck_assert_uint_eq(last->value[VF_VLAN].vlan.id, 512);
	ck_assert_uint_eq(last->value[VF_VLAN].vlan.qos, 3);
	ck_assert_uint_eq(last->value[VF_VLAN].vlan.protocol, 0x88a8);
	ck_assert_uint_eq(last->value[VF_MAC].mac.bytes[5], 255);
	ck_assert_uint_eq(last->value[VF_TRUST].number, 1);
	ck_assert_uint_eq(link.vfs[300].settings.value[VF_TRUST].number, 0);
}
END_TEST

/* With nothing in it that could be a VF, nobody can tell where it ends. */
START_TEST(a_list_that_says_it_is_shorter_than_its_header_ends_the_message)
{
	struct link link;
	size_t list;

	message_put_u32(&message, IFLA_MTU, 1500);
	list = message_nest(&message, IFLA_VFINFO_LIST);
	message_put_u32(&message, IFLA_MTU, 9000);
	memset(message.data + list, 0, sizeof(uint16_t));
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(mtu_of(&link), 1500);
	ck_assert_uint_eq(link.n_vfs, 0);
}
END_TEST

/* Cut and flipped at every byte, a message may say less or otherwise, but nothing outside of it is
 * read: each try has a buffer of its exact size, and the sanitizers and valgrind look on. */
START_TEST(no_damage_leads_outside_of_the_message)
{
	(void)read_link_with(3, UINT32_MAX);
	for (size_t length = sizeof(struct nlmsghdr); length <= message.length; length += 4) {
		for (size_t flip = sizeof(struct nlmsghdr); flip < length; flip++) {
			unsigned char *copy = malloc(length);
			uint32_t claimed = (uint32_t)length;
			struct arena *scratch;
			struct link link;

			ck_assert_int_eq(arena_new(&scratch), 0);
			memcpy(copy, message.data, length);
			memcpy(copy, &claimed, sizeof(claimed));
			copy[flip] ^= (unsigned char)(1u << (flip % 8));
			(void)link_read((struct nlmsghdr *)(void *)copy, scratch, &link);
			arena_free(scratch);
			free(copy);
		}
	}
}
END_TEST

START_TEST(what_vfs_have_sent_and_received_is_read)
{
	static const enum vf_counter order[] = {
		VF_RX_PACKETS,	 VF_TX_PACKETS,	  VF_RX_BYTES,	 VF_TX_BYTES,
		VF_RX_BROADCAST, VF_RX_MULTICAST, VF_RX_DROPPED, VF_TX_DROPPED,
	};
	struct link link;
	size_t list;

	message_put_u32(&message, IFLA_NUM_VF, 2);
	list = message_nest(&message, IFLA_VFINFO_LIST);
	message_put_vf(&message, &(struct message_vf){ .index = 0, .vlan = 5 });
	message_put_vf(&message, &(struct message_vf){ .index = 1, .first_count = 1000 });
	message_end(&message, list);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	ck_assert_uint_eq(link.n_vfs, 2);
	ck_assert_ptr_null(link.vfs[0].counters);
	ck_assert_ptr_nonnull(link.vfs[1].counters);
	ck_assert_uint_eq(link.vfs[1].counters->known, (1u << VF_COUNTER_COUNT) - 1);
	for (size_t i = 0; i < VF_COUNTER_COUNT; i++)
		ck_assert_uint_eq(link.vfs[1].counters->number[order[i]], 1000 + i);
}
END_TEST

/* An older kernel's is shorter. */
START_TEST(what_a_network_device_has_sent_and_received_is_read_as_far_as_it_goes)
{
	const struct rtnl_link_stats64 stats = { .rx_packets = 1,
						 .tx_packets = 2,
						 .rx_bytes = 3,
						 .tx_bytes = 4,
						 .rx_dropped = 5,
						 .tx_dropped = 6,
						 .multicast = 7 };
	static const uint64_t expected[] = {
		[VF_RX_PACKETS] = 1, [VF_TX_PACKETS] = 2, [VF_RX_BYTES] = 3,	 [VF_TX_BYTES] = 4,
		[VF_RX_DROPPED] = 5, [VF_TX_DROPPED] = 6, [VF_RX_MULTICAST] = 7,
	};
	size_t whole = sizeof(stats), cut = offsetof(struct rtnl_link_stats64, tx_dropped) + 4;
	struct vf_counters counters;
	struct link link;

	message_put(&message, IFLA_STATS64, &stats, _i ? cut : whole);
	ck_assert_int_eq(link_read(message_finish(&message), arena, &link), 0);
	link_get_counters(&link, &counters);
	for (size_t i = 0; i < VF_COUNTER_COUNT; i++) {
		bool known = counters.known & VF_COUNTER_BIT(i);
		bool is_cut = _i && (i == VF_TX_DROPPED || i == VF_RX_MULTICAST);

		ck_assert_int_eq(known, i != VF_RX_BROADCAST && !is_cut);
		if (known)
			ck_assert_uint_eq(counters.number[i], expected[i]);
	}
	link.stats = NULL;
	link_get_counters(&link, &counters);
	ck_assert_uint_eq(counters.known, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("link");
	TCase *tests = tcase_create("link");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, a_plain_link_is_read_whole);
	tcase_add_test(tests, what_a_driver_does_not_report_is_absent_and_zero_is_not);
	tcase_add_loop_test(tests, every_vf_is_read_however_often_the_length_wraps, 0,
			    ARRAY_SIZE(sizes));
	tcase_add_test(tests, a_vf_that_resets_is_left_out_and_the_others_keep_their_numbers);
	tcase_add_test(tests, a_list_that_wrapped_and_is_damaged_says_nothing_of_what_follows);
	tcase_add_test(tests, a_short_list_with_something_unknown_in_it_is_left_by_its_length);
	tcase_add_test(tests, a_count_without_vfs_makes_none);
	tcase_add_test(tests, no_list_is_told_from_an_empty_one);
	tcase_add_test(tests, alternative_names_are_read);
	tcase_add_test(tests, the_device_that_a_link_is_of_is_read);
	tcase_add_test(tests, what_a_link_is_on_top_of_and_who_listens_is_read);
	tcase_add_test(tests, another_kind_of_message_is_refused);
	tcase_add_test(tests, a_recording_of_igb_is_read_as_ip_shows_it);
	tcase_add_test(tests, a_recording_of_512_vfs_is_read_whole_though_its_length_wrapped);
	tcase_add_test(tests, a_list_that_says_it_is_shorter_than_its_header_ends_the_message);
	tcase_add_test(tests, no_damage_leads_outside_of_the_message);
	tcase_add_test(tests, what_vfs_have_sent_and_received_is_read);
	tcase_add_loop_test(
		tests, what_a_network_device_has_sent_and_received_is_read_as_far_as_it_goes, 0, 2);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
