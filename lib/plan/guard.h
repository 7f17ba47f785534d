/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What must not be taken, and from whom. */

#include "model/pf.h"
#include "plan/draft.h"

/* Each says in *ret what is in the way, if anything is. 0 or -ENOMEM. */

/* The VF must be left to whoever uses it, or has just bound its driver to do so. */
int guard_vf(struct draft *draft, const struct vf *vf, struct block *ret);
/* All VFs must be left to those who use one of them. */
int guard_use(struct draft *draft, struct block *ret);
/* The VFs that there are must not be destroyed, by what the policy says of that. */
int guard_resize(struct draft *draft, struct block *ret);
/* VFs cannot be created, or destroyed, while the PF is down. */
int guard_down(struct draft *draft, bool creates, struct block *ret);

/* The PF must be left as it is by a step of that kind: the host uses its own network device, or
 * others have made rates that its VFs share. */
int guard_pf(struct draft *draft, enum step_kind kind, struct block *ret);

/* Whether the PF's own network device may be another one after the step. */
bool guard_takes_netdev(const struct draft *draft, const struct step *step);
/* Whether it is not to be done for that while the host uses the device. */
bool guard_renews_netdev(const struct draft *draft, const struct step *step);
/* Whether rates that VFs share would end with the step, or be in its way. */
bool guard_ends_rates(const struct draft *draft, const struct step *step);
/* Whether guard_pf() says that it must. */
bool guard_is_pf_used(const struct draft *draft, enum step_kind kind);
/* Whether a VF must be left to somebody. */
bool guard_is_any_used(const struct draft *draft);
/* What the step must not be done during. */
enum guard guard_of(const struct draft *draft, const struct step *step);

/* Makes one of the steps from first on, all blocked if block is any or one of them is: if one of
 * them cannot be done, none is. A mode that needs no other VFs is no part of it. Whether they can
 * be done. */
bool guard_bind_together(struct draft *draft, size_t first, struct block block);
