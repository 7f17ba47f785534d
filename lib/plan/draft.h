/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A plan while it is made; private to plan/. */

#include "model/driver.h"
#include "model/pf.h"
#include "plan/step.h"

struct draft {
	struct plan *plan;
	size_t capacity;
	const struct pf *desired;
	const struct pf *observed;
	const struct knowledge *knowledge;
	const struct driver *driver; /* of the observed driver */
	bool owes_drivers;	     /* pf_owes_drivers() of what is observed */
	bool resizes;		     /* the VFs there are will go, and others come */
	bool holds;		     /* drivers will be kept off those */
	bool unready;		     /* a VF's setting is to be tried again soon */
};

/* Adds a step, with the refusal that holds it back if there is one. 0 or -ENOMEM. */
int draft_add(struct draft *draft, const struct step *step);
/* A step that writes one setting of the PF, if it is wanted, there, and different. One that devlink
 * may still report is awaited, and after a while counts as refused. */
int draft_add_pf_setting(struct draft *draft, const struct step_target *target);
/* Notes that what is wanted goes by way of the PF's network device. */
void draft_need_netdev(struct draft *draft);
/* Settings that are wanted of the VF, and are left as they are now. now is NULL for a VF that is
 * still to be created. */
uint64_t draft_left(const struct draft *draft, const struct vf *want, const struct vf *now);
/* Those of them that will be left later as well, by what is known. */
static inline uint64_t draft_kept(const struct draft *draft, const struct vf *want,
				  const struct vf *now)
{
	/* Mostly nothing is given once. */
	return now && want->once ? draft_left(draft, want, now) & ~now->given.open : 0;
}
/* Whether a wanted setting of the eswitch is not to be known yet. */
bool draft_awaits(const struct draft *draft, enum pf_setting setting);
/* Whether there is still time for that. */
bool draft_has_time(const struct draft *draft);

/* Whether it writes a setting of a VF, and has to be tried again soon since the VF is not ready. */
bool draft_is_unready(const struct step *step);

/* Whether the VF will have what it is to have of the setting, which is of VF_LAYER_FUNCTION, by the
 * time that its device is written to. */
bool draft_gives(const struct draft *draft, uint32_t vf, enum vf_setting setting);

/* Whether the kernel finds drivers for VFs by the time that there are new ones, or that those that
 * there are get theirs. A PF without the attribute, a netdevsim one say, has no drivers for its
 * VFs. */
bool draft_autoprobes(const struct draft *draft);

/* Whether drivers are to be kept off VFs that are not ready for their settings yet; not for ever
 * (withheld.h has the VFs that they are kept off for longer).
 * What is left out for it makes the plan one that holds_back. */
bool draft_holds_back(const struct draft *draft);
