/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A netlink socket: what is asked is answered before the next is. */

#include <linux/netlink.h>
#include <stddef.h>

#include "kernel/kernel.h"
#include "util/cleanup.h"

struct netlink;
struct nl_msg;

/* protocol: NETLINK_ROUTE, NETLINK_GENERIC. Returns 0 or -errno. */
int netlink_new(int protocol, struct netlink **ret);
void netlink_free(struct netlink *netlink);
DEFINE_CLEANUP(struct netlink *, netlink_free);

/* Its descriptor, for requests that any socket takes. */
int netlink_fd(const struct netlink *netlink);

/* Sends a message that asks for something, and hands each message that answers it to each(): one,
 * or those of a dump. Below 0, what each() returns is the answer in the end. Else 0, or the
 * kernel's -errno; -EINTR: a dump was incomplete, since a change came in between. */
int netlink_ask(struct netlink *netlink, struct nl_msg *message,
		int (*each)(const struct nlmsghdr *message, void *context), void *context);

/* Sends many requests at once, which the kernel works off one after the other: size bytes of whole
 * messages, each of which gets one answer. No more than the socket's buffer has room for: nothing
 * is read before all are done. Hands the answers to each(), in the order of the requests; to
 * -ENODEV there is none, and that is no error. Returns as netlink_ask(). */
int netlink_ask_each(struct netlink *netlink, struct nlmsghdr *requests, size_t size,
		     int (*each)(const struct nlmsghdr *message, void *context), void *context);

/* Sends a message that changes something, which has NLM_F_ACK. ret_error gets the kernel's words
 * where it gave any. Returns 0 or the kernel's -errno. */
int netlink_change(struct netlink *netlink, struct nl_msg *message, struct kernel_error *ret_error);
