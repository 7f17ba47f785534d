/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/value.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <linux/if_ether.h>
#include <string.h>

#include "document/yaml.h"
#include "model/template.h"
#include "policy/counted.h"
#include "runner.h"

static struct arena *arena;
static struct diagnostics diagnostics;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	arena_free(arena);
	diagnostics_clear(&diagnostics);
}

static int read_value(const struct setting *setting, const char *text, struct value *ret)
{
	struct document *document = arena_alloc(arena, sizeof(*document));
	struct yaml_node *root;

	*document = (struct document){ "value", text, strlen(text) };
	ck_assert_int_eq(yaml_read(document, arena, &diagnostics, &root), 0);
	return value_read(setting, root, arena, &diagnostics, ret);
}

#define PF(name) (&pf_settings[PF_##name])
#define VF(name) (&vf_settings[VF_##name])

/* How a value is written in a policy, and how it is given back. */
static const struct {
	const struct setting *setting;
	const char *text;
	const char *formatted;
	const char *described;
	const char *json;
} cases[] = {
	{ VF(TRUST), "yes", "true", "true", "true" },
	{ VF(TRUST), "Off", "false", "false", "false" },
	{ PF(MTU), "9000", "9000", "9000", "9000" },
	{ PF(MTU), "68", "68", "68", "68" },
	{ VF(MAX_TX_RATE), "0", "0", "0 Mbit/s", "0" },
	{ VF(MAX_TX_RATE), "2147483647", "2147483647", "2147483647 Mbit/s", "2147483647" },
	{ VF(MAX_TX_RATE), "500Mbit/s", "500", "500 Mbit/s", "500" },
	{ VF(MAX_TX_RATE), "'10Gbit/s'", "10000", "10000 Mbit/s", "10000" },
	{ VF(MAX_TX_RATE), "2.5Gbit/s", "2500", "2500 Mbit/s", "2500" },
	{ VF(MAX_TX_RATE), "0.010000000Gbit/s", "10", "10 Mbit/s", "10" },
	{ VF(MAX_TX_RATE), "2000kbit/s", "2", "2 Mbit/s", "2" },
	{ VF(MAX_TX_RATE), "1.6Tbit/s", "1600000", "1600000 Mbit/s", "1600000" },
	{ VF(MAX_TX_RATE), "0Mbit/s", "0", "0 Mbit/s", "0" },
	{ VF(MIN_TX_RATE), "1%", "1%", "1%", "\"1%\"" },
	{ VF(MIN_TX_RATE), "'100%'", "100%", "100%", "\"100%\"" },
	{ VF(VLAN), "{from: 100}", "{from: 100}", "{from: 100}", "\"{from: 100}\"" },
	{ VF(VLAN), "{qos: 3, from: 1, protocol: 802.1ad}", "{from: 1, qos: 3, protocol: 802.1ad}",
	  "{from: 1, qos: 3, protocol: 802.1ad}", "\"{from: 1, qos: 3, protocol: 802.1ad}\"" },
	{ VF(MAC), "{from: 52-54-00-00-00-0A}", "{from: 52:54:00:00:00:0a}",
	  "{from: 52:54:00:00:00:0a}", "\"{from: 52:54:00:00:00:0a}\"" },
	{ VF(NODE_GUID), "{from: 0x0011223344556677}", "{from: 00:11:22:33:44:55:66:77}",
	  "{from: 00:11:22:33:44:55:66:77}", "\"{from: 00:11:22:33:44:55:66:77}\"" },
	{ PF(VFS), "16", "16", "16 VFs", "16" },
	{ PF(VFS), "50%", "50%", "50%", "\"50%\"" },
	{ PF(VFS), "'100%'", "100%", "100%", "\"100%\"" },
	{ PF(VFS), "0%", "0%", "0%", "\"0%\"" },
	{ PF(VFS), "max", "max", "max", "\"max\"" },
	{ PF(MODE), "observe", "observe", "observe", "\"observe\"" },
	{ PF(ON_RESIZE), "\"force\"", "force", "force", "\"force\"" },
	{ VF(LINK_STATE), "disable", "disable", "disable", "\"disable\"" },
	{ VF(MAC), "52-54-00-AA-BB-01", "52:54:00:aa:bb:01", "52:54:00:aa:bb:01",
	  "\"52:54:00:aa:bb:01\"" },
	{ VF(MAC), "none", "none", "none", "\"none\"" },
	{ VF(MAC), "00:00:00:00:00:00", "none", "none", "\"none\"" },
	{ VF(MAC), "stable", "stable", "stable", "\"stable\"" },
	{ VF(VLAN), "100", "100", "100", "100" },
	{ VF(VLAN), "0", "none", "none", "0" },
	{ VF(VLAN), "none", "none", "none", "0" },
	{ VF(VLAN), "{id: 100, protocol: 802.1Q}", "100", "100", "100" },
	{ VF(VLAN), "{id: 100, qos: 3}", "{id: 100, qos: 3}", "{id: 100, qos: 3}",
	  "{\"id\":100,\"qos\":3,\"protocol\":\"802.1q\"}" },
	{ VF(VLAN), "{id: 0, qos: 3}", "{id: 0, qos: 3}", "{id: 0, qos: 3}",
	  "{\"id\":0,\"qos\":3,\"protocol\":\"802.1q\"}" },
	{ VF(VLAN), "{protocol: 802.1AD, qos: 3, id: 100}", "{id: 100, qos: 3, protocol: 802.1ad}",
	  "{id: 100, qos: 3, protocol: 802.1ad}",
	  "{\"id\":100,\"qos\":3,\"protocol\":\"802.1ad\"}" },
	{ VF(VLAN), "{id: 4095, protocol: 802.1ad}", "{id: 4095, protocol: 802.1ad}",
	  "{id: 4095, protocol: 802.1ad}", "{\"id\":4095,\"qos\":0,\"protocol\":\"802.1ad\"}" },
	{ VF(NODE_GUID), "stable", "stable", "stable", "\"stable\"" },
	{ VF(NODE_GUID), "00:11:22:33:AA:bb:Cc:77", "00:11:22:33:aa:bb:cc:77",
	  "00:11:22:33:aa:bb:cc:77", "\"00:11:22:33:aa:bb:cc:77\"" },
	{ VF(NODE_GUID), "0011:2233:4455:6673", "00:11:22:33:44:55:66:73",
	  "00:11:22:33:44:55:66:73", "\"00:11:22:33:44:55:66:73\"" },
	{ VF(PORT_GUID), "0xfF11223344556677", "ff:11:22:33:44:55:66:77", "ff:11:22:33:44:55:66:77",
	  "\"ff:11:22:33:44:55:66:77\"" },
	{ VF(PORT_GUID), "0011223344556677", "00:11:22:33:44:55:66:77", "00:11:22:33:44:55:66:77",
	  "\"00:11:22:33:44:55:66:77\"" },
	{ VF(DRIVER), "vfio-pci", "vfio-pci", "vfio-pci", "\"vfio-pci\"" },
	{ VF(DRIVER), "default", "default", "default", "\"default\"" },
	{ VF(DRIVER), "none", "none", "none", "\"none\"" },
	{ VF(ALTNAME), "storage.0", "storage.0", "storage.0", "\"storage.0\"" },
	{ VF(ALTNAME), "\"{rule}-vf{index}\"", "\"{rule}-vf{index}\"", "{rule}-vf{index}",
	  "\"{rule}-vf{index}\"" },
	{ VF(ALTNAME), "'a\"\\b'", "\"a\\\"\\\\b\"", "a\"\\b", "\"a\\\"\\\\b\"" },
};

START_TEST(a_value_is_read_and_given_back)
{
	const struct setting *setting = cases[_i].setting;
	CLEANUP_TEXT struct text formatted = { 0 }, described = { 0 };
	struct json_object *json;
	struct value value;

	ck_assert_int_eq(read_value(setting, cases[_i].text, &value), 0);
	ck_assert_uint_eq(value.origin->line, 1);
	value_format(setting, &value, &formatted);
	ck_assert_str_eq(text_string(&formatted), cases[_i].formatted);
	value_describe(setting, &value, &described);
	ck_assert_str_eq(text_string(&described), cases[_i].described);
	json = value_json(setting, &value);
	ck_assert_str_eq(json_object_to_json_string_ext(json, JSON_C_TO_STRING_NOSLASHESCAPE),
			 cases[_i].json);
	json_object_put(json);
}
END_TEST

START_TEST(what_is_given_back_reads_as_the_same)
{
	const struct setting *setting = cases[_i].setting;
	CLEANUP_TEXT struct text formatted = { 0 };
	struct value value, again;

	ck_assert_int_eq(read_value(setting, cases[_i].text, &value), 0);
	value_format(setting, &value, &formatted);
	ck_assert_int_eq(read_value(setting, text_string(&formatted), &again), 0);
	ck_assert(value_equal(setting, &value, &again));
	/* It is never observed, and its JSON is for people. */
	if (value.form == VALUE_FROM)
		return;
	ck_assert_int_eq(read_value(setting, cases[_i].json, &again), 0);
	ck_assert(value_equal(setting, &value, &again));
}
END_TEST

/* Values of one setting of which no two are equal. */
static const struct {
	const struct setting *setting;
	const char *texts[7]; /* ended by NULL */
} different[] = {
	{ VF(TRUST), { "true", "false" } },
	{ PF(VFS), { "50", "50%", "max", "51%", "0" } },
	{ VF(MAC),
	  { "52:54:00:00:00:01", "52:54:00:00:00:02", "none", "stable", "{from: 52:54:00:00:00:01}",
	    "{from: 52:54:00:00:00:02}" } },
	{ VF(MAX_TX_RATE), { "50", "50%", "51%", "50Gbit/s" } },
	{ VF(VLAN), { "100", "{from: 100}", "{from: 101}", "{from: 100, qos: 1}" } },
	{ VF(VLAN),
	  { "none", "100", "101", "{id: 100, qos: 1}", "{id: 100, protocol: 802.1ad}",
	    "{id: 0, qos: 1}" } },
	{ VF(DRIVER), { "iavf", "vfio-pci", "none", "default" } },
	{ VF(NODE_GUID), { "0x0000000000000001", "0x0100000000000000", "stable" } },
	{ VF(LINK_STATE), { "auto", "enable", "disable" } },
};

START_TEST(different_values_are_not_equal)
{
	const struct setting *setting = different[_i].setting;

	for (size_t i = 0; different[_i].texts[i]; i++) {
		for (size_t k = 0; different[_i].texts[k]; k++) {
			struct value a, b;

			ck_assert_int_eq(read_value(setting, different[_i].texts[i], &a), 0);
			ck_assert_int_eq(read_value(setting, different[_i].texts[k], &b), 0);
			ck_assert_int_eq(value_equal(setting, &a, &b), i == k);
			ck_assert_int_eq(value_hash(setting, &a, 7) == value_hash(setting, &b, 7),
					 i == k);
		}
	}
}
END_TEST

START_TEST(no_vlan_is_no_vlan_in_any_protocol)
{
	const struct value a = { .vlan = { 0, 0, ETH_P_8021Q } }, b = { .vlan = { 0, 0, 0 } };

	ck_assert(value_equal(VF(VLAN), &a, &b));
	ck_assert_uint_eq(value_hash(VF(VLAN), &a, 7), value_hash(VF(VLAN), &b, 7));
}
END_TEST

START_TEST(what_a_kernel_reports_beyond_our_words_is_shown_as_a_number)
{
	const struct value state = { .number = 7 }, vlan = { .vlan = { 5, 0, 0x9100 } };
	CLEANUP_TEXT struct text text = { 0 };

	value_format(VF(LINK_STATE), &state, &text);
	text_append(&text, " ");
	value_format(VF(VLAN), &vlan, &text);
	ck_assert_str_eq(text_string(&text), "7 {id: 5, protocol: 0x9100}");
}
END_TEST

START_TEST(a_mode_that_no_policy_can_ask_for_has_a_name)
{
	struct setting setting = pf_settings[PF_ESWITCH_MODE];
	const struct value inactive = { .number = 2 };
	CLEANUP_TEXT struct text text = { 0 };
	struct value value;

	value_format(&setting, &inactive, &text);
	ck_assert_str_eq(text_string(&text), "switchdev-inactive");
	ck_assert_int_eq(read_value(&setting, "switchdev-inactive", &value), -EINVAL);
	setting.observed = true;
	ck_assert_int_eq(read_value(&setting, "switchdev-inactive", &value), 0);
	ck_assert_uint_eq(value.number, 2);
}
END_TEST

static const struct {
	const struct setting *setting;
	const char *text;
	const char *message;
	const char *hint;
} refused[] = {
	{ VF(TRUST), "~", "'trust' has no value",
	  "delete the key: what is not named is left alone" },
	{ VF(TRUST), "maybe", "'trust' must be true or false, not 'maybe'", NULL },
	{ VF(TRUST), "'yes'", "'trust' must be true or false, not the text 'yes'",
	  "drop the quotes" },
	{ PF(MTU), "67", "'mtu' must be a number from 68 to 65535, not '67'", NULL },
	{ PF(MTU), "0x5dc", "'mtu' must be a number from 68 to 65535, not '0x5dc'",
	  "write it in decimal" },
	{ VF(DRIVER), "a.b", "'driver' must be the name of a driver, default or none, not 'a.b'",
	  "a name has letters, digits, '-' and '_'" },
	{ VF(MAC), "01:00:5e:00:00:01",
	  "'mac' must be an address such as 52:54:00:12:34:56, {from: ADDRESS}, stable or none, "
	  "not "
	  "'01:00:5e:00:00:01'",
	  "the first byte of a unicast address is even" },
	{ VF(MAX_TX_RATE), "500kbit/s",
	  "'max-tx-rate' must be a number from 0 to 2147483647, a rate such as 10Gbit/s, or a "
	  "percentage such as 50%, not '500kbit/s'",
	  "write a whole number of Mbit/s" },
	{ VF(LINK_STATE), "enabled", "'link-state' must be auto, enable or disable, not 'enabled'",
	  "did you mean 'enable'?" },
};

START_TEST(what_is_wrong_is_reported_with_the_remedy)
{
	struct value value = { .number = 77 };

	ck_assert_int_eq(read_value(refused[_i].setting, refused[_i].text, &value), -EINVAL);
	ck_assert_uint_eq(value.number, 77);
	ck_assert_uint_eq(diagnostics.count, 1);
	ck_assert_str_eq(diagnostics.items[0].message, refused[_i].message);
	ck_assert_pstr_eq(diagnostics.items[0].hint, refused[_i].hint);
}
END_TEST

START_TEST(a_setting_takes_only_the_forms_that_it_allows)
{
	const struct setting address = { .key = "address", .type = VALUE_MAC };
	const struct setting count = { .key = "count", .type = VALUE_COUNT, .max = 9 };
	const struct setting name = { .key = "name", .type = VALUE_NAME };
	struct value value;

	ck_assert_int_eq(read_value(&address, "stable", &value), -EINVAL);
	ck_assert_str_eq(diagnostics.items[0].message,
			 "'address' must be an address such as 52:54:00:12:34:56 or none, not "
			 "'stable'");
	ck_assert_int_eq(read_value(&count, "max", &value), -EINVAL);
	ck_assert_int_eq(read_value(&count, "50%", &value), -EINVAL);
	ck_assert_str_eq(diagnostics.items[2].message,
			 "'count' must be a number from 0 to 9, not '50%'");
	ck_assert_int_eq(read_value(&name, "none", &value), 0);
	ck_assert_int_eq(value.form, VALUE_PLAIN);
	ck_assert_str_eq(value.name, "none");
}
END_TEST

static const struct {
	const char *template;
	const char *name; /* for rule "up", PF "ens1f0", VF 7 */
} templates[] = {
	{ "vf", "vf" },
	{ "{rule}", "up" },
	{ "{rule}-{pf}-vf{index}", "up-ens1f0-vf7" },
	{ "{index}{index}x", "77x" },
};

START_TEST(a_template_becomes_a_name)
{
	const struct template_words words = { "up", "ens1f0", 7 };
	CLEANUP_TEXT struct text name = { 0 };

	ck_assert_ptr_null(template_unknown(templates[_i].template));
	template_expand(templates[_i].template, &words, &name);
	ck_assert_str_eq(text_string(&name), templates[_i].name);
}
END_TEST

START_TEST(a_brace_that_is_no_placeholder_is_found)
{
	static const char *const bad[] = { "{",	       "}",	    "{vf}",	"{rule",
					   "{{rule}}", "a{index}}", "{ index}", "{INDEX}" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_ptr_nonnull(template_unknown(bad[i]));
}
END_TEST

/* Values of VFs that count: how many there are, and the first and last of them. */
static const struct {
	const struct setting *setting;
	const char *text;
	uint64_t room;
	const char *first, *last;
} counting[] = {
	{ VF(VLAN), "{from: 1}", 4094, "1", "4094" },
	{ VF(VLAN), "{from: 4094}", 1, "4094", "4094" },
	{ VF(VLAN), "{from: 100, qos: 3}", 3995, "{id: 100, qos: 3}", "{id: 4094, qos: 3}" },
	{ VF(MAC), "{from: 52:54:00:00:00:00}", 1 << 24, "52:54:00:00:00:00", "52:54:00:ff:ff:ff" },
	{ VF(MAC), "{from: 02:ff:ff:ff:ff:fe}", 2, "02:ff:ff:ff:ff:fe", "02:ff:ff:ff:ff:ff" },
	{ VF(PORT_GUID), "{from: 00:11:22:33:44:ff:ff:ff}", 1, "00:11:22:33:44:ff:ff:ff",
	  "00:11:22:33:44:ff:ff:ff" },
	{ VF(NODE_GUID), "{from: ff:ff:ff:ff:ff:00:00:01}", (1 << 24) - 1,
	  "ff:ff:ff:ff:ff:00:00:01", "ff:ff:ff:ff:ff:ff:ff:ff" },
};

static void assert_counted(const struct setting *setting, const struct value *from,
			   uint64_t position, const char *expected)
{
	const struct value value = counted_at(setting, from, position);
	CLEANUP_TEXT struct text text = { 0 };

	ck_assert_int_eq(value.form, VALUE_PLAIN);
	ck_assert_ptr_eq(value.origin, from->origin);
	value_format(setting, &value, &text);
	ck_assert_str_eq(text_string(&text), expected);
}

START_TEST(a_value_that_counts_has_room_up_to_the_last)
{
	const struct setting *setting = counting[_i].setting;
	struct value from;

	ck_assert_int_eq(read_value(setting, counting[_i].text, &from), 0);
	ck_assert_uint_eq(counted_room(setting, &from), counting[_i].room);
	assert_counted(setting, &from, 0, counting[_i].first);
	assert_counted(setting, &from, counting[_i].room - 1, counting[_i].last);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("value");
	TCase *tests = tcase_create("value");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_value_is_read_and_given_back, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tests, what_is_given_back_reads_as_the_same, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tests, different_values_are_not_equal, 0, ARRAY_SIZE(different));
	tcase_add_loop_test(tests, a_value_that_counts_has_room_up_to_the_last, 0,
			    ARRAY_SIZE(counting));
	tcase_add_test(tests, no_vlan_is_no_vlan_in_any_protocol);
	tcase_add_test(tests, what_a_kernel_reports_beyond_our_words_is_shown_as_a_number);
	tcase_add_test(tests, a_mode_that_no_policy_can_ask_for_has_a_name);
	tcase_add_loop_test(tests, what_is_wrong_is_reported_with_the_remedy, 0,
			    ARRAY_SIZE(refused));
	tcase_add_test(tests, a_setting_takes_only_the_forms_that_it_allows);
	tcase_add_loop_test(tests, a_template_becomes_a_name, 0, ARRAY_SIZE(templates));
	tcase_add_test(tests, a_brace_that_is_no_placeholder_is_found);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
