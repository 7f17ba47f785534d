/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/executor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/batch.h"
#include "apply/ending.h"
#include "apply/giving.h"
#include "apply/turn.h"
#include "kernel/kernel.h"

/* Writes one step that does not travel with others. */
static int write_step(struct kernel *kernel, const struct pf *pf, const struct step *step,
		      struct kernel_error *ret_error)
{
	uint32_t number = (uint32_t)step->to.number;

	switch (step->target.kind) {
	case STEP_HOLD_DRIVERS:
		return kernel->hold_drivers(kernel, pf);
	case STEP_RELEASE_DRIVERS:
		return kernel->release_drivers(kernel, pf);
	case STEP_DESTROY_VFS:
		return kernel->write_numvfs(kernel, pf, 0);
	case STEP_CREATE_VFS:
		return kernel->write_numvfs(kernel, pf, number);
	case STEP_UNBIND_VFS:
		return kernel->unbind_vfs(kernel, pf);
	case STEP_VF_DEVICE:
	case STEP_VF_NETDEV:
		return kernel->write_vf(kernel, pf, step->target.vf, step->target.setting,
					&step->to, ret_error);
	default:
		return kernel->write_pf(kernel, pf, step_pf_setting(&step->target), &step->to,
					ret_error);
	}
}

static size_t count_vf_settings(const struct step *steps, size_t n_steps)
{
	size_t count = 0;

	while (count < n_steps && steps[count].target.kind == STEP_VF_SETTING)
		count++;
	return count;
}

/* Whether somebody has got hold of what the step takes since it was planned; also if that cannot be
 * told. */
static bool is_held(struct kernel *kernel, struct pf *observed, const struct step *step)
{
	bool of_vf = step_is_of_vf(&step->target);
	uint32_t vf = of_vf ? step->target.vf : KERNEL_ALL_VFS;

	if (kernel->find_holders(kernel, observed, vf) < 0)
		return true;
	if (of_vf)
		return vf_is_held(&observed->vfs[vf]);
	return step->guard == GUARD_OPEN ? pf_open_vf(observed) : pf_held_vf(observed);
}

/* Whether the host has come to use the network device that the step may take from it, or there are
 * rates by now that it would end; also if that cannot be told. */
static bool is_pf_held(struct kernel *kernel, struct pf *observed, const struct step *step)
{
	if (!step->renews_netdev && !step->ends_rates)
		return false;
	if (kernel->find_holders(kernel, observed, KERNEL_PF) < 0)
		return true;
	return (step->renews_netdev && pf_is_held(observed)) ||
	       (step->ends_rates && observed->shared_rates);
}

/* What a run works with. */
struct run {
	struct kernel *kernel;
	struct turns *turns;
	struct debt *debt;
	struct pf *observed;
	struct arena *arena;
	struct actions *actions;
};

/* The step for which it has to be the PF's turn before the first of the steps is done; NULL.
 * Drivers are not held in vain. */
static const struct step *find_number(const struct step *steps, size_t n_steps)
{
	if (n_steps > 1 && steps->target.kind == STEP_HOLD_DRIVERS)
		steps++;
	return step_writes_number(&steps->target) ? steps : NULL;
}

/* Returns 0; or as run_step(), where it is another PF's turn. */
static int take_turn(const struct run *run, const struct step *steps, size_t n_steps)
{
	const struct step *number = find_number(steps, n_steps);
	struct kernel_error error = { 0 };
	int r;

	if (!run->turns || !number)
		return 0;
	r = run->turns->take(run->turns, run->observed, &error);
	if (r >= 0)
		return 0;
	r = actions_add(run->actions, run->arena, number, run->observed, r, &error);
	return r < 0 ? r : -ECANCELED;
}

/* Nobody would know later that the others are owed: nothing is destroyed then. Where nothing is for
 * another reason, the pass takes it back. Returns 0; or as run_step(). */
static int note_owed(struct run *run, const struct step *step)
{
	struct kernel_error words = { 0 };
	int r = step->owed.owed
			? run->kernel->note_owed_vfs(run->kernel, run->observed, &step->owed)
			: 0;

	if (r >= 0 || r == -ENOMEM)
		return r;
	(void)snprintf(words.message, sizeof(words.message),
		       "that others are to follow cannot be noted in /run/sriovd: %s",
		       strerror(-r));
	r = actions_add(run->actions, run->arena, step, run->observed, -EAGAIN, &words);
	return r < 0 ? r : -ECANCELED;
}

/* Whether nobody has come to be harmed by it since it was planned. */
static bool may_write(const struct run *run, const struct step *step)
{
	if (is_pf_held(run->kernel, run->observed, step) ||
	    (step->guard && is_held(run->kernel, run->observed, step)))
		return false;
	return step->target.kind != STEP_DESTROY_VFS || debt_begin(run->debt);
}

/* Runs one step and notes what became of it; who is harmed by it is looked for after the note,
 * which takes the time of a file. Returns 0 or what ends the run: -ENODEV, -ENOMEM or -ECANCELED,
 * where the later steps build on this one. */
static int run_step(struct run *run, const struct step *step)
{
	struct kernel_error error = { 0 };
	int r = note_owed(run, step);

	if (r < 0)
		return r;
	if (!may_write(run, step))
		return step_is_of_vf(&step->target) ? 0 : -ECANCELED;
	r = write_step(run->kernel, run->observed, step, &error);
	if (r == -ENODEV)
		return r;
	if (actions_add(run->actions, run->arena, step, run->observed, r, &error) < 0)
		return -ENOMEM;
	return r < 0 && step_setting(&step->target)->basis ? -ECANCELED : 0;
}

/* Settings that travel together, or one step of another kind. As run_step(). */
static int run_group(struct run *run, const struct step *steps, size_t n_steps)
{
	struct giving giving;
	int r = giving_begin(run->kernel, run->observed, steps, n_steps, run->arena, run->actions,
			     &giving);
	int noted;

	if (r < 0 || !giving.n_steps)
		return r;
	if (steps->target.kind == STEP_VF_SETTING)
		r = batch_run(run->kernel, run->observed, giving.steps, giving.n_steps, run->arena,
			      run->actions);
	else
		r = run_step(run, giving.steps);
	noted = giving_end(run->kernel, run->observed, &giving, r >= 0, run->arena, run->actions);
	return r < 0 ? r : noted;
}

static int run_all(struct run *run, const struct step *steps, size_t n_steps)
{
	for (size_t i = 0; i < n_steps;) {
		size_t n = count_vf_settings(steps + i, n_steps - i);
		int r = take_turn(run, steps + i, n_steps - i);

		if (r >= 0)
			r = run_group(run, steps + i, n ? n : 1);
		if (r < 0)
			return r == -ECANCELED ? 0 : r;
		i += n ? n : 1;
	}
	return 0;
}

int executor_run(struct kernel *kernel, struct turns *turns, struct debt *debt, struct pf *observed,
		 const struct step *steps, size_t n_steps, struct arena *arena,
		 struct actions *actions)
{
	struct run run = { kernel, turns, debt, observed, arena, actions };
	int r = run_all(&run, steps, n_steps);

	if (turns)
		turns->end(turns);
	return r;
}
