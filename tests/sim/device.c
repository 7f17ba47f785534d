/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device.h"

#include <errno.h>
#include <linux/devlink.h>
#include <string.h>

#include "force.h"

#define VFIO "vfio-pci"

/* Events are late, lost or doubled as the history has it. */
static void put_event(struct world *world, uint64_t at, enum entry_kind kind, uint32_t a)
{
	if (world->events_lost)
		return;
	at += random_below(&world->random, 1 + world->events_late);
	queue_put(&world->queue, at, kind, a, 0);
	if (world->events_doubled)
		queue_put(&world->queue, at + random_below(&world->random, 50), kind, a, 0);
}

/* Only of a device that is up does the kernel report that a VF of it changed. */
void notify_link(struct world *world, const struct sim_pf *pf)
{
	if (pf->up && pf->ifindex)
		put_event(world, world->now + random_below(&world->random, 3), ENTRY_LINK_EVENT,
			  pf->ifindex);
}

void notify_device(struct world *world, const struct sim_pf *pf, uint64_t at)
{
	put_event(world, at + random_between(&world->random, 1, 20), ENTRY_DEVICE_EVENT,
		  pf->number);
}

/* Most drivers of VFs are told of another one; some go on with that which they have. */
struct mac device_address(const struct sim_pf *pf, const struct sim_vf *vf)
{
	return pf->profile->mac_at_bind ? vf->taken_mac : vf->now.value[VF_MAC].mac;
}

bool device_is_mute(const struct sim_pf *pf, uint32_t vf)
{
	return pf->mute || (pf->profile->lists_at_most && vf >= pf->profile->lists_at_most);
}

bool device_has_netdev(const struct world *world, const struct sim_vf *vf)
{
	return vf->driver[0] && strcmp(vf->driver, VFIO) && world->now >= vf->netdev_at &&
	       vf->use != USE_NETNS;
}

bool device_is_resetting(const struct world *world, const struct sim_vf *vf)
{
	return world->now < vf->reset_until;
}

const char *device_user(const struct world *world, const struct sim_pf *pf, const struct sim_vf *vf)
{
	static const char *const users[USE_COUNT] = {
		[USE_VFIO] = "a virtual machine has it open",
		[USE_NETNS] = "its network device is in another network namespace",
		[USE_ADDRESS] = "its network device is up and has an address",
		[USE_RECORD] = "libvirt has noted it",
	};

	if (!pf->profile->vf_driver)
		return NULL;
	/* A driver that has not made its network device yet looks like one that has it elsewhere.
	 */
	if (!vf->use && vf->driver[0] && strcmp(vf->driver, VFIO) && world->now < vf->netdev_at &&
	    !pf->profile->class)
		return users[USE_NETNS];
	return users[vf->use];
}

const struct sim_vf *device_find_owed(const struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].owed[0])
			return &pf->vfs[i];
	return NULL;
}

const char *device_pf_user(enum pf_use use)
{
	static const char *const users[PF_USE_COUNT] = {
		[PF_USE_ADDRESS] = "its network device is up and has an address",
		[PF_USE_SESSION] = "an ssh session from 192.0.2.7",
		[PF_USE_FILES] = "nfs4 192.0.2.1:/home at /home",
	};

	return users[use];
}

bool device_pf_is_used(const struct sim_pf *pf)
{
	for (enum pf_use i = 0; i < PF_USE_COUNT; i++)
		if (pf->users[i])
			return true;
	return false;
}

bool device_pf_is_used_since(const struct sim_pf *pf, enum pf_use use, uint64_t time)
{
	return pf->users[use] && pf->users[use] <= time;
}

void device_reset_vf(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	vf->reset_until = world->now + pf->profile->reset_ms / 2 +
			  random_below(&world->random, pf->profile->reset_ms);
}

void device_refresh(struct world *world, struct sim_pf *pf)
{
	if (pf->carrier_at > world->now)
		return;
	pf->carrier_at = SIM_NEVER;
	pf->carrier = true;
	pf->carrier_ups++;
	if (pf->other_speed && pf->speed != UINT32_MAX)
		pf->speed = pf->speed == pf->profile->speed ? pf->speed / 2 : pf->profile->speed;
	force_link_up(pf);
	pf->other_speed = false;
}

/* The link follows the state and the cable, coming up after a while. */
static void update_link(struct world *world, struct sim_pf *pf)
{
	if (!pf->up || !pf->cable || !pf->bound) {
		pf->carrier = false;
		pf->carrier_at = SIM_NEVER;
	} else if (!pf->carrier && pf->carrier_at == SIM_NEVER) {
		pf->carrier_at = world->now + random_between(&world->random, 5, 2000);
		if (pf->ifindex)
			put_event(world, pf->carrier_at, ENTRY_LINK_EVENT, pf->ifindex);
	}
}

void device_set_up(struct world *world, struct sim_pf *pf, bool up)
{
	if (pf->up == up)
		return;
	/* That it goes down is reported too. */
	pf->up = true;
	notify_link(world, pf);
	pf->up = up;
	update_link(world, pf);
}

void device_set_cable(struct world *world, struct sim_pf *pf, bool in)
{
	pf->cable = in;
	notify_link(world, pf);
	update_link(world, pf);
}

void device_bounce(struct world *world, struct sim_pf *pf)
{
	pf->carrier = false;
	pf->carrier_at = SIM_NEVER;
	notify_link(world, pf);
	update_link(world, pf);
}

/* What the VF's driver is given by its PF, or makes up. */
static struct mac address_at_bind(const struct sim_pf *pf, const struct sim_vf *vf)
{
	bool reaches = pf->up || !pf->profile->mac_while_up;
	const struct mac *mac = &vf->now.value[VF_MAC].mac;

	return reaches && !mac_is_zero(mac)
		       ? *mac
		       : (struct mac){ { 2, 0, 0xaa, 0, 0, (uint8_t)(vf - pf->vfs) } };
}

void device_bind(struct world *world, struct sim_pf *pf, struct sim_vf *vf, const char *driver)
{
	if (world->before_bind)
		world->before_bind(world, pf, (uint32_t)(vf - pf->vfs));
	(void)snprintf(vf->driver, sizeof(vf->driver), "%s", driver);
	notify_device(world, pf, world->now);
	vf->n_altnames = 0;
	if (!strcmp(driver, VFIO))
		return;
	/* It has none, and it is settled. */
	vf->netdev_at = SIM_NEVER;
	vf->settled_at = 0;
	if (pf->profile->class)
		return;
	vf->ifindex = world->next_ifindex++;
	vf->mtu = 1500;
	vf->taken_mac = address_at_bind(pf, vf);
	vf->netdev_at = world->now + random_below(&world->random, pf->profile->netdev_ms);
	vf->settled_at = vf->netdev_at + random_below(&world->random, 300);
	notify_device(world, pf, vf->settled_at);
}

void device_unbind(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	vf->driver[0] = '\0';
	vf->n_altnames = 0;
	vf->ifindex = 0;
	vf->use = vf->use == USE_RECORD ? USE_RECORD : USE_NONE;
	notify_device(world, pf, world->now);
}

bool device_has_driver(const char *driver)
{
	for (size_t i = 0; i < n_profiles; i++)
		if (!strcmp(profiles[i].driver, driver) ||
		    (profiles[i].vf_driver && !strcmp(profiles[i].vf_driver, driver)))
			return true;
	return !strcmp(driver, VFIO);
}

bool device_takes(const struct sim_pf *pf, const char *driver)
{
	return !strcmp(driver, VFIO) || !strcmp(driver, pf->profile->vf_driver);
}

void device_probe(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	const char *driver = vf->override[0] ? vf->override : pf->profile->vf_driver;

	if (!vf->driver[0] && pf->profile->vf_driver && device_takes(pf, driver))
		device_bind(world, pf, vf, driver);
}

/* As the card has a new VF. */
static void new_vf(struct world *world, struct sim_pf *pf, uint32_t index)
{
	struct sim_vf *vf = &pf->vfs[index];
	const struct sim_vf kept = *vf;
	bool has_device = pf->profile->vf_driver;
	/* If somebody else makes as many as there were, nothing says of those without a device that
	 * they are new: what was refused to the ones before is tried again later. */
	uint64_t failed = world->ours || has_device ? 0 : vf->failed;

	*vf = (struct sim_vf){ .failed = failed };
	vf->instance = has_device ? ++world->instances : 0;
	if (pf->profile->keeps_settings && kept.now.present) {
		vf->now = kept.now;
		memcpy(vf->force, kept.force, sizeof(vf->force));
		return;
	}
	vf->now.present = pf->profile->settings;
	vf->now.value[VF_VLAN].vlan.protocol = 0x8100;
	vf->now.value[VF_SPOOF_CHECK].number =
		!(pf->driver->starts_off & SETTING_BIT(VF_SPOOF_CHECK));
	/* Some drivers make up an address. */
	if (pf->number == 1 && !(pf->driver->starts_off & SETTING_BIT(VF_MAC)))
		vf->now.value[VF_MAC].mac = (struct mac){ { 2, 0, 0xfe, 0, 0, (uint8_t)index } };
	if (pf->profile->msix_total)
		VALUES_SET(&vf->now, VF_MSIX_VECTORS, (struct value){ .number = 8 });
	if (pf->profile->vf_driver)
		VALUES_SET(&vf->now, VF_UNMANAGED, (struct value){ .number = 0 });
	force_begin(vf);
}

static void make_vfs(struct world *world, struct sim_pf *pf, uint32_t n)
{
	if (pf->profile->needs_up && !pf->up)
		return;
	if (pf->profile->makes_at_most && n > pf->profile->makes_at_most)
		n = pf->profile->makes_at_most;
	if (pf->profile->makes_all)
		n = pf->profile->makes_all;
	for (uint32_t i = 0; i < n; i++)
		new_vf(world, pf, i);
	pf->n_vfs = n;
	pf->owes_vfs = pf->owes_vfs && !n;
	for (uint32_t i = 0; i < n && pf->autoprobe; i++)
		device_probe(world, pf, &pf->vfs[i]);
	notify_device(world, pf, world->now);
}

void device_take(struct world *world, struct sim_pf *pf, struct sim_vf *vf)
{
	if (!pf->profile->vf_driver)
		return;
	if (vf->driver[0])
		device_unbind(world, pf, vf);
	(void)snprintf(vf->override, sizeof(vf->override), VFIO);
	device_bind(world, pf, vf, VFIO);
	vf->use = USE_VFIO;
	vf->used_since = world->now;
}

int device_set_numvfs(struct world *world, struct sim_pf *pf, uint32_t n)
{
	if (!pf->bound)
		return -ENOENT;
	if (pf->profile->totalvfs && n > pf->profile->totalvfs)
		return -ERANGE;
	if (n == pf->n_vfs)
		return 0;
	if (pf->profile->vfs_at_load)
		return pf->profile->limit_error;
	if (n && pf->n_vfs)
		return -EBUSY;
	if (n > pf->profile->limit)
		return pf->profile->limit_error;
	if (!n && pf->profile->none_error)
		return pf->profile->none_error;
	if (n)
		make_vfs(world, pf, n);
	else if (pf->profile->legacy_without_vfs)
		pf->eswitch[PF_ESWITCH_MODE] = DEVLINK_ESWITCH_MODE_LEGACY;
	pf->n_vfs = n ? pf->n_vfs : 0;
	if (pf->profile->bounces_carrier)
		device_bounce(world, pf);
	if (pf->profile->vf_driver)
		notify_device(world, pf, world->now);
	return 0;
}

/* How many VFs there are by nobody's wish. A number that is being written takes effect later. */
static void note_count_else(const struct world *world, struct sim_pf *pf)
{
	if (world->numbering != pf)
		pf->count_else = pf->n_vfs;
}

void device_unload(struct world *world, struct sim_pf *pf)
{
	pf->bound = false;
	pf->n_vfs = pf->asked = 0;
	note_count_else(world, pf);
	notify_link(world, pf);
	pf->ifindex = 0;
	pf->bonded = false;
	memset(pf->users, 0, sizeof(pf->users));
	pf->up = false;
	update_link(world, pf);
	notify_device(world, pf, world->now);
}

void device_load(struct world *world, struct sim_pf *pf)
{
	if (!pf->plugged || pf->bound)
		return;
	pf->bound = true;
	pf->ifindex = pf->profile->class ? 0 : world->next_ifindex++;
	pf->mtu = 1500;
	pf->carrier_ups = 0;
	pf->eswitch[PF_ESWITCH_MODE] = 0;
	pf->never = 0;
	/* Mostly it is there before the network device; some are late, and some very late. */
	if (random_percent(&world->random, 30))
		pf->devlink_at = world->now + random_below(&world->random, 8000);
	pf->settled_at = world->now + random_below(&world->random, 200);
	if (pf->profile->vfs_at_load)
		make_vfs(world, pf, pf->profile->vfs_at_load);
	note_count_else(world, pf);
	notify_device(world, pf, world->now);
	notify_device(world, pf, pf->settled_at);
}

void device_unplug(struct world *world, struct sim_pf *pf)
{
	device_unload(world, pf);
	pf->plugged = false;
	pf->destroyed = 0;
	notify_device(world, pf, world->now);
}

void device_plug(struct world *world, struct sim_pf *pf)
{
	if (pf->plugged)
		return;
	pf->plugged = true;
	pf->instance = ++world->instances;
	pf->autoprobe = pf->autoprobe_else = true;
	/* The note is of another device. */
	pf->noted = pf->owes_vfs = false;
	device_load(world, pf);
}

void device_rename(struct world *world, struct sim_pf *pf, const char *name)
{
	if (!pf->ifindex || pf->up)
		return;
	(void)snprintf(pf->ifname, sizeof(pf->ifname), "%s", name);
	pf->renamed = true;
	pf->settled_at = world->now + random_below(&world->random, 100);
	notify_device(world, pf, pf->settled_at);
}
