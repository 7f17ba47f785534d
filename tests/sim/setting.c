/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting.h"

#include <errno.h>
#include <linux/devlink.h>
#include <linux/if_ether.h>
#include <string.h>

#include "device.h"
#include "force.h"

#define RATES (SETTING_BIT(VF_MIN_TX_RATE) | SETTING_BIT(VF_MAX_TX_RATE))

/* A reserved VF is shown to the driver whatever its IDs (pci_match_device() in
 * drivers/pci/pci-driver.c); the answer is the driver's own, and this is igb's. */
#define BIND_REFUSED (-EINVAL)

/* What a condition is about. */
struct question {
	const struct world *world;
	const struct sim_pf *pf;
	const struct sim_vf *vf;
	enum vf_setting setting;
	const struct value *value;
	uint64_t min, max; /* of rates */
};

static bool holds(const struct question *question, enum condition condition)
{
	const struct value *value = question->value;
	const struct sim_pf *pf = question->pf;

	switch (condition) {
	case IF_MULTICAST:
		return mac_is_multicast(&value->mac);
	case IF_NO_CARRIER:
		return !pf->carrier;
	case IF_OVER_SPEED:
		return value->number > pf->speed;
	case IF_RATE_HOLDS:
		return force_of(pf, question->vf, VF_MAX_TX_RATE).number &&
		       !force_has_rates(&value->vlan);
	case IF_UNDER_PERCENT:
		return value->number && pf->carrier && value->number < pf->speed / 100;
	case IF_MIN_OVER_MAX:
		return question->max && question->min > question->max;
	case IF_RESETTING:
		return device_is_resetting(question->world, question->vf);
	case IF_EVER:
	case IF_INFINIBAND:
		return true;
	}
	return false;
}

static int ask_rows(const struct question *question, const struct refusal_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((rows[i].settings & SETTING_BIT(question->setting)) && rows[i].error &&
		    holds(question, rows[i].condition))
			return rows[i].error;
	return 0;
}

static bool is_fixed(const struct question *question)
{
	const struct sim_pf *pf = question->pf;

	return pf->driver->fixed_in_switchdev & SETTING_BIT(question->setting) &&
	       pf->eswitch[PF_ESWITCH_MODE] == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

/* What the core of rtnetlink says comes first, and what the driver says of the value last. */
static int ask(const struct question *question)
{
	int error = 0, r;

	if (driver_answer(question->pf->driver, question->setting, question->value, &error) !=
	    DRIVER_REFUSES)
		error = 0;
	if (error == -EOPNOTSUPP || is_fixed(question))
		return -EOPNOTSUPP;
	r = ask_rows(question, rtnetlink_refusals, RTNETLINK_REFUSALS);
	if (r >= 0)
		r = ask_rows(question, question->pf->profile->refusals, PROFILE_REFUSALS_MAX);
	return r < 0 ? r : error;
}

int setting_refuses_rates(const struct world *world, const struct sim_pf *pf, uint32_t i,
			  uint64_t min, uint64_t max)
{
	const struct value values[] = { { .number = min }, { .number = max } };
	struct question question = { world, pf, &pf->vfs[i], VF_MIN_TX_RATE, &values[0], min, max };
	int r = i < pf->n_vfs ? ask(&question) : -EINVAL;

	question.setting = VF_MAX_TX_RATE;
	question.value = &values[1];
	return r < 0 ? r : ask(&question);
}

int setting_refusal(const struct world *world, const struct sim_pf *pf, uint32_t i,
		    enum vf_setting setting, const struct value *value)
{
	struct question question = { world, pf, &pf->vfs[i], setting, value, 0, 0 };

	return i < pf->n_vfs ? ask(&question) : -EINVAL;
}

static void change(struct world *world, struct sim_pf *pf, struct sim_vf *vf,
		   enum vf_setting setting, const struct value *value)
{
	bool same = value_equal(&vf_settings[setting], &vf->now.value[setting], value);
	uint64_t bit = SETTING_BIT(setting);

	if (force_is_ignored(pf, setting, value))
		return;
	force_write(pf, vf, setting, value);
	if (pf->profile->reset_ms &&
	    ((pf->profile->resets_even_unchanged & bit) || (!same && (pf->profile->resets & bit))))
		device_reset_vf(world, pf, vf);
}

int setting_write(struct world *world, struct sim_pf *pf, uint32_t i, enum vf_setting setting,
		  const struct value *value)
{
	int r = setting_refusal(world, pf, i, setting, value);

	if (r >= 0)
		change(world, pf, &pf->vfs[i], setting, value);
	return r;
}

int setting_write_rates(struct world *world, struct sim_pf *pf, uint32_t i, uint64_t min,
			uint64_t max)
{
	int r = setting_refuses_rates(world, pf, i, min, max);

	if (r < 0)
		return r;
	change(world, pf, &pf->vfs[i], VF_MIN_TX_RATE, &(struct value){ .number = min });
	change(world, pf, &pf->vfs[i], VF_MAX_TX_RATE, &(struct value){ .number = max });
	return 0;
}

static bool has_name(const struct sim_vf *vf, const char *name)
{
	for (uint32_t i = 0; i < vf->n_altnames; i++)
		if (!strcmp(vf->altnames[i], name))
			return true;
	return false;
}

static bool is_name_taken(const struct world *world, const struct sim_vf *vf, const char *name)
{
	for (uint32_t p = 0; p < world->n_pfs; p++) {
		const struct sim_pf *pf = &world->pfs[p];

		if (pf->ifindex && !strcmp(pf->ifname, name))
			return true;
		for (uint32_t i = 0; i < pf->n_vfs; i++)
			if (&pf->vfs[i] != vf && device_has_netdev(world, &pf->vfs[i]) &&
			    has_name(&pf->vfs[i], name))
				return true;
	}
	return false;
}

static int netdev_refusal(const struct world *world, const struct sim_pf *pf,
			  const struct sim_vf *vf, enum vf_setting setting,
			  const struct value *value)
{
	if (!device_has_netdev(world, vf))
		return -ENOENT;
	if (setting == VF_MTU)
		return value->number > pf->profile->mtu_max ? -EINVAL : 0;
	if (has_name(vf, value->name) || vf->n_altnames == SIM_ALTNAMES_MAX ||
	    strlen(value->name) >= sizeof(vf->altnames[0]) || is_name_taken(world, vf, value->name))
		return -EEXIST;
	return 0;
}

int setting_vf_refusal(const struct world *world, const struct sim_pf *pf, uint32_t i,
		       enum vf_setting setting, const struct value *value)
{
	if (!pf->profile->vf_driver)
		return -EOPNOTSUPP;
	if (setting == VF_MSIX_VECTORS && !pf->profile->msix_total)
		return -EOPNOTSUPP;
	if (i >= pf->n_vfs)
		return -ENOENT;
	if (vf_settings[setting].layer == VF_LAYER_NETDEV)
		return netdev_refusal(world, pf, &pf->vfs[i], setting, value);
	if (setting == VF_MSIX_VECTORS && value->number > 32)
		return -EINVAL;
	if (setting == VF_DRIVER && value->form == VALUE_PLAIN &&
	    strcmp(pf->vfs[i].driver, value->name) != 0) {
		if (!device_has_driver(value->name))
			return -ENOENT;
		return device_takes(pf, value->name) ? 0 : BIND_REFUSED;
	}
	return 0;
}

static void reserve(struct sim_vf *vf, const char *driver)
{
	(void)snprintf(vf->override, sizeof(vf->override), "%s", driver);
}

static void unbind(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	if (vf->driver[0])
		device_unbind(world, pf, vf);
}

/* As give_driver(), give_none() and give_default() in lib/kernel/device/vf_driver.c: also what is
 * refused leaves the VF reserved, and one that there is and does not want the VF is found out only
 * once that has lost the driver before it. */
static int write_driver(struct world *world, struct sim_pf *pf, struct sim_vf *vf,
			const struct value *value)
{
	bool given = vf->override[0] || !strcmp(vf->driver, "vfio-pci");

	switch (value->form) {
	case VALUE_NONE:
		reserve(vf, VF_DRIVER_NOBODY);
		unbind(world, pf, vf);
		return 0;
	case VALUE_DEFAULT:
		reserve(vf, "");
		if (given)
			unbind(world, pf, vf);
		/* Without a reservation the kernel binds only what it is to bind by itself. */
		if (pf->autoprobe)
			device_probe(world, pf, vf);
		return pf->autoprobe && !vf->driver[0] ? -ENOENT : 0;
	default:
		reserve(vf, value->name);
		if (!strcmp(vf->driver, value->name))
			return 0;
		if (!device_has_driver(value->name))
			return -ENOENT;
		unbind(world, pf, vf);
		device_probe(world, pf, vf);
		return vf->driver[0] ? 0 : BIND_REFUSED;
	}
}

void setting_take_off(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	if (!vf->driver[0])
		return;
	vf->rebound = vf->rebound || world_is_by_hand(world);
	memcpy(vf->owed, vf->driver, sizeof(vf->owed));
	device_unbind(world, pf, vf);
}

/* Its driver comes back: it had the VF as it is before. */
void setting_bind_again(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	bool ours = world->ours;

	world->ours = false;
	if (vf->owed[0] && !vf->driver[0] && strcmp(vf->override, VF_DRIVER_NOBODY) != 0)
		device_bind(world, pf, vf, vf->owed);
	vf->owed[0] = '\0';
	world->ours = ours;
}

static void rebind(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	setting_take_off(world, pf, vf);
	setting_bind_again(world, pf, vf);
}

static void write_msix(struct world *world, struct sim_pf *pf, struct sim_vf *vf,
		       const struct value *value)
{
	setting_take_off(world, pf, vf);
	force_write(pf, vf, VF_MSIX_VECTORS, &(struct value){ .number = value->number });
	setting_bind_again(world, pf, vf);
}

int setting_write_vf(struct world *world, struct sim_pf *pf, uint32_t i, enum vf_setting setting,
		     const struct value *value)
{
	struct sim_vf *vf = &pf->vfs[i];
	int r = setting_vf_refusal(world, pf, i, setting, value);

	if (r < 0 && (setting != VF_DRIVER || i >= pf->n_vfs || !pf->profile->vf_driver))
		return r;
	switch (setting) {
	case VF_DRIVER:
		return write_driver(world, pf, vf, value);
	case VF_MSIX_VECTORS:
		write_msix(world, pf, vf, value);
		return 0;
	case VF_MAC:
		rebind(world, pf, vf);
		return 0;
	case VF_UNMANAGED:
		force_write(pf, vf, setting, &(struct value){ .number = value->number });
		return 0;
	case VF_ALTNAME:
		(void)snprintf(vf->altnames[vf->n_altnames++], sizeof(vf->altnames[0]), "%s",
			       value->name);
		return 0;
	case VF_MTU:
		vf->mtu = (uint32_t)value->number;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

bool setting_has_eswitch(const struct sim_pf *pf)
{
	return pf->bound && pf->profile->eswitch != ESWITCH_NONE;
}

static bool is_any_bound(const struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].driver[0])
			return true;
	return false;
}

int setting_eswitch_refusal(const struct sim_pf *pf, enum pf_setting setting, uint64_t value)
{
	const struct profile *profile = pf->profile;

	if (!setting_has_eswitch(pf))
		return -EOPNOTSUPP;
	if (setting != PF_ESWITCH_MODE)
		return profile->eswitch == ESWITCH_WHILE_UNBOUND ? 0 : -EOPNOTSUPP;
	if (pf->eswitch[setting] == value)
		return profile->same_mode_error;
	if (profile->eswitch == ESWITCH_WITHOUT_ANY && pf->n_vfs)
		return -EOPNOTSUPP;
	if (profile->eswitch == ESWITCH_WHILE_UNBOUND && is_any_bound(pf))
		return -EBUSY;
	if (profile->eswitch == ESWITCH_WITH_ANY && !pf->n_vfs && value)
		return -EPERM;
	return 0;
}

int setting_write_eswitch(struct sim_pf *pf, enum pf_setting setting, uint64_t value)
{
	int r = setting_eswitch_refusal(pf, setting, value);

	if (r < 0)
		return r;
	/* In another mode VFs are others to whoever remembers what he wrote. */
	for (uint32_t i = 0; pf->eswitch[setting] != value && i < pf->n_vfs; i++)
		pf->vfs[i].known &= ~SETTING_BIT(VF_VLAN);
	pf->eswitch[setting] = value;
	/* No event reports it. */
	return 0;
}

static int write_eswitch(struct world *world, struct sim_pf *pf, const struct pf *seen,
			 enum pf_setting setting, const struct value *value)
{
	(void)world, (void)seen;
	return setting_write_eswitch(pf, setting, value->number);
}

static int write_autoprobe(struct world *world, struct sim_pf *pf, const struct pf *seen,
			   enum pf_setting setting, const struct value *value)
{
	bool on = value->number;

	(void)world, (void)setting;
	if (!pf->profile->vf_driver)
		return -ENOENT;
	pf->autoprobe_else = on;
	if (seen->drivers_held) {
		pf->noted = true;
		pf->note = on;
	}
	pf->autoprobe = on && !seen->drivers_held;
	return 0;
}

static int write_up(struct world *world, struct sim_pf *pf, const struct pf *seen,
		    enum pf_setting setting, const struct value *value)
{
	(void)seen, (void)setting, (void)value;
	device_set_up(world, pf, true);
	return 0;
}

static int write_mtu(struct world *world, struct sim_pf *pf, const struct pf *seen,
		     enum pf_setting setting, const struct value *value)
{
	(void)seen, (void)setting;
	if (value->number > pf->profile->mtu_max)
		return -EINVAL;
	pf->mtu = (uint32_t)value->number;
	notify_link(world, pf);
	return 0;
}

int setting_write_pf(struct world *world, struct sim_pf *pf, const struct pf *seen,
		     enum pf_setting setting, const struct value *value)
{
	static int (*const writers[PF_SETTING_COUNT])(
		struct world * world, struct sim_pf * pf, const struct pf *seen,
		enum pf_setting setting, const struct value *value) = {
		[PF_UP] = write_up,
		[PF_MTU] = write_mtu,
		[PF_DRIVERS_AUTOPROBE] = write_autoprobe,
		[PF_ESWITCH_MODE] = write_eswitch,
		[PF_ESWITCH_INLINE_MODE] = write_eswitch,
		[PF_ESWITCH_ENCAP_MODE] = write_eswitch,
	};

	return writers[setting] ? writers[setting](world, pf, seen, setting, value) : -EOPNOTSUPP;
}
