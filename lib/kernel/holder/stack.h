/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A PF's own network device and all that stands on it in this network namespace: VLANs, bonds,
 * bridges, macvlan devices, and what stands on these. What goes by one of them goes by the PF. */

#include <stdbool.h>
#include <stddef.h>

#include "kernel/holder/inquiry.h"

struct stack {
	struct rtnl *rtnl;
	struct arena *arena;
	unsigned *devices; /* their numbers */
	size_t n_devices, capacity;
	struct ip_address *addresses; /* that they have; none before stack_read_addresses() */
	size_t n_addresses, addresses_capacity;
};

/* Of the network devices of a candidate. 0 or -errno. */
int stack_read(const struct inquiry *inquiry, const struct candidate *candidate, struct stack *ret);
/* Reads their addresses, of all that there are here. 0 or -errno. */
int stack_read_addresses(struct stack *stack);
/* Whether a device is one of them. */
bool stack_has_device(const struct stack *stack, unsigned ifindex);
/* Whether one of them has that address; ifindex: of the device that it is used on, which one that
 * is link-local does not say by itself. */
bool stack_has_address(const struct stack *stack, const struct ip_address *address,
		       unsigned ifindex);
/* Whether what is sent there, by who is bound to device ifindex or to none with 0, leaves by one of
 * them. 1; 0; or -errno. */
int stack_leads_to(const struct stack *stack, const struct ip_address *address, unsigned ifindex);
