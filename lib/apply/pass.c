/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/pass.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/ending.h"
#include "apply/executor.h"
#include "apply/giving.h"
#include "apply/holders.h"
#include "apply/lock.h"
#include "apply/state.h"
#include "apply/turn.h"
#include "kernel/kernel.h"
#include "model/driver_reading.h"
#include "policy/desired.h"
#include "policy/resolve/resolve.h"
#include "util/fd.h"

static int pass_new(struct policy *policy, struct pass **ret)
{
	struct arena *arena;
	struct pass *pass;
	int r = arena_new(&arena);

	if (r < 0)
		return r;
	pass = arena_alloc(arena, sizeof(*pass));
	if (!pass) {
		arena_free(arena);
		return -ENOMEM;
	}
	pass->arena = arena;
	pass->policy = policy_ref(policy);
	*ret = pass;
	return 0;
}

static void forget_look(struct pass *pass)
{
	plan_free(TAKE(pass->remaining));
	desired_free(TAKE(pass->desired));
	pf_free(TAKE(pass->observed));
}

void pass_free(struct pass *pass)
{
	if (!pass)
		return;
	forget_look(pass);
	policy_free(pass->policy);
	arena_free(pass->arena);
}

/* Whether VFs are without drivers only because somebody was interrupted who was about to let those
 * at them, and not since something is missing that may be so for as long as it likes. */
static bool is_half_made(const struct pass *pass)
{
	return pf_owes_drivers(pass->observed) && !(pass->remaining && pass->remaining->holds_back);
}

/* A pause that begins while the pass is under way is for the next one: no VFs stay half made for
 * it. */
static void note_passivity(struct pass *pass)
{
	pass->paused = pass->begun_paused && pf_is_paused(pass->observed) && !is_half_made(pass);
	pass->passive = pass->dry || pass_only_looks(pass);
}

/* Resolves for the PF as observed. */
static int resolve(struct pass *pass, const struct host *host)
{
	return policy_resolve(pass->policy, host, pass->observed, &pass->desired);
}

/* A PF that is not managed, or whose name udev may still change, gets no plan. */
static int make_plan(struct pass *pass, struct knowledge *knowledge)
{
	int r = 0;

	if (desired_is_managed(pass->desired) && !pass->observed->settling)
		r = plan_make(pass->desired->pf, pass->observed, knowledge, &pass->remaining);
	if (r >= 0)
		note_passivity(pass);
	return r;
}

/* Who holds VFs, or uses the PF's network device, is asked only where the answer matters; the plan
 * is made again with it. */
static int plan_with_holders(struct pass *pass, struct kernel *kernel, struct knowledge *knowledge)
{
	bool asked = false;
	int r = pass->remaining ? holders_find(kernel, pass->remaining, pass->observed, &asked) : 0;

	if (r < 0 || !asked)
		return r;
	plan_free(TAKE(pass->remaining));
	return plan_make(pass->desired->pf, pass->observed, knowledge, &pass->remaining);
}

/* Also those that who died has made, and not let drivers at yet. */
static bool has_new_vfs(const struct pass *pass, const struct knowledge *knowledge)
{
	return knowledge_has_new_vfs(knowledge) || pass->observed->drivers_held;
}

/* What VFs are given once, for whoever comes next. */
static int note_given(struct pass *pass, struct kernel *kernel, struct knowledge *knowledge)
{
	int r = 0;

	if (pass->passive || !pass->remaining)
		return 0;
	if (has_new_vfs(pass, knowledge))
		r = giving_note_due(kernel, pass->desired, pass->observed);
	knowledge_forget_new_vfs(knowledge);
	return r < 0 ? r : giving_note_plan(kernel, pass->observed, pass->remaining);
}

/* A look that hangs may show another PF than the one that was written to, or other VFs. */
static void note_instances(struct pass *pass)
{
	const struct pf *pf = pass->observed;
	uint64_t vf_instance = pf->n_vfs ? pf->vfs[0].instance : 0;

	if (pf->instance != pass->instance)
		pass->of_other_pf = pass->of_other_vfs = pass->actions.count;
	else if (vf_instance && vf_instance != pass->vf_instance)
		pass->of_other_vfs = pass->actions.count;
	pass->instance = pf->instance;
	pass->vf_instance = vf_instance ? vf_instance : pass->vf_instance;
}

static int look(struct pass *pass, struct kernel *kernel, const struct host *host,
		const char *handle, struct knowledge *knowledge)
{
	bool is_first = !pass->observed;
	int r;

	forget_look(pass);
	r = kernel->observe(kernel, handle, &pass->observed);
	if (r < 0)
		return r;
	if (is_first)
		pass->begun_paused = pf_is_paused(pass->observed);
	knowledge_set_finishing(knowledge, pass->begun_paused && pf_owes_drivers(pass->observed));
	note_instances(pass);
	r = knowledge_note_pf(knowledge, pass->observed);
	if (r < 0)
		return r;
	r = resolve(pass, host);
	if (r >= 0 && has_new_vfs(pass, knowledge))
		giving_mark_new(pass->desired, pass->observed);
	if (r >= 0)
		r = make_plan(pass, knowledge);
	if (r >= 0)
		r = plan_with_holders(pass, kernel, knowledge);
	return r < 0 ? r : note_given(pass, kernel, knowledge);
}

/* Whether a new look is due between the two: what new VFs need is seen best once they exist, what
 * VFs can be given once the mode is there that they are in, whether drivers may have them once
 * their settings were tried, and their network devices once drivers have made them. */
static bool is_boundary(enum step_kind before, enum step_kind after)
{
	return before != after && (before == STEP_CREATE_VFS || after == STEP_VF_DEVICE ||
				   (before == STEP_ESWITCH_MODE && after == STEP_VF_SETTING) ||
				   after == STEP_RELEASE_DRIVERS || after == STEP_VF_NETDEV);
}

/* The steps that are ready now; mostly all are. */
static const struct step *ready_steps(const struct pass *pass)
{
	const struct plan *plan = pass->remaining;
	struct step *steps;
	size_t count = 0;

	if (plan->n_ready == plan->n_steps)
		return plan->steps;
	steps = arena_array(pass->arena, plan->n_ready, sizeof(*steps));
	for (size_t i = 0; steps && i < plan->n_steps; i++)
		if (step_is_ready(&plan->steps[i]))
			steps[count++] = plan->steps[i];
	return steps;
}

/* How many of them come before a new look is due. */
static size_t count_to_boundary(const struct step *steps, size_t n_steps)
{
	for (size_t i = 1; i < n_steps; i++)
		if (is_boundary(steps[i - 1].target.kind, steps[i].target.kind))
			return i;
	return n_steps;
}

/* Whether the card may lose by itself what the step wrote: it counts as written once. */
static bool may_be_lost(const struct driver *driver, const struct step *step)
{
	return step_is_of_vf(&step->target) &&
	       driver->lost_with_link & SETTING_BIT(step->target.setting);
}

/* Whether what it wrote and another value read the same: which it was is to be remembered. */
static bool is_ambiguous(const struct driver *driver, const struct step *step)
{
	struct value twin;

	return step->target.kind == STEP_VF_SETTING &&
	       driver_reading_twin(driver, step->target.setting, &step->to, &twin);
}

/* Whether what became of it is seen later, if at all. */
static bool is_seen_later(const struct driver *driver, const struct step *step)
{
	return step->blind || may_be_lost(driver, step) || step_rebinds(&step->target) ||
	       is_ambiguous(driver, step);
}

/* What the actions from first on have taught. */
static int note_outcomes(struct pass *pass, size_t first, struct knowledge *knowledge)
{
	const struct driver *driver = driver_of(pass->observed->driver);
	int r = 0;

	for (size_t i = first; r >= 0 && i < pass->actions.count; i++) {
		const struct action *action = &pass->actions.items[i];
		const struct step *step = &action->step;

		knowledge_tried(knowledge, step);
		if (!action->done) {
			r = knowledge_refuse(knowledge, action->refusal);
			continue;
		}
		knowledge_succeed(knowledge, &step->target);
		/* What comes to its end then is another hold than one whose end was refused. */
		if (step->target.kind == STEP_HOLD_DRIVERS)
			knowledge_succeed(knowledge, &(struct step_target){ STEP_RELEASE_DRIVERS });
		if (step->target.kind == STEP_DESTROY_VFS)
			knowledge_vfs_destroyed(knowledge);
		if (step->target.kind == STEP_CREATE_VFS)
			knowledge_vfs_created(knowledge);
		else if (is_seen_later(driver, step))
			r = knowledge_wrote_blind(knowledge, &step->target, &step->to);
	}
	return r;
}

/* Whether VFs are not what they were before it. */
static bool makes_vfs_anew(const struct action *action)
{
	enum step_kind kind = action->step.target.kind;

	return action->done && (kind == STEP_CREATE_VFS || kind == STEP_ESWITCH_MODE ||
				kind == STEP_ESWITCH_MODE_WITH_VFS);
}

static const struct action *find_done(const struct pass *pass, const struct step *step)
{
	bool of_vf = step_is_of_vf(&step->target);

	for (size_t i = pass->actions.count; i > (of_vf ? pass->of_other_vfs : pass->of_other_pf);
	     i--) {
		const struct action *action = &pass->actions.items[i - 1];

		if (of_vf && makes_vfs_anew(action))
			return NULL;
		if (action->done && step_target_equal(&action->step.target, &step->target) &&
		    value_equal(step_setting(&step->target), &action->step.to, &step->to))
			return action;
	}
	return NULL;
}

/* A driver that makes another number of VFs than it was asked for would, asked again, make as many
 * again, and all that there are would be destroyed for it. What is refused is to create them, not
 * to destroy those that there are for yet another number: of who makes fewer that is one that he
 * can, of who makes more (QAT: adf_sriov_configure() in qat_common/adf_sriov.c makes all whatever
 * is asked) there is none. */
static enum refusal_kind kind_of_not_taken(const struct pass *pass, const struct step *step)
{
	uint32_t n = pass->observed->n_vfs;

	return step->target.kind == STEP_CREATE_VFS && n && n != step->to.number
		       ? REFUSAL_UNSUPPORTED
		       : REFUSAL_NOT_TAKEN;
}

static bool makes_others(const struct pass *pass)
{
	for (size_t i = 0; i < pass->remaining->n_steps; i++) {
		const struct step *step = &pass->remaining->steps[i];

		if (step->target.kind == STEP_CREATE_VFS && find_done(pass, step))
			return kind_of_not_taken(pass, step) == REFUSAL_UNSUPPORTED;
	}
	return false;
}

/* Whether it is done only so that VFs can be made. */
static bool is_before_create(const struct step *step)
{
	return step->target.kind == STEP_DESTROY_VFS || step->target.kind == STEP_HOLD_DRIVERS;
}

/* Steps that were done in this pass and are wanted again: the kernel said yes, and it is not so.
 * One that is blind reads back as it should, or not at all: it is wanted again because the card may
 * have lost it meanwhile. */
static int note_not_taken(struct pass *pass, struct knowledge *knowledge, size_t *ret_count)
{
	size_t count = 0;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < pass->remaining->n_steps; i++) {
		const struct step *step = &pass->remaining->steps[i];
		struct refusal refusal = {
			.target = step->target,
			.value = step->to,
			.kind = kind_of_not_taken(pass, step),
		};

		/* How many it makes is plain also while those are in use, and are not to be
		 * destroyed for others. */
		if ((!step_is_ready(step) && refusal.kind != REFUSAL_UNSUPPORTED) || step->blind ||
		    !find_done(pass, step))
			continue;
		if (is_before_create(step) && makes_others(pass))
			continue;
		refusal.of_any = refusal.kind == REFUSAL_UNSUPPORTED &&
				 pass->observed->n_vfs > step->to.number;
		if (refusal.kind == REFUSAL_UNSUPPORTED) {
			refusal.made = pass->observed->n_vfs;
			(void)snprintf(refusal.message, sizeof(refusal.message), "it makes %u%s",
				       pass->observed->n_vfs,
				       refusal.of_any ? " whatever is asked" : "");
		}
		r = knowledge_refuse(knowledge, &refusal);
		count++;
	}
	*ret_count = count;
	return r;
}

/* Plans anew where the verification has taught something. */
static int verify(struct pass *pass, struct knowledge *knowledge)
{
	size_t count;
	int r = note_not_taken(pass, knowledge, &count);

	if (r < 0 || !count)
		return r;
	plan_free(TAKE(pass->remaining));
	return plan_make(pass->desired->pf, pass->observed, knowledge, &pass->remaining);
}

static int run_ready_steps(struct pass *pass, struct kernel *kernel, struct turns *turns,
			   struct debt *debt, struct knowledge *knowledge)
{
	size_t first = pass->actions.count;
	const struct step *steps = ready_steps(pass);
	int learnt, r;

	if (!steps)
		return -ENOMEM;
	r = executor_run(kernel, turns, debt, pass->observed, steps,
			 count_to_boundary(steps, pass->remaining->n_ready), pass->arena,
			 &pass->actions);
	/* What was done before an error was done. */
	learnt = note_outcomes(pass, first, knowledge);
	return r < 0 ? r : learnt;
}

static void note_pause(struct pass *pass, struct text *reason)
{
	CLEANUP_TEXT struct text rest = { 0 };

	/* Nothing is. */
	if (pass->state == STATE_RETRYING)
		pass->state = STATE_DRIFTED;
	text_append(&rest, text_string(reason));
	text_clear(reason);
	pause_describe(&pass->observed->pause, reason);
	text_printf(reason, "%s%s", rest.length ? "; " : "", text_string(&rest));
}

static int note_state(struct pass *pass)
{
	CLEANUP_TEXT struct text reason = { 0 };

	pass->state =
		state_of(pass->desired, pass->observed, pass->remaining, pass->passive, &reason);
	if (pass->paused)
		note_pause(pass, &reason);
	pass->reason = arena_strdup(pass->arena, text_string(&reason));
	return pass->reason && !reason.failed ? 0 : -ENOMEM;
}

static bool has_work(const struct pass *pass)
{
	return pass->remaining && pass->remaining->n_ready && !pass->passive;
}

/* A hold of drivers, or a driver that is to come back, outlives its rule only if a program died in
 * between, or something could not be written yet. A PF that may yet get the name that its rule has,
 * or that a rule may turn out to ignore, is not without one. Of one that is only observed by now
 * drivers do not find less in VFs than the rules say: whoever writes it, or takes the rule away,
 * ends the hold. */
static bool has_leftover(const struct pass *pass)
{
	if (pass->dry || pass->paused || pass->desired->undecided || pass->observed->settling ||
	    !pf_owes_drivers(pass->observed))
		return false;
	if (!desired_is_managed(pass->desired))
		return true;
	return pass->passive && !plan_is_bare(pass->remaining);
}

static int release_leftover(struct pass *pass, struct kernel *kernel, struct knowledge *knowledge)
{
	const struct step step = { .target = { STEP_RELEASE_DRIVERS } };

	if (!has_leftover(pass))
		return 0;
	knowledge_tried(knowledge, &step);
	return kernel->release_drivers(kernel, pass->observed);
}

/* Whether others that VFs were destroyed for are there, or are not wanted any more. */
static bool owes_nothing(const struct pass *pass)
{
	const struct value *vfs = VALUES_GET(&pass->desired->pf->settings, PF_VFS);

	return (pass->observed->n_vfs && !pass->observed->drivers_held) || !vfs || !vfs->number;
}

/* Whether there are is looked for once more after each pass: whoever noted it may have died before
 * he could take it back. */
static int forget_owed(struct pass *pass, struct kernel *kernel)
{
	const struct pf *pf = pass->observed;

	if (!pf->owed_vfs.noted || pass->passive || pf->settling || pass->desired->undecided ||
	    !owes_nothing(pass))
		return 0;
	/* What cannot be taken back now is so next time. */
	return kernel->note_owed_vfs(kernel, pf, NULL) == -ENOMEM ? -ENOMEM : 0;
}

/* Whether the process is to end, and has no VFs half made. */
static bool must_end(const struct pass *pass, const struct ending *ending)
{
	return ending && atomic_load(&ending->wanted) && !pf_owes_drivers(pass->observed);
}

static int run_rounds(struct pass *pass, struct kernel *kernel, struct turns *turns,
		      struct debt *debt, const struct host *host, const char *handle,
		      struct knowledge *knowledge)
{
	for (unsigned round = 0;
	     round < PASS_ROUNDS_MAX && has_work(pass) && !must_end(pass, debt->ending); round++) {
		int r = run_ready_steps(pass, kernel, turns, debt, knowledge);

		if (r < 0)
			return r;
		r = look(pass, kernel, host, handle, knowledge);
		/* What is wanted once a pause is over says nothing of what was finished for it. */
		if (r >= 0 && pass->remaining && !pass->paused)
			r = verify(pass, knowledge);
		if (r < 0)
			return r;
	}
	return 0;
}

static int take_lock(const struct pass_options *options, const char *handle, int *ret_fd)
{
	int r = lock_take(options->lock_dir, handle, options->lock_waiter, ret_fd);

	if (r < 0 && options->failure)
		lock_describe_failure(options->lock_dir, handle, r, options->failure);
	return r;
}

int pass_run(struct kernel *kernel, struct policy *policy, const struct host *host,
	     const char *handle, struct knowledge *knowledge, const struct pass_options *options,
	     struct pass **ret)
{
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL;
	struct turns *turns = options->turns;
	struct host_turns host_turns;
	CLEANUP(debt_end) struct debt debt = { options->ending };
	CLEANUP_FD int lock = -1;
	int r = pass_new(policy, &pass);

	if (r < 0)
		return r;
	pass->dry = options->dry;
	host_turns_init(&host_turns, options->lock_dir);
	if (!turns && options->lock_dir)
		turns = &host_turns.turns;
	/* Before the first look, so that nobody acts between what is seen and what is done about
	 * it. */
	if (!options->dry && options->lock_dir)
		r = take_lock(options, handle, &lock);
	if (r >= 0)
		r = look(pass, kernel, host, handle, knowledge);
	if (r >= 0)
		r = release_leftover(pass, kernel, knowledge);
	if (r >= 0)
		r = run_rounds(pass, kernel, turns, &debt, host, handle, knowledge);
	if (r >= 0)
		r = forget_owed(pass, kernel);
	if (r >= 0)
		r = note_state(pass);
	if (r < 0)
		return r;
	*ret = TAKE(pass);
	return 0;
}

int pass_plan(struct policy *policy, const struct host *host, struct pf *observed,
	      struct knowledge *knowledge, struct pass **ret)
{
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL;
	int r = pass_new(policy, &pass);

	if (r < 0)
		return r;
	pass->dry = true;
	pass->observed = observed;
	pass->begun_paused = pf_is_paused(observed);
	r = resolve(pass, host);
	if (r >= 0)
		r = make_plan(pass, knowledge);
	if (r >= 0)
		r = note_state(pass);
	if (r < 0) {
		pass->observed = NULL; /* still the caller's */
		return r;
	}
	*ret = TAKE(pass);
	return 0;
}

bool pass_only_looks(const struct pass *pass)
{
	return pass->paused || desired_is_observe_only(pass->desired);
}

bool pass_asks_rivals(const struct pass *pass)
{
	const struct pf *pf = pass->observed;

	return desired_is_enforced(pass->desired) && !pf->settling && pf->ifname;
}

bool pass_had_turn(const struct pass *pass)
{
	for (size_t i = 0; i < pass->actions.count; i++) {
		const struct action *action = &pass->actions.items[i];

		if (step_writes_number(&action->step.target) && action_was_tried(action))
			return true;
	}
	return false;
}
