/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is counted of the passes over a PF, over a kernel in memory and a clock of our own. */

#include <errno.h>

#include "fixture.h"
#include "one_reconciler.h"
#include "pf/reconciler.h"
#include "runner.h"

static const struct tally *tally(void)
{
	return reconciler_tally(reconciler);
}

/* A pass that took so long, and failed as a whole. */
static void fail_after(uint64_t ms)
{
	reconciler_start(reconciler, now);
	now += ms;
	reconciler_finish(reconciler, NULL, -EIO, now);
}

START_TEST(passes_are_counted_by_how_long_they_took)
{
	fail_after(0);
	fail_after(tally_bounds[0]);
	fail_after(tally_bounds[0] + 1);
	fail_after(tally_bounds[TALLY_BOUNDS - 1] + 1);
	ck_assert_uint_eq(tally()->passes, 4);
	ck_assert_uint_eq(tally()->failed, 4);
	ck_assert_uint_eq(tally()->ms, 2 * tally_bounds[0] + tally_bounds[TALLY_BOUNDS - 1] + 2);
	ck_assert_uint_eq(tally()->within[0], 2);
	ck_assert_uint_eq(tally()->within[1], 3);
	ck_assert_uint_eq(tally()->within[TALLY_BOUNDS - 1], 3);
}
END_TEST

START_TEST(bounds_are_in_order)
{
	for (size_t i = 1; i < TALLY_BOUNDS; i++)
		ck_assert_uint_gt(tally_bounds[i], tally_bounds[i - 1]);
}
END_TEST

START_TEST(steps_are_counted_by_what_became_of_them)
{
	policy = fixture_policy(RULE "  vfs: 2\n  vf-defaults: {trust: true, spoof-check: true}\n");
	fake_kernel_refuse(&fake, (struct fake_refusal){ VF_TRUST, 1, -EOPNOTSUPP });
	/* Drivers are kept off new VFs then, and let at them, which are no steps of the policy. */
	fake.pf->settings.value[PF_DRIVERS_AUTOPROBE].number = true;
	fake.pf->settings.present |= SETTING_BIT(PF_DRIVERS_AUTOPROBE);
	run_pass();
	/* VFs are made, two spoof checks and one trust. */
	ck_assert_uint_eq(tally()->steps, 4);
	ck_assert_uint_eq(tally()->refused, 1);
	ck_assert_uint_eq(tally()->failed, 0);
	ck_assert_uint_eq(tally()->repairs, 0);
}
END_TEST

START_TEST(what_somebody_else_has_changed_is_repaired)
{
	policy = fixture_policy(RULE "  vfs: 1\n  vf-defaults: {trust: true}\n");
	run_pass();
	run_pass();
	ck_assert_uint_eq(tally()->repairs, 0);
	fake.pf->vfs[0].settings.value[VF_TRUST].number = false;
	run_pass();
	ck_assert_uint_eq(tally()->repairs, 1);
	ck_assert_uint_eq(tally()->steps, 3);
	ck_assert_uint_eq(tally()->passes, 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tally");
	TCase *tests = tcase_create("tally");

	tcase_add_checked_fixture(tests, one_reconciler_set_up, one_reconciler_tear_down);
	tcase_add_test(tests, passes_are_counted_by_how_long_they_took);
	tcase_add_test(tests, bounds_are_in_order);
	tcase_add_test(tests, steps_are_counted_by_what_became_of_them);
	tcase_add_test(tests, what_somebody_else_has_changed_is_repaired);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
