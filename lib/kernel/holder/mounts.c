/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* File systems that are had by way of a PF's network device: the host's root, or homes, of which
 * everything would hang that touches them. By the way that leads to their servers now. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/holder/stack.h"
#include "kernel/holder/traces.h"
#include "kernel/mount/servers.h"
#include "kernel/privileged/lookup.h"

struct look {
	struct inquiry *inquiry;
	struct stack stack;
	const char *first; /* of those that are found */
	bool others;
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
	*ret = 0;
	r = rtnl_find_ifindex(rtnl, name, ret);
	return r == -ENODEV ? 0 : r;
}

/* 1; 0; or -errno. */
static int is_on_stack(const struct look *look, const struct server *server)
{
	unsigned device;
	int r = find_device(look->inquiry->rtnl, server->device, &device);

	if (r < 0 || (!device && ip_address_is_link_local(&server->address)))
		return r;
	return stack_leads_to(&look->stack, &server->address, device);
}

/* A file system at one of its servers, whose address comes first. */
static int judge(struct look *look, const char *text)
{
	struct servers servers = { .arena = look->inquiry->arena };
	const char *details = strchr(text, ' ');
	int r = details ? servers_add(&servers, text, (size_t)(details - text)) : -EBADMSG;

	if (r >= 0 && servers.count)
		r = is_on_stack(look, &servers.items[0]);
	if (r <= 0)
		return r;
	look->others = look->others || (look->first && strcmp(look->first, details + 1) != 0);
	look->first = look->first ? look->first : details + 1;
	return 0;
}

static int judge_all(struct look *look, const struct query *queries)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < QUERY_MAX && queries[i].there; i++)
		r = queries[i].text ? judge(look, queries[i].text) : -EBADMSG;
	return r;
}

/* Why not all of them can be told; 0: they can. */
static int error_of(const struct query *queries)
{
	return queries[0].error ? queries[0].error : queries[QUERY_MAX - 1].there ? -E2BIG : 0;
}

int mounts_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct query *queries = arena_array(inquiry->arena, QUERY_MAX, sizeof(*queries));
	struct look look = { .inquiry = inquiry };
	int r = queries ? stack_read(inquiry, candidate, &look.stack) : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < QUERY_MAX; i++)
		queries[i] = (struct query){ .kind = QUERY_MOUNT, .of = i };
	if (r >= 0)
		r = lookup(queries, QUERY_MAX, inquiry->arena);
	if (r >= 0)
		r = judge_all(&look, queries);
	if (r < 0)
		return r;
	if (look.first)
		return inquiry_hold(candidate, "a network file system",
				    arena_printf(inquiry->arena, "%s%s", look.first,
						 look.others ? ", and other file systems" : ""));
	return error_of(queries)
		       ? inquiry_hold_unknown(inquiry, candidate, trace, error_of(queries))
		       : 0;
}
