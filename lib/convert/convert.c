/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/convert.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "convert/draft.h"
#include "convert/ifupdown.h"
#include "convert/netplan.h"
#include "convert/nm.h"
#include "convert/nmstate.h"
#include "convert/operator.h"
#include "convert/osnet.h"
#include "convert/script.h"
#include "convert/shell.h"
#include "convert/systemd.h"
#include "convert/udev.h"
#include "policy/policy.h"
#include "policy/write.h"

#define INDENT 2

const struct convert_format convert_formats[] = {
	{ "ifcfg", "ifcfg-* files of network-scripts and NetworkManager", nm_read_ifcfg, nm_take,
	  NULL },
	{ "ifupdown", "files of ifupdown", ifupdown_read, ifupdown_take, NULL },
	{ "netplan", "files of netplan", netplan_read, netplan_take, NULL },
	{ "networkmanager", "profiles of NetworkManager (keyfiles)", nm_read, nm_take, NULL },
	{ "nmstate", "states of nmstate", nmstate_read, nmstate_take, NULL },
	{ "os-net-config", "files of os-net-config", osnet_read, osnet_take, NULL },
	{ "script", "shell scripts", script_read, script_take, NULL },
	{ "sriov-network-operator", "objects of the SR-IOV network operator", operator_read,
	  operator_take,
	  "Of several policies for a VF the operator takes that of the lowest priority number, and "
	  "of "
	  "rules here the later one wins." },
	{ "systemd", ".link and .network files of systemd", systemd_read, systemd_take,
	  "Of several .link files systemd takes the first that matches a device, and of rules here "
	  "the later one wins." },
	{ "udev", "rules of udev", udev_read, udev_take, NULL },
	{ 0 },
};

const struct convert_format *convert_format_find(const char *name)
{
	for (const struct convert_format *format = convert_formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}

/* Values of these are not to get into a policy, which everybody may read. */
static bool is_secret(const struct fact *fact)
{
	static const char *const words[] = { "password", "psk",	       "secret",
					     "key",	 "passphrase", "token" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (size_t k = 0; k < fact->depth; k++)
			if (strcasestr(fact->path[k], words[i]))
				return true;
	return false;
}

/* "10-a.link:5 'MTUBytes=9000'" */
static void append_fact(struct conversion *conversion, const struct fact *fact, struct text *out)
{
	const char *place = conversion_place(conversion, fact);
	const char *key = fact->depth < 3 && shell_is_line(fact) ? "" : fact_key(fact);
	const char *equals = *key && !text_has_suffix(key, "=") ? "=" : "";
	CLEANUP_TEXT struct text said = { 0 };

	text_append(&said, key);
	if (*fact->value)
		text_printf(&said, "%s%s", equals, is_secret(fact) ? "..." : fact->value);
	text_append(out, place ? place : "");
	text_append(out, " ");
	text_append_quoted(out, DIAGNOSTIC_QUOTE(text_string(&said)));
	out->failed = out->failed || said.failed || !place;
}

/* Those that come next to each other for the same reason, of which this is the first, as one. */
static size_t write_note(struct conversion *conversion, const struct note *notes, size_t count,
			 struct text *out)
{
	const struct draft *draft = conversion_fate(conversion, notes->fact)->draft;
	CLEANUP_TEXT struct text item = { 0 };
	size_t same = 0;

	text_append(&item, "- ");
	for (; same < count && !strcmp(notes[same].words, notes->words) &&
	       conversion_fate(conversion, notes[same].fact)->draft == draft;
	     same++) {
		if (same && notes[same].fact == notes[same - 1].fact)
			continue;
		text_append(&item, same ? ", " : "");
		append_fact(conversion, notes[same].fact, &item);
	}
	text_printf(&item, ": %s", notes->words);
	out->failed = out->failed || item.failed;
	write_comment(text_string(&item), INDENT, out);
	return same;
}

static int compare_notes(const void *a, const void *b)
{
	const struct note *left = a, *right = b;

	if (left->fact != right->fact)
		return left->fact < right->fact ? -1 : 1;
	return strcmp(left->words, right->words);
}

/* As their facts stand in the files. */
static void sort_notes(struct conversion *conversion)
{
	if (conversion->n_notes)
		qsort(conversion->notes, conversion->n_notes, sizeof(*conversion->notes),
		      compare_notes);
}

static bool has_notes(const struct conversion *conversion, const struct draft *draft)
{
	for (size_t i = 0; i < conversion->n_notes; i++)
		if (conversion_fate(conversion, conversion->notes[i].fact)->draft == draft)
			return true;
	return false;
}

/* The notes of a draft; of none for NULL. */
static void write_notes(struct conversion *conversion, const struct draft *draft,
			const char *heading, struct text *out)
{
	bool any = false;

	for (size_t i = 0; i < conversion->n_notes;) {
		const struct note *note = &conversion->notes[i];

		if (conversion_fate(conversion, note->fact)->draft != draft) {
			i++;
			continue;
		}
		if (!any)
			write_comment(heading, INDENT, out);
		any = true;
		i += write_note(conversion, note, conversion->n_notes - i, out);
	}
}

/* What is wrong with a rule beside what was looked at, as the reader of policies tells it; NULL. */
static int check(const struct rule *rule, struct arena *arena, const char **ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_TEXT struct text text = { 0 };
	struct document document = { .name = "rule" };
	int r;

	write_heading(true, &text);
	write_rule(rule, &text);
	if (text.failed)
		return -ENOMEM;
	document.text = text_string(&text);
	document.length = text.length;
	r = policy_read(&document, 1, NULL, &diagnostics, &policy);
	*ret = NULL;
	if (r != -EINVAL)
		return r;
	for (size_t i = 0; !*ret && i < diagnostics.count; i++)
		if (diagnostics.items[i].severity == SEVERITY_ERROR)
			*ret = text_quote(diagnostics.items[i].message, arena);
	return *ret ? 0 : -ENOMEM;
}

/* A rule that would be refused, as a comment. */
static void write_refused(const struct rule *rule, const char *why, struct text *out)
{
	CLEANUP_TEXT struct text text = { 0 };
	const char *line;

	text_printf(&text, "This is no rule before it is corrected: %s", why);
	out->failed = out->failed || text.failed;
	write_comment(text_string(&text), INDENT, out);
	text_clear(&text);
	write_rule(rule, &text);
	out->failed = out->failed || text.failed;
	for (line = text_string(&text); *line; line += strcspn(line, "\n") + 1) {
		CLEANUP_TEXT struct text copy = { 0 };

		text_append_n(&copy, line, strcspn(line, "\n"));
		text_append(out, "#");
		text_append_escaped(out, text_string(&copy));
		text_append(out, "\n");
		out->failed = out->failed || copy.failed;
	}
}

static int write_draft(struct conversion *conversion, const struct draft *draft, const char *why,
		       struct text *out)
{
	const char *place = conversion_place(conversion, draft->first);
	CLEANUP_TEXT struct text title = { 0 };

	if (!draft->has_rule && !has_notes(conversion, draft))
		return 0;
	if (!place)
		return -ENOMEM;
	text_printf(&title, "From %s", place);
	out->failed = out->failed || title.failed;
	write_comment(text_string(&title), INDENT, out);
	write_notes(conversion, draft,
		    draft->has_rule ? "Not in this rule, or not as it was:" : "No rule:", out);
	if (why)
		write_refused(&draft->rule, why, out);
	else if (draft->has_rule)
		write_rule(&draft->rule, out);
	return 0;
}

static int write_all(struct conversion *conversion, const struct convert_format *format,
		     struct text *out, size_t *ret_rules)
{
	const char **why = arena_array(conversion->arena, conversion->n_drafts + 1, sizeof(*why));
	size_t rules = 0;
	int r = why ? 0 : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		if (!conversion->drafts[i]->has_rule)
			continue;
		r = check(&conversion->drafts[i]->rule, conversion->arena, &why[i]);
		rules += r >= 0 && !why[i];
	}
	if (r < 0)
		return r;
	if (rules > 1 && format->remark)
		write_comment(format->remark, 0, out);
	write_heading(rules, out);
	sort_notes(conversion);
	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		text_append(out, i && (conversion->drafts[i]->has_rule ||
				       has_notes(conversion, conversion->drafts[i]))
					 ? "\n"
					 : "");
		r = write_draft(conversion, conversion->drafts[i], why[i], out);
	}
	text_append(out, conversion->n_drafts && has_notes(conversion, NULL) ? "\n" : "");
	write_notes(conversion, NULL, "In no rule:", out);
	*ret_rules = rules;
	return r < 0 || out->failed ? -ENOMEM : 0;
}

int convert(const struct convert_format *format, const struct document *documents, size_t count,
	    struct arena *arena, struct diagnostics *diagnostics, struct text *out,
	    size_t *ret_rules)
{
	struct conversion conversion = { .arena = arena, .diagnostics = diagnostics };
	bool bad = false;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < count; i++) {
		r = format->read(&documents[i], &conversion);
		bad = bad || r == -EINVAL;
		r = r == -EINVAL ? 0 : r;
	}
	if (r < 0 || bad)
		return r < 0 ? r : -EINVAL;
	conversion.fates = arena_array(arena, conversion.facts.count + 1, sizeof(struct fate));
	if (!conversion.fates)
		return -ENOMEM;
	r = format->take(&conversion);
	if (r >= 0)
		r = draft_finish_all(&conversion);
	return r < 0 ? r : write_all(&conversion, format, out, ret_rules);
}
