/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/netns.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/fd.h"

#define NAMES "/run/netns"

/* A namespace that has a number here. */
struct netns {
	int32_t nsid;
	bool wanted;	   /* a device was found in it, whose place is to be named */
	const char *place; /* NULL: not known yet */
};

struct search {
	struct rtnl *rtnl;
	struct arena *arena;
	struct netns *namespaces;
	size_t n_namespaces, namespaces_capacity;
	struct found {
		struct netns_device device;
		size_t netns; /* in namespaces */
	} * found;
	size_t n_found, found_capacity;
	size_t current; /* the namespace whose links are being read */
};

static int on_nsid(const struct nlmsghdr *message, void *context)
{
	struct search *search = context;
	struct netns netns = { 0 };
	int r = rtnl_read_nsid(message, &netns.nsid);

	if (r < 0)
		return r;
	/* A dump that was begun anew may list one twice, which is then read twice: no harm. */
	if (arena_grow(search->arena, &search->namespaces, search->n_namespaces,
		       &search->namespaces_capacity, sizeof(netns)) < 0)
		return -ENOMEM;
	search->namespaces[search->n_namespaces++] = netns;
	return 0;
}

static int on_link(const struct nlmsghdr *message, void *context)
{
	struct search *search = context;
	struct link link;
	int r = link_read(message, search->arena, &link);

	if (r < 0)
		return r;
	if (!link.parent || !link.ifname)
		return 0;
	if (arena_grow(search->arena, &search->found, search->n_found, &search->found_capacity,
		       sizeof(*search->found)) < 0)
		return -ENOMEM;
	search->namespaces[search->current].wanted = true;
	search->found[search->n_found++] = (struct found){
		.device = { .parent = link.parent, .ifname = link.ifname },
		.netns = search->current,
	};
	return 0;
}

static int search_all(struct search *search)
{
	int r = rtnl_dump(search->rtnl, RTM_GETNSID, on_nsid, search);

	for (size_t i = 0; r != -ENOMEM && i < search->n_namespaces; i++) {
		search->current = i;
		/* One that cannot be read does not keep the others from being read. */
		r = rtnl_dump_links_of(search->rtnl, search->namespaces[i].nsid, on_link, search);
	}
	return r == -ENOMEM ? r : 0;
}

static bool is_wanted(const struct search *search)
{
	for (size_t i = 0; i < search->n_namespaces; i++)
		if (search->namespaces[i].wanted && !search->namespaces[i].place)
			return true;
	return false;
}

/* The wanted namespace that this is another name of, or NULL. */
static struct netns *find_wanted(struct search *search, enum rtnl_netns by, uint32_t which)
{
	int32_t nsid;

	if (rtnl_get_nsid(search->rtnl, by, which, &nsid) < 0)
		return NULL;
	for (size_t i = 0; i < search->n_namespaces; i++) {
		struct netns *netns = &search->namespaces[i];

		if (netns->nsid == nsid && netns->wanted && !netns->place)
			return netns;
	}
	return NULL;
}

static int name_by_file(struct search *search, const char *name)
{
	const char *path = arena_printf(search->arena, NAMES "/%s", name);
	CLEANUP_FD int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	struct netns *netns = fd < 0 ? NULL : find_wanted(search, RTNL_NETNS_FD, (uint32_t)fd);

	if (netns)
		netns->place = arena_printf(search->arena, "network namespace %s", name);
	return path && (!netns || netns->place) ? 0 : -ENOMEM;
}

static int name_by_process(struct search *search, const char *pid)
{
	struct netns *netns;
	const char *path, *name = NULL;

	if (!isdigit((unsigned char)pid[0]))
		return 0;
	netns = find_wanted(search, RTNL_NETNS_PID, (uint32_t)strtoul(pid, NULL, 10));
	if (!netns)
		return 0;
	path = arena_printf(search->arena, "/proc/%s/comm", pid);
	if (!path || sysfs_read(AT_FDCWD, path, search->arena, &name) == -ENOMEM)
		return -ENOMEM;
	netns->place = arena_printf(search->arena, "the network namespace of %s (pid %s)",
				    name ? name : "a process", pid);
	return netns->place ? 0 : -ENOMEM;
}

/* Gives each wanted namespace that still has no place one, from the entries of a directory. */
static int name_by_all(struct search *search, const char *directory,
		       int (*name)(struct search *search, const char *entry))
{
	const char **names;
	size_t count = 0;
	int r = is_wanted(search)
			? directory_list(AT_FDCWD, directory, search->arena, &names, &count)
			: 0;

	for (size_t i = 0; r >= 0 && i < count && is_wanted(search); i++)
		r = name(search, names[i]);
	return r == -ENOMEM ? r : 0;
}

static int conclude(const struct search *search, struct netns_device **ret, size_t *ret_count)
{
	struct netns_device *devices =
		arena_array(search->arena, search->n_found + 1, sizeof(*devices));

	if (!devices)
		return -ENOMEM;
	for (size_t i = 0; i < search->n_found; i++) {
		const char *place = search->namespaces[search->found[i].netns].place;

		devices[i] = search->found[i].device;
		devices[i].place = place ? place : "another network namespace";
	}
	*ret = devices;
	*ret_count = search->n_found;
	return 0;
}

int netns_find_devices(struct rtnl *rtnl, struct arena *arena, struct netns_device **ret,
		       size_t *ret_count)
{
	struct search search = { .rtnl = rtnl, .arena = arena };
	int r = search_all(&search);

	if (r >= 0)
		r = name_by_all(&search, NAMES, name_by_file);
	if (r >= 0)
		r = name_by_all(&search, "/proc", name_by_process);
	return r < 0 ? r : conclude(&search, ret, ret_count);
}
