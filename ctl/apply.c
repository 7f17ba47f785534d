/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl apply: makes it so. */

#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "memory.h"
#include "steps.h"
#include "survey.h"
#include "util/paths.h"
#include "util/runtime.h"

/* Where the daemon keeps its locks too; see apply/lock.h. */
#define POLL_MS 200

/* What may come right by itself, and what of it is worth another try at each poll. */
#define TRANSIENT (REFUSAL_BIT(REFUSAL_WAITS_LINK) | POLLED)
#define POLLED	  (REFUSAL_BIT(REFUSAL_WAITS_VF) | REFUSAL_BIT(REFUSAL_RETRY))

/* What was done to a PF, over all of its passes. */
struct record {
	struct subject *subject;
	struct fold done;
	struct json_object *actions;
	bool failed; /* a pass could not be made */
};

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void note_done(struct record *record, const struct action *action)
{
	if (!action->done)
		return;
	steps_add_done(&record->done, &action->step);
	json_append(record->actions, steps_json(&action->step));
}

static void run_pass(struct scene *scene, struct record *record)
{
	const struct actions *actions;

	if (survey_apply(scene, record->subject, RUNTIME_DIRECTORY) < 0) {
		record->failed = true;
		return;
	}
	actions = &record->subject->pass->actions;
	for (size_t i = 0; i < actions->count; i++)
		note_done(record, &actions->items[i]);
}

static bool may_settle(const struct record *record)
{
	const struct pass *pass = record->subject->pass;
	const struct plan *plan;

	if (record->failed || survey_observes_only(record->subject))
		return false;
	if (pass->state == STATE_WAITING || pass->state == STATE_RETRYING)
		return true;
	plan = pass->remaining;
	for (size_t i = 0; plan && i < plan->n_steps; i++)
		if (plan->steps[i].refused && TRANSIENT & REFUSAL_BIT(plan->steps[i].refused->kind))
			return true;
	return false;
}

static void try_again(struct scene *scene, struct record *record)
{
	unsigned mask = POLLED;

	if (record->subject->pass->observed->carrier)
		mask |= REFUSAL_BIT(REFUSAL_WAITS_LINK);
	knowledge_retry(record->subject->knowledge, mask);
	run_pass(scene, record);
}

/* Passes over all PFs, then again over those that wait for something, until none does or time is
 * over. */
static void run_all(struct scene *scene, struct record *records, size_t count, unsigned wait_s)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	uint64_t deadline = now_ms() + wait_s * UINT64_C(1000);
	bool waiting = false;

	for (size_t i = 0; i < count; i++) {
		run_pass(scene, &records[i]);
		waiting = waiting || may_settle(&records[i]);
	}
	while (waiting && now_ms() < deadline) {
		(void)nanosleep(&pause, NULL);
		waiting = false;
		for (size_t i = 0; i < count; i++) {
			if (!may_settle(&records[i]))
				continue;
			try_again(scene, &records[i]);
			waiting = waiting || may_settle(&records[i]);
		}
	}
}

static enum verdict verdict_of(const struct record *record)
{
	if (record->failed)
		return VERDICT_FAILED;
	if (survey_observes_only(record->subject)) /* nothing was asked of us */
		return VERDICT_OK;
	switch (record->subject->pass->state) {
	case STATE_UNMANAGED:
	case STATE_IN_SYNC:
		return VERDICT_OK;
	case STATE_BLOCKED:
		return VERDICT_BLOCKED;
	default:
		return VERDICT_FAILED;
	}
}

static void print_record(const struct record *record)
{
	const struct pass *pass = record->subject->pass;
	const struct plan *plan = pass ? pass->remaining : NULL;
	struct fold left = { .arena = record->done.arena };

	if (!pass)
		return;
	survey_print_heading(record->subject);
	steps_print(&record->done);
	for (size_t i = 0; plan && i < plan->n_steps; i++)
		steps_add(&left, &plan->steps[i]);
	steps_print(&left);
	survey_print_state(record->subject,
			   verdict_of(record) == VERDICT_OK ? STYLE_GOOD : STYLE_BAD);
	putchar('\n');
}

static struct json_object *record_json(struct record *record)
{
	const struct plan *plan = record->subject->pass->remaining;
	struct json_object *object = survey_json(record->subject);
	struct json_object *steps = json_new_array();

	for (size_t i = 0; plan && i < plan->n_steps; i++)
		json_append(steps, steps_json(&plan->steps[i]));
	json_set(object, "done", TAKE(record->actions));
	json_set(object, "steps", steps);
	return object;
}

static void print_json(const struct survey *survey, struct record *records)
{
	struct json_object *object = json_new_object();
	struct json_object *pfs = json_new_array();

	for (size_t i = 0; i < survey->count; i++)
		if (records[i].subject->pass)
			json_append(pfs, record_json(&records[i]));
	json_set(object, "pfs", pfs);
	json_set(object, "unmatched_rules", absent_json(survey->absents, survey->n_absents));
	json_print(object);
}

static enum verdict report(const struct options *options, const struct survey *survey,
			   struct record *records)
{
	enum verdict verdict = survey->n_absents ? VERDICT_FAILED : VERDICT_OK;

	survey_print_problems(survey);
	absent_print(survey->absents, survey->n_absents);
	for (size_t i = 0; i < survey->count; i++) {
		verdict = verdict_worst(verdict, verdict_of(&records[i]));
		if (!options->json)
			print_record(&records[i]);
	}
	if (options->json)
		print_json(survey, records);
	else if (!survey->count)
		puts("nothing to do");
	return verdict;
}

static enum verdict apply(const struct options *options, struct scene *scene, struct survey *survey)
{
	struct record *records =
		MEMORY_REQUIRE(arena_array(survey->arena, survey->count + 1, sizeof(*records)));
	enum verdict verdict;

	for (size_t i = 0; i < survey->count; i++) {
		records[i].subject = &survey->items[i];
		records[i].done.arena = survey->arena;
		records[i].actions = json_new_array();
	}
	run_all(scene, records, survey->count, options->wait_s);
	verdict = report(options, survey, records);
	if (scene->partial)
		verdict = verdict_worst(verdict, VERDICT_FAILED);
	for (size_t i = 0; i < survey->count; i++)
		json_drop(records[i].actions);
	return verdict;
}

static bool make_lock_directory(void)
{
	int r = runtime_make(RUNTIME_DIRECTORY);

	if (r < 0)
		(void)fprintf(stderr, "sriovctl apply: cannot use %s: %s\n", RUNTIME_DIRECTORY,
			      runtime_error(r));
	return r >= 0;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_SCENE struct scene scene = { 0 };
	CLEANUP_SURVEY struct survey survey = { 0 };
	enum verdict verdict;

	if (geteuid() != 0) {
		(void)fputs("sriovctl apply: only root can change the host; "
			    "'sriovctl plan' shows what would be done\n",
			    stderr);
		return VERDICT_FAILED;
	}
	verdict = scene_open_with_policy(options, &scene);
	if (verdict == VERDICT_OK)
		verdict = survey_open(options, &scene, &survey);
	if (verdict != VERDICT_OK)
		return verdict;
	return make_lock_directory() ? apply(options, &scene, &survey) : VERDICT_FAILED;
}

const struct verb verb_apply = {
	.name = "apply",
	.operands = "[PF...]",
	.summary = "do what plan shows; as root",
	.options = OPTION_BIT(OPTION_WAIT) | OPTION_BIT(OPTION_JSON),
	.operands_max = SIZE_MAX,
	.run = run,
};
