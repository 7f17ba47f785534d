/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* TCP sockets of this network namespace, by NETLINK_SOCK_DIAG (net/ipv4/inet_diag.c). No privilege
 * is needed. */

#include <stdint.h>

#include "kernel/netlink/ip_address.h"

struct netlink;
struct nlmsghdr;

enum tcp_state {
	TCP_CONNECTED, /* TCP_ESTABLISHED in the kernel; also where no program has accepted it */
	TCP_LISTENING,
};

struct tcp_socket {
	struct ip_address local, peer;
	uint16_t local_port;
	unsigned ifindex; /* of the device that it is bound to, as one of link-local addresses is;
			   * 0: none */
	uint32_t inode;	  /* one of a program's; 0: of a connection that none has accepted yet */
	uint64_t cgroup;  /* that it was made in: the inode of its directory, in cgroup v2; 0: that
			   * is not told, as by kernels before 5.9 */
};

/* Reads an answer. 0 or -EBADMSG. */
int tcp_read(const struct nlmsghdr *message, struct tcp_socket *ret);

/* Calls each() for every socket of IPv4 and IPv6 in that state, at that local port, or at any with
 * 0. Below 0, what each() returns is the answer in the end. 0; -ENOENT: the kernel does not tell of
 * TCP sockets; or -errno. */
int tcp_find(struct netlink *netlink, enum tcp_state state, uint16_t port,
	     int (*each)(const struct tcp_socket *socket, void *context), void *context);
