/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/executor.h"

#include <errno.h>
#include <string.h>

#include "apply/batch.h"
#include "apply/refusal.h"

/* Writes one step on the PF itself. */
static int write_pf(struct kernel *kernel, const struct pf *pf, const struct step *step,
		    struct kernel_error *ret_error)
{
	uint32_t number = (uint32_t)step->to.number;

	switch (step->target.kind) {
	case STEP_PF_MTU:
		return kernel->write_mtu(kernel, pf, number, ret_error);
	case STEP_PF_UP:
		return kernel->write_up(kernel, pf, ret_error);
	case STEP_AUTOPROBE:
		return kernel->write_autoprobe(kernel, pf, number);
	case STEP_HOLD_DRIVERS:
		return kernel->hold_drivers(kernel, pf);
	case STEP_RELEASE_DRIVERS:
		return kernel->release_drivers(kernel, pf);
	case STEP_DESTROY_VFS:
		return kernel->write_numvfs(kernel, pf, 0);
	case STEP_CREATE_VFS:
		return kernel->write_numvfs(kernel, pf, number);
	default:
		return -EINVAL;
	}
}

static size_t count_vf_settings(const struct step *steps, size_t n_steps)
{
	size_t count = 0;

	while (count < n_steps && steps[count].target.kind == STEP_VF_SETTING)
		count++;
	return count;
}

/* Whether somebody has got hold of a VF since the steps were planned; also if that cannot be told.
 */
static bool is_held(struct kernel *kernel, struct pf *observed)
{
	if (kernel->find_holders(kernel, observed) < 0)
		return true;
	for (uint32_t i = 0; i < observed->n_vfs; i++)
		if (observed->vfs[i].holder)
			return true;
	return false;
}

int executor_run(struct kernel *kernel, struct pf *observed, const struct step *steps,
		 size_t n_steps, struct arena *arena, struct actions *actions)
{
	for (size_t i = 0; i < n_steps;) {
		size_t n_settings = count_vf_settings(steps + i, n_steps - i);
		struct kernel_error error = { 0 };
		int r;

		if (n_settings) {
			r = batch_run(kernel, observed, steps + i, n_settings, arena, actions);
			if (r < 0)
				return r;
			i += n_settings;
			continue;
		}
		if (steps[i].guarded && is_held(kernel, observed))
			return 0;
		r = write_pf(kernel, observed, &steps[i], &error);
		if (r == -ENODEV)
			return r;
		if (actions_add(actions, arena, &steps[i], observed, r, &error) < 0)
			return -ENOMEM;
		if (r < 0)
			return 0;
		i++;
	}
	return 0;
}
