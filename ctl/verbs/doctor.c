/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl doctor: what is wrong with the host, its cards and its policy, why, and what to do. */

#include <stdint.h>
#include <stdio.h>

#include "doctor/doctor.h"
#include "host/passes.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/wrap.h"
#include "style.h"
#include "verb.h"

static enum style style_of(enum severity severity)
{
	static const enum style styles[] = {
		[SEVERITY_ERROR] = STYLE_BAD,
		[SEVERITY_WARNING] = STYLE_WARN,
		[SEVERITY_NOTE] = STYLE_PLAIN,
	};

	return styles[severity];
}

/* A line below the finding's first: "  why: ..." */
static void print_part(const char *label, const char *sentence)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "  %s: %s", label, sentence);
	wrap_print(stdout, STYLE_PLAIN, memory_text(&text));
}

static void print_finding(const struct finding *finding)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s: ", severity_name(finding->severity));
	if (finding->pf) {
		text_append_quoted(&text, finding->pf);
		text_append(&text, ": ");
	}
	text_printf(&text, "%s [%s]", finding->what, finding->check);
	wrap_print(stdout, style_of(finding->severity), memory_text(&text));
	print_part("read", finding->read);
	print_part("why", finding->why);
	print_part("do", finding->remedy);
}

static void print_untold(const struct untold *untold)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, "cannot be told: ");
	if (untold->pf) {
		text_append_quoted(&text, untold->pf);
		text_append(&text, ": ");
	}
	text_printf(&text, "%s [%s]", untold->reason, untold->check);
	wrap_print(stdout, STYLE_FAINT, memory_text(&text));
}

static void print_text(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		print_finding(&findings->items[i]);
		putchar('\n');
	}
	for (size_t i = 0; i < findings->n_untold; i++)
		print_untold(&findings->untold[i]);
	if (findings->count)
		printf("%zu finding%s", findings->count, findings->count == 1 ? "" : "s");
	else
		(void)fputs("nothing found", stdout);
	printf("; %zu check%s good", findings->n_good, findings->n_good == 1 ? " is" : "s are");
	if (findings->n_untold)
		printf(", %zu could not be made", findings->n_untold);
	putchar('\n');
}

static struct json_object *finding_json(const struct finding *finding)
{
	struct json_object *object = json_new_object();

	json_set_text(object, "severity", severity_name(finding->severity));
	json_set_text(object, "check", finding->check);
	json_set_text(object, "pf", finding->pf);
	json_set_text(object, "finding", finding->what);
	json_set_text(object, "read", finding->read);
	json_set_text(object, "why", finding->why);
	json_set_text(object, "do", finding->remedy);
	return object;
}

static struct json_object *untold_json(const struct untold *untold)
{
	struct json_object *object = json_new_object();

	json_set_text(object, "check", untold->check);
	json_set_text(object, "pf", untold->pf);
	json_set_text(object, "reason", untold->reason);
	return object;
}

static void print_json(const struct findings *findings)
{
	struct json_object *object = json_new_object();
	struct json_object *found = json_new_array(), *untold = json_new_array();

	for (size_t i = 0; i < findings->count; i++)
		json_append(found, finding_json(&findings->items[i]));
	for (size_t i = 0; i < findings->n_untold; i++)
		json_append(untold, untold_json(&findings->untold[i]));
	json_set(object, "findings", found);
	json_set(object, "untold", untold);
	json_set_number(object, "good", (int64_t)findings->n_good);
	json_print(object);
}

/* What the passes have come to. */
static struct examined_pf *examine(const struct passes *passes)
{
	struct examined_pf *pfs =
		MEMORY_REQUIRE(arena_array(passes->arena, passes->count + 1, sizeof(*pfs)));

	for (size_t i = 0; i < passes->count; i++) {
		const struct pass *pass = passes->items[i].pass;

		pfs[i] = (struct examined_pf){
			.pf = pass->observed,
			.desired = pass->desired,
			.plan = pass->remaining,
			.rivals = pass->has_rivals ? &pass->rivals : NULL,
		};
	}
	return pfs;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	CLEANUP_PASSES struct passes passes = { 0 };
	struct examined examined = { .host = &inputs.inventory.host };
	struct findings findings;
	enum verdict verdict;

	verdict = passes_open_each(options, &inputs, &passes);
	if (verdict == VERDICT_OK)
		verdict = inputs_read_facts(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	passes_dry_run(&inputs, &passes);
	if (!options->inventory)
		passes_find_rivals(&passes, options->root);
	examined.facts = inputs.inventory.facts;
	examined.unmatched = &passes.unmatched;
	examined.pfs = examine(&passes);
	examined.n_pfs = passes.count;
	if (doctor_examine(&examined, options->severity, passes.arena, &findings) < 0)
		memory_exhausted();
	if (options->json)
		print_json(&findings);
	else
		print_text(&findings);
	if (inputs.partial)
		return VERDICT_FAILED;
	return findings.count ? VERDICT_PENDING : VERDICT_OK;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.operands = "[PF...]",
	.summary = "what is wrong here, why it matters and what to do",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON) |
		   OPTION_BIT(OPTION_SEVERITY),
	.operands_max = SIZE_MAX,
	.run = run,
};
