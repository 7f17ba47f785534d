/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/holder/netdev_use.h"
#include "kernel/holder/netns.h"
#include "kernel/holder/vf_openers.h"
#include "kernel/privileged/cni_record.h"
#include "kernel/privileged/lookup.h"
#include "util/directory.h"
#include "util/fd.h"

/* Where libvirt notes a VF of a PF that it gave to a guest (virHostdevManager in
 * src/util/virhostdev.c). */
#define LIBVIRT_RECORD "/run/libvirt/hostdevmgr/%s_vf%u"

/* What is found out once for all VFs. */
struct surroundings {
	const struct device *device;
	const struct vf *first; /* of the VFs that are looked at, which are n */
	uint32_t n;
	struct rtnl *rtnl;
	bool has_uses; /* of network devices; found out when the first VF needs them */
	struct netdev_uses uses;
	bool has_openers; /* of device nodes; likewise */
	struct vf_openers openers;
	struct query *records; /* the CNI plugin's; NULL: not asked for yet */
	size_t n_records;
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

/* The process that has the VF's group open, or the VF itself through its own node. */
static int find_vfio_opener(const struct candidate *candidate, const char **ret)
{
	struct surroundings *all = candidate->surroundings;
	int r = all->has_openers ? 0
				 : vf_openers_find(all->device, all->first, all->n,
						   candidate->arena, &all->openers);

	if (r < 0)
		return r;
	all->has_openers = true;
	return vf_openers_get(&all->openers, candidate->vf->index, VF_NODE_VFIO, candidate->arena,
			      ret);
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

/* Whether somebody has noted that he gave the VF away cannot be told. */
static int hold_unknown(const struct candidate *candidate, struct holder *ret, int error,
			const char *path)
{
	const char *name = strerrorname_np(-error);

	return hold(ret, "unknown",
		    arena_printf(candidate->arena,
				 "somebody who cannot be told now: %s cannot be looked for (%s)",
				 path, name ? name : "unknown error"));
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
	if (access(path, F_OK) == 0)
		return hold(ret, "libvirt",
			    arena_printf(candidate->arena, "libvirt, as noted in %s", path));
	return errno == ENOENT || errno == ENOTDIR ? 0 : hold_unknown(candidate, ret, -errno, path);
}

static int read_records(struct surroundings *all, struct arena *arena)
{
	struct query *queries = arena_array(arena, all->n, sizeof(*queries));
	size_t count = 0;
	int r = queries ? 0 : -ENOMEM;

	for (uint32_t i = 0; r >= 0 && i < all->n; i++) {
		queries[count].kind = QUERY_CNI_RECORD;
		/* A device that is not PCI's is none that the plugin gives away. */
		if (all->first[i].address &&
		    query_of_address(all->first[i].address, &queries[count].of) >= 0)
			count++;
	}
	if (r >= 0)
		r = lookup(queries, count, arena);
	if (r < 0)
		return r;
	all->records = queries;
	all->n_records = count;
	return 0;
}

/* What was found out about the record of the VF; NULL: there can be none. */
static int find_record(const struct candidate *candidate, const struct query **ret)
{
	struct surroundings *all = candidate->surroundings;
	uint64_t of;
	int r = all->records ? 0 : read_records(all, candidate->arena);

	if (r < 0)
		return r;
	*ret = NULL;
	if (query_of_address(candidate->vf->address, &of) < 0)
		return 0;
	for (size_t i = 0; i < all->n_records && !*ret; i++)
		if (all->records[i].of == of)
			*ret = &all->records[i];
	return 0;
}

static int find_cni(const struct candidate *candidate, struct holder *ret)
{
	const char *path =
		arena_printf(candidate->arena, CNI_RECORDS "/%s", candidate->vf->address);
	const struct query *record;
	int r = path ? find_record(candidate, &record) : -ENOMEM;

	if (r < 0 || !record)
		return r;
	if (record->error)
		return hold_unknown(candidate, ret, record->error, path);
	if (!record->there)
		return 0;
	return hold(ret, "a container",
		    arena_printf(candidate->arena, "a container at %s, as noted in %s",
				 record->text ? record->text : "an unknown place", path));
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
	struct surroundings surroundings = {
		.device = device, .first = first, .n = n, .rtnl = rtnl
	};
	int r = 0;

	for (struct vf *vf = first; r >= 0 && vf < first + n; vf++) {
		vf->holder = (struct holder){ 0 };
		if (vf->address)
			r = find_one(device, &surroundings, pf, vf);
	}
	return r;
}
