/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A VF's network device that is here: a bridge or bond that it is in, a device on top of it, an XDP
 * program, a listener, an address or a route. */

#include <errno.h>
#include <string.h>

#include "kernel/holder/netdev_use.h"
#include "kernel/holder/traces.h"
#include "util/directory.h"
#include "util/fd.h"

/* What is found out once for all. */
struct uses {
	struct inquiry *inquiry;
	struct netdev_uses netdevs;
};

/* Whether it has a device on top of it in this network namespace: a VLAN or macvlan, say. 1; 0; or
 * -errno. */
static int has_upper(const struct inquiry *inquiry, const struct candidate *candidate,
		     const struct link *link)
{
	CLEANUP_FD int fd = inquiry_open(inquiry, candidate);
	const char *path = arena_printf(inquiry->arena, "net/%s", link->ifname);
	const char **names;
	size_t count;
	int r = fd < 0 ? fd : path ? 0 : -ENOMEM;

	if (r >= 0)
		r = directory_list(fd, path, inquiry->arena, &names, &count);
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (!strncmp(names[i], "upper_", strlen("upper_")))
			return 1;
	return r;
}

/* What of it is in use, also while it is down; or NULL. */
static int find_use(const struct uses *uses, const struct candidate *candidate,
		    const struct link *link, const char **ret)
{
	int r = has_upper(uses->inquiry, candidate, link);

	*ret = NULL;
	if (r < 0)
		return r;
	if (link->up && link->master)
		*ret = "a master";
	else if (r)
		*ret = "a device on top of it";
	else if (link->has_xdp)
		*ret = "an XDP program";
	else if (link->listeners && !link->master)
		*ret = "a listener";
	else if (link->up && ifindex_set_contains(&uses->netdevs.addressed, link->ifindex))
		*ret = "an address";
	else if (link->up && ifindex_set_contains(&uses->netdevs.routed, link->ifindex))
		*ret = "a route";
	return 0;
}

static int judge(const struct uses *uses, struct candidate *candidate, const struct link *link)
{
	const char *use;
	int r = find_use(uses, candidate, link, &use);

	if (r < 0 || !use)
		return inquiry_is_absent(r) ? 0 : r;
	return inquiry_hold(candidate, use,
			    arena_printf(uses->inquiry->arena, "%s is %s and has %s", link->ifname,
					 link->up ? "up" : "down", use));
}

int netdev_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct uses uses = { .inquiry = inquiry };
	int r = netdev_uses_read(inquiry->rtnl, inquiry->arena, &uses.netdevs);

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate))
		for (size_t i = 0; r >= 0 && i < candidate->n_links && !vf_is_held(candidate->vf);
		     i++)
			r = judge(&uses, candidate, &candidate->links[i]);
	return r;
}
