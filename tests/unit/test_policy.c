/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/policy.h"

#include <errno.h>
#include <string.h>

#include "model/pf.h"
#include "runner.h"

static struct diagnostics diagnostics;
static struct policy *policy;

static void tear_down(void)
{
	policy_free(policy);
	policy = NULL;
	diagnostics_clear(&diagnostics);
}

static int read_texts(const struct host *host, const char *first, const char *second)
{
	const struct document documents[] = {
		{ "10-first.yaml", first, strlen(first) },
		{ "20-second.yaml", second ? second : "", second ? strlen(second) : 0 },
	};

	return policy_read(documents, second ? 2 : 1, host, &diagnostics, &policy);
}

static void read_good(const char *text)
{
	ck_assert_int_eq(read_texts(NULL, text, NULL), 0);
}

#define RULE(name) "version: 1\nphysical-functions:\n  - name: " name "\n    match: {driver: ice}\n"

START_TEST(no_document_is_an_empty_policy)
{
	ck_assert_int_eq(policy_read(NULL, 0, NULL, &diagnostics, &policy), 0);
	ck_assert_uint_eq(policy->n_rules, 0);
	ck_assert_uint_eq(policy->resync_ms, POLICY_RESYNC_DEFAULT_MS);
	ck_assert_uint_eq(policy->boot_wait_ms, POLICY_BOOT_WAIT_DEFAULT_MS);
}
END_TEST

START_TEST(a_rule_has_what_its_text_says)
{
	const struct rule *rule;
	const struct value *value;

	read_good("version: 1\n"
		  "physical-functions:\n"
		  "  - name: uplinks\n"
		  "    match:\n"
		  "      interface: [ens1f0, \"ens2f*\"]\n"
		  "      mac: 52-54-00-AA-00-01\n"
		  "      pci: \"0000:3B:00.0\"\n"
		  "      device: \"15B3:101D\"\n"
		  "      numa-node: 1\n"
		  "    vfs: 50%\n"
		  "    mode: observe\n"
		  "    eswitch: {mode: legacy}\n");
	ck_assert_uint_eq(policy->n_rules, 1);
	rule = &policy->rules[0];
	ck_assert_str_eq(rule->name, "uplinks");
	ck_assert_uint_eq(rule->origin.line, 3);
	ck_assert_uint_eq(rule->origin.column, 11);
	ck_assert_uint_eq(rule->match[MATCH_INTERFACE].count, 2);
	ck_assert_str_eq(rule->match[MATCH_INTERFACE].patterns[1], "ens2f*");
	ck_assert_str_eq(rule->match[MATCH_MAC].patterns[0], "52:54:00:aa:00:01");
	ck_assert_str_eq(rule->match[MATCH_PCI].patterns[0], "0000:3b:00.0");
	ck_assert_str_eq(rule->match[MATCH_DEVICE].patterns[0], "15b3:101d");
	ck_assert_str_eq(rule->match[MATCH_NUMA_NODE].patterns[0], "1");
	ck_assert_uint_eq(rule->match[MATCH_PATH].count, 0);
	ck_assert_uint_eq(rule->settings.present, SETTING_BIT(PF_VFS) | SETTING_BIT(PF_MODE) |
							  SETTING_BIT(PF_ESWITCH_MODE));
	value = VALUES_GET(&rule->settings, PF_VFS);
	ck_assert_int_eq(value->form, VALUE_PERCENT);
	ck_assert_uint_eq(value->number, 50);
	ck_assert_str_eq(value->origin->document->name, "10-first.yaml");
	ck_assert_uint_eq(value->origin->line, 10);
	ck_assert_uint_eq(value->origin->column, 10);
	ck_assert_uint_eq(VALUES_GET(&rule->settings, PF_MODE)->number, MODE_OBSERVE);
	ck_assert_uint_eq(rule->n_entries, 0);
}
END_TEST

START_TEST(vf_defaults_come_before_the_entries_wherever_they_are_written)
{
	const struct rule *rule;

	read_good(RULE("a") "    virtual-functions:\n"
			    "      - {index: \"0-3\", trust: true}\n"
			    "      - {index: 2, vlan: 100}\n"
			    "    vf-defaults: {trust: false}\n");
	rule = &policy->rules[0];
	ck_assert_uint_eq(rule->n_entries, 3);
	ck_assert(rule->entries[0].indices.all);
	ck_assert_uint_eq(VALUES_GET(&rule->entries[0].settings, VF_TRUST)->number, 0);
	ck_assert(index_set_contains(&rule->entries[1].indices, 3));
	ck_assert(!index_set_contains(&rule->entries[1].indices, 4));
	ck_assert_uint_eq(rule->entries[1].origin.line, 6);
	ck_assert_uint_eq(rule->entries[1].origin.column, 17);
	ck_assert_uint_eq(rule->entries[2].settings.present, SETTING_BIT(VF_VLAN));
}
END_TEST

START_TEST(unset_is_absent)
{
	read_good(RULE("a") "    vf-defaults: {trust: false, vlan: none, mac: none}\n");
	ck_assert_uint_eq(policy->rules[0].settings.present, 0);
	ck_assert_uint_eq(policy->rules[0].entries[0].settings.present,
			  SETTING_BIT(VF_TRUST) | SETTING_BIT(VF_VLAN) | SETTING_BIT(VF_MAC));
}
END_TEST

START_TEST(nothing_of_the_arguments_needs_to_live_on)
{
	char *text = strdup(RULE("uplinks")), *name = strdup("gone.yaml");
	const struct document document = { name, text, strlen(text) };

	ck_assert_int_eq(policy_read(&document, 1, NULL, &diagnostics, &policy), 0);
	memset(text, 'x', strlen(text));
	free(text);
	free(name);
	ck_assert_str_eq(policy->rules[0].name, "uplinks");
	ck_assert_str_eq(policy->rules[0].origin.document->name, "gone.yaml");
}
END_TEST

START_TEST(rules_of_several_files_stay_in_order)
{
	ck_assert_int_eq(read_texts(NULL, RULE("b"), RULE("a")), 0);
	ck_assert_uint_eq(policy->n_rules, 2);
	ck_assert_str_eq(policy->rules[0].name, "b");
	ck_assert_str_eq(policy->rules[1].name, "a");
	ck_assert_str_eq(policy->rules[1].origin.document->name, "20-second.yaml");
}
END_TEST

START_TEST(a_later_files_settings_win_key_by_key)
{
	ck_assert_int_eq(read_texts(NULL, "version: 1\nsettings: {resync: 5m, boot-wait: 1s}\n",
				    "version: 1\nsettings: {resync: 0}\n"),
			 0);
	ck_assert_uint_eq(policy->resync_ms, 0);
	ck_assert_uint_eq(policy->boot_wait_ms, 1000);
}
END_TEST

static const struct {
	const char *text;
	uint64_t ms;
} durations[] = {
	{ "0", 0 },	    { "0s", 0 },	   { "1000ms", 1000 }, { "1s", 1000 },
	{ "60s", 60000 },   { "2m", 120000 },	   { "1h", 3600000 },  { "24h", 86400000 },
	{ "'90s'", 90000 }, { "1440m", 86400000 },
};

START_TEST(durations_have_units)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "version: 1\nsettings: {resync: %s}\n", durations[_i].text);
	read_good(text_string(&text));
	ck_assert_uint_eq(policy->resync_ms, durations[_i].ms);
}
END_TEST

START_TEST(a_name_is_given_once_in_all_files)
{
	ck_assert_int_eq(read_texts(NULL, RULE("a"),
				    RULE("b") "  - name: a\n"
					      "    match: {driver: ice}\n"),
			 -EINVAL);
	ck_assert_ptr_null(policy);
	ck_assert_uint_eq(diagnostics.count, 1);
	ck_assert_str_eq(diagnostics.items[0].message,
			 "there is a rule 'a' already, at 10-first.yaml:3:11");
	ck_assert_str_eq(diagnostics.items[0].origin.document->name, "20-second.yaml");
	ck_assert_uint_eq(diagnostics.items[0].origin.line, 5);
}
END_TEST

START_TEST(a_name_is_given_once_even_where_the_host_does_not_fit)
{
	const struct host host = { .hostname = "a" };

	ck_assert_int_eq(read_texts(&host, RULE("a"), "host: {hostname: b}\n" RULE("a")), -EINVAL);
}
END_TEST

START_TEST(all_files_errors_are_reported)
{
	ck_assert_int_eq(read_texts(NULL, "version: 1\nvfs: [\n", "version: 1\nvfs: 1\n"), -EINVAL);
	ck_assert_uint_eq(diagnostics.count, 2);
	ck_assert_str_eq(diagnostics.items[0].origin.document->name, "10-first.yaml");
	ck_assert_str_eq(diagnostics.items[1].origin.document->name, "20-second.yaml");
}
END_TEST

START_TEST(errors_of_before_do_not_make_a_policy_bad)
{
	diagnostics_report(&diagnostics, SEVERITY_ERROR, NULL, NULL, "elsewhere");
	read_good(RULE("a"));
}
END_TEST

static const struct host here = {
	.hostname = "compute-12",
	.machine_id = "0123456789abcdef0123456789abcdef",
	.kernel_command_line = "BOOT_IMAGE=/vmlinuz ro  sriov=on\tquiet\n",
	.product_name = "PowerEdge R750",
};

static const struct {
	const char *selector;
	bool fits;
} selectors[] = {
	{ "{hostname: compute-12}", true },
	{ "{hostname: \"compute-*\"}", true },
	{ "{hostname: \"storage-*\"}", false },
	{ "{hostname: [storage-1, \"compute-1?\"]}", true },
	{ "{hostname: compute-1}", false },
	{ "{machine-id: 0123456789abcdef0123456789abcdef}", true },
	{ "{machine-id: \"0123*\"}", true },
	{ "{machine-id: \"1123*\"}", false },
	{ "{kernel-command-line: sriov=on}", true },
	{ "{kernel-command-line: \"sriov=*\"}", true },
	{ "{kernel-command-line: quiet}", true },
	{ "{kernel-command-line: [nothing, ro]}", true },
	{ "{kernel-command-line: sriov}", false },
	{ "{kernel-command-line: \"ro*quiet\"}", false },
	{ "{kernel-command-line: \"BOOT_IMAGE=*\"}", true },
	{ "{product-name: PowerEdge R7*}", true },
	{ "{product-name: PowerEdge}", false },
	{ "{hostname: compute-12, product-name: \"*R750\"}", true },
	{ "{hostname: compute-12, product-name: \"*R640\"}", false },
	{ "{hostname: compute-13, product-name: \"*R750\"}", false },
};

static bool counts_on(const struct host *host, const char *selector)
{
	CLEANUP_TEXT struct text text = { 0 };
	bool counts;

	text_printf(&text, RULE("a") "settings: {resync: 5s}\nhost: %s\n", selector);
	ck_assert_int_eq(read_texts(host, text_string(&text), NULL), 0);
	counts = policy->n_rules;
	ck_assert_uint_eq(policy->resync_ms, counts ? 5000 : POLICY_RESYNC_DEFAULT_MS);
	tear_down();
	return counts;
}

START_TEST(a_file_counts_where_its_host_fits)
{
	static const struct host unknown = { 0 };

	ck_assert_int_eq(counts_on(&here, selectors[_i].selector), selectors[_i].fits);
	ck_assert(!counts_on(&unknown, selectors[_i].selector));
	ck_assert(counts_on(NULL, selectors[_i].selector));
}
END_TEST

/* What is read once for all hosts, and then selected for one. */
START_TEST(the_part_for_a_host_is_what_reading_for_it_gives)
{
	static const struct host unknown = { 0 };
	const struct host *hosts[] = { &here, &unknown };
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, RULE("a") "settings: {resync: 5s}\nhost: %s\n", selectors[_i].selector);
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		CLEANUP(policy_free_cleanup) struct policy *part = NULL;
		bool fits = i == 0 && selectors[_i].fits;

		ck_assert_int_eq(read_texts(NULL, RULE("b"), text_string(&text)), 0);
		ck_assert_int_eq(policy_select(policy, hosts[i], NULL, &part), 0);
		tear_down(); /* the part keeps what it needs of the whole */
		ck_assert_uint_eq(part->n_rules, fits ? 2 : 1);
		ck_assert_str_eq(part->rules[0].name, "b");
		ck_assert_str_eq(part->rules[part->n_rules - 1].name, fits ? "a" : "b");
		ck_assert_uint_eq(part->resync_ms, fits ? 5000 : POLICY_RESYNC_DEFAULT_MS);
	}
}
END_TEST

START_TEST(hosts_of_a_kind_share_a_part)
{
	static const struct host same = { .hostname = "compute-13" }, other = { .hostname = "x" };
	CLEANUP(policy_free_cleanup) struct policy *part = NULL, *again = NULL, *differs = NULL;

	ck_assert_int_eq(read_texts(NULL, RULE("b"), "host: {hostname: compute-1?}\n" RULE("a")),
			 0);
	ck_assert_int_eq(policy_select(policy, &here, NULL, &part), 0);
	ck_assert_int_eq(policy_select(policy, &same, part, &again), 0);
	ck_assert_int_eq(policy_select(policy, &other, part, &differs), 0);
	ck_assert_ptr_eq(again, part);
	ck_assert_ptr_ne(differs, part);
	ck_assert_uint_eq(differs->n_rules, 1);
}
END_TEST

START_TEST(a_file_for_another_host_is_checked_all_the_same)
{
	ck_assert_int_eq(read_texts(&here, "version: 1\nhost: {hostname: x}\nvfs: 1\n", NULL),
			 -EINVAL);
}
END_TEST

START_TEST(the_standard_directories_are_in_order_of_precedence)
{
	ck_assert_str_eq(policy_directories[0], "/etc/sriovd");
	ck_assert_str_eq(policy_directories[1], "/run/sriovd");
	ck_assert_str_eq(policy_directories[2], "/usr/lib/sriovd");
}
END_TEST

START_TEST(a_hundred_thousand_lines_are_read_without_delay)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, "version: 1\nphysical-functions:\n");
	for (int i = 0; i < 2500; i++) {
		text_printf(&text, "  - name: rule-%d\n    match: {interface: ens%d}\n", i, i);
		text_append(&text, "    virtual-functions:\n");
		for (int k = 0; k < 12; k++)
			text_printf(&text,
				    "      - index: \"%d,%d-65534\"\n        vlan: %d\n"
				    "        max-tx-rate: 100\n",
				    k, 60000 - k, k);
	}
	read_good(text_string(&text));
	ck_assert_uint_eq(policy->n_rules, 2500);
}
END_TEST

START_TEST(a_rule_of_many_wide_entries_is_checked_without_delay)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, RULE("a") "    virtual-functions:\n");
	for (int i = 0; i < 20000; i++)
		text_printf(&text, "      - {index: \"%d-%d\", min-tx-rate: 1, max-tx-rate: 2}\n",
			    i, 65534 - i);
	read_good(text_string(&text));
	ck_assert_uint_eq(policy->rules[0].n_entries, 20000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tests = tcase_create("policy");

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, no_document_is_an_empty_policy);
	tcase_add_test(tests, a_rule_has_what_its_text_says);
	tcase_add_test(tests, vf_defaults_come_before_the_entries_wherever_they_are_written);
	tcase_add_test(tests, unset_is_absent);
	tcase_add_test(tests, nothing_of_the_arguments_needs_to_live_on);
	tcase_add_test(tests, rules_of_several_files_stay_in_order);
	tcase_add_test(tests, a_later_files_settings_win_key_by_key);
	tcase_add_loop_test(tests, durations_have_units, 0, ARRAY_SIZE(durations));
	tcase_add_test(tests, a_name_is_given_once_in_all_files);
	tcase_add_test(tests, a_name_is_given_once_even_where_the_host_does_not_fit);
	tcase_add_test(tests, all_files_errors_are_reported);
	tcase_add_test(tests, errors_of_before_do_not_make_a_policy_bad);
	tcase_add_loop_test(tests, a_file_counts_where_its_host_fits, 0, ARRAY_SIZE(selectors));
	tcase_add_loop_test(tests, the_part_for_a_host_is_what_reading_for_it_gives, 0,
			    ARRAY_SIZE(selectors));
	tcase_add_test(tests, hosts_of_a_kind_share_a_part);
	tcase_add_test(tests, a_file_for_another_host_is_checked_all_the_same);
	tcase_add_test(tests, the_standard_directories_are_in_order_of_precedence);
	tcase_add_test(tests, a_hundred_thousand_lines_are_read_without_delay);
	tcase_add_test(tests, a_rule_of_many_wide_entries_is_checked_without_delay);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
