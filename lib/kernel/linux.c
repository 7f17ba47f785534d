/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/linux.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/autoprobe.h"
#include "kernel/device.h"
#include "kernel/devlink.h"
#include "kernel/holder.h"
#include "kernel/rtnl.h"
#include "kernel/udev_facts.h"
#include "kernel/vf_device.h"
#include "kernel/vf_driver.h"
#include "kernel/vf_netdev.h"

struct kernel_linux {
	struct kernel kernel;
	struct udev_facts *udev;
	struct rtnl *rtnl;
	struct devlink *devlink;
};

static struct kernel_linux *linux_of(struct kernel *kernel)
{
	return (struct kernel_linux *)kernel;
}

/* Whether rtnetlink told of exactly n VFs, as it does but while one of them starts over. */
static bool has_all_vfs(const struct link *link, uint32_t n)
{
	for (uint32_t i = 0; i < link->n_vfs; i++)
		if (link->vfs[i].index != i)
			return false;
	return n && link->n_vfs == n;
}

/* The n VFs that sysfs says there are, with what rtnetlink told of them. */
static int place_vfs(struct pf *pf, uint32_t n, const struct link *link)
{
	int r;

	if (has_all_vfs(link, n)) {
		pf->vfs = link->vfs;
		pf->n_vfs = n;
		return 0;
	}
	r = pf_alloc_vfs(pf, n);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < link->n_vfs; i++) {
		const struct vf *from = &link->vfs[i];

		/* More than sriov_numvfs says: they went away between the two looks. */
		if (from->index >= pf->n_vfs)
			continue;
		pf->vfs[from->index].reported = true;
		pf->vfs[from->index].settings = from->settings;
	}
	return 0;
}

/* VFs that are there and of which the kernel cannot tell: what is wanted of them is written once.
 */
static void report_unknown_vfs(struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		pf->vfs[i].reported = true;
}

static int observe_link(struct kernel_linux *self, struct pf *pf, uint32_t n_vfs)
{
	struct link link;
	int r = rtnl_get_link(self->rtnl, pf->ifindex, true, pf->arena, &link);
	bool unknown = r == -EMSGSIZE;

	if (unknown)
		r = rtnl_get_link(self->rtnl, pf->ifindex, false, pf->arena, &link);
	if (r >= 0)
		r = place_vfs(pf, n_vfs, &link);
	if (r < 0)
		return r;
	if (unknown)
		report_unknown_vfs(pf);
	pf->ifname = link.ifname ? link.ifname : pf->ifname;
	pf->altnames = link.altnames;
	pf->carrier = link.carrier;
	pf->carrier_ups = link.carrier_ups;
	pf->has_permanent_mac = link.has_permanent_mac;
	pf->permanent_mac = link.permanent_mac;
	VALUES_SET(&pf->settings, PF_UP, (struct value){ .number = link.up });
	VALUES_SET(&pf->settings, PF_MTU, (struct value){ .number = link.mtu });
	return rtnl_get_firmware(self->rtnl, pf->ifname, pf->arena, &pf->firmware);
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

/* Those before it that are not it have no answer. */
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
	VALUES_SET(&vf->settings, VF_MTU, (struct value){ .number = link->mtu });
	return 0;
}

/* What only rtnetlink knows of the VFs' own network devices: sysfs has no alternative names. */
static int observe_netdevs(struct kernel_linux *self, struct pf *pf)
{
	struct netdevs netdevs;
	int r = find_netdevs(pf, &netdevs);

	if (r >= 0)
		r = rtnl_get_links(self->rtnl, netdevs.ifindices, netdevs.count, pf->arena,
				   on_netdev, &netdevs);
	if (r < 0)
		return r;
	while (netdevs.next < netdevs.count)
		forget_netdev(netdevs.vfs[netdevs.next++]);
	return 0;
}

static int observe_vf_devices(struct kernel_linux *self, const struct device *device, struct pf *pf)
{
	int r = 0;

	pf->msix_vectors = device_read_msix(device);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		r = vf_device_read(device, self->udev, pf, &pf->vfs[i]);
	return r < 0 ? r : observe_netdevs(self, pf);
}

static int observe_vfs(struct kernel_linux *self, const struct device *device, struct pf *pf)
{
	uint32_t n = 0;
	int r = device_read_numvfs(device, &n);

	if (r < 0)
		return r;
	VALUES_SET(&pf->settings, PF_VFS, (struct value){ .number = n });
	return pf->ifindex ? observe_link(self, pf, n) : pf_alloc_vfs(pf, n);
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
		r = observe_vfs(self, &device, pf);
	if (r < 0)
		return r;
	r = observe_vf_devices(self, &device, pf);
	if (r >= 0)
		r = devlink_get_eswitch(self->devlink, handle, &pf->settings);
	if (r < 0)
		return r;
	*ret = TAKE(pf);
	return 0;
}

static int linux_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	struct vf *first = vf == KERNEL_ALL_VFS ? pf->vfs : &pf->vfs[vf];
	int r = device_reopen(pf, pf->arena, &device);

	if (r < 0)
		return r;
	return holder_find(&device, linux_of(kernel)->rtnl, pf, first,
			   vf == KERNEL_ALL_VFS ? pf->n_vfs : 1);
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
	return device_write_number(pf, "sriov_numvfs", n);
}

static int linux_write_autoprobe(struct kernel *kernel, const struct pf *pf, bool on)
{
	(void)kernel;
	return autoprobe_write(pf, on);
}

static int linux_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return autoprobe_hold(pf);
}

static int linux_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return autoprobe_release(pf);
}

static int linux_write_up(struct kernel *kernel, const struct pf *pf,
			  struct kernel_error *ret_error)
{
	return rtnl_set_up(linux_of(kernel)->rtnl, pf->ifindex, ret_error);
}

static int linux_write_mtu(struct kernel *kernel, const struct pf *pf, uint32_t mtu,
			   struct kernel_error *ret_error)
{
	return rtnl_set_mtu(linux_of(kernel)->rtnl, pf->ifindex, mtu, ret_error);
}

static int linux_write_vfs(struct kernel *kernel, const struct pf *pf,
			   const struct vf_change *changes, size_t n_changes,
			   struct kernel_error *ret_error)
{
	return rtnl_set_vfs(linux_of(kernel)->rtnl, pf->ifindex, changes, n_changes, ret_error);
}

static int linux_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			  enum vf_setting setting, const struct value *value,
			  struct kernel_error *ret_error)
{
	switch (setting) {
	case VF_DRIVER:
		return vf_driver_set(pf, vf, value, ret_error);
	case VF_MSIX_VECTORS:
		return vf_driver_set_msix(pf, vf, (uint32_t)value->number, ret_error);
	case VF_UNMANAGED:
		return vf_netdev_set_unmanaged(pf, vf, value->number);
	case VF_ALTNAME:
	case VF_MTU:
		return vf_netdev_set(linux_of(kernel)->rtnl, pf, vf, setting, value, ret_error);
	default:
		return -EOPNOTSUPP;
	}
}

static int linux_write_eswitch(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			       uint64_t value, struct kernel_error *ret_error)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	int r = arena_new(&arena);

	if (r >= 0)
		r = device_reopen(pf, arena, &device);
	if (r < 0)
		return r;
	return devlink_set_eswitch(linux_of(kernel)->devlink, pf->handle, setting, value,
				   ret_error);
}

static int linux_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return vf_driver_unbind_all(pf);
}

static void linux_free(struct kernel *kernel)
{
	struct kernel_linux *self = linux_of(kernel);

	devlink_free(self->devlink);
	rtnl_free(self->rtnl);
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
		.write_autoprobe = linux_write_autoprobe,
		.hold_drivers = linux_hold_drivers,
		.release_drivers = linux_release_drivers,
		.write_up = linux_write_up,
		.write_mtu = linux_write_mtu,
		.write_vfs = linux_write_vfs,
		.write_vf = linux_write_vf,
		.write_eswitch = linux_write_eswitch,
		.unbind_vfs = linux_unbind_vfs,
		.free = linux_free,
	};
	r = udev_facts_new(&self->udev);
	if (r >= 0)
		r = rtnl_new(&self->rtnl);
	if (r >= 0)
		r = devlink_new(&self->devlink);
	if (r < 0) {
		linux_free(&self->kernel);
		return r;
	}
	*ret = &self->kernel;
	return 0;
}
