/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VFs of a drive that are there, and dead: secondary controllers of NVMe have no resources and are
 * offline until somebody says otherwise by commands to the primary one (Virtualization Management
 * in the NVM Express Base Specification), and nvme gives up what does not get ready. */

#include <errno.h>
#include <string.h>

#include "model/driver.h"
#include "policy/resolve/resolver.h"
#include "util/text.h"

/* What is known of whether a VF does anything. */
enum life { ALIVE, DEAD, LIFE_UNKNOWN };

/* Whether drivers take VFs by themselves, and will. */
static bool autoprobes(const struct resolver *resolver)
{
	const struct pf *pf = resolver->observed;
	const struct value *want =
		VALUES_GET(&resolver->desired->pf->settings, PF_DRIVERS_AUTOPROBE);
	const struct value *now = VALUES_GET(&pf->settings, PF_DRIVERS_AUTOPROBE);

	return !pf->drivers_held && now && now->number && (!want || want->number);
}

/* Whether no driver is to have it, or another than nvme, which the plan sees to. */
static bool is_for_none(const struct resolver *resolver, const struct vf *vf)
{
	const struct vf *desired = pf_vf(resolver->desired->pf, vf->index);
	const struct value *want = desired ? VALUES_GET(&desired->settings, VF_DRIVER) : NULL;

	if (want && want->form == VALUE_PLAIN)
		return strcmp(want->name, "nvme") != 0;
	return want ? want->form == VALUE_NONE : vf->driver_override || !autoprobes(resolver);
}

static enum life life_of(const struct resolver *resolver, const struct vf *vf)
{
	/* Its device is not there yet, or it is in the midst of something. */
	if (!(vf->settings.present & SETTING_BIT(VF_DRIVER)) || vf->owed_driver)
		return LIFE_UNKNOWN;
	if (!vf_is_bound(vf))
		return is_for_none(resolver, vf) ? ALIVE : DEAD;
	if (!vf_has_driver(vf, "nvme") || !vf->controller)
		return LIFE_UNKNOWN;
	return strcmp(vf->controller, "live") ? DEAD : ALIVE;
}

/* "2, 4-7" */
static void append_dead(const struct resolver *resolver, struct text *out)
{
	const struct pf *pf = resolver->observed;

	for (uint32_t first = 0, end; first < pf->n_vfs; first = end + 1) {
		for (end = first; end < pf->n_vfs; end++)
			if (life_of(resolver, &pf->vfs[end]) != DEAD)
				break;
		if (end == first)
			continue;
		text_printf(out, out->length ? ", %u" : "%u", first);
		if (end - first > 1)
			text_printf(out, "-%u", end - 1);
	}
}

static const struct origin *origin_of(const struct resolver *resolver)
{
	const struct desired *desired = resolver->desired;
	const struct value *vfs = VALUES_GET(&desired->pf->settings, PF_VFS);

	return vfs ? vfs->origin : &desired->rules[desired->n_rules - 1]->origin;
}

int resolve_offline(struct resolver *resolver)
{
	const struct driver *driver = driver_of(resolver->observed->driver);
	CLEANUP_TEXT struct text dead = { 0 };

	if (!driver_does(driver, DRIVER_VFS_OFFLINE) || !resolver->desired->n_rules)
		return 0;
	append_dead(resolver, &dead);
	if (dead.failed)
		return -ENOMEM;
	if (!dead.length)
		return 0;
	return resolver_problem(
		resolver, origin_of(resolver),
		arena_printf(resolver->arena,
			     "dead: VF %s: a VF of an NVMe drive does nothing before it is given "
			     "resources and set online ('nvme virt-mgmt'), and a driver probes it "
			     "then",
			     text_string(&dead)));
}
