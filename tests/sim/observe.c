/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A simulated PF as struct kernel reports it. */

#include <errno.h>
#include <string.h>

#include "device.h"
#include "force.h"
#include "kernel/netlink/vf_report.h"
#include "setting.h"
#include "world.h"

static int observe_vf_device(const struct sim_pf *pf, const struct sim_vf *vf, struct arena *arena,
			     struct vf *ret)
{
	const uint64_t unread = pf->profile->unread;
	struct value driver = { .form = VALUE_NONE };

	if (vf->driver[0]) {
		driver = (struct value){ .name = arena_strdup(arena, vf->driver) };
		if (!driver.name)
			return -ENOMEM;
	}
	VALUES_SET(&ret->settings, VF_DRIVER, driver);
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].layer == VF_LAYER_DEVICE &&
		    (vf->now.present & ~unread & SETTING_BIT(i)))
			VALUES_SET(&ret->settings, i, force_reading(pf, vf, i, &vf->now.value[i]));
	if (vf->override[0]) {
		ret->driver_override = arena_strdup(arena, vf->override);
		if (!ret->driver_override)
			return -ENOMEM;
	}
	if (!vf->owed[0])
		return 0;
	ret->owed_driver = arena_strdup(arena, vf->owed);
	return ret->owed_driver ? 0 : -ENOMEM;
}

static int observe_vf_netdev(const struct world *world, const struct sim_pf *pf,
			     const struct sim_vf *vf, struct arena *arena, struct vf *ret)
{
	if (!device_has_netdev(world, vf))
		return 0;
	ret->ifindex = vf->ifindex;
	ret->ifname = arena_printf(arena, "%sv%u", pf->ifname, ret->index);
	ret->settling = world->now < vf->settled_at;
	VALUES_SET(&ret->settings, VF_MTU, (struct value){ .number = vf->mtu });
	taken_set(&ret->taken, VF_MAC, &(struct value){ .mac = device_address(pf, vf) });
	ret->altnames.items = arena_array(arena, vf->n_altnames, sizeof(*ret->altnames.items));
	if (!ret->ifname || !ret->altnames.items)
		return -ENOMEM;
	for (uint32_t i = 0; i < vf->n_altnames; i++) {
		ret->altnames.items[i] = arena_strdup(arena, vf->altnames[i]);
		if (!ret->altnames.items[i])
			return -ENOMEM;
	}
	ret->altnames.count = vf->n_altnames;
	return 0;
}

static bool is_any_resetting(const struct world *world, const struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (device_is_resetting(world, &pf->vfs[i]))
			return true;
	return false;
}

/* Whether the kernel's list has the VF. */
static bool is_listed(const struct world *world, const struct sim_pf *pf, uint32_t i)
{
	if (world->now < pf->truncated_until && i >= pf->truncated_to)
		return false;
	if (pf->profile->lists_at_most && i >= pf->profile->lists_at_most)
		return false;
	switch (pf->profile->hides_resetting) {
	case HIDES_VF:
		return !device_is_resetting(world, &pf->vfs[i]);
	case HIDES_ALL:
		return !is_any_resetting(world, pf);
	default:
		return true;
	}
}

static void observe_function(const struct sim_pf *pf, uint32_t index, struct vf *ret)
{
	const struct sim_vf *vf = &pf->vfs[index];

	*ret = (struct vf){ .index = index, .reported = true };
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].layer == VF_LAYER_FUNCTION &&
		    (vf->now.present & pf->profile->settings & SETTING_BIT(i)))
			VALUES_SET(&ret->settings, i, force_reading(pf, vf, i, &vf->now.value[i]));
}

/* What the program makes of the kernel's list, or of its having none (rtnl_fill_vf() in
 * net/core/rtnetlink.c), is not made up here. */
static int observe_functions(const struct world *world, const struct sim_pf *pf, bool whole,
			     struct pf *ret)
{
	struct link link = {
		.num_vf = pf->n_vfs,
		.has_vf_list = whole || !pf->mute,
		.vfs = arena_array(ret->arena, pf->n_vfs, sizeof(*link.vfs)),
	};

	if (!pf->ifindex)
		return pf_alloc_vfs(ret, pf->n_vfs);
	if (!link.vfs)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->n_vfs && link.has_vf_list; i++)
		if (whole || is_listed(world, pf, i))
			observe_function(pf, i, &link.vfs[link.n_vfs++]);
	return vf_report_read(ret, pf->n_vfs, &link);
}

static int observe_vfs(const struct world *world, const struct sim_pf *pf, bool whole,
		       struct pf *ret)
{
	int r = observe_functions(world, pf, whole, ret);

	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs && pf->profile->vf_driver; i++) {
		const struct sim_vf *vf = &pf->vfs[i];

		ret->vfs[i].instance = vf->instance;
		ret->vfs[i].address = arena_printf(ret->arena, "%s-vf%u", pf->address, i);
		r = ret->vfs[i].address ? observe_vf_device(pf, vf, ret->arena, &ret->vfs[i])
					: -ENOMEM;
		if (r >= 0)
			r = observe_vf_netdev(world, pf, vf, ret->arena, &ret->vfs[i]);
	}
	return r;
}

static int observe_earlier(const struct sim_pf *pf, struct pf *ret)
{
	if (!pf->noted || ret->ifindex || !pf->noted_name[0])
		return 0;
	ret->earlier = arena_alloc(ret->arena, sizeof(*ret->earlier));
	if (!ret->earlier)
		return -ENOMEM;
	ret->earlier->arena = ret->arena;
	ret->earlier->ifname = arena_strdup(ret->arena, pf->noted_name);
	ret->earlier->has_permanent_mac = true;
	ret->earlier->permanent_mac = pf->mac;
	return ret->earlier->ifname ? 0 : -ENOMEM;
}

static int observe_identity(const struct sim_pf *pf, struct pf *ret)
{
	ret->handle = arena_strdup(ret->arena, pf->handle);
	ret->address = arena_strdup(ret->arena, pf->address);
	if (!ret->handle || !ret->address)
		return -ENOMEM;
	ret->instance = pf->instance;
	ret->totalvfs = pf->profile->totalvfs;
	ret->has_class = pf->profile->vf_driver;
	ret->class = pf->profile->class ? pf->profile->class : 0x020000;
	ret->has_device_id = true;
	ret->vendor_id = 0x8086;
	ret->device_id = (uint16_t)(pf->profile - profiles);
	if (!pf->bound)
		return 0;
	ret->driver = pf->profile->driver;
	ret->msix_vectors = pf->profile->msix_total;
	ret->ifindex = pf->ifindex;
	if (!pf->ifindex)
		return 0;
	ret->ifname = arena_strdup(ret->arena, pf->ifname);
	ret->has_permanent_mac = true;
	ret->permanent_mac = pf->mac;
	if (pf->bonded)
		ret->bond = (struct bond){ SIM_BOND, SIM_BOND_IFINDEX, true };
	return ret->ifname ? 0 : -ENOMEM;
}

static void observe_settings(const struct world *world, const struct sim_pf *pf, bool whole,
			     struct pf *ret)
{
	VALUES_SET(&ret->settings, PF_VFS, (struct value){ .number = pf->n_vfs });
	ret->drivers_held = pf->noted;
	if (world->now < pf->paused_until)
		ret->pause = (struct pause){ .left = pf->paused_until - world->now,
					     .until = pf->paused_until,
					     .words = "then",
					     .iso = "then" };
	if (pf->profile->vf_driver)
		VALUES_SET(&ret->settings, PF_DRIVERS_AUTOPROBE,
			   (struct value){ .number = pf->noted ? pf->note : pf->autoprobe });
	ret->eswitch_silent = setting_has_eswitch(pf) && !whole && world->now < pf->devlink_at;
	for (enum pf_setting i = PF_ESWITCH_MODE; i <= PF_ESWITCH_ENCAP_MODE; i++)
		if (setting_has_eswitch(pf) && !ret->eswitch_silent &&
		    (i == PF_ESWITCH_MODE || pf->profile->eswitch == ESWITCH_WHILE_UNBOUND))
			VALUES_SET(&ret->settings, i, (struct value){ .number = pf->eswitch[i] });
	if (!pf->ifindex)
		return;
	ret->settling = world->now < pf->settled_at;
	ret->carrier = pf->carrier;
	ret->carrier_ups = pf->carrier_ups;
	if (pf->carrier && pf->speed != UINT32_MAX)
		ret->speed = pf->speed;
	VALUES_SET(&ret->settings, PF_UP, (struct value){ .number = pf->up });
	VALUES_SET(&ret->settings, PF_MTU, (struct value){ .number = pf->mtu });
}

bool sim_given_is_of(const struct sim_pf *pf, const struct pf *seen)
{
	return pf->n_given && pf->n_given == seen->n_vfs && pf->given_instance == seen->instance &&
	       pf->given_vf_instance == seen->vfs[0].instance;
}

/* As owed_vfs_read() in lib/kernel/note/owed_vfs.c. */
static void observe_owed(const struct sim_pf *pf, struct pf *ret)
{
	ret->owed_vfs = pf->owed_vfs;
	ret->owed_vfs.owed = pf->owed_vfs.owed && pf->owed_instance == pf->instance;
}

static void observe_given(const struct sim_pf *pf, struct pf *ret)
{
	bool known = sim_given_is_of(pf, ret);

	ret->given_stale = pf->n_given && !known;
	for (uint32_t i = 0; known && i < ret->n_vfs; i++)
		given_record_read(&pf->given[i], ret, &ret->vfs[i]);
}

/* whole: also what the kernel does not report of VFs; but not what nobody may read, by which nobody
 * can judge a policy either. */
int sim_observe(struct world *world, struct sim_pf *pf, bool whole, struct pf **ret)
{
	CLEANUP(pf_free_cleanup) struct pf *seen = NULL;
	int r = pf_new(&seen);

	if (r < 0)
		return r;
	device_refresh(world, pf);
	r = observe_identity(pf, seen);
	if (r >= 0)
		r = observe_earlier(pf, seen);
	if (r >= 0)
		r = observe_vfs(world, pf, whole, seen);
	if (r < 0)
		return r;
	observe_settings(world, pf, whole, seen);
	observe_given(pf, seen);
	observe_owed(pf, seen);
	*ret = TAKE(seen);
	return 0;
}
