/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* RDMA devices and who uses them, by the kernel's RDMA socket (NETLINK_RDMA;
 * drivers/infiniband/core/nldev.c). No privilege is needed. Only devices that this network
 * namespace may use are told of. */

#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

struct netlink;

struct rdma_device {
	uint32_t index;
	const char *name;  /* "mlx5_3" */
	uint64_t contexts; /* which programs have opened */
};

/* All of them, in arena. 0 or -errno. */
int rdma_list(struct netlink *netlink, struct arena *arena, struct rdma_device **ret,
	      size_t *ret_count);
/* The numbers of the network devices here that are its ports. 0 or -errno. */
int rdma_find_ports(struct netlink *netlink, uint32_t device, struct arena *arena, unsigned **ret,
		    size_t *ret_count);
/* A process that has it open; 0 in *ret where none is to be seen from here. 0 or -errno. */
int rdma_find_user(struct netlink *netlink, uint32_t device, uint32_t *ret);
