/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/steps.h"

#include <json-c/json_object.h>
#include <string.h>

#include "apply/refusal.h"
#include "document/build.h"
#include "model/driver.h"
#include "plan/knowledge.h"
#include "util/error_name.h"

/* What becomes of a VF's setting, without the VF: it is folded over VFs. */
static void describe_change(const struct step *step, struct text *out)
{
	if (step_is_of_vf(&step->target))
		step_describe_change(step, out);
	else
		step_describe(step, out);
}

void report_step_note(const struct step *step, struct text *out)
{
	if (step_is_requestable(step)) {
		text_append(out, step->block.why);
	} else if (step->block.why) {
		text_printf(out, "blocked: %s%s", step->block.why,
			    step_is_unseen(step) ? "; it may be so already, which cannot be read"
						 : "");
	} else if (step->refused) {
		text_append(out, "not now: ");
		refusal_describe_reason(step->refused, out);
	} else if (step->refuser) {
		text_printf(out, "%s is known to refuse this", step->refuser);
	} else if (step->waits) {
		text_printf(out, "not yet: %s", step->waits);
	} else if (step->blind && step->from_known) {
		text_append(out, "again: the card may have lost it");
	} else if (step->blind) {
		text_append(out, "set once; the kernel does not report it");
	}
	if (step->disruption == DISRUPTS_NOTHING)
		return;
	text_printf(out, "%s%s ", out->length ? "; " : "",
		    step->block.why || step->refused ? "would disrupt" : "disrupts");
	step_describe_disruption(step, out);
}

static const char *const kind_words[STEP_KIND_COUNT] = {
	[STEP_PF_BEFORE] = "pf-setting",
	[STEP_DESTROY_VFS] = "destroy-vfs",
	[STEP_ESWITCH_MODE] = "eswitch",
	[STEP_HOLD_DRIVERS] = "hold-drivers",
	[STEP_CREATE_VFS] = "create-vfs",
	[STEP_VF_SETTING] = "vf-setting",
	[STEP_UNBIND_VFS] = "unbind-vfs",
	[STEP_ESWITCH_MODE_WITH_VFS] = "eswitch",
	[STEP_PF_AFTER] = "pf-setting",
	[STEP_VF_DEVICE] = "vf-setting",
	[STEP_RELEASE_DRIVERS] = "release-drivers",
	[STEP_VF_NETDEV] = "vf-setting",
};

const char *report_disruption(enum disruption disruption)
{
	static const char *const words[] = {
		[DISRUPTS_NOTHING] = "nothing",
		[DISRUPTS_VF] = "vf",
		[DISRUPTS_PF] = "pf",
		[DISRUPTS_ALL] = "all-vfs",
	};

	return words[disruption];
}

static const char *const refusal_words[REFUSAL_KIND_COUNT] = {
	[REFUSAL_UNSUPPORTED] = "unsupported",	 [REFUSAL_WAITS_LINK] = "waits-for-link",
	[REFUSAL_WAITS_VF] = "waits-for-vf",	 [REFUSAL_RETRY] = "busy",
	[REFUSAL_WAITS_TURN] = "waits-for-turn", [REFUSAL_REJECTED] = "rejected",
	[REFUSAL_NOT_TAKEN] = "not-taken",	 [REFUSAL_SPARED] = "spared",
};

/* A text that could not be made whole for want of memory makes the object NULL. */
static void set_made_text(struct json_object **object, const char *key, const struct text *text)
{
	if (text->failed)
		build_set(object, key, NULL);
	else if (text->length)
		build_set_text(object, key, text_string(text));
}

static struct json_object *refusal_json(const struct refusal *refusal)
{
	struct json_object *object = json_object_new_object();
	CLEANUP_TEXT struct text text = { 0 }, name = { 0 };

	refusal_describe_reason(refusal, &text);
	build_set_text(&object, "kind", refusal_words[refusal->kind]);
	set_made_text(&object, "reason", &text);
	if (refusal->error)
		error_name_append(refusal->error, &name);
	set_made_text(&object, "error", &name);
	return object;
}

static void set_written(struct json_object **object, const struct desired *desired,
			const struct step *step)
{
	CLEANUP_TEXT struct text text = { 0 };
	const struct value *written;

	if (!step_is_of_vf(&step->target))
		return;
	written = desired_written(desired, step->target.setting, &step->to);
	if (!written)
		return;
	value_format(step_setting(&step->target), written, &text);
	set_made_text(object, "written", &text);
}

static struct json_object *step_json(const struct desired *desired, const struct step *step)
{
	const struct setting *setting = step_setting(&step->target);
	struct json_object *object = json_object_new_object();
	CLEANUP_TEXT struct text change = { 0 }, note = { 0 };

	describe_change(step, &change);
	report_step_note(step, &note);
	build_set_text(&object, "kind", kind_words[step->target.kind]);
	if (step_is_of_vf(&step->target))
		build_set_number(&object, "vf", step->target.vf);
	build_set_text(&object, "setting", setting->key);
	if (step->from_known)
		build_set(&object, "from", value_json(setting, &step->from));
	build_set(&object, "to", value_json(setting, &step->to));
	set_written(&object, desired, step);
	build_set_text(&object, "disrupts", report_disruption(step->disruption));
	build_set_text(&object, "users", step->users);
	build_set_bool(&object, "blind", step->blind);
	build_set_text(&object, "blocked", step->block.why);
	build_set_text(&object, "blocked-by", blocker_word(step->block.by));
	build_set_text(&object, "known-to-refuse", step->refuser);
	build_set_text(&object, "source", driver_of(step->refuser)->source);
	if (step->refused)
		build_set(&object, "refused", refusal_json(step->refused));
	build_set_origin(&object, "origin", step->to.origin);
	set_made_text(&object, "text", &change);
	set_made_text(&object, "note", &note);
	return object;
}

struct json_object *report_steps(const struct pass *pass)
{
	const struct plan *plan = pass->remaining;
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; plan && i < plan->n_steps; i++)
		build_append(&array, step_json(pass->desired, &plan->steps[i]));
	return array;
}

/* Whether it is what a driver can do, and not the moment. */
static bool is_lasting(const struct refusal *refusal)
{
	const unsigned lasting = REFUSAL_BIT(REFUSAL_UNSUPPORTED) | REFUSAL_BIT(REFUSAL_REJECTED) |
				 REFUSAL_BIT(REFUSAL_NOT_TAKEN);

	return refusal && lasting & REFUSAL_BIT(refusal->kind);
}

/* The same of another VF, or of another value, was refused before. */
static bool is_repeated(const struct plan *plan, size_t i)
{
	const struct step *step = &plan->steps[i];

	for (size_t k = 0; k < i; k++)
		if (is_lasting(plan->steps[k].refused) &&
		    step_setting(&plan->steps[k].target) == step_setting(&step->target))
			return true;
	return false;
}

void report_refusals(struct json_object **object, const struct pass *pass)
{
	const struct plan *plan = pass->remaining;
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; plan && i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];
		struct json_object *item;

		if (!is_lasting(step->refused) || is_repeated(plan, i))
			continue;
		item = refusal_json(step->refused);
		build_set_text(&item, "setting", step_setting(&step->target)->key);
		build_append(&array, item);
	}
	if (array && !json_object_array_length(array))
		json_object_put(array);
	else
		build_set(object, "refusals", array);
}

void report_done(struct json_object **array, const struct pass *pass)
{
	const struct actions *actions = &pass->actions;

	for (size_t i = 0; i < actions->count; i++)
		if (actions->items[i].done)
			build_append(array, step_json(pass->desired, &actions->items[i].step));
}

/* The VF and the setting of a step; nothing if it is of no VF. */
static void append_target(struct json_object *step, struct text *out)
{
	struct json_object *vf, *setting;

	if (json_object_object_get_ex(step, "vf", &vf) &&
	    json_object_object_get_ex(step, "setting", &setting))
		text_printf(out, "%d %s", json_object_get_int(vf), json_object_get_string(setting));
}

struct json_object *report_latest(struct json_object *array)
{
	struct json_object *seen = json_object_new_object();

	for (size_t i = array ? json_object_array_length(array) : 0; seen && i-- > 0;) {
		CLEANUP_TEXT struct text target = { 0 };

		append_target(json_object_array_get_idx(array, i), &target);
		if (target.failed)
			build_set(&seen, "", NULL);
		else if (target.length &&
			 json_object_object_get_ex(seen, text_string(&target), NULL))
			(void)json_object_array_del_idx(array, i, 1);
		else if (target.length)
			build_set_bool(&seen, text_string(&target), true);
	}
	if (!seen) {
		json_object_put(array);
		return NULL;
	}
	json_object_put(seen);
	return array;
}
