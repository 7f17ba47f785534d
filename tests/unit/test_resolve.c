/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/resolve/resolve.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "policy/resolve/stable_address.h"
#include "runner.h"
#include "util/hex.h"

static struct policy *policy;
static struct pf *observed;
static struct desired *desired;

static void tear_down(void)
{
	desired_free(desired);
	pf_free(observed);
	policy_free(policy);
	desired = NULL;
	observed = NULL;
	policy = NULL;
}

/* Resolves rules, each "{name: ..., match: ..., ...}", on a card of eight VFs at most. */
static void resolve_with(const char *rules, const char *pf, const struct host *host)
{
	CLEANUP_TEXT struct text text = { 0 };

	tear_down();
	text_printf(&text, "physical-functions:\n%s", rules);
	policy = fixture_policy(text_string(&text));
	observed = fixture_pf(pf);
	ck_assert_int_eq(policy_resolve(policy, host, observed, &desired), 0);
}

#define CARD                                                                                       \
	"- handle: pci/0000:3b:00.0\n"                                                             \
	"  address: 0000:3b:00.0\n"                                                                \
	"  driver: ice\n"                                                                          \
	"  interface: ens1f0\n"                                                                    \
	"  ifindex: 3\n"                                                                           \
	"  mac: 52:54:00:aa:00:01\n"

static const char card[] = CARD "  totalvfs: 8\n  vfs: 2\n"
				"  virtual-functions: [{index: 0}, {index: 1}]\n";

/* Before its network device is there. */
#define NO_NETDEV                                                                                  \
	"- handle: pci/0000:3b:00.0\n  driver: ice\n  totalvfs: 8\n  vfs: 2\n"                     \
	"  virtual-functions: [{index: 0}, {index: 1}]\n"

#define RULE(name) "  - name: " name "\n    match: {driver: ice}\n"

static void resolve(const char *rules)
{
	resolve_with(rules, card, &fixture_host);
}

static void assert_no_problems(void)
{
	ck_assert_msg(!desired->n_problems, "%s",
		      desired->n_problems ? desired->problems[0].message : "");
}

/* There is one problem, this, at this line of the policy (after "version: 1"). */
static void assert_problem(const char *message, unsigned line)
{
	ck_assert_uint_eq(desired->n_problems, 1);
	ck_assert_str_eq(desired->problems[0].message, message);
	ck_assert_uint_eq(desired->problems[0].origin.line, line);
}

static const struct value *vf_value(uint32_t vf, enum vf_setting setting)
{
	ck_assert_uint_lt(vf, desired->pf->n_vfs);
	return VALUES_GET(&desired->pf->vfs[vf].settings, setting);
}

static void assert_vf(uint32_t vf, enum vf_setting setting, const char *expected)
{
	const struct value *value = vf_value(vf, setting);
	CLEANUP_TEXT struct text text = { 0 };

	if (!expected) {
		ck_assert_ptr_null(value);
		return;
	}
	ck_assert_ptr_nonnull(value);
	value_describe(&vf_settings[setting], value, &text);
	ck_assert_str_eq(text_string(&text), expected);
}

START_TEST(a_pf_that_no_rule_matches_is_left_alone)
{
	resolve("  - name: a\n    match: {driver: i40e}\n    vfs: 4\n    mtu: 9000\n");
	ck_assert_uint_eq(desired->n_rules, 0);
	ck_assert_uint_eq(desired->pf->settings.present, 0);
	assert_no_problems();
}
END_TEST

/* Wherever it stands, and whatever a later rule has for mode. */
START_TEST(what_a_rule_ignores_is_left_alone_whatever_others_say)
{
	static const char ignore[] = "  - name: no\n    match: {interface: ens1f0}\n"
				     "    mode: ignore\n";
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s%s%s", _i ? ignore : "", RULE("b"), _i ? "" : ignore);
	text_append(&text, "  - name: a\n    match: {driver: ice}\n    mode: enforce\n    vfs: 7\n"
			   "    mtu: 9000\n    vf-defaults: {trust: true, min-tx-rate: 3}\n");
	resolve(text_string(&text));
	ck_assert(!desired_is_managed(desired) && !desired_is_enforced(desired));
	ck_assert_uint_eq(desired->n_rules, 3);
	ck_assert_str_eq(desired->ignored_by->name, "no");
	ck_assert_uint_eq(desired->pf->settings.present, 0);
	ck_assert_uint_eq(desired->pf->n_vfs, 2);
	ck_assert_uint_eq(desired->pf->vfs[1].settings.present, 0);
	assert_no_problems();
}
END_TEST

static const struct {
	const char *pf, *match;
	const char *undecided; /* NULL: the PF is managed */
} may_ignore[] = {
	{ NO_NETDEV, "{interface: \"mgmt*\"}",
	  "it cannot be told yet whether rule 'no' ignores it: interface is nothing (it has no "
	  "network device here), wanted 'mgmt*'" },
	/* It cannot be told to be spared. */
	{ NO_NETDEV, "{driver: ice, not: {port: p7}}",
	  "it cannot be told yet whether rule 'no' ignores it: port is nothing (it has no network "
	  "device here), and 'not' cannot tell yet whether it is 'p7'" },
	{ NO_NETDEV, "{interface: \"mgmt*\", driver: i40e}", NULL },
	{ NO_NETDEV, "{interface: \"mgmt*\", not: {driver: ice}}", NULL },
	{ card, "{interface: \"mgmt*\"}", NULL },
};

START_TEST(a_pf_that_may_be_ignored_waits_until_that_can_be_told)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s    vfs: 7\n  - name: no\n    match: %s\n    mode: ignore\n",
		    RULE("a"), may_ignore[_i].match);
	resolve_with(text_string(&text), may_ignore[_i].pf, &fixture_host);
	ck_assert_uint_eq(desired->n_rules, 1);
	ck_assert_ptr_null(desired->ignored_by);
	ck_assert_int_eq(desired_is_managed(desired), !may_ignore[_i].undecided);
	ck_assert_uint_eq(desired->pf->n_vfs, may_ignore[_i].undecided ? 2 : 7);
	if (may_ignore[_i].undecided)
		ck_assert_str_eq(desired->undecided, may_ignore[_i].undecided);
}
END_TEST

static const struct {
	const char *rules;
	const char *pf;
	uint32_t expected;
} limits[] = {
	{ RULE("a") "    vfs: 64\n    at-most: true\n", card, 8 },
	{ RULE("a") "    vfs: 9\n    at-most: true\n", card, 8 },
	{ RULE("a") "    vfs: 8\n    at-most: true\n", card, 8 },
	{ RULE("a") "    vfs: 3\n    at-most: true\n", card, 3 },
	/* What the kernel does not say is left to the driver to refuse. */
	{ RULE("a") "    vfs: 64\n    at-most: true\n", CARD, 64 },
	/* Key by key, as all settings. */
	{ RULE("a") "    vfs: 64\n    at-most: true\n" RULE("b") "    vfs: 32\n", card, 8 },
	/* VFs that are asked for and cannot be are not named in vain. */
	{ RULE("a") "    vfs: 64\n    at-most: true\n    virtual-functions:\n"
		    "      - {index: \"0-63\", trust: true}\n      - {index: 9, trust: false}\n",
	  card, 8 },
};

START_TEST(at_most_is_as_many_as_are_asked_for_or_as_the_card_can_have)
{
	resolve_with(limits[_i].rules, limits[_i].pf, &fixture_host);
	assert_no_problems();
	ck_assert_uint_eq(VALUES_GET(&desired->pf->settings, PF_VFS)->number, limits[_i].expected);
	ck_assert_uint_eq(desired->pf->n_vfs, limits[_i].expected);
}
END_TEST

START_TEST(what_at_most_does_not_reach_is_a_problem_still)
{
	resolve(RULE("a") "    vfs: 64\n    at-most: true\n" RULE("b") "    at-most: false\n"
								       "    vfs: 9\n");
	assert_problem("'vfs' is 9, but the card can have 8 VFs", 10);
	resolve(RULE("a") "    vfs: 16\n    at-most: true\n" RULE(
		"b") "    virtual-functions: [{index: 16, trust: true}]\n");
	assert_problem("'index' names VF 16, but the PF has 8 VFs (fixture:5)", 9);
}
END_TEST

START_TEST(a_rule_that_names_nothing_wants_nothing)
{
	resolve(RULE("a"));
	ck_assert_uint_eq(desired->n_rules, 1);
	ck_assert_uint_eq(desired->pf->settings.present, 0);
	ck_assert_uint_eq(desired->pf->n_vfs, 2);
	ck_assert_uint_eq(desired->pf->vfs[1].settings.present, 0);
	ck_assert_uint_eq(desired->pf->vfs[1].index, 1);
}
END_TEST

START_TEST(later_rules_win_setting_by_setting)
{
	const struct value *value;

	resolve(RULE("a") "    mtu: 1500\n    pf-up: true\n"
			  "  - name: b\n    match: {driver: i40e}\n    mtu: 2000\n" RULE(
				  "c") "    mtu: 9000\n");
	ck_assert_uint_eq(desired->n_rules, 2);
	ck_assert_str_eq(desired->rules[0]->name, "a");
	ck_assert_str_eq(desired->rules[1]->name, "c");
	value = VALUES_GET(&desired->pf->settings, PF_MTU);
	ck_assert_uint_eq(value->number, 9000);
	ck_assert_uint_eq(value->origin->line, 12);
	ck_assert_uint_eq(value->origin->column, 10);
	ck_assert_uint_eq(VALUES_GET(&desired->pf->settings, PF_UP)->origin->line, 6);
}
END_TEST

static const struct {
	const char *vfs;
	uint32_t totalvfs;
	uint32_t count;
} counts[] = {
	{ "4", 8, 4 },	   { "8", 8, 8 },	    { "0", 8, 0 },	  { "100", 0, 100 },
	{ "max", 8, 8 },   { "50%", 8, 4 },	    { "50%", 7, 3 },	  { "100%", 8, 8 },
	{ "0%", 8, 0 },	   { "1%", 8, 1 },	    { "12%", 8, 1 },	  { "13%", 8, 1 },
	{ "25%", 8, 2 },   { "99%", 8, 7 },	    { "1%", 1, 1 },	  { "50%", 1, 1 },
	{ "33%", 64, 21 }, { "99%", 16384, 16220 }, { "1%", 16384, 163 }, { "100%", 16384, 16384 },
};

START_TEST(the_number_of_vfs_becomes_a_plain_one)
{
	CLEANUP_TEXT struct text rules = { 0 }, pf = { 0 };
	const struct value *value;

	text_printf(&rules, RULE("a") "    vfs: %s\n", counts[_i].vfs);
	text_printf(&pf, CARD "  totalvfs: %u\n", counts[_i].totalvfs);
	resolve_with(text_string(&rules), text_string(&pf), &fixture_host);
	assert_no_problems();
	value = VALUES_GET(&desired->pf->settings, PF_VFS);
	ck_assert_int_eq(value->form, VALUE_PLAIN);
	ck_assert_uint_eq(value->number, counts[_i].count);
	ck_assert_uint_eq(value->origin->line, 5);
	ck_assert_uint_eq(desired->pf->n_vfs, counts[_i].count);
}
END_TEST

START_TEST(more_vfs_than_the_card_has_are_a_problem_and_the_count_is_left_out)
{
	resolve(RULE("a") "    vfs: 9\n    vf-defaults: {trust: true}\n"
			  "    virtual-functions: [{index: 8, vlan: 5}]\n");
	assert_problem("'vfs' is 9, but the card can have 8 VFs", 5);
	ck_assert_ptr_null(VALUES_GET(&desired->pf->settings, PF_VFS));
	ck_assert_uint_eq(desired->pf->n_vfs, 2);
	assert_vf(1, VF_TRUST, "true");
}
END_TEST

START_TEST(a_share_of_an_unknown_total_is_a_problem)
{
	static const char *const shares[] = { "50%", "max", "0%" };
	CLEANUP_TEXT struct text rules = { 0 };

	text_printf(&rules, RULE("a") "    vfs: %s\n", shares[_i]);
	resolve_with(text_string(&rules), CARD, &fixture_host);
	assert_problem("'vfs' depends on how many VFs the card can have, which the kernel does "
		       "not say; write a number",
		       5);
	ck_assert_ptr_null(VALUES_GET(&desired->pf->settings, PF_VFS));
}
END_TEST

START_TEST(later_entries_win_setting_by_setting)
{
	resolve(RULE("a") "    vfs: 4\n"
			  "    vf-defaults: {trust: false, spoof-check: true}\n"
			  "    virtual-functions:\n"
			  "      - {index: 0-2, vlan: 100, trust: true}\n"
			  "      - {index: 1, vlan: none}\n");
	assert_no_problems();
	assert_vf(0, VF_TRUST, "true");
	assert_vf(0, VF_VLAN, "100");
	assert_vf(1, VF_TRUST, "true");
	assert_vf(1, VF_VLAN, "none");
	assert_vf(3, VF_TRUST, "false");
	assert_vf(3, VF_VLAN, NULL);
	assert_vf(3, VF_SPOOF_CHECK, "true");
	ck_assert_uint_eq(vf_value(0, VF_TRUST)->origin->line, 8);
	ck_assert_uint_eq(vf_value(1, VF_VLAN)->origin->line, 9);
	ck_assert_uint_eq(vf_value(3, VF_TRUST)->origin->line, 6);
}
END_TEST

START_TEST(a_later_rules_defaults_win_over_an_earlier_ones_entries)
{
	resolve(RULE("a") "    vfs: 2\n    virtual-functions: [{index: 0, trust: true, vlan: "
			  "5}]\n" RULE("b") "    vf-defaults: {trust: false}\n");
	assert_vf(0, VF_TRUST, "false");
	assert_vf(0, VF_VLAN, "5");
	assert_vf(1, VF_TRUST, "false");
}
END_TEST

START_TEST(without_a_count_the_vfs_that_exist_are_set)
{
	resolve(RULE("a") "    vf-defaults: {trust: true}\n");
	ck_assert_uint_eq(desired->pf->n_vfs, 2);
	assert_vf(1, VF_TRUST, "true");
	assert_no_problems();
}
END_TEST

START_TEST(an_entry_beyond_the_vfs_is_a_problem)
{
	resolve(RULE("a") "    virtual-functions:\n"
			  "      - {index: \"0-1,5\", trust: true}\n");
	assert_problem("'index' names VF 5, but the PF has 2 VFs", 6);
	assert_vf(1, VF_TRUST, "true");
	resolve(RULE("a") "    virtual-functions: [{index: 5, trust: true}]\n" RULE(
		"b") "    vfs: 4\n");
	assert_problem("'index' names VF 5, but the PF has 4 VFs (fixture:8)", 5);
	resolve(RULE("a") "    virtual-functions: [{index: 5, trust: true}]\n" RULE(
		"b") "    vfs: max\n");
	assert_no_problems();
}
END_TEST

/* The VFs of an entry are counted as its index names them, in rising order, whoever wins. */
START_TEST(a_value_counts_over_the_vfs_of_its_entry)
{
	resolve(RULE("a") "    vfs: 8\n"
			  "    vf-defaults:\n"
			  "      vlan: {from: 100, qos: 3}\n"
			  "      mac: {from: 02:00:00:00:10:ff}\n"
			  "      node-guid: {from: 00:11:22:33:44:00:ff:ff}\n"
			  "    virtual-functions:\n"
			  "      - {index: 2, vlan: 7}\n"
			  "      - {index: '7,4-5,4', vlan: {from: 4092}}\n");
	assert_no_problems();
	assert_vf(0, VF_VLAN, "{id: 100, qos: 3}");
	assert_vf(1, VF_VLAN, "{id: 101, qos: 3}");
	assert_vf(2, VF_VLAN, "7");
	assert_vf(3, VF_VLAN, "{id: 103, qos: 3}");
	assert_vf(4, VF_VLAN, "4092");
	assert_vf(5, VF_VLAN, "4093");
	assert_vf(6, VF_VLAN, "{id: 106, qos: 3}");
	assert_vf(7, VF_VLAN, "4094");
	assert_vf(0, VF_MAC, "02:00:00:00:10:ff");
	assert_vf(1, VF_MAC, "02:00:00:00:11:00");
	assert_vf(7, VF_MAC, "02:00:00:00:11:06");
	assert_vf(1, VF_NODE_GUID, "00:11:22:33:44:01:00:00");
	assert_vf(0, VF_PORT_GUID, NULL);
}
END_TEST

START_TEST(a_count_that_leaves_the_range_is_a_problem_of_the_vfs_that_have_none)
{
	resolve(RULE("a") "    vf-defaults: {vlan: {from: 4093}, mac: {from: 02:00:00:ff:ff:ff}}\n"
			  "  - name: b\n    match: {driver: ice}\n    vfs: 5\n"
			  "    virtual-functions:\n      - {index: 2, vlan: 5}\n");
	ck_assert_uint_eq(desired->n_problems, 2);
	ck_assert_str_eq(desired->problems[0].message,
			 "'mac' counts from 02:00:00:ff:ff:ff to 02:00:00:ff:ff:ff, and none is "
			 "left for VF 1");
	ck_assert_str_eq(desired->problems[1].message,
			 "'vlan' counts from 4093 to 4094, and none is left for VF 3");
	ck_assert_uint_eq(desired->problems[1].origin.line, 5);
	assert_vf(0, VF_MAC, "02:00:00:ff:ff:ff");
	assert_vf(1, VF_MAC, NULL);
	assert_vf(1, VF_VLAN, "4094");
	assert_vf(2, VF_VLAN, "5");
	assert_vf(3, VF_VLAN, NULL);
	assert_vf(4, VF_VLAN, NULL);
}
END_TEST

START_TEST(an_address_that_is_counted_is_not_given_twice)
{
	resolve(RULE("a") "    vfs: 3\n    vf-defaults: {mac: {from: 02:00:00:00:00:01}}\n"
			  "  - name: b\n    match: {driver: ice}\n    virtual-functions:\n"
			  "      - {index: 0, mac: 02:00:00:00:00:03}\n");
	ck_assert_uint_eq(desired->n_problems, 1);
	assert_vf(0, VF_MAC, "02:00:00:00:00:03");
	assert_vf(1, VF_MAC, "02:00:00:00:00:02");
	assert_vf(2, VF_MAC, NULL);
}
END_TEST

/* What a policy says is told of what was made of it. */
START_TEST(a_counted_value_knows_what_it_was_made_from)
{
	const struct value *written;
	CLEANUP_TEXT struct text text = { 0 };

	resolve(RULE("a") "    vf-defaults: {vlan: {from: 100}, trust: true}\n");
	written = desired_written(desired, VF_VLAN, vf_value(1, VF_VLAN));
	ck_assert_ptr_nonnull(written);
	value_format(&vf_settings[VF_VLAN], written, &text);
	ck_assert_str_eq(text_string(&text), "{from: 100}");
	ck_assert_ptr_null(desired_written(desired, VF_TRUST, vf_value(1, VF_TRUST)));
}
END_TEST

#define LINKED(link) CARD "  totalvfs: 8\n  vfs: 1\n" link "  virtual-functions: [{index: 0}]\n"

START_TEST(a_share_of_the_link_is_one_of_its_speed)
{
	static const char rules[] = RULE("a") "    vf-defaults:\n"
					      "      min-tx-rate: 1%\n"
					      "      max-tx-rate: 50%\n";

	resolve_with(rules, LINKED("  carrier: true\n  speed: 25000\n"), &fixture_host);
	assert_no_problems();
	assert_vf(0, VF_MIN_TX_RATE, "250 Mbit/s");
	assert_vf(0, VF_MAX_TX_RATE, "12500 Mbit/s");
	/* 0 would lift the limit */
	resolve_with(rules, LINKED("  carrier: true\n  speed: 10\n"), &fixture_host);
	assert_vf(0, VF_MIN_TX_RATE, "1 Mbit/s");
	resolve_with(rules, LINKED("  carrier: false\n"), &fixture_host);
	assert_no_problems();
	assert_vf(0, VF_MAX_TX_RATE, "50%");
	resolve_with(rules, LINKED(""), &fixture_host);
	assert_no_problems();
	assert_vf(0, VF_MAX_TX_RATE, "50%");
	resolve_with(rules, LINKED("  carrier: true\n"), &fixture_host);
	ck_assert_uint_eq(desired->n_problems, 2);
	ck_assert_str_eq(desired->problems[1].message,
			 "'max-tx-rate' depends on the speed of the link, which the driver does "
			 "not say; write it in Mbit/s");
	assert_vf(0, VF_MAX_TX_RATE, NULL);
}
END_TEST

START_TEST(shares_cross_with_numbers_where_the_speed_is_known)
{
	static const char rules[] = RULE("a") "    vf-defaults: {min-tx-rate: 600, "
					      "max-tx-rate: 50%}\n";

	resolve_with(rules, LINKED("  carrier: false\n"), &fixture_host);
	assert_no_problems();
	resolve_with(rules, LINKED("  carrier: true\n  speed: 1000\n"), &fixture_host);
	assert_problem("'min-tx-rate' 600 (fixture:5) is over 'max-tx-rate' 500 (fixture:5) and is "
		       "left out",
		       5);
	assert_vf(0, VF_MIN_TX_RATE, NULL);
	resolve_with(rules, LINKED("  carrier: true\n  speed: 2500\n"), &fixture_host);
	assert_no_problems();
}
END_TEST

START_TEST(rates_that_cross_between_rules_are_a_problem)
{
	resolve(RULE("a") "    vfs: 4\n    vf-defaults: {min-tx-rate: 200}\n" RULE(
		"b") "    virtual-functions:\n"
		     "      - {index: 1, max-tx-rate: 100}\n"
		     "      - {index: 2, max-tx-rate: 0}\n"
		     "      - {index: 3, max-tx-rate: 200}\n");
	assert_problem("'min-tx-rate' 200 (fixture:6) is over 'max-tx-rate' 100 (fixture:10) and "
		       "is left out",
		       6);
	assert_vf(1, VF_MIN_TX_RATE, NULL);
	assert_vf(1, VF_MAX_TX_RATE, "100 Mbit/s");
	assert_vf(0, VF_MIN_TX_RATE, "200 Mbit/s");
	assert_vf(2, VF_MIN_TX_RATE, "200 Mbit/s");
	assert_vf(3, VF_MIN_TX_RATE, "200 Mbit/s");
}
END_TEST

START_TEST(an_address_that_two_rules_give_to_two_vfs_is_a_problem)
{
	resolve(RULE("a") "    vfs: 4\n"
			  "    virtual-functions: [{index: 2, mac: 52:54:00:00:00:01}]\n" RULE(
				  "b") "    virtual-functions: [{index: 1, mac: "
				       "52:54:00:00:00:01}]\n" RULE(
					       "c") "    virtual-functions: "
						    "[{index: 3, mac: "
						    "52:54:00:00:00:01}, {index: "
						    "0, mac: none}]\n");
	ck_assert_uint_eq(desired->n_problems, 2);
	ck_assert_str_eq(desired->problems[0].message,
			 "'mac' of VF 2 (fixture:6) is that of VF 1 too (fixture:9) and is left "
			 "out");
	ck_assert_str_eq(desired->problems[1].message,
			 "'mac' of VF 3 (fixture:12) is that of VF 1 too (fixture:9) and is left "
			 "out");
	assert_vf(0, VF_MAC, "none");
	assert_vf(1, VF_MAC, "52:54:00:00:00:01");
	assert_vf(2, VF_MAC, NULL);
	assert_vf(3, VF_MAC, NULL);
}
END_TEST

START_TEST(guids_are_unique_too)
{
	resolve(RULE(
		"a") "    vfs: 2\n"
		     "    virtual-functions: [{index: 0, node-guid: 0x0000000000000007}]\n" RULE(
			     "b") "    virtual-functions: [{index: 1, node-guid: "
				  "0x0000000000000007}]\n");
	assert_problem("'node-guid' of VF 1 (fixture:9) is that of VF 0 too (fixture:6) and is "
		       "left out",
		       9);
	assert_vf(1, VF_NODE_GUID, NULL);
}
END_TEST

START_TEST(a_later_rule_may_take_an_address_away)
{
	resolve(RULE("a") "    vfs: 2\n"
			  "    virtual-functions: [{index: 0, mac: 52:54:00:00:00:01}]\n" RULE(
				  "b") "    virtual-functions: [{index: 1, mac: "
				       "52:54:00:00:00:01}, {index: 0, mac: none}]\n");
	assert_no_problems();
	assert_vf(1, VF_MAC, "52:54:00:00:00:01");
}
END_TEST

/* Frozen: they must never change, or every guest of every user gets another address. They were
 * computed by Python's hmac and hashlib, as sriovd.yaml(5) says it. */
static const struct {
	const char *machine_id;
	const char *label;
	struct mac permanent;
	uint32_t vf;
	const char *address;
} stable[] = {
	{ "0123456789abcdef0123456789abcdef",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  0,
	  "56:2e:0a:1d:1b:51" },
	{ "0123456789ABCDEF0123456789ABCDEF",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  0,
	  "56:2e:0a:1d:1b:51" },
	{ "0123456789abcdef0123456789abcdef",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  1,
	  "a2:b0:c4:a6:c2:e1" },
	{ "0123456789abcdef0123456789abcdef",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  256,
	  "82:4f:af:9b:f5:a2" },
	{ "0123456789abcdef0123456789abcdef",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  65534,
	  "3a:f1:e5:34:3e:c5" },
	{ "0123456789abcdef0123456789abcdef",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x02 } },
	  0,
	  "9e:89:7a:97:7b:cc" },
	{ "0123456789abcdef0123456789abcdee",
	  "mac",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  0,
	  "fa:99:72:eb:fa:b4" },
	{ "0123456789abcdef0123456789abcdef",
	  "node-guid",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  0,
	  "e2:8d:52:00:00:55:5a:a6" },
	{ "0123456789abcdef0123456789abcdef",
	  "port-guid",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  0,
	  "ea:0c:dd:24:f0:90:84:2e" },
	{ "0123456789abcdef0123456789abcdef",
	  "port-guid",
	  { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } },
	  65534,
	  "da:5f:0d:6e:86:47:34:9d" },
};

START_TEST(a_stable_address_never_changes)
{
	const struct host host = { .machine_id = stable[_i].machine_id };
	size_t count = (strlen(stable[_i].address) + 1) / 3;
	uint8_t machine_id[HOST_MACHINE_ID_SIZE], address[8];
	char buffer[3 * 8];

	ck_assert(host_get_machine_id(&host, machine_id));
	stable_address(machine_id, stable[_i].label, &stable[_i].permanent, stable[_i].vf, address,
		       count);
	ck_assert_str_eq(hex_format_bytes(address, count, buffer), stable[_i].address);
}
END_TEST

START_TEST(stable_addresses_are_local_unicast_and_different)
{
	const struct mac permanent = { { 0x52, 0x54, 0x00, 0xaa, 0x00, 0x01 } };
	uint8_t machine_id[HOST_MACHINE_ID_SIZE];
	struct mac macs[512];

	ck_assert(host_get_machine_id(&fixture_host, machine_id));
	for (uint32_t i = 0; i < ARRAY_SIZE(macs); i++) {
		stable_address(machine_id, "mac", &permanent, i, macs[i].bytes,
			       sizeof(macs[i].bytes));
		ck_assert_uint_eq(macs[i].bytes[0] & 0x03, 0x02);
		for (uint32_t k = 0; k < i; k++)
			ck_assert(!mac_equal(&macs[i], &macs[k]));
	}
}
END_TEST

/* What a first boot has before systemd has made one, and what a file cut short has. */
START_TEST(a_machine_id_that_identifies_nothing_is_not_known)
{
	static const char *const texts[] = {
		"",
		"uninitialized",
		"00000000000000000000000000000000",
		"0123456789abcdef0123456789abcde",
		"0123456789abcdef0123456789abcdef0",
		"0123456789abcdef0123456789abcdeg",
		"01234567-89ab-cdef-0123-456789abcdef",
	};
	const struct host host = { .machine_id = texts[_i] };

	ck_assert(!host_machine_id_is_valid(texts[_i]));
	resolve_with(RULE("a") "    vfs: 1\n    vf-defaults: {mac: stable}\n", CARD, &host);
	assert_problem("'mac: stable' needs the host's machine ID, which is not known", 6);
	assert_vf(0, VF_MAC, NULL);
}
END_TEST

START_TEST(stable_becomes_an_address)
{
	resolve(RULE("a") "    vfs: 2\n    vf-defaults: {mac: stable, node-guid: stable, "
			  "port-guid: stable}\n");
	assert_no_problems();
	ck_assert_int_eq(vf_value(0, VF_MAC)->form, VALUE_PLAIN);
	assert_vf(0, VF_MAC, stable[0].address);
	assert_vf(1, VF_MAC, stable[2].address);
	assert_vf(0, VF_NODE_GUID, stable[7].address);
	assert_vf(0, VF_PORT_GUID, stable[8].address);
	ck_assert_uint_eq(vf_value(1, VF_MAC)->origin->line, 6);
}
END_TEST

START_TEST(stable_without_what_it_is_made_of_is_one_problem)
{
	static const struct host unknown = { 0 };
	static const char rules[] = RULE("a") "    vfs: 4\n    vf-defaults: {mac: stable}\n"
					      "    virtual-functions: [{index: 1, mac: none}]\n";

	resolve_with(rules, CARD, &unknown);
	assert_problem("'mac: stable' needs the host's machine ID, which is not known", 6);
	assert_vf(0, VF_MAC, NULL);
	assert_vf(1, VF_MAC, "none");
	resolve_with(rules, CARD, NULL);
	assert_problem("'mac: stable' needs the host's machine ID, which is not known", 6);
	resolve_with(rules, "- handle: pci/0000:3b:00.0\n  driver: ice\n", &fixture_host);
	assert_problem("'mac: stable' needs the PF's permanent address, which is not known", 6);
}
END_TEST

START_TEST(a_template_becomes_the_name_of_each_vf)
{
	resolve("  - name: up\n    match: {driver: ice}\n    vfs: 2\n"
		"    vf-defaults: {altname: \"{rule}-{pf}-vf{index}\"}\n"
		"  - name: down\n    match: {driver: ice}\n"
		"    virtual-functions: [{index: 1, altname: \"{rule}\"}]\n");
	assert_no_problems();
	assert_vf(0, VF_ALTNAME, "up-ens1f0-vf0");
	assert_vf(1, VF_ALTNAME, "down");
	ck_assert_uint_eq(vf_value(0, VF_ALTNAME)->origin->line, 6);
}
END_TEST

START_TEST(a_template_that_becomes_no_name_is_a_problem)
{
	resolve("  - name: up links\n    match: {driver: ice}\n    vfs: 1\n"
		"    vf-defaults: {altname: \"{rule}\", trust: true}\n");
	assert_problem("'altname' of VF 0 would be 'up links', which is no name for a network "
		       "device",
		       6);
	assert_vf(0, VF_ALTNAME, NULL);
	assert_vf(0, VF_TRUST, "true");
}
END_TEST

START_TEST(a_device_without_a_network_device_lends_its_address_to_names)
{
	resolve_with(RULE("a") "    vfs: 1\n    vf-defaults: {altname: \"{pf}\"}\n",
		     "- handle: netdevsim/netdevsim10\n  address: netdevsim10\n  driver: ice\n",
		     &fixture_host);
	assert_vf(0, VF_ALTNAME, "netdevsim10");
}
END_TEST

START_TEST(settings_of_the_eswitch_and_of_devices_are_resolved_too)
{
	resolve_with(RULE("a") "    vfs: 1\n    eswitch: {mode: legacy}\n"
			       "    vf-defaults: {driver: vfio-pci, msix-vectors: 4}\n",
		     CARD "  eswitch: {mode: switchdev}\n", &fixture_host);
	ck_assert_ptr_nonnull(VALUES_GET(&desired->pf->settings, PF_ESWITCH_MODE));
	assert_vf(0, VF_DRIVER, "vfio-pci");
	assert_vf(0, VF_MSIX_VECTORS, "4");
}
END_TEST

#define DEALER CARD "  vf-msix-vectors: 16\n  totalvfs: 8\n  vfs: 3\n"
#define DEALT                                                                                      \
	"  virtual-functions: [{index: 0, msix-vectors: 4}, {index: 1, msix-vectors: 4}, "         \
	"{index: 2, msix-vectors: 4}]\n"

START_TEST(interrupts_of_all_vfs_are_within_what_the_card_has)
{
	resolve_with(RULE("a") "    virtual-functions: [{index: 0, msix-vectors: 8}]\n",
		     DEALER DEALT, &fixture_host);
	assert_no_problems();
	assert_vf(0, VF_MSIX_VECTORS, "8");
}
END_TEST

START_TEST(more_interrupts_than_the_card_has_are_a_problem_and_all_are_left_out)
{
	resolve_with(RULE("a") "    virtual-functions:\n"
			       "      - {index: 0, msix-vectors: 8}\n"
			       "      - {index: 1, msix-vectors: 5, trust: true}\n",
		     DEALER DEALT, &fixture_host);
	assert_problem("'msix-vectors' of all VFs would be 17 together, but the card has 16 for "
		       "them; they are left out",
		       7);
	assert_vf(0, VF_MSIX_VECTORS, NULL);
	assert_vf(1, VF_MSIX_VECTORS, NULL);
	assert_vf(1, VF_TRUST, "true");
}
END_TEST

START_TEST(interrupts_that_are_not_dealt_out_are_the_drivers_to_refuse)
{
	resolve(RULE("a") "    vf-defaults: {msix-vectors: 2048}\n");
	assert_no_problems();
	assert_vf(1, VF_MSIX_VECTORS, "2048");
}
END_TEST

START_TEST(an_eswitch_that_a_pf_does_not_have_is_a_problem)
{
	resolve(RULE("a") "    eswitch: {mode: switchdev}\n    mtu: 9000\n");
	assert_problem("'eswitch.mode': the kernel does not say that this PF has one", 5);
	ck_assert_uint_eq(desired->pf->settings.present, SETTING_BIT(PF_MTU));
}
END_TEST

START_TEST(an_eswitch_may_come_with_a_driver)
{
	resolve_with(
		"  - name: a\n    match: {interface: ens1f0}\n    eswitch: {mode: switchdev}\n",
		"- {handle: pci/0000:3b:00.0, interface: ens1f0, ifindex: 3, vfs: 0}\n",
		&fixture_host);
	assert_no_problems();
	ck_assert_uint_eq(desired->pf->settings.present, SETTING_BIT(PF_ESWITCH_MODE));
}
END_TEST

#define EVERYTHING                                                                                 \
	"  - name: a\n    match: {pci: '*'}\n    vfs: 2\n    pf-up: true\n    mtu: 9000\n"         \
	"    vf-defaults: {vlan: 5, driver: default, unmanaged: true, altname: 'v{index}'}\n"
#define NO_CARD(key) "'" key "' is for network cards, and this is none (its PCI class is 0x010802)"
#define NO_DEVICE(key, driver)                                                                     \
	"'" key "' is set by way of the PF's network device, and with " driver " it has none"

static const struct {
	const char *name, *pf;
	const char *problems[6];
} lacks[] = {
	{ "an NVMe drive has no network device, and neither have its VFs",
	  "driver: nvme, class: 0x010802",
	  { NO_CARD("mtu"), NO_CARD("pf-up"), NO_CARD("vlan"), NO_CARD("unmanaged"),
	    NO_CARD("altname") } },
	{ "it never will, with no driver either",
	  "class: 0x010802",
	  { NO_CARD("mtu"), NO_CARD("pf-up"), NO_CARD("vlan"), NO_CARD("unmanaged"),
	    NO_CARD("altname") } },
	{ "vfio-pci has a network card as it is: VFs may have network devices",
	  "driver: vfio-pci, class: 0x020000",
	  { NO_DEVICE("mtu", "vfio-pci"), NO_DEVICE("pf-up", "vfio-pci"),
	    NO_DEVICE("vlan", "vfio-pci") } },
	{ "of another driver the network device may come back",
	  "driver: igb, class: 0x020000",
	  { 0 } },
	{ "a driver may come that makes one", "class: 0x028000", { 0 } },
	{ "an inventory may not say the class", "driver: unheard_of", { 0 } },
	{ "the driver alone says it, too",
	  "driver: pci-pf-stub",
	  { NO_DEVICE("mtu", "pci-pf-stub"), NO_DEVICE("pf-up", "pci-pf-stub"),
	    NO_DEVICE("vlan", "pci-pf-stub") } },
	{ "InfiniBand is of network cards", "driver: mlx5_core, class: 0x020700", { 0 } },
	{ "a driver of network cards makes one of whatever it takes",
	  "driver: ice, class: 0x120000",
	  { 0 } },
	{ "what has one, has one",
	  "driver: unheard_of, class: 0x120000, interface: eth0, ifindex: 3",
	  { 0 } },
};

START_TEST(what_needs_a_network_device_that_will_never_be_is_a_problem)
{
	CLEANUP_TEXT struct text pf = { 0 };
	size_t i;

	text_printf(&pf, "- {handle: pci/0000:5e:00.0, totalvfs: 8, %s}\n", lacks[_i].pf);
	resolve_with(EVERYTHING, text_string(&pf), &fixture_host);
	for (i = 0; lacks[_i].problems[i]; i++) {
		ck_assert_msg(i < desired->n_problems, "%s", lacks[_i].name);
		ck_assert_str_eq(desired->problems[i].message, lacks[_i].problems[i]);
		ck_assert(!desired->problems[i].remark);
	}
	ck_assert_msg(i == desired->n_problems, "%s", lacks[_i].name);
	ck_assert_int_eq(!VALUES_GET(&desired->pf->settings, PF_MTU), i > 0);
	ck_assert_int_eq(!VALUES_GET(&desired->pf->settings, PF_UP), i > 0);
	assert_vf(1, VF_VLAN, i ? NULL : "5");
	assert_vf(1, VF_ALTNAME, i > 3 ? NULL : "v1");
	assert_vf(1, VF_DRIVER, "default");
	ck_assert_uint_eq(desired->pf->n_vfs, 2);
}
END_TEST

#define DRIVE(rest)                                                                                \
	"- {handle: pci/0000:5e:00.0, totalvfs: 8, driver: nvme, class: 0x010802, " rest "}\n"
#define DEAD(vfs)                                                                                  \
	"dead: VF " vfs                                                                            \
	": a VF of an NVMe drive does nothing before it is given resources and set online "        \
	"('nvme virt-mgmt'), and a driver probes it then"

static const struct {
	const char *name, *rest, *pf;
	const char *problem; /* NULL: none */
} lives[] = {
	{ "VFs that no driver took are dead", "vfs: 4",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none}, "
		"{index: 1, driver: nvme, controller: live}, {index: 2, driver: none}, "
		"{index: 3, driver: none}]"),
	  DEAD("0, 2-3") },
	{ "whether they are to be so or not", "vfs: 1, vf-defaults: {driver: default}",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none}]"),
	  DEAD("0") },
	{ "not where drivers are kept off", "vfs: 1, drivers-autoprobe: false",
	  DRIVE("drivers-autoprobe: false, virtual-functions: [{index: 0, driver: none}]"), NULL },
	{ "nor for a while", "vfs: 1",
	  DRIVE("drivers-autoprobe: true, drivers-held: true, "
		"virtual-functions: [{index: 0, driver: none}]"),
	  NULL },
	{ "nor where none is wanted", "vfs: 1, vf-defaults: {driver: none}",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none}]"), NULL },
	{ "nor where another is to come", "vfs: 1, vf-defaults: {driver: vfio-pci}",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none}]"), NULL },
	{ "nor where it is reserved", "vfs: 1",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: none, "
		"driver-override: vfio-pci}]"),
	  NULL },
	{ "one that nvme waits for is dead so far", "vfs: 1",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: nvme, "
		"controller: connecting}]"),
	  DEAD("0") },
	{ "of one that a guest has it cannot be told", "vfs: 1",
	  DRIVE("drivers-autoprobe: true, virtual-functions: [{index: 0, driver: vfio-pci}]"),
	  NULL },
	{ "whatever else their driver does", "vfs: 1",
	  "- {handle: pci/0000:5e:00.0, totalvfs: 8, driver: mlx4_core, drivers-autoprobe: true, "
	  "virtual-functions: [{index: 0, driver: none}]}\n",
	  NULL },
	{ "VFs of network cards live", "vfs: 1",
	  "- {handle: pci/0000:5e:00.0, totalvfs: 8, driver: igb, drivers-autoprobe: true, "
	  "virtual-functions: [{index: 0, driver: none}]}\n",
	  NULL },
};

START_TEST(a_vf_that_nobody_has_set_online_is_dead)
{
	CLEANUP_TEXT struct text rules = { 0 };

	text_printf(&rules, "  - {name: a, match: {pci: '*'}, %s}\n", lives[_i].rest);
	resolve_with(text_string(&rules), lives[_i].pf, &fixture_host);
	ck_assert_msg(desired->n_problems == (lives[_i].problem ? 1 : 0), "%s", lives[_i].name);
	if (lives[_i].problem)
		ck_assert_str_eq(desired->problems[0].message, lives[_i].problem);
}
END_TEST

/* ipoib_netdev_ops_pf in drivers/infiniband/ulp/ipoib/ipoib_main.c. */
START_TEST(what_is_ethernets_is_left_out_on_infiniband)
{
	static const char rules[] =
		"  - name: a\n    match: {pci: '*'}\n    vfs: 1\n    mtu: 2044\n    vf-defaults:\n"
		"      {mac: stable, vlan: 5, spoof-check: true, trust: true, link-state: auto,\n"
		"       node-guid: 0011:2233:4455:6677}\n";
	static const char *const keys[] = { "mac", "vlan", "spoof-check", "trust" };

	resolve_with(rules,
		     "- {handle: pci/0000:5e:00.0, driver: mlx5_core, class: 0x020700, "
		     "interface: ib0, ifindex: 3, totalvfs: 8}\n",
		     &fixture_host);
	ck_assert_uint_eq(desired->n_problems, ARRAY_SIZE(keys));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		ck_assert_ptr_nonnull(strstr(desired->problems[i].message, keys[i]));
		ck_assert_ptr_nonnull(strstr(desired->problems[i].message, "is of InfiniBand"));
	}
	ck_assert_uint_eq(desired->pf->vfs[0].settings.present,
			  SETTING_BIT(VF_LINK_STATE) | SETTING_BIT(VF_NODE_GUID));
	ck_assert_ptr_nonnull(VALUES_GET(&desired->pf->settings, PF_MTU));
	/* The same card in Ethernet's mode. */
	resolve_with(rules,
		     "- {handle: pci/0000:5e:00.0, driver: mlx5_core, class: 0x020700, "
		     "interface: eth0, ifindex: 3, mac: 52:54:00:aa:00:01, totalvfs: 8}\n",
		     &fixture_host);
	assert_no_problems();
}
END_TEST

START_TEST(a_drive_whose_state_is_left_to_others_is_as_wanted)
{
	resolve_with("  - name: a\n    match: {pci: '*'}\n    pf-up: false\n",
		     "- {handle: pci/0000:5e:00.0, class: 0x010802}\n", &fixture_host);
	assert_no_problems();
}
END_TEST

START_TEST(as_many_vfs_as_there_can_be_are_resolved_without_delay)
{
	CLEANUP_TEXT struct text rules = { 0 };

	text_append(&rules, RULE("a") "    vfs: 65535\n    vf-defaults: {mac: stable}\n"
				      "    virtual-functions:\n");
	for (int i = 0; i < 2000; i++)
		text_printf(&rules, "      - {index: \"%d-65534\", vlan: %d, trust: true}\n", i,
			    i % 4096);
	resolve_with(text_string(&rules), CARD, &fixture_host);
	assert_no_problems();
	assert_vf(65534, VF_VLAN, "1999");
	assert_vf(5, VF_VLAN, "5");
}
END_TEST

START_TEST(a_pool_is_a_name_that_nothing_is_given_by)
{
	resolve(RULE(
		"a") "    vfs: 3\n    vf-defaults: {pool: guests}\n    virtual-functions:\n"
		     "      - {index: 1, pool: storage-1, trust: true, enforce: at-creation}\n");
	assert_no_problems();
	assert_vf(0, VF_POOL, "guests");
	assert_vf(1, VF_POOL, "storage-1");
	assert_vf(2, VF_POOL, "guests");
	ck_assert_uint_eq(desired->pf->vfs[1].once, SETTING_BIT(VF_TRUST));
}
END_TEST

/* What a VF's mtu is over: what the PF is to have, or has; and what is in force all the same. */
START_TEST(an_mtu_of_vfs_over_the_pfs_is_remarked)
{
	static const char on_1500[] = CARD "  totalvfs: 8\n  vfs: 2\n  mtu: 1500\n"
					   "  virtual-functions: [{index: 0}, {index: 1}]\n";

	resolve_with(RULE("a") "    vf-defaults: {mtu: 9000}\n", on_1500, &fixture_host);
	assert_problem("'mtu' 9000 of VFs is over the PF's 1500: the card may refuse it, or drop "
		       "such frames",
		       5);
	ck_assert(desired->problems[0].remark);
	assert_vf(0, VF_MTU, "9000");
	resolve_with(RULE("a") "    mtu: 9000\n    vf-defaults: {mtu: 9000}\n", on_1500,
		     &fixture_host);
	assert_no_problems();
	resolve(RULE("a") "    vf-defaults: {mtu: 9000}\n");
	assert_no_problems();
	resolve(RULE("a") "    vf-defaults: {mtu: 9000}\n" RULE("b") "    mtu: 8999\n");
	ck_assert_uint_eq(desired->n_problems, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resolve");
	TCase *tests = tcase_create("resolve");

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, a_pf_that_no_rule_matches_is_left_alone);
	tcase_add_loop_test(tests, what_a_rule_ignores_is_left_alone_whatever_others_say, 0, 2);
	tcase_add_loop_test(tests, a_pf_that_may_be_ignored_waits_until_that_can_be_told, 0,
			    ARRAY_SIZE(may_ignore));
	tcase_add_loop_test(tests, at_most_is_as_many_as_are_asked_for_or_as_the_card_can_have, 0,
			    ARRAY_SIZE(limits));
	tcase_add_test(tests, what_at_most_does_not_reach_is_a_problem_still);
	tcase_add_test(tests, a_rule_that_names_nothing_wants_nothing);
	tcase_add_test(tests, later_rules_win_setting_by_setting);
	tcase_add_loop_test(tests, the_number_of_vfs_becomes_a_plain_one, 0, ARRAY_SIZE(counts));
	tcase_add_test(tests, more_vfs_than_the_card_has_are_a_problem_and_the_count_is_left_out);
	tcase_add_loop_test(tests, a_share_of_an_unknown_total_is_a_problem, 0, 3);
	tcase_add_test(tests, later_entries_win_setting_by_setting);
	tcase_add_test(tests, a_later_rules_defaults_win_over_an_earlier_ones_entries);
	tcase_add_test(tests, without_a_count_the_vfs_that_exist_are_set);
	tcase_add_test(tests, an_entry_beyond_the_vfs_is_a_problem);
	tcase_add_test(tests, a_value_counts_over_the_vfs_of_its_entry);
	tcase_add_test(tests, a_count_that_leaves_the_range_is_a_problem_of_the_vfs_that_have_none);
	tcase_add_test(tests, an_address_that_is_counted_is_not_given_twice);
	tcase_add_test(tests, a_counted_value_knows_what_it_was_made_from);
	tcase_add_test(tests, a_share_of_the_link_is_one_of_its_speed);
	tcase_add_test(tests, shares_cross_with_numbers_where_the_speed_is_known);
	tcase_add_test(tests, rates_that_cross_between_rules_are_a_problem);
	tcase_add_test(tests, an_address_that_two_rules_give_to_two_vfs_is_a_problem);
	tcase_add_test(tests, guids_are_unique_too);
	tcase_add_test(tests, a_later_rule_may_take_an_address_away);
	tcase_add_loop_test(tests, a_stable_address_never_changes, 0, ARRAY_SIZE(stable));
	tcase_add_loop_test(tests, a_machine_id_that_identifies_nothing_is_not_known, 0, 7);
	tcase_add_test(tests, stable_addresses_are_local_unicast_and_different);
	tcase_add_test(tests, stable_becomes_an_address);
	tcase_add_test(tests, stable_without_what_it_is_made_of_is_one_problem);
	tcase_add_test(tests, a_template_becomes_the_name_of_each_vf);
	tcase_add_test(tests, a_template_that_becomes_no_name_is_a_problem);
	tcase_add_test(tests, a_device_without_a_network_device_lends_its_address_to_names);
	tcase_add_test(tests, settings_of_the_eswitch_and_of_devices_are_resolved_too);
	tcase_add_test(tests, interrupts_of_all_vfs_are_within_what_the_card_has);
	tcase_add_test(tests, more_interrupts_than_the_card_has_are_a_problem_and_all_are_left_out);
	tcase_add_test(tests, interrupts_that_are_not_dealt_out_are_the_drivers_to_refuse);
	tcase_add_test(tests, an_eswitch_that_a_pf_does_not_have_is_a_problem);
	tcase_add_test(tests, an_eswitch_may_come_with_a_driver);
	tcase_add_loop_test(tests, what_needs_a_network_device_that_will_never_be_is_a_problem, 0,
			    ARRAY_SIZE(lacks));
	tcase_add_loop_test(tests, a_vf_that_nobody_has_set_online_is_dead, 0, ARRAY_SIZE(lives));
	tcase_add_test(tests, what_is_ethernets_is_left_out_on_infiniband);
	tcase_add_test(tests, a_drive_whose_state_is_left_to_others_is_as_wanted);
	tcase_add_test(tests, as_many_vfs_as_there_can_be_are_resolved_without_delay);
	tcase_add_test(tests, a_pool_is_a_name_that_nothing_is_given_by);
	tcase_add_test(tests, an_mtu_of_vfs_over_the_pfs_is_remarked);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
