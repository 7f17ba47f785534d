/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/write.h"

#include <string.h>
#include <strings.h>

#include "util/cleanup.h"

#define COLUMNS	 80
#define INDENT	 "    "
#define OF_ENTRY "        "

/* The length of the text's first line, and of the whole words of it that fit. */
static size_t fold(const char *text, size_t room)
{
	size_t length = strlen(text), fits = 0;

	if (length <= room)
		return length;
	for (size_t i = 1; i < length && (i <= room || !fits); i++)
		if (text[i] == ' ')
			fits = i;
	return fits ? fits : length;
}

void write_comment(const char *comment, unsigned indent, struct text *out)
{
	unsigned hang = 0;

	while (*comment) {
		size_t used = indent + strlen("# ") + hang;
		size_t length = fold(comment, used < COLUMNS ? COLUMNS - used : 1);

		text_printf(out, "%*s# %*s%.*s\n", (int)indent, "", (int)hang, "", (int)length,
			    comment);
		if (!hang && strncmp(comment, "- ", 2) == 0)
			hang = 2;
		comment += length;
		comment += strspn(comment, " ");
	}
}

/* Whether any reader of YAML takes the plain word for a text: none reads a number, an address, a
 * boolean or null into it. */
static bool is_plain_word(const char *word)
{
	static const char *const taken[] = { "y",  "n",	  "yes",  "no",	 "true", "false",
					     "on", "off", "null", "inf", "nan" };
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789_-";

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (strcasecmp(word, taken[i]) == 0)
			return false;
	return *word && !strchr("0123456789_-", *word) && !word[strspn(word, harmless)];
}

static void write_string(const char *string, struct text *out)
{
	if (is_plain_word(string)) {
		text_append(out, string);
		return;
	}
	text_append(out, "\"");
	for (const char *p = string; *p; p++) {
		const unsigned char byte = (unsigned char)*p;

		if (byte == '"' || byte == '\\')
			text_printf(out, "\\%c", byte);
		else if (byte < ' ' || byte == 0x7f)
			text_printf(out, "\\x%02x", byte);
		else
			text_append_n(out, p, 1);
	}
	text_append(out, "\"");
}

/* In the largest unit of which it is a whole number. */
static void write_rate(const struct value *value, struct text *out)
{
	const bool giga = value->number % 1000 == 0;

	text_printf(out, "%llu%s", (unsigned long long)value->number / (giga ? 1000 : 1),
		    giga ? "Gbit/s" : "Mbit/s");
}

/* Addresses in quotes, since some readers take them for numbers of base 60. */
static void write_address(const struct setting *setting, const struct value *value,
			  struct text *out)
{
	struct value plain = *value;

	plain.form = VALUE_PLAIN;
	text_append(out, value->form == VALUE_FROM ? "{from: \"" : "\"");
	value_format(setting, &plain, out);
	text_append(out, value->form == VALUE_FROM ? "\"}" : "\"");
}

static bool is_address(const struct setting *setting, const struct value *value)
{
	if (value->form != VALUE_PLAIN && value->form != VALUE_FROM)
		return false;
	return setting->type == VALUE_GUID ||
	       (setting->type == VALUE_MAC && !mac_is_zero(&value->mac));
}

static bool is_string(const struct setting *setting, const struct value *value)
{
	return (setting->type == VALUE_NAME || setting->type == VALUE_NETDEV ||
		setting->type == VALUE_LABEL || setting->type == VALUE_TEMPLATE) &&
	       value->form == VALUE_PLAIN;
}

static void write_value(const struct setting *setting, const struct value *value, struct text *out)
{
	if (is_address(setting, value))
		write_address(setting, value, out);
	else if (is_string(setting, value))
		write_string(value->name, out);
	else if (setting->type == VALUE_RATE && value->form == VALUE_PLAIN && value->number)
		write_rate(value, out);
	else
		value_format(setting, value, out);
}

/* "a.b" is key b in the mapping a: the mapping begins where the key before was not of it, which
 * *last is, "" at first. */
static void write_key(const char *key, const char *indent, const char **last, struct text *out)
{
	const char *dot = strrchr(key, '.');
	size_t length = dot ? (size_t)(dot - key) + 1 : 0;

	if (dot && strncmp(*last, key, length) != 0)
		text_printf(out, "%s%.*s:\n", indent, (int)(length - 1), key);
	text_printf(out, "%s%s%s: ", indent, dot ? "  " : "", key + length);
	*last = key;
}

static void write_pf_settings(const struct pf_values *values, struct text *out)
{
	const char *last = "";

	for (uint64_t rest = values->present; rest;) {
		const enum pf_setting i = setting_take(&rest);

		write_key(pf_settings[i].key, INDENT, &last, out);
		write_value(&pf_settings[i], &values->value[i], out);
		text_append(out, "\n");
	}
}

static void write_vf_settings(const struct vf_values *values, const char *indent, struct text *out)
{
	const char *last = "";

	for (uint64_t rest = values->present; rest;) {
		const enum vf_setting i = setting_take(&rest);

		write_key(vf_settings[i].key, indent, &last, out);
		write_value(&vf_settings[i], &values->value[i], out);
		text_append(out, "\n");
	}
}

static void write_index(const struct index_set *set, struct text *out)
{
	const char *quote = index_set_is_single(set) || set->all ? "" : "\"";

	text_append(out, quote);
	index_set_format(set, out);
	text_append(out, quote);
}

static void write_entry(const struct vf_entry *entry, struct text *out)
{
	text_append(out, "      - index: ");
	write_index(&entry->indices, out);
	text_append(out, "\n");
	if (entry->once)
		text_append(out, OF_ENTRY "enforce: at-creation\n");
	write_vf_settings(&entry->settings, OF_ENTRY, out);
}

static void write_entries(const struct rule *rule, struct text *out)
{
	size_t i = 0;

	if (rule->n_entries && rule->entries[0].indices.all) {
		text_append(out, INDENT "vf-defaults:\n");
		if (rule->entries[0].once)
			text_append(out, INDENT "  enforce: at-creation\n");
		write_vf_settings(&rule->entries[0].settings, INDENT "  ", out);
		i++;
	}
	if (i < rule->n_entries)
		text_append(out, INDENT "virtual-functions:\n");
	for (; i < rule->n_entries; i++)
		write_entry(&rule->entries[i], out);
}

/* A number has no quotes. */
static void write_pattern(enum match_key key, const char *pattern, struct text *out)
{
	if (key == MATCH_NUMA_NODE)
		text_append(out, pattern);
	else
		write_string(pattern, out);
}

static void write_patterns(enum match_key key, const struct match_patterns *patterns,
			   struct text *out)
{
	text_append(out, patterns->count > 1 ? "[" : "");
	for (size_t i = 0; i < patterns->count; i++) {
		text_append(out, i ? ", " : "");
		write_pattern(key, patterns->patterns[i], out);
	}
	text_append(out, patterns->count > 1 ? "]\n" : "\n");
}

void write_heading(bool has_rules, struct text *out)
{
	text_append(out, "version: 1\n");
	if (has_rules)
		text_append(out, "physical-functions:\n");
}

/* The keys, below one that stands in front of the first of them. */
static void write_match(const struct match_patterns *match, const char *key, const char *indent,
			struct text *out)
{
	bool any = false;

	for (enum match_key i = 0; i < MATCH_KEY_COUNT; i++) {
		if (!match[i].count)
			continue;
		if (!any)
			text_printf(out, "%s%s:\n", indent, key);
		any = true;
		text_printf(out, "%s  %s: ", indent, match_key_names[i]);
		write_patterns(i, &match[i], out);
	}
}

void write_rule(const struct rule *rule, struct text *out)
{
	text_append(out, "  - name: ");
	write_string(rule->name, out);
	text_append(out, "\n");
	write_match(rule->match, "match", INDENT, out);
	write_match(rule->excluded, "not", INDENT "  ", out);
	write_pf_settings(&rule->settings, out);
	write_entries(rule, out);
}
