/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/vf_netdev.h"

#include <errno.h>
#include <stdio.h>

#include "kernel/device/unmanaged.h"
#include "kernel/device/vf_device.h"

/* The PF's and the VF's directories, as long as they are those of pf. */
struct place {
	struct device device;
	struct vf_device vf;
};

static void place_leave(struct place *place)
{
	vf_device_close(&place->vf);
	device_close(&place->device);
}

static int place_find(const struct pf *pf, uint32_t vf, struct arena *arena, struct place *ret)
{
	int r = device_reopen(pf, arena, &ret->device);

	return r < 0 ? r : vf_device_open(&ret->device, vf, arena, &ret->vf);
}

/* First the note, which a network device that appears meanwhile goes by; then those that are there
 * are handled again. */
int vf_netdev_set_unmanaged(const struct pf *pf, uint32_t vf, bool on)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP(place_leave) struct place place = { .device.fd = -1, .vf.fd = -1 };
	int r = arena_new(&arena);

	if (r >= 0)
		r = place_find(pf, vf, arena, &place);
	if (r >= 0)
		r = unmanaged_write(place.device.name, place.vf.address, on);
	return r < 0 ? r : vf_device_trigger(&place.vf, arena);
}

/* By number: its name is udev's to change. */
static int find(const struct pf *pf, uint32_t vf, unsigned *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP(place_leave) struct place place = { .device.fd = -1, .vf.fd = -1 };
	const char *ifname;
	int r = arena_new(&arena);

	if (r >= 0)
		r = place_find(pf, vf, arena, &place);
	return r < 0 ? r : vf_device_find_netdev(&place.vf, arena, &ifname, ret);
}

static int add_altname(struct rtnl *rtnl, unsigned ifindex, const char *name,
		       struct kernel_error *ret_error)
{
	int r = rtnl_add_altname(rtnl, ifindex, name, ret_error);

	if (r == -EEXIST)
		(void)snprintf(ret_error->message, sizeof(ret_error->message),
			       "there is another network device called %s", name);
	return r;
}

int vf_netdev_set(struct rtnl *rtnl, const struct pf *pf, uint32_t vf, enum vf_setting setting,
		  const struct value *value, struct kernel_error *ret_error)
{
	unsigned ifindex;
	int r = find(pf, vf, &ifindex);

	if (r < 0)
		return r;
	r = setting == VF_ALTNAME ? add_altname(rtnl, ifindex, value->name, ret_error)
				  : rtnl_set_number(rtnl, ifindex, link_vf_attribute(setting),
						    (uint32_t)value->number, ret_error);
	return r == -ENODEV ? -ENOENT : r;
}
