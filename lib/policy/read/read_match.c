/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* match: which PFs a rule is for. */

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "document/scalar.h"
#include "model/pci_class.h"
#include "policy/read/patterns.h"
#include "policy/read/read_section.h"
#include "util/hex.h"
#include "util/mac.h"

static int read_mac(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		    const char **ret)
{
	static const char expected[] = "an address such as 52:54:00:12:34:56";
	char buffer[MAC_STRING_SIZE];
	const char *text;
	struct mac mac;
	int r;

	r = scalar_read_text(node, key, expected, reader->diagnostics, &text);
	if (r < 0)
		return r;
	if (mac_parse(text, &mac) < 0)
		return scalar_mismatch(node, key, expected,
				       strpbrk(text, MATCH_GLOB)
					       ? "an address is matched whole; for a "
						 "glob use interface, pci or path"
					       : NULL,
				       reader->diagnostics);
	if (mac_is_multicast(&mac) || mac_is_zero(&mac))
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "no card has the address %s", mac_format(&mac, buffer));
	*ret = arena_strdup(reader->arena, mac_format(&mac, buffer));
	return *ret ? 0 : -ENOMEM;
}

/* Whether it is bus, device and function without the domain before them: "3b:00.0". */
static bool is_short_address(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && colon - text <= 2 && !strpbrk(colon + 1, ":") &&
	       strcspn(text, MATCH_GLOB) > (size_t)(colon - text);
}

static int read_pci(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		    const char **ret)
{
	CLEANUP_TEXT struct text hint = { 0 };
	const char *text;
	char *pattern;
	int r;

	r = pattern_read_glob(reader, node, key, &text);
	if (r < 0)
		return r;
	if (text[strspn(text, "0123456789abcdefABCDEF:.*?[]-")])
		return scalar_mismatch(node, key, "a PCI address or a glob of one",
				       "such as \"0000:3b:00.*\"", reader->diagnostics);
	if (is_short_address(text)) {
		text_printf(&hint, "write \"0000:%s\"", text);
		if (hint.failed)
			return -ENOMEM;
		return diagnostics_error(reader->diagnostics, &node->origin, text_string(&hint),
					 "'%s' has no PCI domain", key);
	}
	pattern = arena_strdup(reader->arena, text);
	if (!pattern)
		return -ENOMEM;
	for (char *p = pattern; *p; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p - 'A' + 'a');
	*ret = pattern;
	return 0;
}

/* Characters of which one makes a glob of hexadecimal digits. */
#define DEVICE_GLOB MATCH_GLOB "]-!^"

/* Vendor, or device: four digits, or a glob of them. */
static bool is_id(const char *text, size_t length)
{
	bool is_glob = false;

	for (size_t i = 0; i < length; i++) {
		if (hex_digit(text[i]) < 0 && !strchr(DEVICE_GLOB, text[i]))
			return false;
		is_glob = is_glob || strchr(MATCH_GLOB, text[i]);
	}
	return is_glob || length == strlen("vvvv");
}

static bool is_device(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && is_id(text, (size_t)(colon - text)) && is_id(colon + 1, strlen(colon + 1));
}

/* How to write "0x8086:0x1592". */
static void hint_device(const char *text, struct text *out)
{
	CLEANUP_TEXT struct text digits = { 0 };

	for (const char *p = text; *p; p++) {
		if ((p == text || p[-1] == ':') && strncasecmp(p, "0x", 2) == 0)
			p++;
		else
			text_append_n(&digits, p, 1);
	}
	if (is_device(text_string(&digits)))
		text_printf(out, "write \"%s\"", text_string(&digits));
}

static int read_device(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		       const char **ret)
{
	static const char expected[] =
		"vendor and device in hexadecimal, such as \"8086:1592\" or \"8086:*\"";
	CLEANUP_TEXT struct text hint = { 0 };
	const char *text;
	char *pattern;
	int r;

	r = scalar_read_text(node, key, expected, reader->diagnostics, &text);
	if (r < 0)
		return r;
	if (!is_device(text)) {
		hint_device(text, &hint);
		if (hint.failed)
			return -ENOMEM;
		return scalar_mismatch(node, key, expected, hint.length ? text_string(&hint) : NULL,
				       reader->diagnostics);
	}
	pattern = arena_strdup(reader->arena, text);
	if (!pattern)
		return -ENOMEM;
	for (char *p = pattern; *p; p++)
		if (hex_digit(*p) >= 0)
			*p = "0123456789abcdef"[hex_digit(*p)];
	*ret = pattern;
	return 0;
}

/* What is meant by a word that is no class, or all that there are. */
static void hint_class(const char *text, struct text *out)
{
	const struct pci_class *class = pci_class_known_as(text);
	const char *words[PCI_CLASSES_MAX], *near;
	size_t count = 0;

	for (; pci_classes[count].word; count++)
		words[count] = pci_classes[count].word;
	near = class ? class->word : diagnostic_suggest(text, words, count);
	if (near)
		text_printf(out, "did you mean '%s'?", near);
	for (size_t i = 0; !near && i < count; i++)
		text_printf(out, "%s%s", i ? ", " : "the words are ", words[i]);
}

static int read_class(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		      const char **ret)
{
	static const char expected[] = "a word for a class of PCI devices, such as network";
	CLEANUP_TEXT struct text hint = { 0 };
	const char *text;
	int r;

	r = scalar_read_text(node, key, expected, reader->diagnostics, &text);
	if (r < 0)
		return r;
	if (pci_class_find(text)) {
		*ret = text;
		return 0;
	}
	hint_class(text, &hint);
	return hint.failed ? -ENOMEM
			   : scalar_mismatch(node, key, expected, text_string(&hint),
					     reader->diagnostics);
}

/* A range that fits on the line. */
#define NUMA_RANGE_MAX 8

/* How to write "0-3", or "0,2". */
static void hint_numa_nodes(const char *text, struct text *out)
{
	uint64_t first, last;
	const char *end;

	if (strchr(text, ',') && !text[strspn(text, "0123456789, ")]) {
		text_printf(out, "write [%s]", text);
		return;
	}
	if (scalar_parse_digits(text, &first, &end) < 0 || *end != '-' ||
	    scalar_parse_digits(end + 1, &last, &end) < 0 || *end || last < first ||
	    last - first >= NUMA_RANGE_MAX)
		return;
	text_append(out, "write [");
	for (uint64_t node = first; node <= last; node++)
		text_printf(out, "%s%u", node > first ? ", " : "", (unsigned)node);
	text_append(out, "]");
}

static int read_numa_node(struct policy_reader *reader, const struct yaml_node *node,
			  const char *key, const char **ret)
{
	CLEANUP_TEXT struct text hint = { 0 };
	uint64_t number;
	int r;

	if (node->kind == YAML_SCALAR)
		hint_numa_nodes(node->scalar, &hint);
	if (hint.failed)
		return -ENOMEM;
	if (hint.length)
		return scalar_mismatch(node, key, "a number, or a list of such", text_string(&hint),
				       reader->diagnostics);
	r = scalar_read_number(node, key, 0, INT32_MAX, reader->diagnostics, &number);
	if (r < 0)
		return r;
	*ret = node->scalar;
	return 0;
}

static pattern_reader *const readers[MATCH_KEY_COUNT] = {
	[MATCH_INTERFACE] = pattern_read_glob,
	[MATCH_MAC] = read_mac,
	[MATCH_PCI] = read_pci,
	[MATCH_PATH] = pattern_read_glob,
	[MATCH_DRIVER] = pattern_read_glob,
	[MATCH_DEVICE] = read_device,
	[MATCH_CLASS] = read_class,
	[MATCH_SERIAL] = pattern_read_glob,
	[MATCH_FIRMWARE] = pattern_read_glob,
	[MATCH_PORT] = pattern_read_glob,
	[MATCH_NUMA_NODE] = read_numa_node,
};

/* As other tools exclude: "!mgmt*". Nothing that can be matched begins so. */
static bool excludes(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && node->scalar[0] == '!';
}

static int refuse_exclusion(struct policy_reader *reader, const struct yaml_node *node,
			    const char *key)
{
	CLEANUP_TEXT struct text hint = { 0 };

	text_printf(&hint, "name what is not meant under 'not', beside what is: not: {%s: ...}",
		    key);
	return hint.failed
		       ? -ENOMEM
		       : diagnostics_error(reader->diagnostics, &node->origin, text_string(&hint),
					   "'%s' excludes nothing by '!' in front", key);
}

static int check_exclusion(struct policy_reader *reader, const struct yaml_node *node,
			   const char *key)
{
	int r = excludes(node) ? refuse_exclusion(reader, node, key) : 0;

	for (size_t i = 0; r == 0 && node->kind == YAML_SEQUENCE && i < node->count; i++)
		if (excludes(node->items[i]))
			r = refuse_exclusion(reader, node->items[i], key);
	return r;
}

static int read_patterns(struct policy_reader *reader, size_t key, const struct yaml_node *node,
			 struct match_patterns *ret)
{
	int r = check_exclusion(reader, node, match_key_names[key]);

	return r < 0 ? r
		     : patterns_read(reader, node, match_key_names[key], readers[key], &ret[key]);
}

static int read_key(struct policy_reader *reader, size_t key, const struct yaml_node *node,
		    void *target)
{
	return read_patterns(reader, key, node, ((struct rule *)target)->match);
}

static int read_not_key(struct policy_reader *reader, size_t key, const struct yaml_node *node,
			void *target)
{
	return read_patterns(reader, key, node, ((struct rule *)target)->excluded);
}

static const struct section_key match_keys[] = {
	{ .name = "not", .section = &not_section },
};

const struct section match_section = {
	.noun = "'match'",
	.expected = "a mapping such as {interface: \"ens1f*\"}",
	.place = "under 'match'",
	.chapter = "Which PFs",
	.if_empty = "write {interface: \"*\"} to match every PF",
	.keys = match_keys,
	.n_keys = ARRAY_SIZE(match_keys),
	.names = match_key_names,
	.n_names = MATCH_KEY_COUNT,
	.read_name = read_key,
};

const struct section not_section = {
	.noun = "'not'",
	.expected = "a mapping such as {interface: \"mgmt*\"}",
	.chapter = "Which PFs",
	.if_empty = "delete it, or name what is not meant",
	.names = match_key_names,
	.n_names = MATCH_KEY_COUNT,
	.read_name = read_not_key,
};

/* Whether it is known not to name a PF that is meant: only what is not. */
static bool is_not_alone(const struct yaml_node *node)
{
	return node->kind == YAML_MAPPING && node->count == 1 && yaml_get(node, "not");
}

int match_read(struct policy_reader *reader, const struct yaml_node *node, struct rule *rule)
{
	int r = section_read(reader, &match_section, "match", node, rule);

	if (r == -ENOMEM || !is_not_alone(node))
		return r;
	return diagnostics_error(reader->diagnostics, &node->origin,
				 "name what is meant beside it; pci: \"*\" is every PF",
				 "'match' says only what is not meant");
}
