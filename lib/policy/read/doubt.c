/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/doubt.h"

#include <stdbool.h>
#include <string.h>

#include "model/foreign_value.h"
#include "util/cleanup.h"
#include "util/hex.h"

#define HEX    "0123456789abcdefABCDEF"
#define LISTED "several patterns are a list: [a, b]"

/* What one of these characters, or a pattern as a whole, makes doubtful. */
struct doubt {
	const char *characters; /* that no such name has; a '!' only in front */
	const char *why, *hint;
};

static const struct doubt list_doubt = { "|,{}", "'|', ',' and braces have no meaning in a pattern",
					 LISTED };
static const struct doubt blank_doubt = { " \t", "no such name has a blank in it", LISTED };
static const struct doubt slash_doubt = { "/", "no such name has a '/' in it",
					  "write the name alone" };
static const struct doubt words_doubt = {
	" \t", "it is compared with each word of the command line, which has no blank in it",
	"write one word; of a list one must be there"
};
static const struct doubt not_doubt = { "!", "a pattern cannot exclude what begins with '!'",
					"write what is meant" };

static void warn(struct diagnostics *diagnostics, const struct origin *origin, const char *pattern,
		 const char *why, const char *hint)
{
	diagnostics_report(diagnostics, SEVERITY_WARNING, origin, hint, "%s matches nothing: %s",
			   DIAGNOSTIC_QUOTE(pattern), why);
}

static bool has_any(const char *pattern, const char *characters)
{
	return *characters == '!' ? *pattern == '!' : strpbrk(pattern, characters) != NULL;
}

/* Digits of a number in an address, up to where they end. */
static const char *skip_hex(const char *string, size_t least, size_t most)
{
	size_t length = strspn(string, HEX);

	return length < least || length > most ? NULL : string + length;
}

/* domain:bus:device.function, as the kernel names PCI devices: "%04x:%02x:%02x.%d",
 * pci_setup_device() in drivers/pci/probe.c. */
static bool is_pci_address(const char *text)
{
	const char *end = skip_hex(text, 4, 8);

	end = end && *end == ':' ? skip_hex(end + 1, 2, 2) : NULL;
	end = end && *end == ':' ? skip_hex(end + 1, 2, 2) : NULL;
	return end && *end == '.' && end[1] >= '0' && end[1] <= '7' && !end[2];
}

static void doubt_pci(struct policy_reader *reader, const struct yaml_node *node,
		      const char *pattern)
{
	if (!strpbrk(pattern, MATCH_GLOB) && !is_pci_address(pattern))
		warn(reader->diagnostics, &node->origin, pattern, "it is no whole PCI address",
		     "write it as lspci -D does: \"0000:3b:00.0\"");
}

/* udev's ID_PATH begins with the kind of bus. */
static void doubt_path(struct policy_reader *reader, const struct yaml_node *node,
		       const char *pattern)
{
	CLEANUP_TEXT struct text hint = { 0 };

	if (!is_pci_address(pattern))
		return;
	text_printf(&hint, "write \"pci-%s\", or use 'pci'", pattern);
	if (!hint.failed)
		warn(reader->diagnostics, &node->origin, pattern,
		     "a path begins with the kind of its bus", text_string(&hint));
}

#define MACHINE_ID_DIGITS 32

/* As machine-id(5) has it, and no pattern: 32 digits in lower case. */
static void doubt_machine_id(struct policy_reader *reader, const struct yaml_node *node,
			     const char *pattern)
{
	CLEANUP_TEXT struct text digits = { 0 }, hint = { 0 };

	if (strpbrk(pattern, MATCH_GLOB))
		return;
	for (const char *p = pattern; *p; p++)
		if (hex_digit(*p) >= 0)
			text_append_n(&digits, &"0123456789abcdef"[hex_digit(*p)], 1);
	if (strcmp(text_string(&digits), pattern) == 0 && digits.length == MACHINE_ID_DIGITS)
		return;
	if (digits.length == MACHINE_ID_DIGITS)
		text_printf(&hint, "write \"%s\"", text_string(&digits));
	if (!digits.failed && !hint.failed)
		warn(reader->diagnostics, &node->origin, pattern,
		     "a machine-id has 32 hexadecimal digits, in lower case",
		     hint.length ? text_string(&hint) : "write what is in /etc/machine-id");
}

/* Quotation marks of texts for people, which are letters to YAML. */
static size_t mark_length(const char *text)
{
	static const char *const marks[] = {
		"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xe2\x80\x98",
		"\xe2\x80\x99", "\xe2\x80\x9a", "\xc2\xab",	"\xc2\xbb",
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (strncmp(text, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

bool doubt_quotes(struct diagnostics *diagnostics, const struct origin *origin, const char *text)
{
	CLEANUP_TEXT struct text inner = { 0 }, hint = { 0 };

	if (!mark_length(text))
		return false;
	for (const char *p = text; *p;) {
		size_t length = mark_length(p);

		if (!length)
			text_append_n(&inner, p, 1);
		p += length ? length : 1;
	}
	text_printf(&hint, "write \"%s\"", text_string(&inner));
	if (!inner.failed && !hint.failed)
		diagnostics_report(
			diagnostics, SEVERITY_WARNING, origin, text_string(&hint),
			"the quotation marks of %s are a part of it: they are not YAML's",
			DIAGNOSTIC_QUOTE(text));
	return true;
}

void doubt_driver(struct diagnostics *diagnostics, const struct origin *origin, const char *name)
{
	CLEANUP_TEXT struct text hint = { 0 };
	const char *meant = foreign_value_driver(name);

	if (!meant)
		return;
	text_printf(&hint, "did you mean '%s'?", meant);
	if (!hint.failed)
		diagnostics_report(diagnostics, SEVERITY_WARNING, origin, text_string(&hint),
				   "no driver is called %s", DIAGNOSTIC_QUOTE(name));
}

static bool doubt_characters(struct policy_reader *reader, const struct yaml_node *node,
			     const struct doubt *const *doubts, const char *pattern)
{
	for (; *doubts; doubts++) {
		if (!has_any(pattern, (*doubts)->characters))
			continue;
		warn(reader->diagnostics, &node->origin, pattern, (*doubts)->why, (*doubts)->hint);
		return true;
	}
	return false;
}

static void doubt_driver_pattern(struct policy_reader *reader, const struct yaml_node *node,
				 const char *pattern)
{
	doubt_driver(reader->diagnostics, &node->origin, pattern);
}

/* By key: what cannot be in a name of that kind, ended by NULL, and what looks at a pattern without
 * such a thing as a whole. What is said of a host's product may have anything in it. */
static const struct {
	const char *key;
	const struct doubt *doubts[5];
	void (*doubt_whole)(struct policy_reader *reader, const struct yaml_node *node,
			    const char *pattern);
} keys[] = {
	{ "interface", { &list_doubt, &blank_doubt, &slash_doubt }, NULL },
	{ "pci", { NULL }, doubt_pci },
	{ "port", { &list_doubt, &blank_doubt, &slash_doubt }, NULL },
	{ "driver", { &list_doubt, &blank_doubt, &slash_doubt }, doubt_driver_pattern },
	{ "path", { &list_doubt, &blank_doubt }, doubt_path },
	{ "kernel-command-line", { &words_doubt }, NULL },
	{ "hostname", { &not_doubt, &list_doubt, &blank_doubt, &slash_doubt }, NULL },
	{ "machine-id", { &not_doubt, &list_doubt, &blank_doubt, &slash_doubt }, doubt_machine_id },
};

void doubt_pattern(struct policy_reader *reader, const struct yaml_node *node, const char *key,
		   const char *pattern)
{
	if (doubt_quotes(reader->diagnostics, &node->origin, pattern))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].key, key) != 0)
			continue;
		if (!doubt_characters(reader, node, keys[i].doubts, pattern) && keys[i].doubt_whole)
			keys[i].doubt_whole(reader, node, pattern);
	}
}
