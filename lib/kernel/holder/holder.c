/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/holder/netdev_use.h"
#include "kernel/holder/netns.h"
#include "kernel/holder/vfio_openers.h"
#include "util/directory.h"
#include "util/fd.h"

/* Where libvirt notes a VF of a PF that it gave to a guest (virHostdevManager in
 * src/util/virhostdev.c), and sriov-cni one that it gave to a pod, in its default directory
 * (pkg/utils/pci_allocator.go). */
#define LIBVIRT_RECORD "/run/libvirt/hostdevmgr/%s_vf%u"
#define CNI_RECORD     "/var/lib/cni/sriov/pci/%s"

/* What is looked for once for all VFs of a look. */
struct surroundings {
	struct rtnl *rtnl;
	bool has_uses; /* of network devices; looked for when the first VF needs them */
	struct netdev_uses uses;
	bool has_openers; /* of vfio's device nodes; likewise, */
	int no_openers;	  /* and why they cannot be told: -errno */
	struct opener *openers;
	size_t n_openers;
	bool has_strays; /* network devices in other namespaces; likewise */
	struct netns_device *strays;
	size_t n_strays;
};

/* A VF that is looked at. */
struct look {
	const struct pf *pf;
	const struct vf *vf;
	int fd;		    /* of its directory in sysfs */
	const char *driver; /* NULL: none */
	bool has_link;	    /* it has a network device here: */
	struct link link;
	struct surroundings *surroundings;
	struct arena *arena;
};

/* Each of these gives who holds the VF, or leaves *ret alone. 0 or -errno. */

static bool is_vfio(const struct look *look)
{
	return look->driver && strstr(look->driver, "vfio");
}

static int find_opener(const struct look *look, const char *node, const char **ret)
{
	struct surroundings *all = look->surroundings;
	int r;

	if (!all->has_openers) {
		r = vfio_openers_find(look->arena, &all->openers, &all->n_openers);
		if (r == -ENOMEM)
			return r;
		all->has_openers = true;
		all->no_openers = r;
	}
	/* Anybody may be among those that are not known. */
	if (all->no_openers < 0) {
		const char *name = strerrorname_np(-all->no_openers);

		*ret = arena_printf(look->arena, "a process that cannot be told now (%s)",
				    name ? name : "unknown error");
		return *ret ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < all->n_openers; i++)
		if (!strcmp(all->openers[i].path, node))
			*ret = all->openers[i].process;
	return 0;
}

/* The process that has the VF's group open, or the VF itself through its own node. */
static int find_vfio_opener(const struct look *look, const char **ret)
{
	const char *group, **names, *node;
	size_t count;
	int r = sysfs_read_link(look->fd, "iommu_group", look->arena, &group);

	if (r >= 0 && group) {
		node = arena_printf(look->arena, VFIO_NODES "%s", group);
		r = node ? find_opener(look, node, ret) : -ENOMEM;
	}
	if (r >= 0)
		r = directory_list(look->fd, "vfio-dev", look->arena, &names, &count);
	for (size_t i = 0; r >= 0 && i < count; i++) {
		node = arena_printf(look->arena, VFIO_NODES "devices/%s", names[i]);
		r = node ? find_opener(look, node, ret) : -ENOMEM;
	}
	return r;
}

static int find_vfio(const struct look *look, const char **ret)
{
	const char *opener = NULL, *enabled;
	int r;

	if (!is_vfio(look))
		return 0;
	r = sysfs_read(look->fd, "enable", look->arena, &enabled);
	if (r >= 0)
		r = find_vfio_opener(look, &opener);
	if (r < 0)
		return r;
	if (opener)
		*ret = arena_printf(look->arena, "vfio, by %s", opener);
	else if (enabled && strcmp(enabled, "0") != 0)
		*ret = "vfio, by a process that is not seen from here";
	else
		return 0;
	return *ret ? 0 : -ENOMEM;
}

/* Its network device in another network namespace, where that can be told. */
static int find_stray(const struct look *look, const struct netns_device **ret)
{
	struct surroundings *all = look->surroundings;
	int r;

	if (!all->has_strays) {
		r = netns_find_devices(all->rtnl, look->arena, &all->strays, &all->n_strays);
		if (r == -ENOMEM)
			return r;
		all->has_strays = true;
	}
	*ret = NULL;
	for (size_t i = 0; i < all->n_strays && !*ret; i++)
		if (!strcmp(all->strays[i].parent, look->vf->address))
			*ret = &all->strays[i];
	return 0;
}

static int find_elsewhere(const struct look *look, const char **ret)
{
	const struct netns_device *stray;
	int r;

	if (!look->driver || is_vfio(look) || look->has_link)
		return 0;
	r = find_stray(look, &stray);
	if (r < 0)
		return r;
	if (stray)
		*ret = arena_printf(look->arena, "%s is in %s", stray->ifname, stray->place);
	else
		*ret = arena_printf(look->arena,
				    "driver %s has it and its network device is not here: it is in "
				    "another network namespace, or a program drives it",
				    look->driver);
	return *ret ? 0 : -ENOMEM;
}

/* A bridge or bond that it is in, a VLAN or macvlan on top of it. */
static int has_upper(const struct look *look)
{
	const char *path = arena_printf(look->arena, "net/%s", look->link.ifname), **names;
	size_t count;
	int r = path ? directory_list(look->fd, path, look->arena, &names, &count) : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < count; i++)
		if (!strncmp(names[i], "upper_", strlen("upper_")))
			return 1;
	return r;
}

static int find_address(const struct look *look, const char **ret)
{
	struct surroundings *all = look->surroundings;
	int r = all->has_uses ? 0 : netdev_uses_read(all->rtnl, look->arena, &all->uses);

	if (r < 0)
		return r;
	all->has_uses = true;
	if (ifindex_set_contains(&all->uses.addressed, look->link.ifindex))
		*ret = "has an address";
	else if (ifindex_set_contains(&all->uses.routed, look->link.ifindex))
		*ret = "has a route";
	return 0;
}

static int find_netdev(const struct look *look, const char **ret)
{
	const struct link *link = &look->link;
	const char *use = NULL;
	int r;

	if (!look->has_link || !link->up)
		return 0;
	r = has_upper(look);
	if (r < 0)
		return r;
	if (link->master)
		use = "has a master";
	else if (r)
		use = "has a device on top of it";
	else
		r = find_address(look, &use);
	if (r < 0 || !use)
		return r < 0 ? r : 0;
	*ret = arena_printf(look->arena, "%s is up and %s", link->ifname, use);
	return *ret ? 0 : -ENOMEM;
}

static int find_libvirt(const struct look *look, const char **ret)
{
	const char *path;

	if (!look->pf->ifname)
		return 0;
	path = arena_printf(look->arena, LIBVIRT_RECORD, look->pf->ifname, look->vf->index);
	if (!path)
		return -ENOMEM;
	if (access(path, F_OK) < 0)
		return 0;
	*ret = arena_printf(look->arena, "libvirt, as noted in %s", path);
	return *ret ? 0 : -ENOMEM;
}

static int find_cni(const struct look *look, const char **ret)
{
	const char *path = arena_printf(look->arena, CNI_RECORD, look->vf->address);
	const char *netns = NULL;

	if (!path)
		return -ENOMEM;
	if (access(path, F_OK) < 0)
		return 0;
	(void)sysfs_read(AT_FDCWD, path, look->arena, &netns);
	*ret = arena_printf(look->arena, "a container at %s, as noted in %s",
			    netns && netns[0] ? netns : "an unknown place", path);
	return *ret ? 0 : -ENOMEM;
}

/* The records first: they name the workload. */
static int (*const finders[])(const struct look *look, const char **ret) = {
	find_libvirt, find_cni, find_vfio, find_elsewhere, find_netdev,
};

static int look_at(struct look *look, const char **ret)
{
	int r = sysfs_read_link(look->fd, "driver", look->arena, &look->driver);

	if (r < 0)
		return r;
	if (look->vf->ifindex) {
		r = rtnl_get_link(look->surroundings->rtnl, look->vf->ifindex, false, look->arena,
				  &look->link);
		if (r < 0 && r != -ENODEV)
			return r;
		look->has_link = r >= 0;
	}
	*ret = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(finders) && !*ret; i++) {
		r = finders[i](look, ret);
		if (r < 0)
			return r;
	}
	return 0;
}

static int find_one(const struct device *device, struct surroundings *surroundings, struct pf *pf,
		    struct vf *vf)
{
	const char *path = arena_printf(pf->arena, "virtfn%u", vf->index);
	CLEANUP_FD int fd = -1;
	struct look look = { .pf = pf, .vf = vf, .surroundings = surroundings, .arena = pf->arena };

	if (!path)
		return -ENOMEM;
	fd = openat(device->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	look.fd = fd;
	return look_at(&look, &vf->holder);
}

int holder_find(const struct device *device, struct rtnl *rtnl, struct pf *pf, struct vf *first,
		uint32_t n)
{
	struct surroundings surroundings = { .rtnl = rtnl };
	int r = 0;

	for (struct vf *vf = first; r >= 0 && vf < first + n; vf++) {
		vf->holder = NULL;
		if (vf->address)
			r = find_one(device, &surroundings, pf, vf);
	}
	return r;
}
