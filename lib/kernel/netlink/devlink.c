/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/devlink.h"

#include <errno.h>
#include <netlink/msg.h>
#include <stdlib.h>

#include "kernel/netlink/devlink_message.h"
#include "kernel/netlink/netlink.h"
#include "util/text.h"

/* Of many. */
#define RATE_NODES_NAMED 3u

struct devlink {
	struct netlink *netlink;
	bool asked;
	uint16_t family; /* 0: this kernel has none */
};

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

int devlink_new(struct devlink **ret)
{
	CLEANUP(devlink_free_cleanup) struct devlink *devlink = calloc(1, sizeof(*devlink));
	int r = devlink ? netlink_new(NETLINK_GENERIC, &devlink->netlink) : -ENOMEM;

	if (r < 0)
		return r;
	*ret = TAKE(devlink);
	return 0;
}

void devlink_free(struct devlink *devlink)
{
	if (!devlink)
		return;
	netlink_free(devlink->netlink);
	free(devlink);
}

static int on_family(const struct nlmsghdr *message, void *context)
{
	struct devlink *devlink = context;

	devlink->family = devlink_message_read_family(message);
	return 0;
}

/* Once: devlink is a part of the kernel or it is not, it is no module. 0 or -errno. */
static int find_family(struct devlink *devlink)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r;

	if (devlink->asked)
		return devlink->family ? 0 : -EOPNOTSUPP;
	r = devlink_message_family(&message);
	if (r >= 0)
		r = netlink_ask(devlink->netlink, message, on_family, devlink);
	if (r < 0 && r != -ENOENT)
		return r;
	devlink->asked = true;
	return devlink->family ? 0 : -EOPNOTSUPP;
}

static int on_eswitch(const struct nlmsghdr *message, void *context)
{
	devlink_message_read_eswitch(message, context);
	return 0;
}

int devlink_get_eswitch(struct devlink *devlink, const char *handle, struct pf_values *values,
			bool *ret_silent)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r = find_family(devlink);

	if (r >= 0)
		r = devlink_message_get_eswitch(devlink->family, handle, &message);
	if (r >= 0)
		r = netlink_ask(devlink->netlink, message, on_eswitch, values);
	*ret_silent = r < 0 && r != -EOPNOTSUPP;
	return r == -ENOMEM ? r : 0;
}

struct rate_nodes {
	const char *handle;
	struct text names;
	unsigned count;
};

static int on_rate(const struct nlmsghdr *message, void *context)
{
	struct rate_nodes *nodes = context;
	const char *name = devlink_message_read_rate_node(message, nodes->handle);

	if (!name)
		return 0;
	nodes->count++;
	if (nodes->count > RATE_NODES_NAMED)
		return 0;
	text_append(&nodes->names, nodes->count > 1 ? ", " : "");
	text_append_escaped(&nodes->names, name);
	return nodes->names.failed ? -ENOMEM : 0;
}

static int describe_nodes(struct rate_nodes *nodes, struct arena *arena, const char **ret)
{
	if (nodes->count > RATE_NODES_NAMED)
		text_printf(&nodes->names, " and %u more", nodes->count - RATE_NODES_NAMED);
	*ret = nodes->count ? arena_printf(arena, "devlink rate node%s %s",
					   nodes->count > 1 ? "s" : "", text_string(&nodes->names))
			    : NULL;
	return nodes->names.failed || (nodes->count && !*ret) ? -ENOMEM : 0;
}

int devlink_find_rate_nodes(struct devlink *devlink, const char *handle, struct arena *arena,
			    const char **ret)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	struct rate_nodes nodes = { .handle = handle };
	int r = find_family(devlink);

	*ret = NULL;
	if (r >= 0)
		r = devlink_message_get_rates(devlink->family, &message);
	if (r >= 0)
		r = netlink_ask(devlink->netlink, message, on_rate, &nodes);
	if (r >= 0)
		r = describe_nodes(&nodes, arena, ret);
	text_clear(&nodes.names);
	return r == -EOPNOTSUPP ? 0 : r;
}

int devlink_set_eswitch(struct devlink *devlink, const char *handle, enum pf_setting setting,
			uint64_t value, struct kernel_error *ret_error)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r = find_family(devlink);

	if (r >= 0)
		r = devlink_message_set_eswitch(devlink->family, handle, setting, value, &message);
	if (r >= 0)
		r = netlink_change(devlink->netlink, message, ret_error);
	/* It does not say that the PF is gone, but that devlink does not know it. */
	return r == -ENODEV ? -EOPNOTSUPP : r;
}
