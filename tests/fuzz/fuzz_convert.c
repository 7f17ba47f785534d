/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a file of each program that sriovctl convert knows. What comes of it is a policy.
 * Each key of the file is in a rule or in a comment with its line, and each value of a rule is from
 * a key.
 */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert/convert.h"
#include "convert/draft.h"
#include "harness.h"

/* What comments call the file by. */
#define NAME "f"

static void check_policy(const struct text *out, size_t rules)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	const struct document document = { "written", text_string(out), out->length };

	for (size_t i = 0; i < out->length; i++)
		REQUIRE((unsigned char)out->data[i] >= 0x20 || out->data[i] == '\n');
	REQUIRE(policy_read(&document, 1, NULL, &diagnostics, &policy) == 0);
	REQUIRE(policy->n_rules == rules);
}

/* How often comments quote something of each line: "f:7 'key", of which lines are filled anew. To
 * be freed. */
static unsigned *count_quotes(const struct text *out, unsigned lines)
{
	unsigned *counts = calloc(lines + 1u, sizeof(*counts));
	CLEANUP_FREE char *packed = malloc(out->length + 1);
	size_t length = 0;

	REQUIRE(counts && packed);
	for (size_t i = 0; i < out->length; i++)
		if (!strchr(" \n#", out->data[i]))
			packed[length++] = out->data[i];
	packed[length] = '\0';
	for (const char *place = packed; (place = strstr(place, NAME ":"));) {
		char *end;
		unsigned long line;

		place += strlen(NAME ":");
		if (!isdigit((unsigned char)*place))
			continue;
		line = strtoul(place, &end, 10);
		if (*end == '\'' && line <= lines)
			counts[line]++;
	}
	return counts;
}

static bool is_forgotten(const struct conversion *conversion, const struct fact *fact)
{
	const struct fate *fate = conversion_fate(conversion, fact);

	for (size_t i = 0; i < conversion->n_notes; i++)
		if (conversion->notes[i].fact == fact &&
		    !strcmp(conversion->notes[i].words, "nothing came of it"))
			return true;
	if (!fate->carried)
		return !fate->noted;
	return fate->draft && !fate->draft->has_rule && !fate->noted;
}

static void check_facts(const struct conversion *conversion, const struct document *document,
			const struct text *out)
{
	unsigned lines = 1;
	CLEANUP_FREE unsigned *counts = NULL;

	for (const char *p = document->text; *p; p++)
		lines += *p == '\n';
	counts = count_quotes(out, lines);
	for (size_t i = 0; i < conversion->facts.count; i++) {
		const struct fact *fact = &conversion->facts.items[i];

		REQUIRE(fact->origin.line && fact->origin.line <= lines);
		REQUIRE(!is_forgotten(conversion, fact));
		if (conversion_fate(conversion, fact)->noted)
			REQUIRE(counts[fact->origin.line]-- > 0);
	}
}

/* That a key of the file says it. */
static void check_value(const struct conversion *conversion, const struct value *value)
{
	const struct fact *fact = (const struct fact *)value->origin;
	const struct fact *facts = conversion->facts.items;

	REQUIRE(fact >= facts && fact < facts + conversion->facts.count);
	REQUIRE(conversion_fate(conversion, fact)->carried);
}

static void check_rule(const struct conversion *conversion, const struct rule *rule)
{
	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++)
		if (VALUES_GET(&rule->settings, i))
			check_value(conversion, &rule->settings.value[i]);
	for (size_t i = 0; i < rule->n_entries; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if (VALUES_GET(&rule->entries[i].settings, k))
				check_value(conversion, &rule->entries[i].settings.value[k]);
}

/* The way of convert(), with all that it knows. */
static void check_conversion(const struct convert_format *format, const struct document *document,
			     struct arena *arena, const struct text *out)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct conversion conversion = { .arena = arena, .diagnostics = &diagnostics };

	REQUIRE(format->read(document, &conversion) == 0);
	conversion.fates = arena_array(arena, conversion.facts.count + 1, sizeof(struct fate));
	REQUIRE(conversion.fates);
	REQUIRE(format->take(&conversion) == 0);
	REQUIRE(draft_finish_all(&conversion) == 0);
	check_facts(&conversion, document, out);
	for (size_t i = 0; i < conversion.n_drafts; i++)
		if (conversion.drafts[i]->has_rule)
			check_rule(&conversion, &conversion.drafts[i]->rule);
}

static void check(const struct convert_format *format, const struct document *document)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text out = { 0 };
	size_t rules;
	int r;

	REQUIRE(arena_new(&arena) == 0);
	r = convert(format, document, 1, arena, &diagnostics, &out, &rules);
	REQUIRE(r == 0 || r == -EINVAL);
	REQUIRE((r == 0) == (diagnostics.errors == 0));
	if (r < 0)
		return;
	check_policy(&out, rules);
	check_conversion(format, document, arena, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_FREE char *text = harness_text(data, size);
	const struct document document = { NAME, text, size };

	for (const struct convert_format *format = convert_formats; format->name; format++)
		check(format, &document);
	return 0;
}
