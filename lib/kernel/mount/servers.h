/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The hosts that a file system, or a disk, is had from. */

#include <stddef.h>

#include "kernel/netlink/ip_address.h"
#include "util/arena.h"

struct server {
	struct ip_address address;
	const char *device; /* by which a link-local address is reached, by name or number; NULL:
			     * that is not said */
};

struct servers {
	struct arena *arena;
	struct server *items;
	size_t count, capacity;
	const char *by; /* how they have the disk that it is on: "iSCSI"; NULL: it is on none */
};

/* Adds the address that such a text has: "192.0.2.1", "192.0.2.1:6789", "2001:db8::1",
 * "[2001:db8::1]:6789", "fe80::1%eth0". What is none is left out. 0 or -ENOMEM. */
int servers_add(struct servers *servers, const char *text, size_t length);
/* Adds all of a list of them. */
int servers_add_list(struct servers *servers, const char *text, size_t length,
		     const char *separators);

/* The value of an option in "rw,addr=192.0.2.1", of *ret_length bytes; NULL: it is not there. */
const char *servers_option(const char *options, const char *key, size_t *ret_length);
