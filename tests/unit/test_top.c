/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Readings to rows with rates, and which rows are shown in which order. */

#include <json-c/json.h>
#include <string.h>

#include "fixture.h"
#include "runner.h"
#include "top/rows.h"
#include "top/rows_json.h"
#include "top/view.h"

#define PF0 "pci/0000:01:00.0"

/* Two PFs: one with three VFs, one with one. */
static const char hosts[] =
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2,\n"
	"   driver: igb, totalvfs: 8, vfs: 3, carrier: true, virtual-functions: [{index: 0},\n"
	"   {index: 1, address: '0000:01:10.1', holder: vfio by qemu of web}, {index: 2}]}\n"
	"- {handle: pci/0000:02:00.0, address: '0000:02:00.0', interface: ens2, ifindex: 3,\n"
	"   driver: ice, totalvfs: 8, vfs: 1, virtual-functions: [{index: 0}]}\n";

static struct inventory inventories[2];
static struct reading readings[2];
static struct arena *arena;
static struct rows rows;
static struct view view;

#define BEFORE (&readings[0])
#define NOW    (&readings[1])

/* Seconds 1 and 3. */
static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
	for (size_t i = 0; i < 2; i++) {
		fixture_inventory(hosts, &inventories[i]);
		readings[i].pfs = inventories[i].pfs;
		readings[i].times = arena_array(arena, 2, sizeof(uint64_t));
		for (size_t j = 0; j < 2; j++)
			readings[i].times[j] = 1000 + 2000 * i;
	}
}

static void tear_down(void)
{
	for (size_t i = 0; i < 2; i++) {
		inventories[i].pfs = readings[i].pfs;
		json_object_put(readings[i].told);
		readings[i] = (struct reading){ 0 };
		inventory_clear(&inventories[i]);
	}
	view_clear(&view);
	arena_free(arena);
}

static struct vf *vf_of(struct reading *reading, size_t pf, uint32_t vf)
{
	return &reading->pfs.items[pf]->vfs[vf];
}

static void count(struct reading *reading, size_t pf, uint32_t index, enum vf_counter counter,
		  uint64_t number)
{
	struct vf *vf = vf_of(reading, pf, index);

	if (!vf->counters)
		vf->counters = arena_array(arena, 1, sizeof(*vf->counters));
	vf->counters->known |= VF_COUNTER_BIT(counter);
	vf->counters->number[counter] = number;
}

static void count_both(size_t pf, uint32_t vf, enum vf_counter counter, uint64_t before,
		       uint64_t now)
{
	count(BEFORE, pf, vf, counter, before);
	count(NOW, pf, vf, counter, now);
}

static void make(void)
{
	ck_assert_int_eq(rows_make(BEFORE, NOW, arena, &rows), 0);
}

static bool knows(const struct traffic *traffic, enum vf_counter counter)
{
	return traffic->known & VF_COUNTER_BIT(counter);
}

static const struct row *row_of(size_t pf, uint32_t vf)
{
	return &rows.items[(pf ? 4 : 0) + 1 + vf];
}

START_TEST(a_rate_is_what_came_in_a_second)
{
	count_both(0, 0, VF_RX_BYTES, 1000, 5000);
	make();
	ck_assert_uint_eq(rows.count, 6);
	ck_assert_uint_eq(row_of(0, 0)->rates.number[VF_RX_BYTES], 2000);
	ck_assert_uint_eq(row_of(0, 0)->totals.number[VF_RX_BYTES], 5000);
}
END_TEST

START_TEST(what_nobody_counts_is_not_known)
{
	count_both(0, 0, VF_RX_BYTES, 0, 0);
	count(NOW, 0, 0, VF_RX_PACKETS, 10);
	make();
	ck_assert(!knows(&row_of(0, 0)->rates, VF_RX_PACKETS));
	ck_assert(knows(&row_of(0, 0)->rates, VF_RX_BYTES));
	ck_assert(!knows(&row_of(0, 0)->rates, VF_TX_BYTES));
	ck_assert(!row_of(0, 1)->rates.known && !row_of(0, 1)->totals.known);
}
END_TEST

START_TEST(a_packet_in_a_long_time_is_not_nothing)
{
	count_both(0, 0, VF_RX_PACKETS, 7, 8);
	NOW->times[0] = 61000;
	make();
	ck_assert_uint_eq(row_of(0, 0)->rates.number[VF_RX_PACKETS], 1);
}
END_TEST

/* A counter of 32 bits goes on with 0 as one that was reset does: which it was nobody knows. */
START_TEST(counters_that_began_anew_tell_nothing_of_the_time_between)
{
	count_both(0, 0, VF_RX_BYTES, 5000, 100);
	count_both(0, 0, VF_TX_BYTES, 50, 100);
	make();
	ck_assert(!row_of(0, 0)->rates.known);
	ck_assert_uint_eq(row_of(0, 0)->totals.number[VF_RX_BYTES], 100);
}
END_TEST

START_TEST(of_another_pf_or_vf_at_the_same_place_no_rate_is_known)
{
	count_both(0, 0, VF_RX_BYTES, 1000, 5000);
	BEFORE->pfs.items[0]->instance = _i == 0;
	vf_of(BEFORE, 0, 0)->instance = _i == 1;
	vf_of(BEFORE, 0, 0)->ifindex = 7 + (_i == 2);
	vf_of(NOW, 0, 0)->ifindex = 7;
	make();
	ck_assert(!row_of(0, 0)->rates.known);
	ck_assert(row_of(0, 0)->totals.known);
}
END_TEST

START_TEST(a_pf_has_the_sums_of_what_is_counted_of_its_vfs)
{
	count_both(0, 0, VF_RX_BYTES, 0, 2000);
	count_both(0, 1, VF_RX_BYTES, 0, 4000);
	make();
	ck_assert_uint_eq(rows.items[0].rates.number[VF_RX_BYTES], 3000);
	ck_assert_uint_eq(rows.items[0].counted, 2);
	ck_assert(rows.items[0].rates.missing & VF_COUNTER_BIT(VF_RX_BYTES));
	ck_assert(view_figure(&view, &rows.items[0], VIEW_RX).at_least);
	count_both(0, 2, VF_RX_BYTES, 0, 0);
	make();
	ck_assert(!view_figure(&view, &rows.items[0], VIEW_RX).at_least);
	ck_assert(!view_figure(&view, &rows.items[4], VIEW_RX).known);
}
END_TEST

START_TEST(drops_of_one_way_alone_are_a_lower_bound)
{
	count_both(0, 0, VF_RX_DROPPED, 0, 2);
	make();
	ck_assert_uint_eq(view_figure(&view, row_of(0, 0), VIEW_DROPS).number, 1);
	ck_assert(view_figure(&view, row_of(0, 0), VIEW_DROPS).at_least);
	count_both(0, 0, VF_TX_DROPPED, 0, 2);
	make();
	ck_assert_uint_eq(view_figure(&view, row_of(0, 0), VIEW_DROPS).number, 2);
	ck_assert(!view_figure(&view, row_of(0, 0), VIEW_DROPS).at_least);
}
END_TEST

START_TEST(pfs_that_come_and_go_are_named)
{
	CLEANUP_TEXT struct text text = { 0 };

	reading_compare(NULL, NOW, &text);
	reading_compare(BEFORE, NOW, &text);
	ck_assert_str_eq(text_string(&text), "");
	NOW->pfs.count = 1;
	reading_compare(BEFORE, NOW, &text);
	ck_assert_str_eq(text_string(&text), "ens2 is gone");
	text_clear(&text);
	reading_compare(NOW, BEFORE, &text);
	ck_assert_str_eq(text_string(&text), "ens2 has come");
	make();
	ck_assert_uint_eq(rows.count, 4);
	NOW->pfs.count = 2;
}
END_TEST

static void tell(const char *json)
{
	json_object_put(NOW->told);
	NOW->told = json_tokener_parse(json);
	ck_assert_ptr_nonnull(NOW->told);
	make();
}

START_TEST(the_daemon_says_states_and_holders)
{
	tell("{\"pfs\": [{\"handle\": \"" PF0
	     "\", \"state\": \"blocked\", \"vfs\": {\"actual\": 3},"
	     "\"virtual-functions\": [{\"use\": \"vfio\", \"holder\": \"vfio, by db\"},"
	     "{}, {\"use\": \"vfio\"}]}]}");
	ck_assert_str_eq(rows.items[0].about, "blocked");
	ck_assert_str_eq(row_of(0, 0)->about, "vfio, by db");
	ck_assert_ptr_null(row_of(0, 1)->about);
	ck_assert_str_eq(row_of(0, 2)->about, "vfio");
	ck_assert_ptr_null(rows.items[4].about);
}
END_TEST

START_TEST(what_the_daemon_says_of_vfs_that_are_no_more_does_not_count)
{
	tell("{\"pfs\": [{\"handle\": \"" PF0
	     "\", \"state\": \"blocked\", \"vfs\": {\"actual\": 2},"
	     "\"virtual-functions\": [{\"holder\": \"vfio, by db\"}, {}]}]}");
	ck_assert_ptr_null(rows.items[0].about);
	ck_assert_ptr_null(row_of(0, 0)->about);
	ck_assert_str_eq(row_of(0, 1)->about, "vfio by qemu of web");
}
END_TEST

/* "ens1 2 0 1", by name; those of the view. */
static const char *shown(void)
{
	static char words[200];
	const struct row **items;
	size_t n_items;

	make();
	ck_assert_int_eq(view_select(&view, &rows, arena, &items, &n_items), 0);
	*words = '\0';
	for (size_t i = 0; i < n_items; i++) {
		strcat(words, i ? " " : "");
		strcat(words, items[i]->name);
	}
	return words;
}

START_TEST(rows_are_sorted_and_what_is_not_known_comes_last)
{
	ck_assert_str_eq(shown(), "ens1 0 1 2 ens2 0");
	count_both(0, 0, VF_RX_BYTES, 0, 20);
	count_both(0, 2, VF_RX_BYTES, 0, 40);
	count_both(1, 0, VF_RX_BYTES, 0, 99);
	view.key = VIEW_RX;
	ck_assert_str_eq(shown(), "ens2 0 ens1 2 0 1");
	view.reversed = true;
	ck_assert_str_eq(shown(), "ens1 0 2 1 ens2 0");
	view.key = VIEW_NAME;
	ck_assert_str_eq(shown(), "ens2 0 ens1 2 1 0");
	view.key = VIEW_ABOUT;
	view.reversed = false;
	ck_assert_str_eq(shown(), "ens1 1 0 2 ens2 0");
	count_both(0, 0, VF_RX_BYTES, 50, 60);
	view.key = VIEW_RX;
	view.totals = true;
	ck_assert_str_eq(shown(), "ens1 0 2 1 ens2 0");
}
END_TEST

START_TEST(a_filter_leaves_vfs_with_their_pf)
{
	strcpy(view.filter, "WEB");
	ck_assert_str_eq(shown(), "ens1 1");
	strcpy(view.filter, "ens2");
	ck_assert_str_eq(shown(), "ens2 0");
	strcpy(view.filter, "01:10.1");
	ck_assert_str_eq(shown(), "ens1 1");
	strcpy(view.filter, "igb");
	ck_assert_str_eq(shown(), "ens1 0 1 2");
	strcpy(view.filter, "nosuch");
	ck_assert_str_eq(shown(), "");
}
END_TEST

START_TEST(vfs_of_a_pf_that_is_folded_are_not_shown)
{
	ck_assert_int_eq(view_fold(&view, PF0), 0);
	ck_assert_str_eq(shown(), "ens1 ens2 0");
	ck_assert_int_eq(view_fold(&view, PF0), 0);
	ck_assert_str_eq(shown(), "ens1 0 1 2 ens2 0");
}
END_TEST

START_TEST(programs_are_told_what_is_known)
{
	struct json_object *document;

	count_both(1, 0, VF_TX_PACKETS, 5, 9);
	make();
	document = rows_json(&rows);
	ck_assert_ptr_nonnull(strstr(json_object_to_json_string_ext(document, 0),
				     "\"name\":\"ens2\",\"address\":\"0000:02:00.0\","
				     "\"driver\":\"ice\",\"vfs\":{\"actual\":1,\"counted\":1},"
				     "\"totals\":{\"tx-packets\":9},"
				     "\"per-second\":{\"tx-packets\":2},"
				     "\"virtual-functions\":[{\"index\":0,"
				     "\"totals\":{\"tx-packets\":9},"
				     "\"per-second\":{\"tx-packets\":2}}]}"));
	json_object_put(document);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("top");
	TCase *tests = tcase_create("top");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_rate_is_what_came_in_a_second);
	tcase_add_test(tests, what_nobody_counts_is_not_known);
	tcase_add_test(tests, a_packet_in_a_long_time_is_not_nothing);
	tcase_add_test(tests, counters_that_began_anew_tell_nothing_of_the_time_between);
	tcase_add_loop_test(tests, of_another_pf_or_vf_at_the_same_place_no_rate_is_known, 0, 3);
	tcase_add_test(tests, a_pf_has_the_sums_of_what_is_counted_of_its_vfs);
	tcase_add_test(tests, drops_of_one_way_alone_are_a_lower_bound);
	tcase_add_test(tests, pfs_that_come_and_go_are_named);
	tcase_add_test(tests, the_daemon_says_states_and_holders);
	tcase_add_test(tests, what_the_daemon_says_of_vfs_that_are_no_more_does_not_count);
	tcase_add_test(tests, rows_are_sorted_and_what_is_not_known_comes_last);
	tcase_add_test(tests, a_filter_leaves_vfs_with_their_pf);
	tcase_add_test(tests, vfs_of_a_pf_that_is_folded_are_not_shown);
	tcase_add_test(tests, programs_are_told_what_is_known);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
