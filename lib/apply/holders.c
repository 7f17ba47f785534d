/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/holders.h"

#include <errno.h>

#include "util/error_name.h"

static bool depends_on_vfs(const struct step *step)
{
	return step->guard || step->depends_on_user;
}

/* Also where it is only to be said whose link it disrupts. */
static bool depends_on_pf(const struct step *step)
{
	return step_disrupts_users(step) || step->ends_rates;
}

/* Whether a step that may be done does, now or on request: who stands in the way of that counts
 * before the request. */
static bool any(const struct plan *plan, bool (*depends)(const struct step *step))
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct step *step = &plan->steps[i];

		if (depends(step) && !step->refused &&
		    (!step->block.why || step_is_requestable(step)))
			return true;
	}
	return false;
}

/* What is not known counts as held. 0 or -ENOMEM. */
static int make_unknown(struct pf *pf, const char *what, int error, struct holder *ret)
{
	ret->use = "unknown";
	ret->details = error_name_untold(what, error, pf->arena);
	return ret->details ? 0 : -ENOMEM;
}

/* As kernel->find_holders(). */
static int find_of_vfs(struct kernel *kernel, struct pf *pf)
{
	int r = kernel->find_holders(kernel, pf, KERNEL_ALL_VFS);
	struct holder holder = { 0 };

	if (r >= 0 || r == -ENODEV || !pf->n_vfs)
		return r;
	r = make_unknown(pf, "who uses the VFs", r, &holder);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		pf->vfs[i].holder = holder;
	return r;
}

static int find_of_pf(struct kernel *kernel, struct pf *pf)
{
	int r = kernel->find_holders(kernel, pf, KERNEL_PF);

	return r >= 0 || r == -ENODEV ? r : make_unknown(pf, "who uses it", r, &pf->holder);
}

int holders_find(struct kernel *kernel, const struct plan *plan, struct pf *pf, bool *ret_asked)
{
	bool of_vfs = any(plan, depends_on_vfs), of_pf = any(plan, depends_on_pf);
	int r = of_pf ? find_of_pf(kernel, pf) : 0;

	if (r >= 0 && of_vfs)
		r = find_of_vfs(kernel, pf);
	if (r >= 0)
		*ret_asked = of_vfs || of_pf;
	return r;
}
