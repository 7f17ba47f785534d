/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/netns.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/privileged/process.h"
#include "util/directory.h"
#include "util/fd.h"
#include "util/text.h"

#define NAMES "/run/netns"

/* A namespace that has a number here. */
struct netns {
	int32_t nsid;
	const char *name; /* NULL: none */
	const char *pid;  /* a process that is in it; NULL: none is known */
};

static bool is_gone(int r)
{
	return r == -ENOENT || r == -ENOTDIR || r == -ESRCH;
}

/* Notes that something was not seen, unless it is gone. Returns only -ENOMEM. */
static int note_unseen(struct netns_look *look, int r)
{
	if (r < 0 && !is_gone(r) && !look->unseen)
		look->unseen = r;
	return r == -ENOMEM ? r : 0;
}

/* Adds the namespace of that number if it is not there yet; our own is none of them. */
static int add(struct netns_look *look, const struct netns *netns)
{
	if (netns->nsid < 0 || netns->nsid == look->own)
		return 0;
	for (size_t i = 0; i < look->n_namespaces; i++)
		if (look->namespaces[i].nsid == netns->nsid)
			return 0;
	if (arena_grow(look->arena, &look->namespaces, look->n_namespaces,
		       &look->namespaces_capacity, sizeof(*netns)) < 0)
		return -ENOMEM;
	look->namespaces[look->n_namespaces++] = *netns;
	return 0;
}

static int add_named(struct netns_look *look, const char *name)
{
	const char *path = arena_printf(look->arena, NAMES "/%s", name);
	CLEANUP_FD int fd =
		path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW) : -1;
	struct netns netns = { .name = name };
	int r;

	if (!path)
		return -ENOMEM;
	if (fd < 0)
		return note_unseen(look, -errno);
	r = rtnl_need_nsid(look->rtnl, RTNL_NETNS_FD, (uint32_t)fd, &netns.nsid);
	/* A file that is no namespace: what was mounted on it is gone. */
	if (r < 0)
		return r == -EINVAL ? 0 : note_unseen(look, r);
	return add(look, &netns);
}

static int add_of_process(struct netns_look *look, const char *pid)
{
	struct netns netns = { .pid = pid };
	int r;

	if (!isdigit((unsigned char)pid[0]))
		return 0;
	r = rtnl_need_nsid(look->rtnl, RTNL_NETNS_PID, (uint32_t)strtoul(pid, NULL, 10),
			   &netns.nsid);
	return r < 0 ? note_unseen(look, r) : add(look, &netns);
}

static int add_all(struct netns_look *look, const char *directory,
		   int (*add_one)(struct netns_look *look, const char *entry))
{
	const char **names;
	size_t count = 0;
	int r = directory_list(AT_FDCWD, directory, look->arena, &names, &count);

	if (r < 0)
		return note_unseen(look, r);
	for (size_t i = 0; r >= 0 && i < count; i++)
		r = add_one(look, names[i]);
	return r;
}

static int on_nsid(const struct nlmsghdr *message, void *context)
{
	struct netns netns = { 0 };
	int r = rtnl_read_nsid(message, &netns.nsid);

	return r < 0 ? r : add(context, &netns);
}

/* Those with a name first, which says more than a process. */
static int find_namespaces(struct netns_look *look)
{
	int r = rtnl_need_nsid(look->rtnl, RTNL_NETNS_PID, (uint32_t)getpid(), &look->own);

	/* Then all others would look like ours. */
	if (r < 0) {
		look->own = -1;
		look->unseen = r;
		return r == -ENOMEM ? r : 0;
	}
	r = add_all(look, NAMES, add_named);
	if (r >= 0)
		r = add_all(look, "/proc", add_of_process);
	if (r >= 0)
		r = note_unseen(look, rtnl_dump(look->rtnl, RTM_GETNSID, on_nsid, look));
	return r;
}

/* The links of one namespace, on their way into the look. */
struct reading {
	struct netns_look *look;
	size_t netns;
};

/* Keeps a device, whose names are copied. A dump that was begun anew lists one twice: no harm. */
static int add_device(struct netns_look *look, struct netns_device device)
{
	const bool has_parent = device.parent;

	device.ifname = text_quote(device.ifname, look->arena);
	if (has_parent)
		device.parent = arena_strdup(look->arena, device.parent);
	if (!device.ifname || (has_parent && !device.parent) ||
	    arena_grow(look->arena, &look->devices, look->n_devices, &look->devices_capacity,
		       sizeof(device)) < 0)
		return -ENOMEM;
	look->devices[look->n_devices++] = device;
	return 0;
}

/* Of all the links that users make, with names without end, nothing is kept but those that may be a
 * VF's, or on top of something here. */
static int on_link(const struct nlmsghdr *message, void *context)
{
	const struct reading *reading = context;
	struct netns_look *look = reading->look;
	struct netns_device device = { .netns = reading->netns };
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct link link;
	int r = arena_new(&arena);

	if (r >= 0)
		r = link_read(message, arena, &link);
	if (r < 0)
		return r;
	device.parent = link.parent;
	device.lower = link.lower_nsid == look->own ? link.lower : 0;
	device.ifname = link.ifname;
	return link.ifname && (device.parent || device.lower) ? add_device(look, device) : 0;
}

/* Whether what was read of a namespace is all that can be known. -EINVAL: it is gone. -EINTR: links
 * come and go there faster than they are listed, each time anew. Who makes them has the namespace,
 * and hides nothing but what is his; what stays is listed. If this were unknown any user could have
 * all VFs taken for being in use. */
static bool is_read(int r)
{
	return r == -EINVAL || r == -EINTR;
}

int netns_find_devices(struct rtnl *rtnl, struct arena *arena, struct netns_look *ret)
{
	struct netns_look look = { .rtnl = rtnl, .arena = arena };
	int r = find_namespaces(&look);

	for (size_t i = 0; r >= 0 && i < look.n_namespaces && look.own >= 0; i++) {
		struct reading reading = { &look, i };

		r = rtnl_dump_links_of(rtnl, look.namespaces[i].nsid, on_link, &reading);
		/* One that cannot be read does not keep the others from being read. */
		r = is_read(r) ? 0 : note_unseen(&look, r);
	}
	if (r < 0)
		return r;
	*ret = look;
	return 0;
}

const char *netns_describe(const struct netns_look *look, const struct netns_device *device)
{
	const struct netns *netns = &look->namespaces[device->netns];
	const char *process;

	if (netns->name)
		return arena_printf(look->arena, "network namespace %s", netns->name);
	if (!netns->pid)
		return "another network namespace";
	process = process_describe("/proc", netns->pid, look->arena);
	return process ? arena_printf(look->arena, "the network namespace of %s", process) : NULL;
}
