/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/linux.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/device/autoprobe.h"
#include "kernel/device/device.h"
#include "kernel/device/link_speed.h"
#include "kernel/device/udev_facts.h"
#include "kernel/device/vf_device.h"
#include "kernel/device/vf_driver.h"
#include "kernel/holder/holder.h"
#include "kernel/netlink/vf_report.h"
#include "kernel/note/given_note.h"
#include "kernel/note/owed_driver.h"
#include "kernel/note/owed_vfs.h"
#include "kernel/note/pause.h"
#include "kernel/privileged/lookup.h"
#include "kernel/settings.h"
#include "util/error_name.h"

/* Whether rtnetlink could tell of the VFs, so many, of the network device that was asked for last.
 */
struct vf_list_memory {
	unsigned ifindex;
	uint32_t n_vfs;
	bool told;
};

struct kernel_linux {
	struct kernel kernel;
	struct udev_facts *udev;
	struct sockets sockets;
	struct vf_list_memory vf_list;
};

static struct kernel_linux *linux_of(struct kernel *kernel)
{
	return (struct kernel_linux *)kernel;
}

/* The list of VFs that the kernel does not bring out (EMSGSIZE), or has no memory for in one piece
 * (ENOBUFS, up to Linux 6.1). What was brought out before will be again: without it, everything
 * would be written once more. */
static bool is_beyond_telling(const struct vf_list_memory *memory, const struct pf *pf,
			      uint32_t n_vfs, int error)
{
	bool same = memory->ifindex == pf->ifindex && memory->n_vfs == n_vfs;

	return error == -EMSGSIZE || (error == -ENOBUFS && !(same && memory->told));
}

/* Asks for the VFs too, unless these could not be told last time: some kernels log a warning with
 * a stack trace each time that they cannot (rtnl_getlink() in net/core/rtnetlink.c). Then *ret_told
 * is false. */
static int get_link(struct kernel_linux *self, const struct pf *pf, uint32_t n_vfs,
		    struct link *ret, bool *ret_told)
{
	struct vf_list_memory *memory = &self->vf_list;
	bool same = memory->ifindex == pf->ifindex && memory->n_vfs == n_vfs, told = false;
	int r = -EMSGSIZE;

	if (!same || memory->told) {
		r = rtnl_get_link(self->sockets.rtnl, pf->ifindex, RTNL_VFS, pf->arena, ret);
		told = r >= 0;
	}
	if (is_beyond_telling(memory, pf, n_vfs, r))
		r = rtnl_get_link(self->sockets.rtnl, pf->ifindex, RTNL_NO_VFS, pf->arena, ret);
	if (r < 0)
		return r;
	*memory = (struct vf_list_memory){ pf->ifindex, n_vfs, told };
	*ret_told = told;
	return 0;
}

/* The bond, if it is one, that the PF's network device is in. */
static int observe_bond(struct kernel_linux *self, struct pf *pf, unsigned master)
{
	struct link link;
	int r = master ? rtnl_get_link(self->sockets.rtnl, master, RTNL_NO_VFS, pf->arena, &link)
		       : -ENODEV;

	if (r < 0)
		return r == -ENODEV ? 0 : r;
	if (link.ifname && link.kind && !strcmp(link.kind, "bond"))
		pf->bond = (struct bond){ link.ifname, master, link.up && link.carrier };
	return 0;
}

static int observe_link(struct kernel_linux *self, const struct device *device, struct pf *pf,
			uint32_t n_vfs)
{
	struct link link;
	bool told;
	int r = get_link(self, pf, n_vfs, &link, &told);

	if (r >= 0)
		r = vf_report_read(pf, n_vfs, told ? &link : NULL);
	if (r < 0)
		return r;
	pf->ifname = link.ifname ? link.ifname : pf->ifname;
	pf->altnames = link.altnames;
	pf->has_carrier = true;
	pf->carrier = link.carrier;
	pf->carrier_ups = link.carrier_ups;
	/* Some drivers go on saying the speed of a link that is gone. */
	pf->speed = link.carrier ? link_speed_read(device->fd, pf->ifname) : 0;
	pf->has_permanent_mac = link.has_permanent_mac;
	pf->permanent_mac = link.permanent_mac;
	VALUES_SET(&pf->settings, PF_UP, (struct value){ .number = link.up });
	link_get_pf_settings(&link, &pf->settings);
	r = rtnl_get_firmware(self->sockets.rtnl, pf->ifname, pf->arena, &pf->firmware);
	return r < 0 ? r : observe_bond(self, pf, link.master);
}

static int on_other_port(void *context, const struct link *link)
{
	struct pf *pf = context;
	size_t n = pf->other_names.count;
	const char **names =
		arena_array(pf->arena, n + link->altnames.count, sizeof(*pf->other_names.items));

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		names[i] = pf->other_names.items[i];
	for (size_t i = 0; i < link->altnames.count; i++)
		names[n + i] = link->altnames.items[i];
	pf->other_names = (struct names){ names, n + link->altnames.count };
	return 0;
}

/* The alternative names of the other ports; mostly there are none. */
static int observe_other_ports(struct kernel_linux *self, struct pf *pf)
{
	unsigned *ifindices = arena_array(pf->arena, pf->other_names.count, sizeof(*ifindices));
	size_t count = 0;

	if (!ifindices)
		return -ENOMEM;
	for (size_t i = 0; i < pf->other_names.count; i++) {
		ifindices[count] = if_nametoindex(pf->other_names.items[i]);
		count += ifindices[count] != 0;
	}
	return rtnl_get_links(self->sockets.rtnl, ifindices, count, pf->arena, on_other_port, pf);
}

/* Links that are asked for, and the VFs that they are of, in the same order. */
struct netdevs {
	struct vf **vfs;
	unsigned *ifindices;
	size_t count;
	size_t next; /* the first without an answer */
};

static int find_netdevs(const struct pf *pf, struct netdevs *ret)
{
	struct netdevs netdevs = {
		.vfs = arena_array(pf->arena, pf->n_vfs, sizeof(struct vf *)),
		.ifindices = arena_array(pf->arena, pf->n_vfs, sizeof(unsigned)),
	};

	if (!netdevs.vfs || !netdevs.ifindices)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		if (!pf->vfs[i].ifindex)
			continue;
		netdevs.vfs[netdevs.count] = &pf->vfs[i];
		netdevs.ifindices[netdevs.count++] = pf->vfs[i].ifindex;
	}
	*ret = netdevs;
	return 0;
}

/* It went away since it was found. */
static void forget_netdev(struct vf *vf)
{
	vf->ifname = NULL;
	vf->ifindex = 0;
}

/* Answers come in the order of the questions: those that were passed over have none. */
static int on_netdev(void *context, const struct link *link)
{
	struct netdevs *netdevs = context;
	struct vf *vf;

	while (netdevs->next < netdevs->count && netdevs->ifindices[netdevs->next] != link->ifindex)
		forget_netdev(netdevs->vfs[netdevs->next++]);
	if (netdevs->next == netdevs->count)
		return -EBADMSG;
	vf = netdevs->vfs[netdevs->next++];
	vf->ifname = link->ifname ? link->ifname : vf->ifname;
	vf->altnames = link->altnames;
	/* A driver that made an address up leaves the permanent one empty; what others set later,
	 * as a bond does, does not change that. */
	if (link->has_mac)
		taken_set(&vf->taken, VF_MAC,
			  &(struct value){ .mac = link->has_permanent_mac ? link->permanent_mac
									  : link->mac });
	link_get_vf_settings(link, &vf->settings);
	return 0;
}

/* What only rtnetlink knows of the VFs' own network devices: sysfs has no alternative names. */
static int observe_netdevs(struct kernel_linux *self, struct pf *pf)
{
	struct netdevs netdevs;
	int r = find_netdevs(pf, &netdevs);

	if (r >= 0)
		r = rtnl_get_links(self->sockets.rtnl, netdevs.ifindices, netdevs.count, pf->arena,
				   on_netdev, &netdevs);
	if (r < 0)
		return r;
	while (netdevs.next < netdevs.count)
		forget_netdev(netdevs.vfs[netdevs.next++]);
	return 0;
}

/* Only where interrupts can be dealt out: it takes reads from the devices themselves, and rights.
 * What cannot be told is not reported. */
static int observe_msix(struct pf *pf)
{
	struct query *queries;
	int r;

	if (!pf->msix_vectors || !pf->n_vfs)
		return 0;
	queries = arena_array(pf->arena, pf->n_vfs, sizeof(*queries));
	if (!queries)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		queries[i].kind = QUERY_MSIX_VECTORS;
		if (pf->vfs[i].address)
			(void)query_of_address(pf->vfs[i].address, &queries[i].of);
	}
	r = lookup(queries, pf->n_vfs, pf->arena);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		if (pf->vfs[i].address && queries[i].there)
			VALUES_SET(&pf->vfs[i].settings, VF_MSIX_VECTORS,
				   (struct value){ .number = queries[i].number });
	return r;
}

static int observe_vf_devices(struct kernel_linux *self, const struct device *device, struct pf *pf)
{
	int r = 0;

	pf->msix_vectors = device_read_msix(device);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		r = vf_device_read(device, self->udev, pf, &pf->vfs[i]);
	if (r >= 0)
		r = owed_driver_read_all(pf);
	if (r >= 0)
		r = observe_msix(pf);
	return r < 0 ? r : observe_netdevs(self, pf);
}

static int observe_vfs(struct kernel_linux *self, const struct device *device, struct pf *pf)
{
	uint32_t n = 0;
	int r = device_read_numvfs(device, &n);

	if (r < 0)
		return r;
	VALUES_SET(&pf->settings, PF_VFS, (struct value){ .number = n });
	return pf->ifindex ? observe_link(self, device, pf, n) : pf_alloc_vfs(pf, n);
}

static int linux_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	struct kernel_linux *self = linux_of(kernel);
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	int r = pf_new(&pf);

	if (r < 0)
		return r;
	r = device_open(handle, pf->arena, &device);
	if (r < 0)
		return r;
	r = device_read(&device, self->udev, pf);
	if (r < 0)
		return r;
	r = autoprobe_read_hold(pf);
	if (r >= 0)
		r = pause_read(handle, pf->arena, &pf->pause);
	if (r >= 0)
		r = owed_vfs_read(pf);
	if (r >= 0)
		r = observe_other_ports(self, pf);
	if (r >= 0)
		r = observe_vfs(self, &device, pf);
	if (r < 0)
		return r;
	r = observe_vf_devices(self, &device, pf);
	if (r >= 0)
		r = settings_read(&self->sockets, pf);
	if (r >= 0)
		r = given_note_read(pf, device.has_vf_devices);
	if (r < 0)
		return r;
	*ret = TAKE(pf);
	return 0;
}

/* Whether the VFs from first on still have the drivers that they were seen with. */
static int check_drivers(const struct device *device, const struct pf *pf, const struct vf *first,
			 uint32_t n)
{
	int r = 0;

	for (uint32_t i = 0; r >= 0 && i < n; i++)
		if (first[i].address)
			r = vf_device_check_driver(device, &first[i], pf->arena);
	return r;
}

/* What cannot be told counts as there. */
static int find_shared_rates(struct kernel_linux *self, struct pf *pf)
{
	int r = devlink_find_rate_nodes(self->sockets.devlink, pf->handle, pf->arena,
					&pf->shared_rates);

	if (r >= 0 || r == -ENOMEM)
		return r;
	pf->shared_rates = error_name_untold("whether there are devlink rate nodes", r, pf->arena);
	return pf->shared_rates ? 0 : -ENOMEM;
}

static int find_holders_of_pf(struct kernel_linux *self, struct pf *pf)
{
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	int r = device_reopen(pf, pf->arena, &device);

	if (r >= 0)
		r = holder_find_pf(&device, self->sockets.rtnl, pf);
	return r < 0 ? r : find_shared_rates(self, pf);
}

/* What changes fastest comes last: who is about to use a VF gives it another driver first. */
static int find_holders_of_vfs(struct kernel_linux *self, struct pf *pf, uint32_t vf)
{
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	bool of_all = vf == KERNEL_ALL_VFS;
	struct vf *first = of_all ? pf->vfs : &pf->vfs[vf];
	uint32_t n = of_all ? pf->n_vfs : 1, now = pf->n_vfs;
	int r = device_reopen(pf, pf->arena, &device);

	if (r >= 0)
		r = holder_find(&device, self->sockets.rtnl, pf, first, n);
	if (r >= 0)
		r = check_drivers(&device, pf, first, n);
	if (r >= 0 && of_all)
		r = device_read_numvfs(&device, &now);
	if (r < 0)
		return r;
	return now == pf->n_vfs ? 0 : -EAGAIN;
}

static int linux_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	return vf == KERNEL_PF ? find_holders_of_pf(linux_of(kernel), pf)
			       : find_holders_of_vfs(linux_of(kernel), pf, vf);
}

static int linux_list(struct kernel *kernel, struct arena *arena, const char ***ret_handles,
		      size_t *ret_count)
{
	(void)kernel;
	return device_list(arena, ret_handles, ret_count);
}

static int linux_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	(void)kernel;
	/* Of those that have devices what was noted counts for nothing anyway. */
	if (n)
		(void)given_note_forget(pf->handle);
	return device_write_number(pf, "sriov_numvfs", n);
}

static int linux_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return autoprobe_hold(pf);
}

static int linux_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	int owed = vf_driver_bind_owed(pf), r = autoprobe_release(pf);

	(void)kernel;
	return r < 0 ? r : owed;
}

static int linux_write_vfs(struct kernel *kernel, const struct pf *pf,
			   const struct vf_change *changes, size_t n_changes,
			   struct kernel_error *ret_error)
{
	return rtnl_set_vfs(linux_of(kernel)->sockets.rtnl, pf->ifindex, changes, n_changes,
			    ret_error);
}

static int linux_write_pf(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			  const struct value *value, struct kernel_error *ret_error)
{
	return settings_write_pf(&linux_of(kernel)->sockets, pf, setting, value, ret_error);
}

static int linux_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			  enum vf_setting setting, const struct value *value,
			  struct kernel_error *ret_error)
{
	return settings_write_vf(&linux_of(kernel)->sockets, pf, vf, setting, value, ret_error);
}

static int linux_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return vf_driver_unbind_all(pf);
}

static int linux_note_given(struct kernel *kernel, const struct pf *pf,
			    const struct given_note *notes, size_t n_notes)
{
	(void)kernel;
	return given_note_write(pf, notes, n_notes);
}

static int linux_note_owed_vfs(struct kernel *kernel, const struct pf *pf,
			       const struct owed_vfs *owed)
{
	(void)kernel;
	return owed_vfs_note(pf, owed);
}

static void linux_free(struct kernel *kernel)
{
	struct kernel_linux *self = linux_of(kernel);

	devlink_free(self->sockets.devlink);
	rtnl_free(self->sockets.rtnl);
	udev_facts_free(self->udev);
	free(self);
}

int kernel_linux_new(struct kernel **ret)
{
	struct kernel_linux *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->kernel = (struct kernel){
		.list = linux_list,
		.observe = linux_observe,
		.find_holders = linux_find_holders,
		.write_numvfs = linux_write_numvfs,
		.hold_drivers = linux_hold_drivers,
		.release_drivers = linux_release_drivers,
		.write_pf = linux_write_pf,
		.write_vfs = linux_write_vfs,
		.write_vf = linux_write_vf,
		.unbind_vfs = linux_unbind_vfs,
		.note_given = linux_note_given,
		.note_owed_vfs = linux_note_owed_vfs,
		.free = linux_free,
	};
	r = udev_facts_new(&self->udev);
	if (r >= 0)
		r = rtnl_new(&self->sockets.rtnl);
	if (r >= 0)
		r = devlink_new(&self->sockets.devlink);
	if (r < 0) {
		linux_free(&self->kernel);
		return r;
	}
	*ret = &self->kernel;
	return 0;
}
