/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/vf_steps.h"

#include <errno.h>

#include "model/driver_reading.h"
#include "plan/guard.h"
#include "plan/knowledge.h"
#include "plan/rebinding.h"
#include "plan/request.h"
#include "plan/withheld.h"

/* Whether it is known what the setting of a VF that is there is, whatever layer it is of: else it
 * is written once. Of alternative names the kernel reports the list; a VF without a device of its
 * own has no driver. */
static bool is_readable(enum vf_setting setting, const struct vf *now, const struct value *from)
{
	return from || vf_settings[setting].type == VALUE_TEMPLATE ||
	       (setting == VF_DRIVER && !now->address);
}

/* Whether the card may have lost the value since it was written, though it reads back as wanted. */
static bool is_doubtful(const struct draft *draft, const struct step_target *target,
			const struct value *to)
{
	return draft->driver->lost_with_link & SETTING_BIT(target->setting) && draft->knowledge &&
	       knowledge_is_doubted(draft->knowledge) &&
	       !knowledge_is_written(draft->knowledge, target, to);
}

/* Whether the VF's driver has to leave it for the setting. */
static bool unbinds(enum vf_setting setting, const struct vf *now)
{
	return vf_settings[setting].unbinds && now && vf_is_bound(now);
}

/* Nobody has traffic on it then. Who is noted as its user may be between two drivers; not while we
 * keep drivers off, and the next one is to find the VF complete. */
static bool has_no_driver(const struct draft *draft, const struct vf *now)
{
	const struct value *driver = VALUES_GET(&now->settings, VF_DRIVER);

	return driver && driver->form == VALUE_NONE && (!vf_is_held(now) || draft->owes_drivers);
}

/* Whatever drivers the VF has. */
static enum disruption disruption_with_driver(const struct draft *draft, enum vf_setting setting,
					      const struct vf *now)
{
	if (unbinds(setting, now) || (draft->driver->resets_vf & SETTING_BIT(setting)))
		return DISRUPTS_VF;
	return vf_settings[setting].disrupts;
}

static enum disruption disruption_of(const struct draft *draft, enum vf_setting setting,
				     const struct vf *now)
{
	if (!now || has_no_driver(draft, now))
		return DISRUPTS_NOTHING;
	return disruption_with_driver(draft, setting, now);
}

/* Whether it takes a request if somebody is noted as the VF's user, who is between two drivers. */
static bool depends_on_user(const struct draft *draft, const struct step *step,
			    const struct vf *now)
{
	return now && step->disruption == DISRUPTS_NOTHING && !draft->owes_drivers &&
	       request_is_awaited(draft->desired, draft->knowledge) &&
	       disruption_with_driver(draft, step->target.setting, now) != DISRUPTS_NOTHING;
}

/* Also a VF without a driver: who is given one may be between the one before and his own. And one
 * of which nothing was noted: somebody may have set it up. */
static int guard_user(struct draft *draft, const struct vf *now, struct step *step)
{
	if (!now || !(step->first || step_takes_vfs(step)))
		return 0;
	return guard_vf(draft, now, &step->block);
}

/* Whether "default" asks for a driver that the VF does not have: one, where the kernel would have
 * tried to find it, and another than vfio's, which takes no device by itself. */
static bool lacks_default_driver(const struct draft *draft, const struct vf *now)
{
	const struct value *driver = VALUES_GET(&now->settings, VF_DRIVER);

	if (!driver || draft->observed->drivers_held || draft->holds)
		return false;
	if (driver->form == VALUE_PLAIN)
		return driver_is_vfio(driver->name);
	return draft_autoprobes(draft);
}

static bool is_as_wanted(const struct draft *draft, enum vf_setting setting, const struct value *to,
			 const struct vf *now)
{
	if (!now || !vf_has(now, setting, to))
		return false;
	return setting != VF_DRIVER || to->form != VALUE_DEFAULT ||
	       !lacks_default_driver(draft, now);
}

/* Whether this process has written another value there, of which the driver reports the same. */
static bool has_twin(const struct draft *draft, enum vf_setting setting, const struct value *to,
		     const struct vf *now)
{
	const struct step_target target = { step_kind_of(setting), now->index, setting };
	struct value twin;

	return draft->knowledge && driver_reading_twin(draft->driver, setting, to, &twin) &&
	       knowledge_is_written(draft->knowledge, &target, &twin);
}

/* What the value that is reported says of it. */
static enum driver_reading reading_of_reported(const struct draft *draft, enum vf_setting setting,
					       const struct value *to, const struct vf *now)
{
	enum driver_reading reading = driver_reading(draft->driver, draft->observed->speed, setting,
						     to, VALUES_GET(&now->settings, setting));

	return reading == READS_AS_WANTED && has_twin(draft, setting, to, now) ? READS_NOTHING
									       : reading;
}

static enum driver_reading reading_of(const struct draft *draft, enum vf_setting setting,
				      const struct value *to, const struct vf *now)
{
	const struct value *from = now ? VALUES_GET(&now->settings, setting) : NULL;

	if (from && (vf_settings[setting].layer == VF_LAYER_FUNCTION || setting == VF_MSIX_VECTORS))
		return reading_of_reported(draft, setting, to, now);
	return is_as_wanted(draft, setting, to, now) ? READS_AS_WANTED : READS_OTHERWISE;
}

/* Who seems to use a VF that nothing was noted of may only be a driver that begins. */
static bool may_be_unused(const struct draft *draft, const struct step *step, const struct vf *now)
{
	return step->first && vf_is_held(now) && draft->knowledge &&
	       knowledge_users(draft->knowledge, now->index) == USERS_NOT_YET;
}

/* Of a VF that has a value which it is given once: from now on that is left to others. */
static void count_as_given(struct draft *draft, uint32_t vf, enum vf_setting setting)
{
	if (vf < draft->plan->n_once)
		draft->plan->once[vf].note |= SETTING_BIT(setting);
}

/* A step to what cannot be told yet. */
static int add_untold(struct draft *draft, const struct step_target *target, const struct value *to,
		      const struct value *from, bool once)
{
	struct step step = { .target = *target, .to = *to, .once = once };

	step.from_known = from;
	step.from = from ? *from : step.from;
	step.waits = STEP_WAITS_LINK;
	step.has_event = true;
	return draft_add(draft, &step);
}

/* A step to the value, unless there is nothing to do. now is NULL for a VF that is still to be
 * created. */
static int add_setting(struct draft *draft, const struct vf *want, enum vf_setting setting,
		       const struct vf *now)
{
	const struct step_target target = { step_kind_of(setting), want->index, setting };
	const struct value *to = &want->settings.value[setting];
	bool once = want->once & SETTING_BIT(setting);
	const struct value *from = now ? VALUES_GET(&now->settings, setting) : NULL;
	enum driver_reading reading;
	struct step step;
	bool has;
	int r;

	if (to->form == VALUE_PERCENT)
		return add_untold(draft, &target, to, from, once);
	reading = reading_of(draft, setting, to, now);
	has = reading == READS_AS_WANTED;
	if (has && once)
		count_as_given(draft, want->index, setting);
	if (has && (once || !is_doubtful(draft, &target, to)))
		return 0;
	step = (struct step){ .target = target, .to = *to, .once = once };
	step.first = once && now && !(now->given.due & SETTING_BIT(setting));
	step.blind = has || reading == READS_NOTHING || (now && !is_readable(setting, now, from));
	if (step.blind && draft->knowledge &&
	    knowledge_is_written(draft->knowledge, &step.target, to)) {
		if (once)
			count_as_given(draft, want->index, setting);
		return 0;
	}
	step.from_known = from;
	step.from = from ? *from : step.from;
	if (vf_settings[setting].layer == VF_LAYER_NETDEV && now && now->settling)
		step.waits = STEP_WAITS_UDEV;
	step.disruption = disruption_of(draft, setting, now);
	step.depends_on_user = depends_on_user(draft, &step, now);
	if (driver_answer(draft->driver, setting, to, NULL) == DRIVER_REFUSES)
		step.refuser = draft->driver->name;
	if (may_be_unused(draft, &step, now)) {
		step.waits = STEP_WAITS_USERS;
		draft->plan->awaits_users = true;
		return draft_add(draft, &step);
	}
	r = guard_user(draft, now, &step);
	return r < 0 ? r : draft_add(draft, &step);
}

/* A new VF is what "default" asks for. */
static bool comes_by_itself(enum vf_setting setting, const struct value *to, const struct vf *now)
{
	return setting == VF_DRIVER && to->form == VALUE_DEFAULT && !now;
}

/* A driver that a VF whose settings are not there yet is to have: it waits for those; not for ever
 * where only time is missing. */
static bool is_too_early(const struct draft *draft, enum vf_setting setting, const struct vf *want,
			 const struct vf *now, bool unready)
{
	const struct value *to = VALUES_GET(&want->settings, setting);

	if (!to || setting != VF_DRIVER || to->form == VALUE_NONE ||
	    is_as_wanted(draft, setting, to, now))
		return false;
	return withheld_is_change(draft, want, now) || (unready && draft_holds_back(draft));
}

/* Those of the settings that are in the mask, and are not left as they are. */
static int add_vf(struct draft *draft, uint64_t mask, const struct vf *want, const struct vf *now,
		  bool unready)
{
	for (uint64_t rest = want->settings.present & mask & ~draft_left(draft, want, now); rest;) {
		const enum vf_setting i = setting_take(&rest);
		const struct value *to = &want->settings.value[i];
		int r;

		if (comes_by_itself(i, to, now))
			continue;
		if (is_too_early(draft, i, want, now, unready)) {
			draft->plan->holds_back = true;
			continue;
		}
		r = add_setting(draft, want, i, now);
		if (r < 0)
			return r;
	}
	return 0;
}

static uint64_t settings_of(enum vf_layer layer)
{
	uint64_t mask = 0;

	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].layer == layer)
			mask |= SETTING_BIT(i);
	return mask;
}

/* Whether the VF is there as far as settings of the layer are concerned. A network device that is
 * not here is somebody else's, or nobody's. */
static bool is_there(enum vf_layer layer, const struct vf *now)
{
	switch (layer) {
	case VF_LAYER_FUNCTION:
		return now->reported;
	case VF_LAYER_NETDEV:
		return now->ifname;
	default:
		return true;
	}
}

/* Whether settings of the VF that come before its driver, the mask of those, have to be tried again
 * soon. cursor, 0 at first, is kept from one VF to the next. */
static bool is_unready(const struct draft *draft, const struct vf *now, const struct vf *want,
		       uint64_t mask, size_t *cursor)
{
	const struct plan *plan = draft->plan;
	bool unready = now && !now->reported &&
		       (want->settings.present & mask & ~draft_kept(draft, want, now));

	for (; *cursor < plan->n_steps; (*cursor)++) {
		const struct step *step = &plan->steps[*cursor];

		if (step->target.kind > STEP_VF_SETTING ||
		    (step->target.kind == STEP_VF_SETTING && step->target.vf > want->index))
			break;
		if (step->target.kind == STEP_VF_SETTING && step->target.vf == want->index)
			unready = unready || draft_is_unready(step);
	}
	return unready;
}

bool vf_steps_are_wanted(const struct draft *draft, enum vf_layer layer)
{
	const struct pf *desired = draft->desired, *observed = draft->observed;
	uint64_t wanted = 0;

	for (uint32_t i = 0; i < desired->n_vfs; i++) {
		const struct vf *want = &desired->vfs[i];
		const struct vf *now = draft->resizes ? NULL : pf_vf(observed, i);

		wanted |= (want->settings.present | want->awaited) & ~draft_kept(draft, want, now);
	}
	return wanted & settings_of(layer);
}

/* What counts as given and is not noted so: the VF was somebody's before it was seen, and is left
 * alone, too, once he has gone. */
static uint64_t find_unnoted(const struct draft *draft, const struct vf *want, const struct vf *now)
{
	const struct given *given = &now->given;
	bool lasts =
		draft->knowledge && knowledge_users(draft->knowledge, now->index) == USERS_LASTING;
	uint64_t counts = lasts ? draft_left(draft, want, now) : want->once & given->done;

	return given->untold ? 0 : counts & ~(given->done & ~given->guessed);
}

static uint64_t find_changed(const struct draft *draft, uint64_t left, const struct vf *want,
			     const struct vf *now)
{
	uint64_t changed = 0;

	for (uint64_t rest = left & want->settings.present; rest;) {
		const enum vf_setting i = setting_take(&rest);
		const struct value *to = &want->settings.value[i];

		if (to->form != VALUE_PERCENT &&
		    is_readable(i, now, VALUES_GET(&now->settings, i)) &&
		    is_there(vf_settings[i].layer, now) &&
		    reading_of(draft, i, to, now) == READS_OTHERWISE)
			changed |= SETTING_BIT(i);
	}
	return changed;
}

int vf_steps_note_once(struct draft *draft)
{
	const struct pf *desired = draft->desired, *observed = draft->observed;
	struct plan *plan = draft->plan;
	uint64_t once = 0;

	for (uint32_t i = 0; i < desired->n_vfs; i++)
		once |= desired->vfs[i].once;
	if (!once || draft->resizes)
		return 0;
	plan->once = arena_array(plan->arena, observed->n_vfs, sizeof(*plan->once));
	if (!plan->once)
		return -ENOMEM;
	plan->n_once = observed->n_vfs;
	for (uint32_t i = 0; i < plan->n_once && i < desired->n_vfs; i++) {
		const struct vf *want = &desired->vfs[i], *now = &observed->vfs[i];
		const uint64_t left = draft_left(draft, want, now);

		plan->once[i] = (struct plan_once){
			.left = left,
			.changed = find_changed(draft, left, want, now),
			.note = find_unnoted(draft, want, now),
		};
	}
	return 0;
}

int vf_steps_add(struct draft *draft, enum vf_layer layer)
{
	const struct pf *desired = draft->desired, *observed = draft->observed;
	const uint64_t mask = settings_of(layer), function = settings_of(VF_LAYER_FUNCTION);
	size_t cursor = 0;

	if (!vf_steps_are_wanted(draft, layer) &&
	    !(layer == VF_LAYER_DEVICE && draft->driver->taken_at_bind))
		return 0;
	if (layer == VF_LAYER_FUNCTION)
		draft_need_netdev(draft);
	for (uint32_t i = 0; i < desired->n_vfs; i++) {
		const struct vf *want = &desired->vfs[i];
		const struct vf *now = pf_vf(observed, i);
		bool unready = layer == VF_LAYER_DEVICE && !draft->resizes &&
			       is_unready(draft, now, want, function, &cursor);
		int r = 0;

		if (layer == VF_LAYER_DEVICE && !draft->resizes && now)
			r = rebinding_add(draft, want, now);
		if (r < 0)
			return r;
		if (draft->resizes)
			r = add_vf(draft, mask, want, NULL, false);
		else if (now && is_there(layer, now))
			r = add_vf(draft, mask, want, now, unready);
		else if (now && layer == VF_LAYER_FUNCTION &&
			 (want->settings.present & mask & ~draft_kept(draft, want, now)))
			draft->plan->n_missing++;
		if (r < 0)
			return r;
	}
	return 0;
}
