/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Link messages as the kernel writes them, for tests of their reader. */

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message {
	unsigned char *data; /* message_free() */
	size_t length;
	size_t capacity;
};

struct message_vf {
	uint32_t index;
	uint8_t mac_last; /* the address is 02:00:00:00:00:XX */
	uint16_t vlan;
	uint32_t trust; /* UINT32_MAX: not reported */
	/* Of all of its counters, in the order of IFLA_VF_STATS_RX_PACKETS and on, one more each;
	 * 0: without statistics. */
	uint64_t first_count;
};

/* An RTM_NEWLINK of link 7, up, with carrier. */
void message_begin(struct message *message);
void message_free(struct message *message);
/* Appends an attribute. */
void message_put(struct message *message, uint16_t type, const void *payload, size_t length);
void message_put_u32(struct message *message, uint16_t type, uint32_t number);
/* Opens and closes a nest; the length of what is longer than 64 KiB wraps, as the kernel's does. */
size_t message_nest(struct message *message, uint16_t type);
void message_end(struct message *message, size_t nest);
void message_put_vf(struct message *message, const struct message_vf *vf);
/* Writes the header's length and gives the whole. */
const struct nlmsghdr *message_finish(struct message *message);
