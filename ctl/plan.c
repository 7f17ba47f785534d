/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl plan: what apply would do, step by step. */

#include "plan.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "apply/describe.h"
#include "apply/describe_step.h"
#include "folder.h"
#include "json.h"
#include "memory.h"
#include "options.h"
#include "steps.h"
#include "verb.h"
#include "view.h"

static void count_steps(const struct subject *subject, struct plan_tally *tally)
{
	const struct plan *plan = subject->pass->remaining;

	if (!plan || describe_is_observe_only(subject->pass))
		return;
	for (size_t i = 0; i < plan->n_steps; i++)
		if (!plan->steps[i].blocked && !plan->steps[i].refused && plan->steps[i].blind)
			tally->blind++;
	tally->ready += plan->n_ready;
	tally->blocked += plan->n_blocked;
	tally->refused += plan->n_refused;
}

struct plan_tally plan_tally_of(const struct survey *survey)
{
	struct plan_tally tally = { 0 };

	for (size_t i = 0; i < survey->count; i++)
		count_steps(&survey->items[i], &tally);
	tally.ready -= tally.blind;
	return tally;
}

enum verdict plan_verdict(const struct plan_tally *tally)
{
	if (tally->blocked)
		return VERDICT_BLOCKED;
	return tally->ready ? VERDICT_PENDING : VERDICT_OK;
}

static void print_pf(struct json_object *pf)
{
	struct json_object *steps = json_get(pf, "steps");
	bool any = json_length(steps);

	view_print_heading(pf);
	if (!any || !strcmp(json_get_text(pf, "state"), pf_state_name(STATE_WAITING)))
		view_print_state(pf, STYLE_PLAIN);
	if (any && !strcmp(json_get_text(pf, "mode"), "observe"))
		puts("  mode is observe: this differs, and stays as it is");
	steps_print(steps);
	putchar('\n');
}

static void append_part(struct text *out, size_t count, const char *what)
{
	if (count)
		text_printf(out, "%s%zu %s", out->length ? ", " : "", count, what);
}

static void print_summary(const struct plan_tally *tally)
{
	CLEANUP_TEXT struct text text = { 0 };

	append_part(&text, tally->ready, "to do");
	append_part(&text, tally->blocked, "blocked");
	append_part(&text, tally->refused, "not now");
	append_part(&text, tally->blind, "to set once");
	if (text.length || text.failed)
		printf("steps: %s\n", memory_text(&text));
	else
		puts("nothing to do");
}

struct json_object *plan_pfs_json(const struct survey *survey)
{
	struct json_object *pfs = json_new_array();

	for (size_t i = 0; i < survey->count; i++) {
		const struct subject *subject = &survey->items[i];
		struct json_object *pf = survey_json(subject);

		json_set(pf, "steps", MEMORY_REQUIRE(describe_steps(subject->pass->remaining)));
		json_append(pfs, pf);
	}
	return pfs;
}

static void print_json(const struct survey *survey)
{
	struct json_object *object = json_new_object();

	json_set(object, "pfs", plan_pfs_json(survey));
	json_set(object, "unmatched_rules", absent_json(survey->absents, survey->n_absents));
	json_print(object);
}

static void print_text(const struct survey *survey, const struct plan_tally *tally)
{
	CLEANUP_JSON struct json_object *pfs = plan_pfs_json(survey);

	for (size_t i = 0; i < json_length(pfs); i++)
		print_pf(json_item(pfs, i));
	print_summary(tally);
}

static enum verdict plan_host(const struct options *options)
{
	CLEANUP_SCENE struct scene scene = { 0 };
	CLEANUP_SURVEY struct survey survey = { 0 };
	enum verdict verdict;
	struct plan_tally tally;

	verdict = survey_begin(options, &scene, &survey);
	if (verdict != VERDICT_OK)
		return verdict;
	survey_look(&scene, &survey);
	tally = plan_tally_of(&survey);
	survey_print_problems(&survey);
	absent_print(survey.absents, survey.n_absents);
	if (options->json)
		print_json(&survey);
	else
		print_text(&survey, &tally);
	verdict = plan_verdict(&tally);
	return scene.partial ? verdict_worst(verdict, VERDICT_FAILED) : verdict;
}

static enum verdict run(const struct options *options)
{
	if (options->inventory && folder_is(options->inventory))
		return folder_plan(options);
	return plan_host(options);
}

const struct verb verb_plan = {
	.name = "plan",
	.operands = "[PF...]",
	.summary = "what would change, step by step, and what each step disrupts",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON),
	.operands_max = SIZE_MAX,
	.run = run,
};
