/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/rdma.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <rdma/rdma_netlink.h>
#include <string.h>

#include "kernel/netlink/netlink.h"

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

/* The first attribute of that type among those of a message, or within another. */
static const struct nlattr *find(const struct nlmsghdr *message, int type)
{
	return nlmsg_find_attr((struct nlmsghdr *)message, 0, type);
}

static const struct nlattr *find_in(const struct nlattr *nest, int type)
{
	return nla_find(nla_data(nest), nla_len(nest), type);
}

/* Whether it is there and has so many bytes. */
static bool has(const struct nlattr *attribute, size_t size)
{
	return attribute && nla_len(attribute) >= (int)size;
}

/* Asks for a dump; device: NULL for all of them. */
static int dump(struct netlink *netlink, int command, const uint32_t *device,
		int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = nlmsg_alloc_size(NLMSG_HDRLEN + 64);

	if (!message ||
	    !nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, command),
		       0, NLM_F_REQUEST | NLM_F_DUMP) ||
	    (device && nla_put_u32(message, RDMA_NLDEV_ATTR_DEV_INDEX, *device) < 0))
		return -ENOMEM;
	return netlink_ask(netlink, message, each, context);
}

/* The devices so far. */
struct listing {
	struct arena *arena;
	struct rdma_device *devices;
	size_t count, capacity;
};

/* How many there are of what is called "ctx" (fill_res_info()). */
static uint64_t count_contexts(const struct nlattr *summary)
{
	const struct nlattr *entry;
	int room;

	nla_for_each_nested(entry, summary, room)
	{
		const struct nlattr *name = find_in(entry, RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_NAME),
				    *current =
					    find_in(entry, RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_CURR);

		if (has(name, sizeof("ctx")) && has(current, sizeof(uint64_t)) &&
		    !memcmp(nla_data(name), "ctx", sizeof("ctx")))
			return nla_get_u64(current);
	}
	return 0;
}

static int on_device(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *index = find(message, RDMA_NLDEV_ATTR_DEV_INDEX),
			    *name = find(message, RDMA_NLDEV_ATTR_DEV_NAME),
			    *summary = find(message, RDMA_NLDEV_ATTR_RES_SUMMARY);
	struct listing *listing = context;
	struct rdma_device device = { 0 };

	if (!has(index, sizeof(uint32_t)) || !has(name, 2))
		return -EBADMSG;
	device.index = nla_get_u32(index);
	device.name = arena_strndup(listing->arena, nla_data(name),
				    strnlen(nla_data(name), (size_t)nla_len(name)));
	device.contexts = summary ? count_contexts(summary) : 0;
	if (!device.name || arena_grow(listing->arena, &listing->devices, listing->count,
				       &listing->capacity, sizeof(device)) < 0)
		return -ENOMEM;
	listing->devices[listing->count++] = device;
	return 0;
}

int rdma_list(struct netlink *netlink, struct arena *arena, struct rdma_device **ret,
	      size_t *ret_count)
{
	struct listing listing = { .arena = arena };
	int r = dump(netlink, RDMA_NLDEV_CMD_RES_GET, NULL, on_device, &listing);

	if (r < 0)
		return r;
	*ret = listing.devices;
	*ret_count = listing.count;
	return 0;
}

struct ports {
	struct arena *arena;
	unsigned *items;
	size_t count, capacity;
};

static int on_port(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *ifindex = find(message, RDMA_NLDEV_ATTR_NDEV_INDEX);
	struct ports *ports = context;

	if (!has(ifindex, sizeof(uint32_t)))
		return 0; /* it has no network device, or not here */
	if (arena_grow(ports->arena, &ports->items, ports->count, &ports->capacity,
		       sizeof(*ports->items)) < 0)
		return -ENOMEM;
	ports->items[ports->count++] = nla_get_u32(ifindex);
	return 0;
}

int rdma_find_ports(struct netlink *netlink, uint32_t device, struct arena *arena, unsigned **ret,
		    size_t *ret_count)
{
	struct ports ports = { .arena = arena };
	int r = dump(netlink, RDMA_NLDEV_CMD_PORT_GET, &device, on_port, &ports);

	if (r < 0)
		return r;
	*ret = ports.items;
	*ret_count = ports.count;
	return 0;
}

static int on_contexts(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *contexts = find(message, RDMA_NLDEV_ATTR_RES_CTX), *entry, *pid;
	uint32_t *user = context;
	int room;

	if (!contexts)
		return 0;
	nla_for_each_nested(entry, contexts, room)
	{
		pid = find_in(entry, RDMA_NLDEV_ATTR_RES_PID);
		if (!*user && has(pid, sizeof(uint32_t)))
			*user = nla_get_u32(pid);
	}
	return 0;
}

int rdma_find_user(struct netlink *netlink, uint32_t device, uint32_t *ret)
{
	uint32_t user = 0;
	int r = dump(netlink, RDMA_NLDEV_CMD_RES_CTX_GET, &device, on_contexts, &user);

	if (r < 0)
		return r;
	*ret = user;
	return 0;
}
