/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which VFs are reported, and which never will be, by what the kernel's answer has of them. */

#include <linux/rtnetlink.h>

#include "kernel/netlink/vf_report.h"
#include "message.h"
#include "runner.h"

#define NO_LIST UINT32_MAX

static const struct row {
	const char *what;
	uint32_t n;	  /* as sysfs counts */
	uint32_t num_vf;  /* as the answer does */
	uint32_t listed;  /* the first so many; NO_LIST */
	uint32_t skipped; /* but this one */
	uint32_t known;	  /* so many have settings */
	uint32_t reported;
} rows[] = {
	{ "all are listed", 4, 4, 4, UINT32_MAX, 4, 4 },
	{ "one resets", 4, 4, 4, 2, 3, 3 },
	{ "all reset", 4, 4, 0, UINT32_MAX, 0, 0 },
	{ "the driver lists none, ever", 4, 4, NO_LIST, UINT32_MAX, 0, 4 },
	{ "there are none, and no list", 0, 0, NO_LIST, UINT32_MAX, 0, 0 },
	{ "no device with VFs answered", 4, 0, NO_LIST, UINT32_MAX, 0, 0 },
	{ "some were made since", 6, 4, 4, UINT32_MAX, 4, 4 },
	{ "some went since", 2, 4, 4, UINT32_MAX, 2, 2 },
	{ "the list is full, and whole", 256, 256, 256, UINT32_MAX, 256, 256 },
	{ "the list ends before the last", 300, 300, 256, UINT32_MAX, 256, 300 },
	{ "it does, and one resets", 300, 300, 256, 7, 255, 299 },
	{ "an older kernel lists all", 300, 300, 300, UINT32_MAX, 300, 300 },
	{ "it does, and one resets behind the end", 300, 300, 300, 280, 299, 299 },
	{ "many were made since", 300, 4, 4, UINT32_MAX, 4, 4 },
};

static void put_list(struct message *message, const struct row *row)
{
	size_t list = message_nest(message, IFLA_VFINFO_LIST);

	for (uint32_t i = 0; i < row->listed; i++)
		if (i != row->skipped)
			message_put_vf(message, &(struct message_vf){ .index = i });
	message_end(message, list);
}

static void read_report(const struct row *row, struct pf *pf)
{
	struct message message;
	struct link link;

	message_begin(&message);
	if (row->num_vf)
		message_put_u32(&message, IFLA_NUM_VF, row->num_vf);
	if (row->listed != NO_LIST)
		put_list(&message, row);
	ck_assert_int_eq(link_read(message_finish(&message), pf->arena, &link), 0);
	ck_assert_int_eq(vf_report_read(pf, row->n, &link), 0);
	message_free(&message);
}

START_TEST(a_vf_is_reported_or_never_will_be_or_is_awaited)
{
	const struct row *row = &rows[_i];
	uint32_t known = 0, reported = 0;
	struct pf *pf;

	ck_assert_int_eq(pf_new(&pf), 0);
	read_report(row, pf);
	ck_assert_uint_eq(pf->n_vfs, row->n);
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		ck_assert_uint_eq(pf->vfs[i].index, i);
		known += pf->vfs[i].settings.present != 0;
		reported += pf->vfs[i].reported;
	}
	ck_assert_msg(known == row->known && reported == row->reported, "%s: %u known, %u reported",
		      row->what, known, reported);
	pf_free(pf);
}
END_TEST

START_TEST(without_an_answer_all_are_reported_without_settings)
{
	struct pf *pf;

	ck_assert_int_eq(pf_new(&pf), 0);
	ck_assert_int_eq(vf_report_read(pf, 2, NULL), 0);
	ck_assert(pf->vfs[0].reported && pf->vfs[1].reported);
	ck_assert_uint_eq(pf->vfs[1].settings.present, 0);
	pf_free(pf);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vf_report");
	TCase *tests = tcase_create("vf_report");

	tcase_add_loop_test(tests, a_vf_is_reported_or_never_will_be_or_is_awaited, 0,
			    ARRAY_SIZE(rows));
	tcase_add_test(tests, without_an_answer_all_are_reported_without_settings);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
