/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Programs that use a VF by RDMA, as DPDK does on cards of NVIDIA and MPI everywhere: the VF stays
 * with its driver, and its network device is up and without an address. Its RDMA device is right
 * below the VF, or has a port on the VF's network device, as that of rdma_rxe. */

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>

#include "kernel/holder/traces.h"
#include "kernel/netlink/netlink.h"
#include "kernel/netlink/rdma.h"
#include "kernel/privileged/process.h"
#include "util/directory.h"

#define DEVICES "/sys/class/infiniband"

static int has_port(const struct candidate *candidate, const unsigned *ports, size_t n_ports)
{
	for (size_t i = 0; i < n_ports; i++)
		if (candidate_find_link(candidate, ports[i]))
			return 1;
	return 0;
}

/* The program, which may be one that is not to be seen from here. */
static const char *describe(struct arena *arena, uint32_t pid)
{
	const char *number = arena_printf(arena, "%u", pid);

	if (!pid || !number)
		return number ? "a process" : NULL;
	return process_describe("/proc", number, arena);
}

static int hold(struct inquiry *inquiry, struct netlink *netlink, const struct rdma_device *device,
		struct candidate *candidate)
{
	const char *user;
	uint32_t pid;
	int r = rdma_find_user(netlink, device->index, &pid);

	if (r < 0)
		return r;
	user = describe(inquiry->arena, pid);
	return user ? inquiry_hold(candidate, "RDMA",
				   arena_printf(inquiry->arena, "RDMA device %s, by %s",
						device->name, user))
		    : -ENOMEM;
}

static int judge_device(struct inquiry *inquiry, const struct trace *trace, struct netlink *netlink,
			const struct rdma_device *device)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	const char *path = arena_printf(inquiry->arena, DEVICES "/%s/device", device->name);
	unsigned *ports;
	size_t n_ports;
	int r = path ? rdma_find_ports(netlink, device->index, inquiry->arena, &ports, &n_ports)
		     : -ENOMEM;

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate)) {
		r = has_port(candidate, ports, n_ports);
		if (r == 0)
			r = candidate_is_at(candidate, AT_FDCWD, path);
		if (r > 0)
			r = hold(inquiry, netlink, device, candidate);
	}
	return r;
}

/* Only where there are such devices: to open the socket alone would load the kernel's module. */
int rdma_find(struct inquiry *inquiry, const struct trace *trace)
{
	CLEANUP(netlink_free_cleanup) struct netlink *netlink = NULL;
	struct rdma_device *devices;
	const char **names;
	size_t count;
	int r = directory_list(AT_FDCWD, DEVICES, inquiry->arena, &names, &count);

	if (r < 0 || !count)
		return r;
	r = netlink_new(NETLINK_RDMA, &netlink);
	if (r >= 0)
		r = rdma_list(netlink, inquiry->arena, &devices, &count);
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (devices[i].contexts)
			r = judge_device(inquiry, trace, netlink, &devices[i]);
	return r;
}
