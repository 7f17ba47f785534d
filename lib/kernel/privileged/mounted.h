/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* File systems of the host that other hosts have: what is mounted in the mount namespace of
 * process 1. In that of the daemon they are not all: systemd takes off what is mounted below a
 * directory that a sandbox closes, such as homes (apply_one_mount() in src/core/namespace.c). */

#include <stddef.h>

#include "util/arena.h"

/* Of each file system, once, and of each of its servers: "192.0.2.9 nfs4 192.0.2.9:/home at /home",
 * the server's address first; where it is mounted at several places it is at the first by name. In
 * order of these. Printable, in arena. 0; -EACCES: process 1 is not to be seen from here; or
 * -errno. */
int mounted_list(struct arena *arena, const char ***ret, size_t *ret_count);
