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

/* What is found out once for all VFs. */
struct surroundings {
	struct rtnl *rtnl;
	bool has_uses; /* of network devices; found out when the first VF needs them */
	struct netdev_uses uses;
	bool has_openers; /* of vfio's device nodes; likewise */
	int no_openers;	  /* why they are not known: -errno; 0: they are */
	struct opener *openers;
	size_t n_openers;
	bool has_strays; /* network devices in other namespaces; likewise */
	struct netns_device *strays;
	size_t n_strays;
};

/* A VF that somebody may hold. */
struct candidate {
	const struct pf *pf;
	const struct vf *vf;
	int fd;		    /* of its directory in sysfs */
	const char *driver; /* NULL: none */
	bool has_link;	    /* it has a network device here: */
	struct link link;
	struct surroundings *surroundings;
	struct arena *arena;
};

/* Each find_ names who holds the VF, or leaves *ret alone. 0 or -errno. */

static bool is_vfio(const struct candidate *candidate)
{
	return candidate->driver && strstr(candidate->driver, "vfio");
}

static int find_opener(const struct candidate *candidate, const char *node, const char **ret)
{
	struct surroundings *all = candidate->surroundings;
	int r;

	if (!all->has_openers) {
		r = vfio_openers_find(candidate->arena, &all->openers, &all->n_openers);
		if (r == -ENOMEM)
			return r;
		all->has_openers = true;
		all->no_openers = r;
	}
	/* Where they are not known, one of them may have this node open. */
	if (all->no_openers < 0) {
		const char *name = strerrorname_np(-all->no_openers);

		*ret = arena_printf(candidate->arena, "a process that cannot be told now (%s)",
				    name ? name : "unknown error");
		return *ret ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < all->n_openers; i++)
		if (!strcmp(all->openers[i].path, node))
			*ret = all->openers[i].process;
	return 0;
}

/* The process that has the VF's group open, or the VF itself through its own node. */
static int find_vfio_opener(const struct candidate *candidate, const char **ret)
{
	const char *group, **names, *node;
	size_t count;
	int r = sysfs_read_link(candidate->fd, "iommu_group", candidate->arena, &group);

	if (r >= 0 && group) {
		node = arena_printf(candidate->arena, VFIO_NODES "%s", group);
		r = node ? find_opener(candidate, node, ret) : -ENOMEM;
	}
	if (r >= 0)
		r = directory_list(candidate->fd, "vfio-dev", candidate->arena, &names, &count);
	for (size_t i = 0; r >= 0 && i < count; i++) {
		node = arena_printf(candidate->arena, VFIO_NODES "devices/%s", names[i]);
		r = node ? find_opener(candidate, node, ret) : -ENOMEM;
	}
	return r;
}

/* 0; -ENOMEM where there are no details. */
static int hold(struct holder *ret, const char *use, const char *details)
{
	*ret = (struct holder){ use, details };
	return details ? 0 : -ENOMEM;
}

static int find_vfio(const struct candidate *candidate, struct holder *ret)
{
	const char *opener = NULL, *enabled;
	int r;

	if (!is_vfio(candidate))
		return 0;
	r = sysfs_read(candidate->fd, "enable", candidate->arena, &enabled);
	if (r >= 0)
		r = find_vfio_opener(candidate, &opener);
	if (r < 0)
		return r;
	if (opener)
		return hold(ret, "vfio", arena_printf(candidate->arena, "vfio, by %s", opener));
	if (enabled && strcmp(enabled, "0") != 0)
		return hold(ret, "vfio", "vfio, by a process that is not seen from here");
	return 0;
}

/* Its network device in another network namespace; NULL in *ret where none is known. */
static int find_stray(const struct candidate *candidate, const struct netns_device **ret)
{
	struct surroundings *all = candidate->surroundings;
	int r;

	if (!all->has_strays) {
		r = netns_find_devices(all->rtnl, candidate->arena, &all->strays, &all->n_strays);
		if (r == -ENOMEM)
			return r;
		all->has_strays = true;
	}
	*ret = NULL;
	for (size_t i = 0; i < all->n_strays && !*ret; i++)
		if (!strcmp(all->strays[i].parent, candidate->vf->address))
			*ret = &all->strays[i];
	return 0;
}

static int find_elsewhere(const struct candidate *candidate, struct holder *ret)
{
	const struct netns_device *stray;
	const char *details;
	int r;

	if (!candidate->driver || is_vfio(candidate) || candidate->has_link)
		return 0;
	r = find_stray(candidate, &stray);
	if (r < 0)
		return r;
	if (stray) {
		details =
			arena_printf(candidate->arena, "%s is in %s", stray->ifname, stray->place);
		return hold(ret, "another network namespace", details);
	}
	details = arena_printf(candidate->arena,
			       "driver %s has it and its network device is not here: it is in "
			       "another network namespace, or a program drives it",
			       candidate->driver);
	return hold(ret, "another network namespace or a program", details);
}

/* A bridge or bond that it is in, a VLAN or macvlan on top of it. */
static int has_upper(const struct candidate *candidate)
{
	const char *path = arena_printf(candidate->arena, "net/%s", candidate->link.ifname);
	const char **names;
	size_t count;
	int r = path ? directory_list(candidate->fd, path, candidate->arena, &names, &count)
		     : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < count; i++)
		if (!strncmp(names[i], "upper_", strlen("upper_")))
			return 1;
	return r;
}

static int find_address(const struct candidate *candidate, const char **ret)
{
	struct surroundings *all = candidate->surroundings;
	int r = all->has_uses ? 0 : netdev_uses_read(all->rtnl, candidate->arena, &all->uses);

	if (r < 0)
		return r;
	all->has_uses = true;
	if (ifindex_set_contains(&all->uses.addressed, candidate->link.ifindex))
		*ret = "an address";
	else if (ifindex_set_contains(&all->uses.routed, candidate->link.ifindex))
		*ret = "a route";
	return 0;
}

static int find_netdev(const struct candidate *candidate, struct holder *ret)
{
	const struct link *link = &candidate->link;
	const char *use = NULL, *details;
	int r;

	if (!candidate->has_link || !link->up)
		return 0;
	r = has_upper(candidate);
	if (r < 0)
		return r;
	if (link->master)
		use = "a master";
	else if (r)
		use = "a device on top of it";
	else
		r = find_address(candidate, &use);
	if (r < 0 || !use)
		return r < 0 ? r : 0;
	details = arena_printf(candidate->arena, "%s is up and has %s", link->ifname, use);
	return hold(ret, use, details);
}

static int find_libvirt(const struct candidate *candidate, struct holder *ret)
{
	const char *path;

	if (!candidate->pf->ifname)
		return 0;
	path = arena_printf(candidate->arena, LIBVIRT_RECORD, candidate->pf->ifname,
			    candidate->vf->index);
	if (!path)
		return -ENOMEM;
	if (access(path, F_OK) < 0)
		return 0;
	return hold(ret, "libvirt",
		    arena_printf(candidate->arena, "libvirt, as noted in %s", path));
}

static int find_cni(const struct candidate *candidate, struct holder *ret)
{
	const char *path = arena_printf(candidate->arena, CNI_RECORD, candidate->vf->address);
	const char *netns = NULL;

	if (!path)
		return -ENOMEM;
	if (access(path, F_OK) < 0)
		return 0;
	(void)sysfs_read(AT_FDCWD, path, candidate->arena, &netns);
	return hold(ret, "a container",
		    arena_printf(candidate->arena, "a container at %s, as noted in %s",
				 netns && netns[0] ? netns : "an unknown place", path));
}

/* Records first: they name the workload. */
static int (*const finders[])(const struct candidate *candidate, struct holder *ret) = {
	find_libvirt, find_cni, find_vfio, find_elsewhere, find_netdev,
};

static int examine(struct candidate *candidate, struct holder *ret)
{
	int r = sysfs_read_link(candidate->fd, "driver", candidate->arena, &candidate->driver);

	if (r < 0)
		return r;
	if (candidate->vf->ifindex) {
		r = rtnl_get_link(candidate->surroundings->rtnl, candidate->vf->ifindex, false,
				  candidate->arena, &candidate->link);
		if (r < 0 && r != -ENODEV)
			return r;
		candidate->has_link = r >= 0;
	}
	*ret = (struct holder){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(finders) && !ret->details; i++) {
		r = finders[i](candidate, ret);
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
	struct candidate candidate = {
		.pf = pf, .vf = vf, .surroundings = surroundings, .arena = pf->arena
	};

	if (!path)
		return -ENOMEM;
	fd = openat(device->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	candidate.fd = fd;
	return examine(&candidate, &vf->holder);
}

int holder_find(const struct device *device, struct rtnl *rtnl, struct pf *pf, struct vf *first,
		uint32_t n)
{
	struct surroundings surroundings = { .rtnl = rtnl };
	int r = 0;

	for (struct vf *vf = first; r >= 0 && vf < first + n; vf++) {
		vf->holder = (struct holder){ 0 };
		if (vf->address)
			r = find_one(device, &surroundings, pf, vf);
	}
	return r;
}
