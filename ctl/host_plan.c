/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host_plan.h"

#include <errno.h>
#include <string.h>

#include <json-c/json_object.h>

#include "apply/describe.h"
#include "inputs.h"
#include "json.h"
#include "memory.h"
#include "plan_tally.h"

static const struct {
	const char *name;
	enum style style;
} states[OUTLOOK_STATE_COUNT] = {
	[OUTLOOK_IN_SYNC] = { "in-sync", STYLE_GOOD },
	[OUTLOOK_PENDING] = { "pending", STYLE_WARN },
	[OUTLOOK_BLOCKED] = { "blocked", STYLE_BAD },
	[OUTLOOK_FAILED] = { "failed", STYLE_BAD },
	[OUTLOOK_WAITING] = { "waiting", STYLE_WARN },
	[OUTLOOK_DEGRADED] = { "degraded", STYLE_WARN },
	[OUTLOOK_DRIFTED] = { "drifted", STYLE_WARN },
	[OUTLOOK_UNMANAGED] = { "unmanaged", STYLE_PLAIN },
};

const char *outlook_state_name(enum outlook_state state)
{
	return states[state].name;
}

enum style outlook_state_style(enum outlook_state state)
{
	return states[state].style;
}

const char *outlook_setting_key(size_t setting)
{
	return setting < PF_SETTING_COUNT ? pf_settings[setting].key
					  : vf_settings[setting - PF_SETTING_COUNT].key;
}

void outlook_clear(struct outlook *outlook)
{
	free(outlook->note);
	free(outlook->errors);
	free(outlook->json);
	*outlook = (struct outlook){ 0 };
}

static char *keep(struct text *text)
{
	return MEMORY_REQUIRE(text_take(text));
}

static size_t place_of(const struct step *step)
{
	if (step_is_of_vf(&step->target))
		return PF_SETTING_COUNT + step->target.setting;
	return (size_t)(step_setting(&step->target) - pf_settings);
}

/* What is to change on one PF. */
struct tally {
	uint32_t steps[OUTLOOK_SETTINGS];
	const char *blocked[OUTLOOK_SETTINGS]; /* why one of them is; or NULL */
};

static void count_steps(const struct plan *plan, bool auxiliary, struct tally *tally)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];
		size_t place = place_of(step);

		if (step_is_auxiliary(step) != auxiliary || (step->blind && !step->blocked))
			continue;
		tally->steps[place]++;
		if (step->blocked)
			tally->blocked[place] = step->blocked;
	}
}

static bool has_steps(const struct tally *tally)
{
	for (size_t i = 0; i < OUTLOOK_SETTINGS; i++)
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
	for (size_t i = 0; i < OUTLOOK_SETTINGS; i++) {
		if (!tally->steps[i])
			continue;
		text_printf(note, "%s%s", separator, outlook_setting_key(i));
		if (tally->blocked[i])
			text_printf(note, " (%s)", tally->blocked[i]);
		separator = ", ";
	}
}

static void add_changes(struct outlook *outlook, const struct tally *tally)
{
	for (size_t i = 0; i < OUTLOOK_SETTINGS; i++) {
		outlook->changes[i].pfs += tally->steps[i] ? 1 : 0;
		outlook->changes[i].vfs += i < PF_SETTING_COUNT ? 0 : tally->steps[i];
	}
}

/* Steps count; where there are none, the state has a reason. */
static void look_at_pf(const struct picked_pf *picked, struct outlook *outlook, struct text *note)
{
	const struct pass *pass = picked->pass;
	struct tally tally = { 0 };

	if (pass->state == STATE_IN_SYNC)
		return;
	if (pass->remaining && !describe_is_observe_only(pass)) {
		count_steps(pass->remaining, false, &tally);
		if (!has_steps(&tally))
			count_steps(pass->remaining, true, &tally);
	}
	if (has_steps(&tally))
		append_pf(note, pass->observed, &tally);
	else
		text_printf(note, "%s%s: %s", note->length ? "; " : "", pf_name(pass->observed),
			    pass->reason);
	add_changes(outlook, &tally);
}

/* Of a host where nothing is to be done: the state of that PF that is the furthest from in-sync. */
static enum outlook_state idle_state(const struct passes *passes)
{
	enum pf_state worst = STATE_UNMANAGED;

	for (size_t i = 0; i < passes->count; i++)
		if (passes->items[i].pass->state > worst)
			worst = passes->items[i].pass->state;
	switch (worst) {
	case STATE_UNMANAGED:
		return OUTLOOK_UNMANAGED;
	case STATE_IN_SYNC:
		return OUTLOOK_IN_SYNC;
	case STATE_DRIFTED:
		return OUTLOOK_DRIFTED;
	case STATE_DEGRADED:
		return OUTLOOK_DEGRADED;
	default:
		return OUTLOOK_WAITING;
	}
}

static enum outlook_state state_of(const struct passes *passes, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_BLOCKED:
		return OUTLOOK_BLOCKED;
	case VERDICT_PENDING:
		return OUTLOOK_PENDING;
	default:
		return idle_state(passes);
	}
}

static void note_matched(const struct outlook_context *context, const struct desired *desired)
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

static void note_problems(const struct outlook_context *context, const struct desired *desired)
{
	for (size_t i = 0; i < desired->n_problems; i++)
		diagnostics_report(context->warnings, SEVERITY_WARNING,
				   &desired->problems[i].origin, NULL, "%s",
				   desired->problems[i].message);
}

/* What is told of all hosts together. */
static void note_desired(const struct outlook_context *context, const struct desired *desired)
{
	context->lock(context->locker);
	note_matched(context, desired);
	note_problems(context, desired);
	context->unlock(context->locker);
}

static struct json_object *new_json(const char *name, const struct host *host,
				    enum outlook_state state)
{
	struct json_object *object = json_new_object();

	json_set_text(object, "inventory", name);
	if (host)
		json_set_text(object, "hostname", host->hostname);
	json_set_text(object, "state", outlook_state_name(state));
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
		     enum outlook_state state)
{
	struct json_object *object = new_json(name, &inputs->inventory.host, state);

	json_set(object, "pfs", plan_tally_pfs_json(passes));
	json_set(object, "unmatched_rules", unmatched_json(passes->unmatched, passes->n_unmatched));
	return print(object);
}

static void look(const struct outlook_context *context, struct inputs *inputs, const char *name,
		 struct outlook *outlook)
{
	CLEANUP_PASSES struct passes passes = { 0 };
	CLEANUP_TEXT struct text note = { 0 };
	struct plan_tally tally;

	passes_open_all(inputs, context->json, &passes);
	passes_dry_run(inputs, &passes);
	tally = plan_tally_of(&passes);
	outlook->verdict = plan_tally_verdict(&tally);
	outlook->state = state_of(&passes, outlook->verdict);
	for (size_t i = 0; i < passes.count; i++) {
		const struct picked_pf *picked = &passes.items[i];

		note_desired(context, picked->pass->desired);
		look_at_pf(picked, outlook, &note);
	}
	if (note.length || note.failed)
		outlook->note = keep(&note);
	if (context->json)
		outlook->json = json_of(inputs, &passes, name, outlook->state);
}

/* An inventory that cannot be read. */
static void fail(const struct outlook_context *context, const struct diagnostics *diagnostics,
		 const char *name, struct outlook *outlook)
{
	CLEANUP_TEXT struct text errors = { 0 };
	struct json_object *object, *array;

	outlook->state = OUTLOOK_FAILED;
	outlook->verdict = VERDICT_USAGE;
	outlook->note = MEMORY_REQUIRE(strdup("the inventory cannot be read"));
	diagnostics_format(diagnostics, &errors);
	outlook->errors = keep(&errors);
	if (!context->json)
		return;
	object = new_json(name, NULL, outlook->state);
	array = json_new_array();
	for (size_t i = 0; i < diagnostics->count; i++)
		json_append(array, json_diagnostic(&diagnostics->items[i]));
	json_set(object, "errors", array);
	outlook->json = print(object);
}

void outlook_make(const struct outlook_context *context, const char *path, const char *name,
		  struct policy **part, struct outlook *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	int r = inputs_read_inventory(path, &diagnostics, &inputs.inventory);

	*ret = (struct outlook){ 0 };
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
	look(context, &inputs, name, ret);
}
