/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A network and file systems of the test's own, for what reads the host: /sys, /run, /dev and
 * /var/lib are empty and writable, and there is but a loopback device. No root needed, where the
 * host lets everybody make user namespaces. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Moves this process there; for its main(), before there are threads. False where that is not
 * allowed. */
bool own_namespace_enter(void);

/* Moves what is to come into a child, which sees no other processes than its own; for main(), after
 * own_namespace_enter(). False where that is not allowed; else it returns in the child only, whose
 * exit status becomes the parent's. */
bool own_processes_enter(void);

/* Makes a file with its directories. What cannot be made ends the test. */
void own_file(const char *path, const char *content);
/* A symbolic link, in place of one that there may be. */
void own_link(const char *path, const char *target);
void own_remove(const char *path);
/* Empties /sys, /run, /dev and /var/lib again. */
void own_namespace_clear(void);

/* Makes a pair of veth devices, "NAME" and "NAME-peer"; returns the index of the first, or 0 where
 * the kernel has no such devices. */
unsigned own_veth(const char *name);
/* Makes a macvlan device on top of another, right in the network namespace of a process, as CNI
 * plugins do. Returns whether the kernel has such devices. */
bool own_macvlan(const char *name, unsigned lower, pid_t pid);
/* Gives a device an IPv4 address. */
void own_address(const char *ifname, const char *address);
/* Gives it a link-local address, as ip(8) does; protocol: who made it, 0: that is not said. Returns
 * whether the kernel took it, which may be one without IPv6. */
bool own_link_local(unsigned ifindex, int family, const char *text, uint8_t protocol);
/* A route to 198.51.100.0/24 by way of the device. */
void own_route(const char *ifname);
void own_default_route(const char *ifname);
