/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* File systems that are had by way of a PF's network device: the host's root, or homes, of which
 * everything would hang that touches them. By the way that leads to their servers now. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "kernel/holder/stack.h"
#include "kernel/holder/traces.h"
#include "kernel/mount/mount_servers.h"

/* A file system, which may be mounted at many places. */
struct file_system {
	dev_t device;
	bool on_stack;
};

struct look {
	struct inquiry *inquiry;
	struct stack stack;
	struct file_system *known;
	size_t n_known, capacity;
	size_t count;	     /* those on the stack */
	const char *path;    /* the first of their places by name, "/" before all */
	const char *details; /* what is there */
};

/* The device by which a link-local address is reached; 0: that is not said, or it is gone. */
static int find_device(struct rtnl *rtnl, const char *name, unsigned *ret)
{
	char *end;
	int r;

	*ret = 0;
	if (!name)
		return 0;
	*ret = (unsigned)strtoul(name, &end, 10);
	if (!*end)
		return 0;
	r = rtnl_find_ifindex(rtnl, name, ret);
	return r == -ENODEV ? 0 : r;
}

/* 1; 0; or -errno. */
static int is_on_stack(const struct look *look, const struct servers *servers)
{
	unsigned device;
	int r = 0;

	for (size_t i = 0; r == 0 && i < servers->count; i++) {
		const struct server *server = &servers->items[i];

		r = find_device(look->inquiry->rtnl, server->device, &device);
		if (r >= 0 && (device || !ip_address_is_link_local(&server->address)))
			r = stack_leads_to(&look->stack, &server->address, device);
	}
	return r;
}

static struct file_system *find_known(const struct look *look, dev_t device)
{
	for (size_t i = 0; i < look->n_known; i++)
		if (look->known[i].device == device)
			return &look->known[i];
	return NULL;
}

/* Whether it is had by way of the stack; servers are those of it. Of the many that nobody else has
 * nothing is kept. 1; 0; or -errno. */
static int judge(struct look *look, dev_t device, const struct servers *servers)
{
	int r = is_on_stack(look, servers);

	if (r < 0 || (!servers->count && !major(device)))
		return r;
	if (arena_grow(look->inquiry->arena, &look->known, look->n_known, &look->capacity,
		       sizeof(*look->known)) < 0)
		return -ENOMEM;
	look->known[look->n_known++] = (struct file_system){ device, r };
	look->count += (size_t)r;
	return r;
}

static int note(struct look *look, const struct mount *mount, const char *by)
{
	struct arena *arena = look->inquiry->arena;

	if (look->path && strcmp(look->path, mount->path) <= 0)
		return 0;
	look->path = arena_strdup(arena, mount->path);
	look->details = arena_printf(arena, "%s %s%s%s at %s", mount->type, mount->source,
				     by ? " by " : "", by ? by : "", mount->path);
	return look->path && look->details ? 0 : -ENOMEM;
}

static int on_mount(const struct mount *mount, void *context)
{
	struct look *look = context;
	const struct file_system *known = find_known(look, mount->device);
	struct servers servers;
	int r;

	if (known && !known->on_stack)
		return 0;
	r = mount_servers_find(mount, look->inquiry->arena, &servers);
	if (r >= 0 && !known)
		r = judge(look, mount->device, &servers);
	if (r < 0 || (!known && !r))
		return r;
	return note(look, mount, servers.by);
}

int mounts_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct look look = { .inquiry = inquiry };
	int r = stack_read(inquiry, candidate, &look.stack);

	if (r >= 0)
		r = mountinfo_each(MOUNTINFO_OWN, on_mount, &look);
	if (r < 0 || !look.count)
		return r;
	return inquiry_hold(candidate, "a network file system",
			    arena_printf(inquiry->arena, "%s%s", look.details,
					 look.count > 1 ? ", and other file systems" : ""));
}
