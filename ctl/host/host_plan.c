/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/host_plan.h"

#include <errno.h>
#include <string.h>

#include <json-c/json_object.h>

#include "host/inputs.h"
#include "host/plan_tally.h"
#include "memory.h"
#include "print/json.h"
#include "report/pf.h"

static const struct {
	const char *name;
	enum style style;
} states[HOST_PLAN_STATE_COUNT] = {
	[HOST_PLAN_IN_SYNC] = { "in-sync", STYLE_GOOD },
	[HOST_PLAN_PENDING] = { "pending", STYLE_WARN },
	[HOST_PLAN_BLOCKED] = { "blocked", STYLE_BAD },
	[HOST_PLAN_FAILED] = { "failed", STYLE_BAD },
	[HOST_PLAN_WAITING] = { "waiting", STYLE_WARN },
	[HOST_PLAN_DEGRADED] = { "degraded", STYLE_WARN },
	[HOST_PLAN_DRIFTED] = { "drifted", STYLE_WARN },
	[HOST_PLAN_UNMANAGED] = { "unmanaged", STYLE_PLAIN },
};

const char *host_plan_state_name(enum host_plan_state state)
{
	return states[state].name;
}

enum style host_plan_state_style(enum host_plan_state state)
{
	return states[state].style;
}

const char *host_plan_setting_key(size_t setting)
{
	return setting < PF_SETTING_COUNT ? pf_settings[setting].key
					  : vf_settings[setting - PF_SETTING_COUNT].key;
}

void host_plan_clear(struct host_plan *host_plan)
{
	free(host_plan->note);
	free(host_plan->errors);
	free(host_plan->json);
	*host_plan = (struct host_plan){ 0 };
}

static char *keep(struct text *text)
{
	return MEMORY_REQUIRE(text_take(text));
}

static size_t place_of(const struct step *step)
{
	if (step_is_of_vf(&step->target))
		return (size_t)PF_SETTING_COUNT + step->target.setting;
	return (size_t)(step_setting(&step->target) - pf_settings);
}

/* What is to change on one PF. */
struct tally {
	uint32_t steps[HOST_PLAN_SETTINGS];
	const char *blocked[HOST_PLAN_SETTINGS]; /* why one of them is; or NULL */
};

static void count_steps(const struct plan *plan, bool auxiliary, struct tally *tally)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];
		size_t place = place_of(step);

		if (step_is_auxiliary(step) != auxiliary ||
		    (step_is_unseen(step) && !step->block.why))
			continue;
		tally->steps[place]++;
		if (step->block.why)
			tally->blocked[place] = step->block.why;
	}
}

static bool has_steps(const struct tally *tally)
{
	for (size_t i = 0; i < HOST_PLAN_SETTINGS; i++)
		if (tally->steps[i])
			return true;
	return false;
}

/* "ens1f0: vfs (VF 2 is in use: vfio-pci has it open), vlan" */
static void append_pf(struct text *note, const struct pf *pf, const struct tally *tally)
{
	const char *separator = ": ";

	text_append(note, note->length ? "; " : "");
	text_append(note, pf_name(pf));
	for (size_t i = 0; i < HOST_PLAN_SETTINGS; i++) {
		if (!tally->steps[i])
			continue;
		text_printf(note, "%s%s", separator, host_plan_setting_key(i));
		if (tally->blocked[i])
			text_printf(note, " (%s)", tally->blocked[i]);
		separator = ", ";
	}
}

static void add_changes(struct host_plan *host_plan, const struct tally *tally)
{
	for (size_t i = 0; i < HOST_PLAN_SETTINGS; i++) {
		host_plan->changes[i].pfs += tally->steps[i] ? 1 : 0;
		host_plan->changes[i].vfs += i < PF_SETTING_COUNT ? 0 : tally->steps[i];
	}
}

/* Steps count; where there are none, the state has a reason. */
static void note_pf(const struct picked_pf *picked, struct host_plan *host_plan, struct text *note)
{
	const struct pass *pass = picked->pass;
	struct tally tally = { 0 };

	if (pass->state == STATE_IN_SYNC)
		return;
	if (pass->remaining && !desired_is_observe_only(pass->desired)) {
		count_steps(pass->remaining, false, &tally);
		if (!has_steps(&tally))
			count_steps(pass->remaining, true, &tally);
	}
	if (has_steps(&tally))
		append_pf(note, pass->observed, &tally);
	else
		text_printf(note, "%s%s: %s", note->length ? "; " : "", pf_name(pass->observed),
			    pass->reason);
	add_changes(host_plan, &tally);
}

/* Of a host where nothing is to be done: the state of that PF that is the furthest from in-sync. */
static enum host_plan_state idle_state(const struct passes *passes)
{
	enum pf_state worst = STATE_UNMANAGED;

	for (size_t i = 0; i < passes->count; i++)
		if (passes->items[i].pass->state > worst)
			worst = passes->items[i].pass->state;
	switch (worst) {
	case STATE_UNMANAGED:
		return HOST_PLAN_UNMANAGED;
	case STATE_IN_SYNC:
		return HOST_PLAN_IN_SYNC;
	case STATE_DRIFTED:
		return HOST_PLAN_DRIFTED;
	case STATE_DEGRADED:
		return HOST_PLAN_DEGRADED;
	default:
		return HOST_PLAN_WAITING;
	}
}

static enum host_plan_state state_of(const struct passes *passes, const struct plan_tally *tally)
{
	if (tally->blocked)
		return HOST_PLAN_BLOCKED;
	return tally->ready || tally->requestable ? HOST_PLAN_PENDING : idle_state(passes);
}

static void note_matched(const struct host_plan_context *context, const struct desired *desired)
{
	const struct policy *policy = context->policy;

	/* Both are in file order. */
	for (size_t i = 0, k = 0; k < desired->n_rules && i < policy->n_rules; i++) {
		if (strcmp(policy->rules[i].name, desired->rules[k]->name) != 0)
			continue;
		context->matched[i] = true;
		k++;
	}
}

static struct host_problem *find_problem(const struct host_problems *list,
					 const struct problem *problem)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct problem *known = &list->items[i].problem;

		if (known->origin.document == problem->origin.document &&
		    known->origin.line == problem->origin.line &&
		    known->origin.column == problem->origin.column &&
		    !strcmp(known->message, problem->message))
			return &list->items[i];
	}
	return NULL;
}

static void note_problem(struct host_problems *list, const struct problem *problem,
			 const char *host)
{
	struct host_problem *known = find_problem(list, problem);

	if (known) {
		known->hosts += strcmp(known->last, host) != 0;
		known->last = host;
		return;
	}
	if (list->count == DIAGNOSTICS_MAX)
		return;
	if (arena_grow(list->arena, &list->items, list->count, &list->capacity,
		       sizeof(*list->items)) < 0)
		memory_exhausted();
	known = &list->items[list->count++];
	*known = (struct host_problem){ *problem, host, host, 1 };
	known->problem.message = MEMORY_REQUIRE(arena_strdup(list->arena, problem->message));
}

/* What is printed of all hosts together. */
static void note_desired(const struct host_plan_context *context, const struct desired *desired,
			 const char *host)
{
	context->lock(context->locker);
	note_matched(context, desired);
	for (size_t i = 0; i < desired->n_problems; i++)
		note_problem(context->problems, &desired->problems[i], host);
	context->unlock(context->locker);
}

static struct json_object *new_json(const char *name, const struct host *host,
				    enum host_plan_state state)
{
	struct json_object *object = json_new_object();

	json_set_text(object, "inventory", name);
	if (host)
		json_set_text(object, "hostname", host->hostname);
	json_set_text(object, "state", host_plan_state_name(state));
	return object;
}

/* Prints it and frees it. */
static char *print(struct json_object *object)
{
	const char *string = MEMORY_REQUIRE(
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE));
	char *copy = strdup(string);

	json_drop(object);
	return MEMORY_REQUIRE(copy);
}

static char *json_of(const struct inputs *inputs, const struct passes *passes, const char *name,
		     enum host_plan_state state)
{
	struct json_object *object = new_json(name, &inputs->inventory.host, state);

	passes_complete(passes, NULL, plan_tally_pfs_json(passes), object);
	return print(object);
}

static void plan_host(const struct host_plan_context *context, struct inputs *inputs,
		      const char *name, struct host_plan *host_plan)
{
	CLEANUP_PASSES struct passes passes = { 0 };
	CLEANUP_TEXT struct text note = { 0 };
	struct plan_tally tally;

	passes_open_all(inputs, context->json, &passes);
	passes_dry_run(inputs, &passes);
	tally = plan_tally_of(&passes);
	host_plan->verdict = plan_tally_verdict(&tally);
	host_plan->state = state_of(&passes, &tally);
	for (size_t i = 0; i < passes.count; i++) {
		const struct picked_pf *picked = &passes.items[i];

		note_desired(context, picked->pass->desired, name);
		note_pf(picked, host_plan, &note);
	}
	if (note.length || note.failed)
		host_plan->note = keep(&note);
	if (context->json)
		host_plan->json = json_of(inputs, &passes, name, host_plan->state);
}

/* An inventory that cannot be read. */
static void fail(const struct host_plan_context *context, const struct diagnostics *diagnostics,
		 const char *name, struct host_plan *host_plan)
{
	CLEANUP_TEXT struct text errors = { 0 };
	struct json_object *object, *array;

	host_plan->state = HOST_PLAN_FAILED;
	host_plan->verdict = VERDICT_USAGE;
	host_plan->note = MEMORY_REQUIRE(strdup("the inventory cannot be read"));
	diagnostics_format(diagnostics, &errors);
	host_plan->errors = keep(&errors);
	if (!context->json)
		return;
	object = new_json(name, NULL, host_plan->state);
	array = json_new_array();
	for (size_t i = 0; i < diagnostics->count; i++)
		json_append(array, json_diagnostic(&diagnostics->items[i]));
	json_set(object, "errors", array);
	host_plan->json = print(object);
}

void host_plan_make(const struct host_plan_context *context, const char *folder, const char *name,
		    struct policy **part, struct host_plan *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	int r = inputs_read_inventory(folder, name, &diagnostics, &inputs.inventory);

	*ret = (struct host_plan){ 0 };
	if (diagnostics.failed)
		memory_exhausted();
	if (r < 0) {
		fail(context, &diagnostics, name, ret);
		return;
	}
	r = policy_select(context->policy, &inputs.inventory.host, *part, &inputs.policy);
	if (r < 0)
		memory_exhausted();
	policy_free(*part);
	*part = policy_ref(inputs.policy);
	plan_host(context, &inputs, name, ret);
}
