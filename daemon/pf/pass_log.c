/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/pass_log.h"

#include <string.h>

#include "apply/refusal.h"
#include "util/text.h"

void pass_log_rules(const struct desired *desired, struct text *out)
{
	for (size_t i = 0; i < desired->n_rules; i++)
		text_printf(out, "%s%s", i ? "," : "", desired->rules[i]->name);
}

/* Whether the action changed something, as far as is known. What was done in vain before is no news
 * if it was so again. */
static bool is_news(const struct action *action, const struct knowledge *knowledge)
{
	const struct step *step = &action->step;
	const struct refusal *refusal = knowledge_refused(knowledge, &step->target, &step->to);

	return action->done && !(refusal && refusal->kind == REFUSAL_NOT_TAKEN && refusal->logged);
}

/* Whether the action is a VF setting that was written. */
static bool wrote(const struct action *action, enum vf_setting setting,
		  const struct knowledge *knowledge)
{
	return step_is_of_vf(&action->step.target) && action->step.target.setting == setting &&
	       is_news(action, knowledge);
}

/* As "0-3,6". */
static void describe_vfs(const bool *vfs, uint32_t end, struct text *out)
{
	for (uint32_t first = 0; first < end; first++) {
		uint32_t last = first;

		if (!vfs[first])
			continue;
		while (last + 1 < end && vfs[last + 1])
			last++;
		text_printf(out, "%s%u", out->length ? "," : "", first);
		if (last > first)
			text_printf(out, "-%u", last);
		first = last;
	}
}

/* One more than the highest VF of the actions. */
static uint32_t end_of_vfs(const struct actions *actions)
{
	uint32_t end = 0;

	for (size_t i = 0; i < actions->count; i++) {
		const struct step_target *target = &actions->items[i].step.target;

		if (step_is_of_vf(target) && target->vf >= end)
			end = target->vf + 1;
	}
	return end;
}

/* The VFs that got the setting, each once however many rounds of the pass wrote it; *ret_same is an
 * action that stands for all, or NULL if their values differ. */
static void collect_vfs(const struct actions *actions, enum vf_setting setting,
			const struct knowledge *knowledge, struct text *out,
			const struct action **ret_same)
{
	const uint32_t end = end_of_vfs(actions);
	CLEANUP_FREE bool *vfs = calloc(end + 1, sizeof(*vfs));
	const struct action *one = NULL;
	bool same = true;

	for (size_t i = 0; i < actions->count; i++) {
		const struct action *action = &actions->items[i];

		if (!vfs || !wrote(action, setting, knowledge))
			continue;
		vfs[action->step.target.vf] = true;
		one = one ? one : action;
		same = same && value_equal(&vf_settings[setting], &one->step.to, &action->step.to);
	}
	if (vfs)
		describe_vfs(vfs, end, out);
	*ret_same = same ? one : NULL;
}

static void log_setting(struct log *log, struct log_fields fields, const struct actions *actions,
			enum vf_setting setting, const struct knowledge *knowledge)
{
	CLEANUP_TEXT struct text vfs = { 0 }, value = { 0 };
	const struct action *same;

	collect_vfs(actions, setting, knowledge, &vfs, &same);
	if (!vfs.length)
		return;
	if (same)
		value_describe(&vf_settings[setting], &same->step.to, &value);
	fields.vf = text_string(&vfs);
	fields.step = vf_settings[setting].key;
	log_message(log, LOG_INFO, &fields, "%s: VF %s: set %s%s%s", fields.pf, fields.vf,
		    fields.step, same ? " to " : ", each to its own", text_string(&value));
}

/* Who may look for what has become of his link. */
static void describe_users(const struct step *step, struct text *out)
{
	if (!step->users)
		return;
	text_append(out, "; it disrupts ");
	step_describe_disruption(step, out);
}

static void log_actions(struct log *log, struct log_fields fields, const struct actions *actions,
			const struct knowledge *knowledge)
{
	for (size_t i = 0; i < actions->count; i++) {
		CLEANUP_TEXT struct text what = { 0 }, users = { 0 };
		const struct action *action = &actions->items[i];

		if (step_is_of_vf(&action->step.target) || !is_news(action, knowledge))
			continue;
		step_describe(&action->step, &what);
		describe_users(&action->step, &users);
		fields.step = text_string(&what);
		log_message(log, step_is_auxiliary(&action->step) ? LOG_DEBUG : LOG_INFO, &fields,
			    "%s: %s: done%s", fields.pf, fields.step, text_string(&users));
	}
	for (enum vf_setting setting = 0; setting < VF_SETTING_COUNT; setting++)
		log_setting(log, fields, actions, setting, knowledge);
}

static int level_of(enum refusal_kind kind)
{
	return kind == REFUSAL_RETRY || kind == REFUSAL_WAITS_LINK || kind == REFUSAL_WAITS_VF
		       ? LOG_NOTICE
		       : LOG_WARNING;
}

static bool is_passing(enum refusal_kind kind)
{
	return level_of(kind) == LOG_NOTICE;
}

static void log_refusals(struct log *log, struct log_fields fields, struct knowledge *knowledge,
			 bool quiet)
{
	const struct refusal *refusal;
	size_t others;

	fields.event = "refused";
	while ((refusal = knowledge_unlogged(knowledge, &others))) {
		CLEANUP_TEXT struct text what = { 0 }, vf = { 0 };

		if (quiet && is_passing(refusal->kind))
			continue;
		refusal_describe(refusal, &what);
		if (others)
			text_printf(&what, ", and so for %zu more VF%s", others,
				    others == 1 ? "" : "s");
		fields.vf = NULL;
		if (step_is_of_vf(&refusal->target)) {
			text_printf(&vf, "%u", refusal->target.vf);
			fields.vf = text_string(&vf);
		}
		fields.step = step_setting(&refusal->target)->key;
		log_message(log, level_of(refusal->kind), &fields, "%s: %s", fields.pf,
			    text_string(&what));
	}
}

static void log_state(struct log *log, struct log_fields fields, const struct pass *pass)
{
	int level = pass->state <= STATE_IN_SYNC ? LOG_INFO : LOG_NOTICE;

	fields.event = "state";
	log_message(log, level, &fields, "%s: %s%s%s", fields.pf, pf_state_name(pass->state),
		    pass->reason[0] ? ": " : "", pass->reason);
}

void pass_log_ended(struct log *log, const struct pass *pass, struct knowledge *knowledge,
		    bool repairs, bool quiet, bool state_is_news)
{
	CLEANUP_TEXT struct text rules = { 0 };
	struct log_fields fields = { .pf = pf_name(pass->observed),
				     .event = repairs ? "repaired" : "done" };

	pass_log_rules(pass->desired, &rules);
	fields.rule = pass->desired->n_rules ? text_string(&rules) : NULL;
	if (!quiet)
		log_actions(log, fields, &pass->actions, knowledge);
	log_refusals(log, fields, knowledge, quiet);
	if (state_is_news)
		log_state(log, fields, pass);
}

void pass_log_pause(struct log *log, const struct pass *pass)
{
	const struct log_fields fields = { .pf = pf_name(pass->observed), .event = "paused" };
	CLEANUP_TEXT struct text what = { 0 };

	if (pf_is_paused(pass->observed))
		pause_describe(&pass->observed->pause, &what);
	else
		text_append(&what, "no longer paused");
	log_message(log, LOG_NOTICE, &fields, "%s: %s", fields.pf, text_string(&what));
}

void pass_log_left_out(struct log *log, const struct pass *pass, unsigned count)
{
	const struct log_fields fields = { .pf = pf_name(pass->observed), .event = "repaired" };

	log_message(log, LOG_NOTICE, &fields,
		    "%s: something else keeps changing settings: put back %u times more in the "
		    "last hour",
		    fields.pf, count);
}

void pass_log_failed(struct log *log, const char *name, const char *why)
{
	const struct log_fields fields = { .pf = name, .event = "failed" };

	log_message(log, LOG_WARNING, &fields, "%s: the pass over it failed: %s", name, why);
}

void pass_log_rival(struct log *log, const struct pass *pass, const char *rival)
{
	const struct log_fields fields = { .pf = pf_name(pass->observed), .event = "rival" };

	log_message(log, LOG_WARNING, &fields, "%s: %s", fields.pf, rival);
}
