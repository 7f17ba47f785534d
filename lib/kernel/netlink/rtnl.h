/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The rtnetlink socket. */

#include <stdbool.h>
#include <stdint.h>

#include "kernel/kernel.h"
#include "kernel/netlink/ip_address.h"
#include "kernel/netlink/link.h"

struct rtnl;

int rtnl_new(struct rtnl **ret);
void rtnl_free(struct rtnl *rtnl);
DEFINE_CLEANUP(struct rtnl *, rtnl_free);

/* What is asked for of a link's VFs. */
enum rtnl_vfs { RTNL_NO_VFS, RTNL_VFS, RTNL_VFS_WITH_COUNTERS };
/* The link. -ENODEV: there is none of that
 * index. -EMSGSIZE: it has more VFs than this kernel can report in one message. */
int rtnl_get_link(struct rtnl *rtnl, unsigned ifindex, enum rtnl_vfs vfs, struct arena *arena,
		  struct link *ret);

/* Each of count links, without VFs, handed to each() in the order of their indices; those that are
 * not there (any more) are left out. What each() returns below 0 is the answer in the end. Takes
 * few messages, however many links there are and the host has: a dump would list all that the host
 * has, and fail where they keep changing. */
int rtnl_get_links(struct rtnl *rtnl, const unsigned *ifindices, size_t count, struct arena *arena,
		   int (*each)(void *context, const struct link *link), void *context);

/* The number of the network device that has this name or altname here, of at most 15 bytes;
 * -ENODEV: none has; or -errno. */
int rtnl_find_ifindex(struct rtnl *rtnl, const char *name, unsigned *ret);

/* The number of the network device by which what is sent to that address leaves now; ifindex: of
 * the one that the sender is bound to, or 0. 0 in *ret: by none. 0 or -errno. */
int rtnl_find_way(struct rtnl *rtnl, const struct ip_address *to, unsigned ifindex, unsigned *ret);

/* The firmware's version, as the driver of that device reports it; NULL if it reports none. 0 or
 * -ENOMEM. */
int rtnl_get_firmware(struct rtnl *rtnl, const char *ifname, struct arena *arena, const char **ret);

/* Calls each() for every message that answers a dump request, such as RTM_GETADDR, of the whole
 * network namespace; for some of them more than once, where a change interrupts the dump. What
 * each() returns below 0 is the answer in the end. -EINTR: it was interrupted again and again. */
int rtnl_dump(struct rtnl *rtnl, int type,
	      int (*each)(const struct nlmsghdr *message, void *context), void *context);

/* Other network namespaces have numbers here, nsids: the kernel gives them one when a device goes
 * from ours to there (dev_change_net_namespace() in net/core/dev.c). rtnl_dump() with RTM_GETNSID
 * lists them all. */

/* The number in such a message; below 0 if that is of a namespace without one. -EBADMSG. */
int rtnl_read_nsid(const struct nlmsghdr *message, int32_t *ret);
enum rtnl_netns { RTNL_NETNS_FD, RTNL_NETNS_PID };
/* The number of the namespace that a descriptor is of, or a process is in; below 0: it has none.
 * Asking gives it none, and needs no privilege. 0 or the kernel's -errno. */
int rtnl_get_nsid(struct rtnl *rtnl, enum rtnl_netns by, uint32_t which, int32_t *ret);
/* Gives it one where it has none, which changes nothing else and ends with the namespace. -EPERM
 * without CAP_NET_ADMIN; -ESRCH: it is gone. */
int rtnl_need_nsid(struct rtnl *rtnl, enum rtnl_netns by, uint32_t which, int32_t *ret);
/* As rtnl_dump() with RTM_GETLINK, of another namespace, without statistics. -EACCES without
 * CAP_NET_ADMIN there; -EINVAL: no namespace has that number any more. */
int rtnl_dump_links_of(struct rtnl *rtnl, int32_t nsid,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);

/* Writes; error holds the driver's words where it gave any. Return 0 or the kernel's -errno. */
int rtnl_set_up(struct rtnl *rtnl, unsigned ifindex, struct kernel_error *ret_error);
/* An attribute that is a number, such as IFLA_MTU. */
int rtnl_set_number(struct rtnl *rtnl, unsigned ifindex, int attribute, uint32_t number,
		    struct kernel_error *ret_error);
/* -EEXIST: a device in this network namespace has the name. */
int rtnl_add_altname(struct rtnl *rtnl, unsigned ifindex, const char *name,
		     struct kernel_error *ret_error);
int rtnl_set_vfs(struct rtnl *rtnl, unsigned ifindex, const struct vf_change *changes,
		 size_t n_changes, struct kernel_error *ret_error);
