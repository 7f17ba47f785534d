/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages to and from devlink, by generic netlink. Pure: structs in, messages out and back. */

#include <linux/netlink.h>
#include <stdint.h>

#include "model/pf.h"

struct nl_msg;

/* Asks for the number of the family called devlink, which the kernel gives out at its start. */
int devlink_message_family(struct nl_msg **ret);
/* The number in the answer to that, or 0 where it has none. */
uint16_t devlink_message_read_family(const struct nlmsghdr *message);

/* Asks for what the eswitch of the device of that handle, "bus/device", is set to. 0, -ENOMEM, or
 * -EINVAL for what is no handle. */
int devlink_message_get_eswitch(uint16_t family, const char *handle, struct nl_msg **ret);
/* Puts the settings in the answer into values; a driver reports those that it has. */
void devlink_message_read_eswitch(const struct nlmsghdr *message, struct pf_values *values);

/* Asks for all rate objects of the host. */
int devlink_message_get_rates(uint16_t family, struct nl_msg **ret);
/* The name of the rate node of the device of that handle that an answer is about, in it; NULL: it
 * is about another device, or about the rate of a port. */
const char *devlink_message_read_rate_node(const struct nlmsghdr *message, const char *handle);

/* Changes one of PF_ESWITCH_MODE, _INLINE_MODE, _ENCAP_MODE, with an acknowledgement. Returns as
 * devlink_message_get_eswitch(); -EINVAL also for any other setting. */
int devlink_message_set_eswitch(uint16_t family, const char *handle, enum pf_setting setting,
				uint64_t value, struct nl_msg **ret);
