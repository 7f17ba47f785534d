/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/batch.h"

#include <errno.h>
#include <stdlib.h>

#include "apply/refusal.h"
#include "kernel/kernel.h"
#include "model/driver_reading.h"
#include "plan/eswitch_mode.h"

struct batch {
	struct kernel *kernel;
	const struct pf *observed; /* the latest look */
	struct pf *look;	   /* it, if it was taken here */
	struct arena *arena;
	struct actions *actions;
	uint32_t looked_after; /* the VF after whose refusal the latest look was, and 1; or 0 */
	uint64_t unsupported;  /* bit per enum vf_setting */
	int errors[VF_SETTING_COUNT];		     /* with which it was refused, and */
	struct kernel_error words[VF_SETTING_COUNT]; /* in which words */
	struct vf_change changes[KERNEL_VFS_PER_WRITE];
};

static int report(struct batch *batch, const struct step *step, int error,
		  const struct kernel_error *words)
{
	const struct refusal refusal = {
		.target = step->target,
		.value = step->to,
		.kind = refusal_classify(&step->target, batch->observed, error),
		.error = error,
	};

	if (error && refusal_is_general(&refusal)) {
		batch->unsupported |= SETTING_BIT(step->target.setting);
		batch->errors[step->target.setting] = error;
		batch->words[step->target.setting] = *words;
	}
	return actions_add(batch->actions, batch->arena, step, batch->observed, error, words);
}

static bool is_unsupported(const struct batch *batch, const struct step *step)
{
	return batch->unsupported & SETTING_BIT(step->target.setting);
}

/* The kernel takes both rates at once: the one that is not to change is written as it is. */
static void add_other_rate(const struct batch *batch, struct vf_change *change)
{
	const uint64_t rates = SETTING_BIT(VF_MIN_TX_RATE) | SETTING_BIT(VF_MAX_TX_RATE);
	const struct vf *vf = pf_vf(batch->observed, change->index);
	const struct driver *driver = driver_of(batch->observed->driver);
	uint64_t known;

	if (!vf || !(change->mask & rates))
		return;
	known = vf->settings.present & rates & ~driver->constant;
	/* Written back it would become a limit, and 0 changes nothing. */
	if (driver_does(driver, DRIVER_MAX_IS_SPEED))
		known &= ~SETTING_BIT(VF_MAX_TX_RATE);
	for (enum vf_setting i = VF_MIN_TX_RATE; i <= VF_MAX_TX_RATE; i++)
		if (known & ~change->mask & SETTING_BIT(i))
			VALUES_SET(&change->values, i, vf->settings.value[i]);
}

/* Whether the driver takes the VLAN for the one that the VF has, and would do nothing
 * (bnxt_set_vf_vlan() in drivers/net/ethernet/broadcom/bnxt/bnxt_sriov.c compares the tag alone).
 */
static bool has_tag(const struct batch *batch, const struct step *step)
{
	const struct vf *vf = pf_vf(batch->observed, step->target.vf);
	const struct value *now = vf ? VALUES_GET(&vf->settings, VF_VLAN) : NULL;
	struct value twin;

	return now && step->target.setting == VF_VLAN && now->vlan.id == step->to.vlan.id &&
	       now->vlan.qos == step->to.vlan.qos && !is_unsupported(batch, step) &&
	       driver_reading_twin(driver_of(batch->observed->driver), VF_VLAN, &step->to, &twin);
}

/* A tag on the way to the one that the driver would do nothing for: of the same VLAN, since a VF
 * must not be on another for a moment. */
static struct vf_change other_tag(const struct step *step)
{
	struct vf_change change = { .index = step->target.vf, .mask = SETTING_BIT(VF_VLAN) };
	struct value between = step->to;

	between.vlan.qos ^= 1;
	VALUES_SET(&change.values, VF_VLAN, between);
	return change;
}

/* Whether the kernel would do the step before those that it is to come after: of a change it does
 * settings in their order. */
static bool is_too_late(const struct vf_change *change, const struct step *step)
{
	return change->mask >> step->target.setting;
}

/* Turns steps into changes, mostly a VF each, until the changes are full. Returns how many steps
 * went in. */
static size_t collect(struct batch *batch, const struct step *steps, size_t n_steps,
		      size_t *ret_n_changes)
{
	struct vf_change *change = NULL;
	size_t n_changes = 0, i;

	for (i = 0; i < n_steps; i++) {
		const struct step *step = &steps[i];
		bool other = has_tag(batch, step);
		bool begins = other || !change || change->index != step->target.vf ||
			      is_too_late(change, step);

		if (n_changes + other + begins > KERNEL_VFS_PER_WRITE)
			break;
		if (other)
			batch->changes[n_changes++] = other_tag(step);
		if (begins) {
			change = &batch->changes[n_changes++];
			*change = (struct vf_change){ .index = step->target.vf };
		}
		if (is_unsupported(batch, step))
			continue;
		change->mask |= SETTING_BIT(step->target.setting);
		VALUES_SET(&change->values, step->target.setting, step->to);
	}
	for (size_t k = 0; k < n_changes; k++)
		add_other_rate(batch, &batch->changes[k]);
	*ret_n_changes = n_changes;
	return i;
}

static int write_changes(struct batch *batch, size_t n_changes, struct kernel_error *ret_error)
{
	bool empty = true;

	for (size_t i = 0; i < n_changes; i++)
		empty = empty && !batch->changes[i].mask;
	if (empty)
		return 0;
	return batch->kernel->write_vfs(batch->kernel, batch->observed, batch->changes, n_changes,
					ret_error);
}

/* Whether the kernel says by now what the step wants. Of a blind one it does not know. */
static bool is_satisfied(const struct batch *batch, const struct step *step)
{
	const struct vf *vf = pf_vf(batch->observed, step->target.vf);
	const struct value *now = vf ? VALUES_GET(&vf->settings, step->target.setting) : NULL;

	return now && !step->blind &&
	       driver_reading(driver_of(batch->observed->driver), batch->observed->speed,
			      step->target.setting, &step->to, now) == READS_AS_WANTED;
}

/* Whether somebody has changed by now what the VF was given once, by the message that was refused:
 * it is neither as wanted nor as it was before. */
static bool is_left(const struct batch *batch, const struct step *step)
{
	const struct vf *vf = pf_vf(batch->observed, step->target.vf);
	const struct value *now = vf ? VALUES_GET(&vf->settings, step->target.setting) : NULL;

	return step->once && step->from_known && now &&
	       !value_equal(&vf_settings[step->target.setting], now, &step->from);
}

/* The latest look, kept true: the next rate is written beside what this one has made. */
static void note_written(struct batch *batch, const struct step *step)
{
	if (step->target.vf < batch->look->n_vfs)
		VALUES_SET(&batch->look->vfs[step->target.vf].settings, step->target.setting,
			   step->to);
}

/* Whether the latest look left the VF out, since it starts over: what it would be told is not
 * known, such as a rate that is written beside another. */
static bool is_left_out(const struct batch *batch, const struct step *step)
{
	const struct vf *vf = pf_vf(batch->observed, step->target.vf);

	return !vf || !vf->reported;
}

/* -ENODEV: another network device is the PF's by now, or none; -ECANCELED: its eswitch is in
 * another mode, in which VFs take and want other settings, or its link has another speed, of which
 * rates may be shares. The steps are not for it. */
static int look_again(struct batch *batch)
{
	CLEANUP(pf_free_cleanup) struct pf *look = NULL;
	int r = batch->kernel->observe(batch->kernel, batch->observed->handle, &look);

	if (r < 0)
		return r;
	if (look->ifindex != batch->observed->ifindex)
		return -ENODEV;
	if (eswitch_mode_of(look) != eswitch_mode_of(batch->observed) ||
	    look->speed != batch->observed->speed)
		return -ECANCELED;
	pf_free(batch->look);
	batch->look = TAKE(look);
	batch->observed = batch->look;
	return 0;
}

/* A VF that an earlier setting has start over may refuse the next one as if its value were wrong
 * (ice_check_vf_ready_for_cfg() in drivers/net/ethernet/intel/ice/ice_vf_lib.c): whether it does is
 * seen by a look, once for each VF. */
static int report_refused(struct batch *batch, const struct step *step, int error,
			  const struct kernel_error *words)
{
	int r = 0;

	if (driver_of(batch->observed->driver)->resets_vf &&
	    batch->looked_after != step->target.vf + 1 &&
	    refusal_classify(&step->target, batch->observed, error) == REFUSAL_REJECTED) {
		r = look_again(batch);
		batch->looked_after = step->target.vf + 1;
	}
	return r < 0 ? r : report(batch, step, error, words);
}

static int write_alone(struct batch *batch, const struct step *step)
{
	struct kernel_error words = { 0 };
	size_t n_changes;
	int r;

	if (is_unsupported(batch, step))
		return report(batch, step, batch->errors[step->target.setting],
			      &batch->words[step->target.setting]);
	if (is_left_out(batch, step))
		return report(batch, step, -EAGAIN, &words);
	if (is_satisfied(batch, step) || is_left(batch, step))
		return report(batch, step, 0, &words);
	(void)collect(batch, step, 1, &n_changes);
	r = write_changes(batch, n_changes, &words);
	if (r == -ENODEV)
		return r;
	if (r < 0)
		return report_refused(batch, step, r, &words);
	note_written(batch, step);
	return report(batch, step, 0, &words);
}

/* Whether the next two steps are both rates of a VF, and can be written. */
static bool is_rate_pair(const struct batch *batch, const struct step *steps, size_t n_steps)
{
	return n_steps >= 2 && steps[0].target.setting == VF_MIN_TX_RATE &&
	       steps[1].target.setting == VF_MAX_TX_RATE &&
	       steps[0].target.vf == steps[1].target.vf && !is_left_out(batch, &steps[0]) &&
	       !is_unsupported(batch, &steps[0]) && !is_unsupported(batch, &steps[1]) &&
	       !is_left(batch, &steps[0]) && !is_left(batch, &steps[1]);
}

/* Both rates of a VF: together first, since either may be out of the other's old bounds. */
static int write_rates(struct batch *batch, const struct step *steps)
{
	struct kernel_error words = { 0 };
	size_t n_changes;
	int r;

	(void)collect(batch, steps, 2, &n_changes);
	r = write_changes(batch, n_changes, &words);
	if (r == -ENODEV)
		return r;
	if (r == 0) {
		note_written(batch, &steps[0]);
		note_written(batch, &steps[1]);
		r = report(batch, &steps[1], 0, &words);
		return r < 0 ? r : report(batch, &steps[0], 0, &words);
	}
	r = write_alone(batch, &steps[1]);
	return r < 0 ? r : write_alone(batch, &steps[0]);
}

/* After a message that was refused: finds out which of its settings it was. */
static int write_apart(struct batch *batch, const struct step *steps, size_t n_steps)
{
	int r = look_again(batch);

	for (size_t i = 0; r >= 0 && i < n_steps;) {
		bool pair = is_rate_pair(batch, &steps[i], n_steps - i);

		r = pair ? write_rates(batch, &steps[i]) : write_alone(batch, &steps[i]);
		i += pair ? 2 : 1;
	}
	return r;
}

static int report_written(struct batch *batch, const struct step *steps, size_t n_steps)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n_steps; i++) {
		enum vf_setting setting = steps[i].target.setting;

		r = report(batch, &steps[i],
			   is_unsupported(batch, &steps[i]) ? batch->errors[setting] : 0,
			   &batch->words[setting]);
	}
	return r;
}

/* Writes as many steps as go into one message. */
static int write_some(struct batch *batch, const struct step *steps, size_t n_steps,
		      size_t *ret_written)
{
	struct kernel_error words = { 0 };
	size_t n_changes, n = collect(batch, steps, n_steps, &n_changes);
	int r = write_changes(batch, n_changes, &words);

	if (r == -ENODEV)
		return r;
	*ret_written = n;
	if (r == 0)
		return report_written(batch, steps, n);
	if (n == 1)
		return report_refused(batch, steps, r, &words);
	return write_apart(batch, steps, n);
}

static bool lowers_guarantee(const struct step *step)
{
	return step->target.setting == VF_MIN_TX_RATE && step->from_known &&
	       step->to.number < step->from.number;
}

static bool lifts_limit(const struct step *step)
{
	return step->target.setting == VF_MAX_TX_RATE && !step->to.number;
}

/* Where the guarantees of all VFs together have to fit the link, what some give up has to be there
 * before others get it; and a VLAN that a limit holds can be had once that is lifted. */
static bool goes_first(const struct driver *driver, const struct step *step)
{
	return (driver_does(driver, DRIVER_SHARES_MIN) && lowers_guarantee(step)) ||
	       (driver_does(driver, DRIVER_LIMIT_HOLDS_VLAN) && lifts_limit(step));
}

static const struct step *lower_first(const struct batch *batch, const struct step *steps,
				      size_t n_steps)
{
	const struct driver *driver = driver_of(batch->observed->driver);
	struct step *ordered;
	size_t count = 0;

	if (!driver_does(driver, DRIVER_SHARES_MIN) &&
	    !driver_does(driver, DRIVER_LIMIT_HOLDS_VLAN))
		return steps;
	ordered = arena_array(batch->arena, n_steps, sizeof(*ordered));
	for (unsigned first = 2; ordered && first-- > 0;)
		for (size_t i = 0; i < n_steps; i++)
			if (goes_first(driver, &steps[i]) == (bool)first)
				ordered[count++] = steps[i];
	return ordered;
}

int batch_run(struct kernel *kernel, const struct pf *observed, const struct step *steps,
	      size_t n_steps, struct arena *arena, struct actions *actions)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	int r;

	if (!batch)
		return -ENOMEM;
	r = actions_reserve(actions, arena, n_steps);
	batch->kernel = kernel;
	batch->observed = observed;
	batch->arena = arena;
	batch->actions = actions;
	steps = lower_first(batch, steps, n_steps);
	if (!steps)
		r = -ENOMEM;
	for (size_t done = 0, n = 0; r >= 0 && done < n_steps; done += n)
		r = write_some(batch, steps + done, n_steps - done, &n);
	pf_free(batch->look);
	free(batch);
	return r;
}
