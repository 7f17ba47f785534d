/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl plan: what apply would do, step by step. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/plan_fleet.h"
#include "host/plan_tally.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "print/steps.h"
#include "print/warnings.h"
#include "verb.h"

static void print_pf(const struct options *options, struct json_object *pf,
		     const struct places *places)
{
	struct json_object *steps = json_get(pf, "steps");

	pf_view_print_heading(pf);
	if (!json_length(steps) ||
	    !strcmp(json_get_text(pf, "state"), pf_state_name(STATE_WAITING)))
		pf_view_print_state(pf, STYLE_PLAIN);
	pf_view_print_mode(pf);
	pf_view_print_changed(pf);
	steps_print(steps, places, options->all, options->verbose);
	putchar('\n');
}

static void append_part(struct text *out, size_t count, const char *what)
{
	if (count)
		text_printf(out, "%s%zu %s", out->length ? ", " : "", count, what);
}

static void print_summary(struct json_object *document, const struct plan_tally *tally)
{
	CLEANUP_TEXT struct text text = { 0 };

	append_part(&text, tally->ready, "to do");
	append_part(&text, tally->blocked, "blocked");
	append_part(&text, tally->requestable, "on request");
	append_part(&text, tally->refused, "not now");
	append_part(&text, tally->blind, "to set once");
	if (text.length || text.failed)
		printf("steps: %s\n", memory_text(&text));
	else
		pf_view_print_nothing(document);
}

static void print_text(const struct options *options, struct json_object *document,
		       const struct plan_tally *tally)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *pfs = json_get(document, "pfs");
	struct places places = { .arena = arena };

	for (size_t i = 0; i < json_length(pfs); i++)
		places_add_steps(&places, json_get(json_item(pfs, i), "steps"));
	for (size_t i = 0; i < json_length(pfs); i++)
		print_pf(options, json_item(pfs, i), &places);
	places_print(&places);
	print_summary(document, tally);
}

static enum verdict plan_this_host(const struct options *options)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	CLEANUP_PASSES struct passes passes = { 0 };
	CLEANUP_JSON struct json_object *document = json_new_object();
	enum verdict verdict;
	struct plan_tally tally;

	verdict = passes_open(options, &inputs, &passes);
	if (verdict != VERDICT_OK)
		return verdict;
	passes_dry_run(&inputs, &passes);
	tally = plan_tally_of(&passes);
	passes_complete(&passes, NULL, plan_tally_pfs_json(&passes), document);
	warnings_print_problems(document);
	warnings_print_left_out(document);
	warnings_print_unmatched(document);
	if (options->json)
		json_print(TAKE(document));
	else
		print_text(options, document, &tally);
	verdict = plan_tally_verdict(&tally);
	if (passes.unmatched.count)
		verdict = verdict_worst(verdict, VERDICT_PENDING);
	return inputs.partial ? verdict_worst(verdict, VERDICT_FAILED) : verdict;
}

static enum verdict run(const struct options *options)
{
	if (options->inventory && plan_fleet_is_folder(options->inventory))
		return plan_fleet_run(options);
	return plan_this_host(options);
}

const struct verb verb_plan = {
	.name = "plan",
	.operands = "[PF...]",
	.summary = "what would change, step by step, and what it disrupts",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_ALL) |
		   OPTION_BIT(OPTION_VERBOSE),
	.operands_max = SIZE_MAX,
	.run = run,
};
