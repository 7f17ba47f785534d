/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/resize.h"

#include "plan/eswitch.h"
#include "plan/guard.h"
#include "plan/request.h"
#include "plan/withheld.h"

static int add_hold(struct draft *draft)
{
	if (!draft_autoprobes(draft))
		return 0;
	draft->holds = true;
	/* Also where they are held already: that may be of a device that was here before this one.
	 */
	return draft_add(draft, &(struct step){ .target = { STEP_HOLD_DRIVERS } });
}

/* The number of VFs to go to and from, and who wants that. False where there is to be no change. */
static bool find_resize(const struct draft *draft, struct value *ret_from, struct value *ret_to)
{
	const struct value *to = VALUES_GET(&draft->desired->settings, PF_VFS);
	const struct value *from = VALUES_GET(&draft->observed->settings, PF_VFS);

	/* Without a driver nobody makes VFs, and none is to be destroyed in vain. */
	if (!from || !draft->observed->driver)
		return false;
	*ret_from = *from;
	*ret_to = to ? *to : *from;
	if (ret_to->number != from->number)
		return true;
	if (!from->number || !eswitch_leaves_mode(draft) ||
	    draft->driver->eswitch != ESWITCH_WITHOUT_VFS)
		return false;
	ret_to->origin = eswitch_other_mode(draft)->origin;
	return true;
}

bool resize_needs_up(const struct draft *draft)
{
	struct value from, to;

	if (!find_resize(draft, &from, &to))
		return false;
	return (to.number && driver_does(draft->driver, DRIVER_CREATES_UP)) ||
	       (from.number && driver_does(draft->driver, DRIVER_DESTROYS_UP));
}

/* For others, or for none. */
static int add_destroy(struct draft *draft, const struct value *from, const struct value *to)
{
	struct step step = { .target = { STEP_DESTROY_VFS },
			     .from_known = true,
			     .from = *from,
			     .to = { .origin = to->origin },
			     .disruption = DISRUPTS_ALL };

	if (to->number)
		request_note_owed(draft->desired, &step);
	return draft_add(draft, &step);
}

static int add_create(struct draft *draft, const struct value *to)
{
	int r = add_hold(draft);

	if (r < 0)
		return r;
	return draft_add(draft, &(struct step){ .target = { STEP_CREATE_VFS },
						.to = *to,
						/* A disk has no link. */
						.disruption = draft->observed->ifindex
								      ? DISRUPTS_PF
								      : DISRUPTS_NOTHING });
}

/* To another number the way leads over 0, which destroys every VF (sriov_numvfs_store() in
 * drivers/pci/iov.c answers EBUSY to anything else). */
static int add_resize(struct draft *draft, const struct value *from, const struct value *to)
{
	size_t first = draft->plan->n_steps;
	struct block block = { 0 };
	bool with_mode = eswitch_comes_first(draft);
	int r = 0;

	if (from->number) {
		r = guard_resize(draft, &block);
		if (r >= 0 && !block.why)
			r = guard_down(draft, false, &block);
		if (r >= 0 && !block.why)
			r = guard_pf(draft, STEP_DESTROY_VFS, &block);
		if (r >= 0)
			r = add_destroy(draft, from, to);
	}
	if (r >= 0 && with_mode && !block.why)
		r = guard_pf(draft, STEP_ESWITCH_MODE, &block);
	if (r >= 0 && with_mode)
		r = eswitch_add_mode(draft, STEP_ESWITCH_MODE);
	if (r >= 0 && to->number && !block.why)
		r = guard_down(draft, true, &block);
	if (r >= 0 && to->number)
		r = add_create(draft, to);
	if (r < 0)
		return r;
	draft->resizes = guard_bind_together(draft, first, block);
	draft->holds = draft->holds && draft->resizes;
	return 0;
}

int resize_add(struct draft *draft)
{
	struct value from, to;

	/* VFs are made in the mode that they are to be in: some drivers change it without VFs only.
	 */
	if (draft_awaits(draft, PF_ESWITCH_MODE) && draft_has_time(draft))
		return 0;
	if (find_resize(draft, &from, &to))
		return add_resize(draft, &from, &to);
	if (eswitch_comes_first(draft))
		return eswitch_add_mode(draft, STEP_ESWITCH_MODE);
	if (eswitch_takes_drivers_off(draft))
		return add_hold(draft);
	return 0;
}

/* One VF that is not ready keeps drivers off all. There is one switch for all of a PF's VFs, and
 * while it is off the kernel refuses each of them a driver, whoever asks for it (by drivers_probe
 * or bind: pci_device_can_probe() in drivers/pci/pci-driver.c) and however complete it is. What it
 * lets through is a VF that is reserved for one driver, by driver_override: that is what a rule
 * asks for that names a driver, and such a VF does not wait for others. To reserve the others too
 * would be to choose for them what the kernel chooses by itself, and to leave that behind. */
static const char *hold_all_until(const struct draft *draft)
{
	const char *until = withheld_all_until(draft);

	return until || !draft_holds_back(draft) ? until : "meanwhile";
}

/* Late, since it is what the settings were to come before. */
int resize_add_release(struct draft *draft)
{
	if (!draft->holds && !draft->owes_drivers)
		return 0;
	draft->plan->holds_all = hold_all_until(draft);
	if (draft->plan->holds_all) {
		draft->plan->holds_back = true;
		return 0;
	}
	return draft_add(
		draft, &(struct step){ .target = { STEP_RELEASE_DRIVERS }, .to = { .number = 1 } });
}
