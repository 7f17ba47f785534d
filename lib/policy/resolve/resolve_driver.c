/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the PF's driver is known to accept of VFs' settings and not to carry out. */

#include <linux/devlink.h>

#include "model/driver_reading.h"
#include "policy/resolve/resolver.h"

/* What a rule wants of the eswitch, else what is. */
static bool will_be_switchdev(const struct resolver *resolver)
{
	const struct value *want = VALUES_GET(&resolver->desired->pf->settings, PF_ESWITCH_MODE);

	if (!want)
		want = VALUES_GET(&resolver->observed->settings, PF_ESWITCH_MODE);
	return want && want->number == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

static bool is_switchdev(const struct resolver *resolver)
{
	const struct value *now = VALUES_GET(&resolver->observed->settings, PF_ESWITCH_MODE);

	return now && now->number == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

/* Whether the value is what the VF has, as far as can be read. */
static bool is_there(const struct resolver *resolver, const struct driver *driver, uint32_t vf,
		     enum vf_setting setting, const struct value *want)
{
	const struct vf *observed = pf_vf(resolver->observed, vf);
	const struct value *now = observed ? VALUES_GET(&observed->settings, setting) : NULL;

	return now && driver_reading(driver, resolver->observed->speed, setting, want, now) ==
			      READS_AS_WANTED;
}

/* Why the value is not, or will not be, in force: what stands before and behind the driver's name;
 * NULL: nothing is known against it. */
struct lack {
	const char *before, *behind;
};

static const struct lack *find_lack(const struct resolver *resolver, const struct driver *driver,
				    uint32_t vf, enum vf_setting setting, const struct value *want)
{
	static const struct lack ignored = { "is accepted by", " and does nothing" };
	static const struct lack idle = { "is not in force in switchdev mode of", "" };
	static const struct lack fixed = { "cannot be changed in switchdev mode of", "" };
	uint64_t bit = SETTING_BIT(setting);

	if (driver_answer(driver, setting, want, NULL) == DRIVER_IGNORES)
		return &ignored;
	if (!will_be_switchdev(resolver))
		return NULL;
	if (driver->idle_in_switchdev & bit)
		return &idle;
	if ((driver->fixed_in_switchdev & bit) && is_switchdev(resolver) &&
	    !is_there(resolver, driver, vf, setting, want))
		return &fixed;
	return NULL;
}

/* On the way to switchdev mode it is in force still, and VFs are to have it. */
static bool is_in_force_yet(const struct resolver *resolver, const struct driver *driver,
			    enum vf_setting setting)
{
	return (driver->idle_in_switchdev & SETTING_BIT(setting)) && !is_switchdev(resolver);
}

static int check_vf(struct resolver *resolver, const struct driver *driver, struct vf *vf,
		    enum vf_setting setting)
{
	const struct value *want = VALUES_GET(&vf->settings, setting);
	const struct lack *lack =
		want ? find_lack(resolver, driver, vf->index, setting, want) : NULL;

	if (!lack)
		return 0;
	if (!is_in_force_yet(resolver, driver, setting))
		vf->settings.present &= ~SETTING_BIT(setting);
	return resolver_problem(resolver, want->origin,
				arena_printf(resolver->arena, "'%s' %s %s%s",
					     vf_settings[setting].key, lack->before, driver->name,
					     lack->behind));
}

static bool stays_down(const struct resolver *resolver)
{
	const struct value *want = VALUES_GET(&resolver->desired->pf->settings, PF_UP);

	return pf_is_down(resolver->observed) && !(want && want->number);
}

/* igbvf_probe() in igbvf/netdev.c and ixgbevf_sw_init() in ixgbevf/ixgbevf_main.c, below
 * drivers/net/ethernet/intel/, ask the PF for the address, and make one up where it is down. */
static int check_address(struct resolver *resolver, const struct driver *driver,
			 const struct vf *vf)
{
	const struct value *mac = VALUES_GET(&vf->settings, VF_MAC);

	if (!mac || mac_is_zero(&mac->mac) || !driver_does(driver, DRIVER_BINDS_UP) ||
	    !stays_down(resolver))
		return 0;
	return resolver_problem(
		resolver, mac->origin,
		arena_printf(
			resolver->arena,
			"'mac' does not reach drivers of VFs while the PF is down, with %s, and "
			"none is let at a VF until it is up; 'pf-up: true' brings it up",
			driver->name));
}

/* What spoof-check is worth without an address that the PF has set. */
static int check_spoof(struct resolver *resolver, const struct driver *driver, const struct vf *vf)
{
	const struct value *spoof = VALUES_GET(&vf->settings, VF_SPOOF_CHECK);
	const struct value *mac = VALUES_GET(&vf->settings, VF_MAC);

	if (!spoof || !spoof->number || !driver->spoof_without_mac ||
	    (mac && !mac_is_zero(&mac->mac)))
		return 0;
	return resolver_remark(resolver, spoof->origin,
			       arena_printf(resolver->arena, "'spoof-check' without 'mac': %s",
					    driver->spoof_without_mac));
}

static int check_vfs(struct resolver *resolver, const struct driver *driver,
		     int (*check)(struct resolver *resolver, const struct driver *driver,
				  const struct vf *vf))
{
	const struct pf *pf = resolver->desired->pf;
	int r = 0;

	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		r = check(resolver, driver, &pf->vfs[i]);
	return r;
}

int resolve_driver(struct resolver *resolver)
{
	const struct driver *driver = driver_of(resolver->observed->driver);
	struct pf *pf = resolver->desired->pf;
	int r = 0;

	/* A setting at a time, so that each is said once for all VFs that have it from one place.
	 */
	for (enum vf_setting i = 0; driver->name && i < VF_SETTING_COUNT; i++)
		for (uint32_t k = 0; r >= 0 && k < pf->n_vfs; k++)
			r = check_vf(resolver, driver, &pf->vfs[k], i);
	if (r >= 0)
		r = check_vfs(resolver, driver, check_address);
	return r < 0 ? r : check_vfs(resolver, driver, check_spoof);
}
