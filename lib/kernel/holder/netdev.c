/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A network device that is here, a VF's or the PF's own: a bridge or bond that it is in, a device
 * on top of it, an XDP program, a listener, an address or a route. */

#include <errno.h>
#include <string.h>

#include "kernel/holder/netdev_use.h"
#include "kernel/holder/stack.h"
#include "kernel/holder/traces.h"
#include "util/directory.h"
#include "util/fd.h"
#include "util/text.h"

/* What is found out once for all. */
struct uses {
	struct inquiry *inquiry;
	struct netdev_uses netdevs;
};

/* A device on top of it in this network namespace, a VLAN, macvlan or bond, say; NULL in *ret where
 * there is none. 0 or -errno. */
static int find_upper(const struct inquiry *inquiry, const struct candidate *candidate,
		      const struct link *link, const char **ret)
{
	CLEANUP_FD int fd = inquiry_open(inquiry, candidate);
	const char *path = arena_printf(inquiry->arena, "net/%s", link->ifname);
	const char **names;
	size_t count;
	int r = fd < 0 ? fd : path ? 0 : -ENOMEM;

	if (r >= 0)
		r = directory_list(fd, path, inquiry->arena, &names, &count);
	*ret = NULL;
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (!strncmp(names[i], "upper_", strlen("upper_")))
			*ret = names[i] + strlen("upper_");
	/* It has another name by now: the rest is told by number. */
	return inquiry_is_absent(r) ? 0 : r;
}

/* A default route may come with any device that is up and hears of a router: with a PF's it is the
 * host's way out. */
static bool is_way_out(const struct uses *uses, const struct candidate *candidate,
		       const struct link *link)
{
	return !candidate->vf && ifindex_set_contains(&uses->netdevs.defaults, link->ifindex);
}

/* Whether the host's way out is by what stands on it: a bond, a bridge, a VLAN. 1; 0; or -errno. */
static int has_way_out_on_top(const struct uses *uses, const struct candidate *candidate)
{
	struct stack stack;
	int r;

	if (candidate->vf)
		return 0;
	r = stack_read(uses->inquiry, candidate, &stack);
	/* The first is its own. */
	for (size_t i = 1; r >= 0 && i < stack.n_devices; i++)
		if (ifindex_set_contains(&uses->netdevs.defaults, stack.devices[i]))
			return 1;
	return r;
}

/* What of it is in use, also while it is down, and the name of what it has, if that has one; or
 * NULL. */
static int find_use(const struct uses *uses, const struct candidate *candidate,
		    const struct link *link, const char **ret, const char **ret_name)
{
	const char *upper = NULL;
	bool way_out = link->up && is_way_out(uses, candidate, link);
	int r = find_upper(uses->inquiry, candidate, link, &upper);

	*ret = *ret_name = NULL;
	if (r < 0)
		return r;
	if (way_out)
		*ret = "the host's default route";
	else if (link->up && link->master)
		*ret = "a master";
	else if (upper)
		*ret = "a device on top of it";
	else if (link->has_xdp)
		*ret = "an XDP program";
	else if (link->listeners && !link->master)
		*ret = "a listener";
	else if (link->up && ifindex_set_contains(&uses->netdevs.addressed, link->ifindex))
		*ret = "an address";
	else if (link->up && ifindex_set_contains(&uses->netdevs.routed, link->ifindex))
		*ret = "a route";
	/* Looked for before an address and a route. */
	if (!way_out)
		*ret_name = upper;
	return 0;
}

static int judge(const struct uses *uses, struct candidate *candidate, const struct link *link)
{
	struct arena *arena = uses->inquiry->arena;
	const char *use, *what, *name;
	int r = find_use(uses, candidate, link, &use, &what);
	int way_out;

	if (r < 0 || !use)
		return r;
	way_out = what ? has_way_out_on_top(uses, candidate) : 0;
	if (way_out < 0)
		return way_out;
	name = text_quote(link->ifname, arena);
	what = what ? text_quote(what, arena) : "";
	if (!name || !what)
		return -ENOMEM;
	return inquiry_hold(candidate, use,
			    arena_printf(arena, "%s is %s and has %s%s%s%s", name,
					 link->up ? "up" : "down", use, what[0] ? ": " : "", what,
					 way_out ? ", with the host's default route" : ""));
}

int netdev_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct uses uses = { .inquiry = inquiry };
	int r = netdev_uses_read(inquiry->rtnl, inquiry->arena, &uses.netdevs);

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate))
		for (size_t i = 0;
		     r >= 0 && i < candidate->n_links && !candidate_is_held(candidate); i++)
			r = judge(&uses, candidate, &candidate->links[i]);
	return r;
}
