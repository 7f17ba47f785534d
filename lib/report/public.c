/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/public.h"

#include <json-c/json_object.h>

#include "document/build.h"
#include "report/pf.h"

static const char *const reasons[STATE_COUNT] = {
	[STATE_APPLYING] = "it is being set up",
	[STATE_DRIFTED] = "it is not as the policy says",
	[STATE_DEGRADED] = "not all that the policy says can be had",
	[STATE_RETRYING] = "something failed and is tried again",
	[STATE_WAITING] = "something that it needs is not there yet",
	[STATE_CONTESTED] = "something else sets it up too",
	[STATE_BLOCKED] = "a guard forbids what the policy says",
	[STATE_STUCK] = "a call into the kernel has not returned",
	[STATE_ABSENT] = "the PF is gone",
};

/* Of the steps that are left, without those that nobody can know to be missing, and without what
 * only makes way for another: as the reason that is told to root counts them. */
static size_t count_steps(const struct pass *pass, bool blocked_only)
{
	const struct plan *plan = pass ? pass->remaining : NULL;
	size_t count = 0;

	for (size_t i = 0; plan && i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (!step_is_auxiliary(step))
			count += blocked_only ? step->block.why != NULL : !step->blind;
	}
	return count;
}

size_t public_steps_left(const struct pass *pass)
{
	return count_steps(pass, false);
}

size_t public_steps_blocked(const struct pass *pass)
{
	return count_steps(pass, true);
}

/* Why it cannot be told has a path in it. */
static void describe_pause(const struct pause *pause, const char *rest, struct text *out)
{
	if (pause->doubtful)
		text_append(out, "it cannot be told whether it is paused");
	else
		pause_describe(pause, out);
	text_append(out, rest ? "; " : "");
}

static bool waits_for_request(const struct pass *pass, enum pf_state state)
{
	return state == STATE_BLOCKED && pass && pass->remaining &&
	       plan_blocker(pass->remaining) == BLOCKED_BY_REQUEST;
}

void public_describe(const struct pass *pass, enum pf_state state, struct text *out)
{
	size_t left = public_steps_left(pass), blocked = public_steps_blocked(pass);
	const char *why = reasons[state];

	if (state == STATE_UNMANAGED && pass && pass->desired->ignored_by)
		why = "a rule has it left alone";
	if (waits_for_request(pass, state))
		why = "what the policy says disrupts, and waits for request";
	if (pass && pass->paused)
		describe_pause(&pass->observed->pause, why, out);
	if (!why)
		return;
	text_append(out, why);
	if (left)
		text_printf(out, "; %zu step%s left", left, left == 1 ? " is" : "s are");
	if (blocked)
		text_printf(out, ", %zu blocked", blocked);
}

static struct json_object *vf_json(const struct vf *vf)
{
	struct json_object *object = json_object_new_object();

	build_set_number(&object, "index", vf->index);
	build_set_bool(&object, "reported", vf->reported);
	build_set_text(&object, "address", vf->address);
	build_set_name(&object, "interface", vf->ifname);
	build_set_text(&object, "use", vf->holder.use);
	return object;
}

struct json_object *public_pf(const struct pass *pass, enum pf_state state, const char *reason)
{
	const struct pf *pf = pass->observed;
	struct json_object *object = json_object_new_object(), *vfs = json_object_new_object();
	struct json_object *list = json_object_new_array();

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		build_append(&list, vf_json(&pf->vfs[i]));
	build_set_number(&vfs, "actual", pf->n_vfs);
	build_set_text(&object, "handle", pf->handle);
	build_set_name(&object, "name", pf_name(pf));
	build_set_text(&object, "address", pf->address);
	build_set_name(&object, "driver", pf->driver);
	build_set_text(&object, "state", pf_state_name(state));
	build_set_text(&object, "reason", *reason ? reason : NULL);
	build_set_text(&object, "paused-until", pf->pause.iso);
	report_blocker(&object, pass, state);
	build_set(&object, "vfs", vfs);
	build_set(&object, "virtual-functions", list);
	return object;
}
