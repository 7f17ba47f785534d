/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/stack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/fd.h"

#define UPPER "upper_"

bool stack_has_device(const struct stack *stack, unsigned ifindex)
{
	for (size_t i = 0; i < stack->n_devices; i++)
		if (stack->devices[i] == ifindex)
			return true;
	return false;
}

static int add_device(struct stack *stack, unsigned ifindex)
{
	if (arena_grow(stack->arena, &stack->devices, stack->n_devices, &stack->capacity,
		       sizeof(*stack->devices)) < 0)
		return -ENOMEM;
	stack->devices[stack->n_devices++] = ifindex;
	return 0;
}

/* Adds the device whose directory that is, and all on top of it. The kernel has no more than 8 of
 * them one on the other (MAX_NEST_DEV). One that is renamed or goes meanwhile is left out. */
static int add_tower(struct stack *stack, int directory, const char *path)
{
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int64_t ifindex = 0;
	const char **names;
	size_t count = 0;
	int r = fd < 0 ? -errno : sysfs_read_number(fd, "ifindex", &ifindex);

	if (r < 0)
		return inquiry_is_absent(r) || r == -ENODATA ? 0 : r;
	if (stack_has_device(stack, (unsigned)ifindex))
		return 0;
	r = add_device(stack, (unsigned)ifindex);
	if (r >= 0)
		r = directory_list(fd, ".", stack->arena, &names, &count);
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (!strncmp(names[i], UPPER, strlen(UPPER)))
			r = add_tower(stack, fd, names[i]);
	return r;
}

static int on_address(const struct nlmsghdr *message, void *context)
{
	const struct ifaddrmsg *info = nlmsg_data(message);
	struct stack *stack = context;
	struct ip_address address;
	const struct nlattr *bytes;

	if (message->nlmsg_type != RTM_NEWADDR || !nlmsg_valid_hdr(message, sizeof(*info)) ||
	    !stack_has_device(stack, info->ifa_index))
		return 0;
	/* Of IPv4 the other one is the peer's, where there is one. */
	bytes = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(*info), IFA_LOCAL);
	if (!bytes)
		bytes = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(*info), IFA_ADDRESS);
	if (!bytes || ip_address_read(info->ifa_family, nla_data(bytes), (size_t)nla_len(bytes),
				      &address) < 0)
		return 0;
	if (arena_grow(stack->arena, &stack->addresses, stack->n_addresses,
		       &stack->addresses_capacity, sizeof(address)) < 0)
		return -ENOMEM;
	stack->addresses[stack->n_addresses++] = address;
	return 0;
}

int stack_read(const struct inquiry *inquiry, const struct candidate *candidate, struct stack *ret)
{
	struct stack stack = { .rtnl = inquiry->rtnl, .arena = inquiry->arena };
	CLEANUP_FD int fd = inquiry_open(inquiry, candidate);
	int r = fd < 0 ? fd : 0;

	for (size_t i = 0; r >= 0 && i < candidate->n_links; i++) {
		const char *path =
			arena_printf(inquiry->arena, "net/%s", candidate->links[i].ifname);

		r = path ? add_tower(&stack, fd, path) : -ENOMEM;
	}
	if (r < 0)
		return r;
	*ret = stack;
	return 0;
}

int stack_read_addresses(struct stack *stack)
{
	return rtnl_dump(stack->rtnl, RTM_GETADDR, on_address, stack);
}

bool stack_has_address(const struct stack *stack, const struct ip_address *address,
		       unsigned ifindex)
{
	if (ip_address_is_link_local(address))
		return stack_has_device(stack, ifindex);
	for (size_t i = 0; i < stack->n_addresses; i++)
		if (ip_address_equal(&stack->addresses[i], address))
			return true;
	return false;
}

int stack_leads_to(const struct stack *stack, const struct ip_address *address, unsigned ifindex)
{
	unsigned way;
	int r = rtnl_find_way(stack->rtnl, address, ifindex, &way);

	return r < 0 ? r : stack_has_device(stack, way);
}
