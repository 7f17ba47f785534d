/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every row of other tools' words, keys and values: where a hint says what to write, it is written,
 * and read. */

#include "policy/read/foreign_word.h"

#include <errno.h>
#include <string.h>

#include "model/foreign_value.h"
#include "model/pf.h"
#include "policy/policy.h"
#include "runner.h"
#include "util/text.h"

#define RULE   "version: 1\nphysical-functions:\n- name: a\n  "
#define IN_ALL "match: {driver: ice}\n  "

/* Where a line stands: what is before it. The first letter of a hint's own place is its. */
static const struct place {
	const char *before, *named;
} places[] = {
	{ RULE IN_ALL, "in a rule of 'physical-functions' " },
	{ RULE IN_ALL "vf-defaults:\n    ",
	  "under 'vf-defaults' or in an entry of 'virtual-functions' " },
	{ RULE IN_ALL "virtual-functions:\n  - index: 0\n    ", NULL },
	{ RULE IN_ALL "eswitch:\n    ", "under 'eswitch' " },
	{ RULE "match:\n    ", "under 'match', " },
};

/* One at least is right for each key of ours. */
static const char *const values[] = {
	"true",
	"no",
	"1",
	"100",
	"3",
	"legacy",
	"switchdev",
	"link",
	"none",
	"basic",
	"enable",
	"auto",
	"802.1ad",
	"8021ad",
	"vfio-pci",
	"ens1",
	"0000:3b:00.0",
	"\"8086:1592\"",
	"all",
	"52:54:00:aa:00:01",
	"0011:2233:4455:6677",
};

static struct diagnostics diagnostics;
static struct policy *policy;

static void tear_down(void)
{
	policy_free(policy);
	policy = NULL;
	diagnostics_clear(&diagnostics);
}

static int read_line(const char *before, const char *line)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct document document = { "a.yaml", NULL, 0 };

	tear_down();
	text_printf(&text, "%s%s\n", before, line);
	document.text = text_string(&text);
	document.length = text.length;
	return policy_read(&document, 1, NULL, &diagnostics, &policy);
}

/* The hint for the foreign pair; NULL: it is no unknown key there. */
static const char *hint_for(const char *before, const char *word, const char *value)
{
	CLEANUP_TEXT struct text line = { 0 };

	text_printf(&line, "%s: %s", word, value);
	(void)read_line(before, text_string(&line));
	for (size_t i = 0; i < diagnostics.count; i++)
		if (strncmp(diagnostics.items[i].message, "unknown key", 11) == 0)
			return diagnostics.items[i].hint;
	return NULL;
}

static const struct place *place_of(const char *hint, const struct place *here)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (places[i].named && strncmp(hint, places[i].named, strlen(places[i].named)) == 0)
			return &places[i];
	return here;
}

/* How many settings the policy has, and the text of the last. */
static size_t describe_settings(struct text *out)
{
	const struct rule *rule = &policy->rules[0];
	uint64_t present = rule->settings.present;
	size_t count = 0;

	for (; present; count++) {
		unsigned setting = setting_take(&present);

		text_clear(out);
		text_printf(out, "%s: ", pf_settings[setting].key);
		value_format(&pf_settings[setting], &rule->settings.value[setting], out);
	}
	for (size_t i = 0; i < rule->n_entries; i++) {
		for (present = rule->entries[i].settings.present; present; count++) {
			unsigned setting = setting_take(&present);

			text_clear(out);
			text_printf(out, "%s: ", vf_settings[setting].key);
			value_format(&vf_settings[setting],
				     &rule->entries[i].settings.value[setting], out);
		}
	}
	return count;
}

/* A line that a hint says to write is read, and sets one thing. Returns whether it says one. */
static bool check_written(const struct place *here, const char *word, const char *value)
{
	CLEANUP_TEXT struct text hint = { 0 }, said = { 0 };
	const char *found = hint_for(here->before, word, value);
	const char *line;

	if (!found)
		return false;
	text_append(&hint, found);
	line = strstr(text_string(&hint), "write ");
	if (!line)
		return false;
	here = place_of(text_string(&hint), here);
	ck_assert_msg(read_line(here->before, line + strlen("write ")) == 0, "%s: %s: %s", word,
		      value, text_string(&hint));
	ck_assert_msg(describe_settings(&said) == 1, "%s: %s: %s", word, value, text_string(&hint));
	return true;
}

static bool is_member(const struct foreign_word *row)
{
	return row->key && strchr(row->key, '.');
}

static size_t n_rows(void)
{
	size_t count = 0;

	while (foreign_words[count].word)
		count++;
	return count;
}

START_TEST(what_a_hint_says_to_write_is_read)
{
	const struct foreign_word *row = &foreign_words[_i];
	size_t written = 0;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		for (size_t j = 0; j < ARRAY_SIZE(values); j++)
			written += check_written(&places[i], row->word, values[j]);
	/* A QoS, or a protocol, alone is nothing that could be written. */
	if (row->senses || is_member(row))
		ck_assert_msg(written || strcmp(row->key, "vlan.qos") == 0 ||
				      strcmp(row->key, "vlan.protocol") == 0,
			      "%s", row->word);
}
END_TEST

/* "did you mean 'KEY'?", of each row, wherever it is said. */
START_TEST(a_key_that_is_meant_is_one)
{
	const struct foreign_word *row = &foreign_words[_i];

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *hint = hint_for(places[i].before, row->word, "1");
		CLEANUP_TEXT struct text line = { 0 };
		bool read = false;

		if (!hint || strncmp(hint, "did you mean '", 14) != 0)
			continue;
		text_append_n(&line, hint + 14, strcspn(hint + 14, "'"));
		for (size_t j = 0; j < ARRAY_SIZE(values) && !read; j++) {
			CLEANUP_TEXT struct text pair = { 0 };

			text_printf(&pair, "%s: %s", text_string(&line), values[j]);
			read = read_line(places[i].before, text_string(&pair)) == 0 ||
			       !strstr(diagnostics.items[0].message, "unknown key");
		}
		ck_assert_msg(read, "%s: %s", row->word, text_string(&line));
	}
}
END_TEST

#define DEFAULTS RULE IN_ALL "vf-defaults:\n    "

/* What stands there, and what the line that is to be written in its place sets. */
static const struct {
	const char *before, *word, *value, *meant;
} meanings[] = {
	{ RULE IN_ALL, "embedded-switch-mode", "legacy", "eswitch.mode: legacy" },
	{ RULE IN_ALL, "eSwitchMode", "switchdev", "eswitch.mode: switchdev" },
	{ RULE IN_ALL, "switchdev", "false", "eswitch.mode: legacy" },
	{ RULE IN_ALL, "switchdev", "On", "eswitch.mode: switchdev" },
	{ RULE IN_ALL, "eswitch_inline_mode", "link", "eswitch.inline-mode: link" },
	{ RULE IN_ALL, "encap", "enable", "eswitch.encap-mode: basic" },
	{ RULE IN_ALL, "encap", "none", "eswitch.encap-mode: none" },
	{ RULE IN_ALL "eswitch:\n    ", "encap", "disable", "eswitch.encap-mode: none" },
	{ DEFAULTS, "eswitch-mode", "legacy", "eswitch.mode: legacy" },
	{ DEFAULTS, "managed", "no", "unmanaged: true" },
	{ DEFAULTS, "nm-managed", "true", "unmanaged: false" },
	{ RULE IN_ALL, "nm_managed", "Off", "unmanaged: true" },
	{ DEFAULTS, "vlan-id", "100", "vlan: 100" },
	{ DEFAULTS, "VLANId", "100", "vlan: 100" },
	{ DEFAULTS "vlan: 100\n    ", "qos", "3", "vlan: {id: 100, qos: 3}" },
	{ DEFAULTS "vlan: {id: 100}\n    ", "priority", "3", "vlan: {id: 100, qos: 3}" },
	{ DEFAULTS "proto: 8021ad\n    ", "vlan_id", "7", "vlan: {id: 7, protocol: 802.1ad}" },
};

START_TEST(it_says_what_was_meant)
{
	CLEANUP_TEXT struct text hint = { 0 }, said = { 0 };
	const struct place here = { strncmp(meanings[_i].before, DEFAULTS, strlen(DEFAULTS)) == 0
					    ? DEFAULTS
					    : meanings[_i].before,
				    NULL };
	const char *found, *line;

	found = hint_for(meanings[_i].before, meanings[_i].word, meanings[_i].value);
	ck_assert_ptr_nonnull(found);
	text_append(&hint, found);
	line = strstr(text_string(&hint), "write ");
	ck_assert_msg(line, "%s", text_string(&hint));
	ck_assert_int_eq(
		read_line(place_of(text_string(&hint), &here)->before, line + strlen("write ")), 0);
	ck_assert_uint_eq(describe_settings(&said), 1);
	ck_assert_str_eq(text_string(&said), meanings[_i].meant);
}
END_TEST

/* A value that ours does not take is not to be written. */
START_TEST(nothing_is_made_up)
{
	static const char *const lines[][3] = {
		{ RULE IN_ALL, "eswitch-mode", "offload" },
		{ RULE IN_ALL, "eswitch-mode", "{a: b}" },
		{ DEFAULTS, "managed", "\"a: b\"" },
		{ DEFAULTS, "qos", "3" },
		{ DEFAULTS "vlan: 100\n    ", "qos", "8" },
		{ DEFAULTS, "vlan-id", "5000" },
		{ DEFAULTS, "vlan-id", "" },
	};
	const char *hint = hint_for(lines[_i][0], lines[_i][1], lines[_i][2]);

	ck_assert_msg(hint && !strstr(hint, "write"), "%s", hint);
}
END_TEST

static size_t n_values(void)
{
	size_t count = 0;

	while (foreign_values[count].key)
		count++;
	return count;
}

static bool is_of_pf(const char *key)
{
	for (size_t i = 0; i < PF_SETTING_COUNT; i++)
		if (strcmp(pf_settings[i].key, key) == 0)
			return true;
	return false;
}

/* The hint for a value that is none of ours. */
static const char *value_hint(const char *before, const char *key, const char *value)
{
	CLEANUP_TEXT struct text line = { 0 };

	text_printf(&line, "%s: %s", key, value);
	ck_assert_msg(read_line(before, text_string(&line)) == -EINVAL, "%s", text_string(&line));
	ck_assert_ptr_nonnull(diagnostics.items[0].hint);
	return diagnostics.items[0].hint;
}

START_TEST(a_value_that_is_to_be_written_is_read)
{
	const struct foreign_value *row = &foreign_values[_i];
	const char *before = is_of_pf(row->key) ? RULE IN_ALL : DEFAULTS;
	const char *hint = value_hint(before, row->key, row->word);
	CLEANUP_TEXT struct text line = { 0 }, said = { 0 };

	ck_assert_msg(!row->write == !strstr(hint, "write "), "%s", hint);
	if (!row->write)
		return;
	ck_assert_msg(strstr(hint, row->write), "%s", hint);
	if (!strstr(row->write, ": "))
		text_printf(&line, "%s: ", row->key);
	text_append(&line, row->write);
	ck_assert_msg(read_line(before, text_string(&line)) == 0, "%s", text_string(&line));
	ck_assert_uint_eq(describe_settings(&said), 1);
}
END_TEST

/* What stands there, and what the value that is to be written in its place is. */
static const struct {
	const char *before, *key, *value, *meant;
} value_meanings[] = {
	{ DEFAULTS, "vlan", "100 qos 3", "vlan: {id: 100, qos: 3}" },
	{ DEFAULTS, "vlan", "100 qos 3 proto 802.1ad",
	  "vlan: {id: 100, qos: 3, protocol: 802.1ad}" },
	{ DEFAULTS, "vlan", "None", "vlan: none" },
	{ DEFAULTS, "mac", "Stable", "mac: stable" },
	{ DEFAULTS, "mac", "off", "mac: none" },
	{ DEFAULTS, "max-tx-rate", "unlimited", "max-tx-rate: 0" },
	{ DEFAULTS, "max-tx-rate", "None", "max-tx-rate: 0" },
	{ DEFAULTS, "node-guid", "STABLE", "node-guid: stable" },
	{ DEFAULTS, "trust", "1", "trust: true" },
	{ DEFAULTS, "spoof-check", "Disabled", "spoof-check: false" },
	{ DEFAULTS, "driver", "off", "driver: none" },
	{ DEFAULTS, "driver", "Off", "driver: none" },
	{ DEFAULTS, "driver", "None", "driver: none" },
	{ DEFAULTS, "driver", "Default", "driver: default" },
	{ DEFAULTS, "driver", "netdevice", "driver: default" },
	{ RULE IN_ALL, "vfs", "Max", "vfs: max" },
	{ RULE IN_ALL, "vfs", "all", "vfs: max" },
	{ RULE IN_ALL, "mode", "legacy", "eswitch.mode: legacy" },
};

START_TEST(a_value_says_what_was_meant)
{
	CLEANUP_TEXT struct text line = { 0 }, said = { 0 };
	const char *before = value_meanings[_i].before;
	const char *hint = value_hint(before, value_meanings[_i].key, value_meanings[_i].value);
	const char *written = strstr(hint, "write ");

	ck_assert_msg(written, "%s", hint);
	written += strlen("write ");
	if (strncmp(written, "eswitch", 7) != 0)
		text_printf(&line, "%s: ", value_meanings[_i].key);
	text_append(&line, written);
	ck_assert_msg(read_line(before, text_string(&line)) == 0, "%s", text_string(&line));
	ck_assert_uint_eq(describe_settings(&said), 1);
	ck_assert_str_eq(text_string(&said), value_meanings[_i].meant);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("foreign_word");
	TCase *tests = tcase_create("foreign_word");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_loop_test(tests, what_a_hint_says_to_write_is_read, 0, (int)n_rows());
	tcase_add_loop_test(tests, a_key_that_is_meant_is_one, 0, (int)n_rows());
	tcase_add_loop_test(tests, it_says_what_was_meant, 0, (int)ARRAY_SIZE(meanings));
	tcase_add_loop_test(tests, nothing_is_made_up, 0, 7);
	tcase_add_loop_test(tests, a_value_that_is_to_be_written_is_read, 0, (int)n_values());
	tcase_add_loop_test(tests, a_value_says_what_was_meant, 0, (int)ARRAY_SIZE(value_meanings));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
