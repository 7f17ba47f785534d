/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/apply_direct.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "host/passes.h"
#include "memory.h"
#include "options.h"
#include "policy/desired.h"
#include "print/json.h"
#include "report/steps.h"
#include "util/clock.h"
#include "util/paths.h"
#include "util/runtime.h"

#define POLL_MS 200

/* What may come right by itself, and what of it is worth another try at each poll. */
#define TRANSIENT (REFUSAL_BIT(REFUSAL_WAITS_LINK) | POLLED)
#define POLLED	  (REFUSAL_BIT(REFUSAL_WAITS_VF) | REFUSAL_BIT(REFUSAL_RETRY))

/* What was done to a PF, over all of its passes. */
struct record {
	struct picked_pf *picked;
	struct json_object *done;
	bool failed; /* a pass could not be made */
};

/* The locks are where the daemon keeps its own; see apply/lock.h. */
static void run_pass(struct inputs *inputs, struct record *record)
{
	if (passes_apply(inputs, record->picked, RUNTIME_DIRECTORY) < 0) {
		record->failed = true;
		return;
	}
	report_done(&record->done, record->picked->pass);
	(void)MEMORY_REQUIRE(record->done);
}

static bool may_settle(const struct record *record)
{
	const struct pass *pass = record->picked->pass;
	const struct plan *plan;

	if (record->failed || pass_only_looks(pass))
		return false;
	if (pass->state == STATE_WAITING || pass->state == STATE_RETRYING)
		return true;
	plan = pass->remaining;
	for (size_t i = 0; plan && i < plan->n_steps; i++)
		if (plan->steps[i].refused && TRANSIENT & REFUSAL_BIT(plan->steps[i].refused->kind))
			return true;
	return false;
}

static void try_again(struct inputs *inputs, struct record *record)
{
	unsigned mask = POLLED;

	if (record->picked->pass->observed->carrier)
		mask |= REFUSAL_BIT(REFUSAL_WAITS_LINK);
	knowledge_retry(record->picked->knowledge, mask);
	run_pass(inputs, record);
}

/* Passes over all PFs, then again over those that wait for something, until none does or time is
 * over. */
static void run_all(struct inputs *inputs, struct record *records, size_t count, unsigned wait_s)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	uint64_t deadline = clock_ms() + wait_s * UINT64_C(1000);
	bool waiting = false;

	for (size_t i = 0; i < count; i++) {
		run_pass(inputs, &records[i]);
		waiting = waiting || may_settle(&records[i]);
	}
	while (waiting && clock_ms() < deadline) {
		(void)nanosleep(&pause, NULL);
		waiting = false;
		for (size_t i = 0; i < count; i++) {
			if (!may_settle(&records[i]))
				continue;
			try_again(inputs, &records[i]);
			waiting = waiting || may_settle(&records[i]);
		}
	}
}

static struct json_object *record_json(struct record *record)
{
	struct json_object *pf = passes_pf_json(record->picked);

	json_set(pf, "done", MEMORY_REQUIRE(report_latest(TAKE(record->done))));
	json_set(pf, "steps", MEMORY_REQUIRE(report_steps(record->picked->pass)));
	return pf;
}

static struct json_object *document_of(const struct passes *passes, struct record *records)
{
	struct json_object *document = json_new_object();
	struct json_object *pfs = json_new_array();

	for (size_t i = 0; i < passes->count; i++)
		if (records[i].picked->pass)
			json_append(pfs, record_json(&records[i]));
	passes_complete(passes, "direct", pfs, document);
	return document;
}

static enum verdict apply(const struct options *options, struct inputs *inputs,
			  struct passes *passes, struct json_object **ret)
{
	struct record *records =
		MEMORY_REQUIRE(arena_array(passes->arena, passes->count + 1, sizeof(*records)));
	enum verdict verdict = inputs->partial ? VERDICT_FAILED : VERDICT_OK;

	for (size_t i = 0; i < passes->count; i++) {
		records[i].picked = &passes->items[i];
		records[i].done = json_new_array();
		knowledge_set_requested(records[i].picked->knowledge, options->disruptive);
	}
	run_all(inputs, records, passes->count, options->wait_s);
	*ret = document_of(passes, records);
	for (size_t i = 0; i < passes->count; i++) {
		if (records[i].failed)
			verdict = VERDICT_FAILED;
		json_drop(records[i].done);
	}
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

enum verdict apply_direct(const struct options *options, struct json_object **ret)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	CLEANUP_PASSES struct passes passes = { 0 };
	enum verdict verdict;

	verdict = passes_open(options, &inputs, &passes);
	if (verdict != VERDICT_OK)
		return verdict;
	return make_lock_directory() ? apply(options, &inputs, &passes, ret) : VERDICT_FAILED;
}
