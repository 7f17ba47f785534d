/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Figures of PFs that are made up, and of what a daemon says. */

#include "report/metrics.h"

#include <json-c/json.h>
#include <string.h>

#include "fixture.h"
#include "runner.h"
#include "util/cleanup.h"

static struct pf *pf;
static struct text out;

#define PF(driver, rest)                                                                           \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: " driver ", totalvfs: 8, vfs: 1, virtual-functions: [{index: 0, " rest "}]}\n"

static void tear_down(void)
{
	pf_free(pf);
	pf = NULL;
	text_clear(&out);
}

/* With what the daemon says, as JSON; NULL: nothing. */
static void write_metrics(const char *told)
{
	struct metrics_daemon daemon = { .told = told ? json_tokener_parse(told) : NULL };
	const struct pf *pfs[] = { pf };

	metrics_write(pfs, 1, &daemon, false, &out);
	ck_assert(!out.failed);
	json_object_put(daemon.told);
}

static bool has(const char *sample)
{
	return strstr(text_string(&out), sample);
}

#define VF "{pf=\"ens1\",vf=\"0\"} "

/* 4095 is mlx4_core's way to say that there is none. */
START_TEST(a_setting_is_what_the_driver_means)
{
	pf = fixture_pf(PF("mlx4_core", "vlan: 4095, trust: true"));
	write_metrics(NULL);
	ck_assert(has("sriovd_vf_vlan" VF "0\n"));
	ck_assert(has("sriovd_vf_trust" VF "1\n"));
}
END_TEST

START_TEST(what_a_driver_always_reports_is_not_known)
{
	pf = fixture_pf(PF("octeon_ep", "trust: true, link-state: enable, vlan: 5"));
	write_metrics(NULL);
	ck_assert(has("sriovd_vf_vlan" VF "5\n"));
	ck_assert(!has("sriovd_vf_trust"));
	ck_assert(!has("link_state"));
}
END_TEST

START_TEST(whether_it_is_paused_is_told_by_who_has_looked)
{
	static const struct {
		const char *told, *sample; /* NULL: none */
	} cases[] = {
		{ "\"vfs\": {}", "sriovd_pf_paused{pf=\"ens1\"} 0\n" },
		{ "\"vfs\": {}, \"paused-until\": \"2026-01-31T23:59:59Z\"",
		  "sriovd_pf_paused{pf=\"ens1\"} 1\n" },
		{ "\"vfs\": {}, \"paused-until\": \"unknown\"", NULL },
		{ "\"reason\": \"not looked at yet\"", NULL },
	};
	CLEANUP_TEXT struct text told = { 0 };

	text_printf(&told,
		    "{\"pfs\": [{\"handle\": \"pci/0000:01:00.0\", \"state\": \"waiting\", %s}]}",
		    cases[_i].told);
	pf = fixture_pf(PF("igb", ""));
	write_metrics(text_string(&told));
	ck_assert(has("sriovd_pf_state=\"waiting\"} 1\n"));
	ck_assert(cases[_i].sample ? has(cases[_i].sample) : !has("sriovd_pf_paused"));
}
END_TEST

START_TEST(a_name_that_is_no_utf_8_spoils_nothing)
{
	pf = fixture_pf(PF("igb", ""));
	pf->ifname = "e\xffn\"s\\1";
	write_metrics(NULL);
	ck_assert(has("sriovd_pf_vfs{pf=\"e\\\\xffn\\\"s\\\\1\"} 1\n"));
}
END_TEST

START_TEST(rules_that_match_nothing_are_counted_where_there_is_a_policy)
{
	pf = fixture_pf(PF("igb", ""));
	write_metrics("{\"policy-in-force\": true, \"unmatched-rules\": [{}, {}]}");
	ck_assert(has("sriovd_unmatched_rules 2\n"));
	text_clear(&out);
	write_metrics("{\"policy-in-force\": true, \"unmatched-rules\": []}");
	ck_assert(has("sriovd_unmatched_rules 0\n"));
	text_clear(&out);
	write_metrics("{\"policy-in-force\": false, \"unmatched-rules\": []}");
	ck_assert(has("sriovd_policy_in_force 0\n"));
	ck_assert(!has("sriovd_unmatched_rules"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("metrics");
	TCase *tests = tcase_create("metrics");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, a_setting_is_what_the_driver_means);
	tcase_add_test(tests, what_a_driver_always_reports_is_not_known);
	tcase_add_loop_test(tests, whether_it_is_paused_is_told_by_who_has_looked, 0, 4);
	tcase_add_test(tests, a_name_that_is_no_utf_8_spoils_nothing);
	tcase_add_test(tests, rules_that_match_nothing_are_counted_where_there_is_a_policy);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
