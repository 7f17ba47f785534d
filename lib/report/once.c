/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/once.h"

#include "document/build.h"

static bool is_in(uint64_t mask, enum vf_setting setting)
{
	return mask & SETTING_BIT(setting);
}

const char *once_describe(const struct vf *now, enum vf_setting setting, bool changed)
{
	if (!now)
		return "at creation only";
	if (now->given.untold)
		return "at creation only; whether it was given cannot be told: left as it is";
	if (is_in(now->given.open, setting))
		return "at creation only; whether it was given is seen once the VF is reported";
	if (!is_in(given_left(&now->given, vf_is_held(now)), setting))
		return "at creation only; not given yet";
	if (!is_in(now->given.done, setting))
		return "at creation only; in use before it was given: left as it is";
	return changed ? "given at creation, another by now: left as it is" : "given at creation";
}

void once_set(struct json_object **object, const struct vf *now, enum vf_setting setting)
{
	build_set_text(object, "enforce", "at-creation");
	if (now && !now->given.untold && !is_in(now->given.open, setting))
		build_set_bool(object, "given", is_in(now->given.done, setting));
}

bool once_is_changed(const struct plan *plan, uint32_t vf, enum vf_setting setting)
{
	return plan && vf < plan->n_once && is_in(plan->once[vf].changed, setting);
}

size_t once_count_changed(const struct plan *plan)
{
	size_t count = 0;

	for (uint32_t i = 0; plan && i < plan->n_once; i++)
		count += (size_t)__builtin_popcountll(plan->once[i].changed);
	return count;
}
