/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hand.h"

#include <linux/if_ether.h>
#include <string.h>

#include "device.h"
#include "setting.h"

/* Longer than anything takes. */
#define REST_MS	 20000

#define VFS_MOST 24u

/* What the VFs of a PF have of a setting. */
enum pattern {
	PATTERN_NONE,
	PATTERN_SAME,
	PATTERN_MOST,
	PATTERN_COUNT,
	PATTERN_HALVES,
	PATTERN_ANY
};

/* A number for a VF: VFs with the same have the same value, and those that follow each other values
 * that do. */
static uint32_t draw(struct random *random, enum pattern pattern, uint32_t vf, uint32_t n)
{
	switch (pattern) {
	case PATTERN_MOST:
		return random_percent(random, 80) ? 7 : random_below(random, 5);
	case PATTERN_COUNT:
		return random_percent(random, 90) ? 100 + vf : random_below(random, 300);
	case PATTERN_HALVES:
		return vf < n / 2 ? 3 : 40 + vf;
	case PATTERN_ANY:
		return random_below(random, 12);
	default:
		return 9;
	}
}

static struct value make(struct random *random, enum vf_setting setting, uint32_t number)
{
	switch (vf_settings[setting].type) {
	case VALUE_MAC:
		/* Nobody has the same one for all. */
		return (struct value){ .mac = number % 11 == 3
						      ? (struct mac){ 0 }
						      : (struct mac){ { 2, 0, 0, 0,
									(uint8_t)(number >> 8),
									(uint8_t)number } } };
	case VALUE_VLAN:
		return (struct value){ .vlan = { (uint16_t)(number % 6 == 5 ? 0 : number + 1),
						 random_percent(random, 5) ? 3 : 0, ETH_P_8021Q } };
	case VALUE_BOOL:
		return (struct value){ .number = number & 1 };
	case VALUE_CHOICE:
		return (struct value){ .number = number % 3 };
	default:
		return (struct value){ .number = number % 4 * 250 };
	}
}

static void set_rate(struct world *world, struct sim_pf *pf, uint32_t vf, enum vf_setting setting,
		     uint64_t rate)
{
	const struct value *now = pf->vfs[vf].now.value;

	if (setting == VF_MIN_TX_RATE)
		(void)setting_write_rates(world, pf, vf, rate, now[VF_MAX_TX_RATE].number);
	else
		(void)setting_write_rates(world, pf, vf, now[VF_MIN_TX_RATE].number, rate);
}

static void set_functions(struct world *world, struct random *random, struct sim_pf *pf,
			  enum vf_setting setting)
{
	enum pattern pattern = random_below(random, PATTERN_ANY + 1);

	for (uint32_t i = 0; pattern != PATTERN_NONE && i < pf->n_vfs; i++) {
		const struct value value =
			make(random, setting, draw(random, pattern, i, pf->n_vfs));

		pf->vfs[i].reset_until = 0;
		if (vf_settings[setting].type == VALUE_RATE)
			set_rate(world, pf, i, setting, value.number);
		else
			(void)setting_write(world, pf, i, setting, &value);
	}
}

static void set_driver(struct world *world, struct random *random, struct sim_pf *pf, uint32_t i)
{
	static const char *const overrides[] = { "", "", "", "vfio-pci", "none" };
	struct sim_vf *vf = &pf->vfs[i];
	struct value value = { .name = "vfio-pci" };

	if (random_percent(random, 30))
		(void)setting_write_vf(world, pf, i, VF_DRIVER, &value);
	if (random_percent(random, 15) && vf->driver[0])
		device_unbind(world, pf, vf);
	if (random_percent(random, 20))
		(void)snprintf(vf->override, sizeof(vf->override), "%s",
			       overrides[random_below(random, 5)]);
}

static void set_devices(struct world *world, struct random *random, struct sim_pf *pf)
{
	bool drivers = random_percent(random, 40), names = random_percent(random, 40);

	for (uint32_t i = 0; pf->profile->vf_driver && i < pf->n_vfs; i++) {
		struct value value = { .number = random_percent(random, 50) ? 1500 : 1400 };
		char name[32];

		if (drivers)
			set_driver(world, random, pf, i);
		if (random_percent(random, 10))
			(void)setting_write_vf(world, pf, i, VF_MTU, &value);
		value.number = random_percent(random, 50);
		if (random_percent(random, 20))
			(void)setting_write_vf(world, pf, i, VF_UNMANAGED, &value);
		(void)snprintf(name, sizeof(name),
			       random_percent(random, 80) ? "p%u-vf%u" : "x%uy%u", pf->number, i);
		value.name = name;
		if (names && device_has_netdev(world, &pf->vfs[i]) && !pf->vfs[i].n_altnames)
			(void)setting_write_vf(world, pf, i, VF_ALTNAME, &value);
	}
}

static void set_count(struct world *world, struct random *random, struct sim_pf *pf)
{
	uint32_t most = pf->profile->limit < VFS_MOST ? pf->profile->limit : VFS_MOST;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (device_is_used(&pf->vfs[i]))
			return;
	(void)device_set_numvfs(world, pf, 0);
	(void)device_set_numvfs(world, pf, random_between(random, 1, most));
}

static void rest(struct world *world)
{
	world->now += REST_MS;
	for (uint32_t i = 0; i < world->n_pfs; i++)
		device_refresh(world, &world->pfs[i]);
}

static void set_pf(struct world *world, struct random *random, struct sim_pf *pf)
{
	if (random_percent(random, 70))
		set_count(world, random, pf);
	if (random_percent(random, 20) && pf->ifindex)
		device_set_up(world, pf, random_percent(random, 50));
	if (random_percent(random, 20) && pf->ifindex)
		pf->mtu = 1400;
	if (random_percent(random, 20))
		pf->autoprobe = pf->profile->vf_driver && random_percent(random, 50);
	if (random_percent(random, 20) && setting_has_eswitch(pf))
		(void)setting_write_eswitch(pf, PF_ESWITCH_MODE, random_percent(random, 50));
	rest(world);
	for (enum vf_setting i = 0; i <= VF_TRUST; i++)
		set_functions(world, random, pf, i);
	set_devices(world, random, pf);
}

void hand_set_up(struct world *world, uint64_t seed)
{
	struct random random = { seed ^ UINT64_C(0x4a4d) };

	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged && world->pfs[i].bound)
			set_pf(world, &random, &world->pfs[i]);
	rest(world);
}
