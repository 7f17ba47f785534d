/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The running kernel: sysfs, rtnetlink and udev's database. */

#include "kernel/kernel.h"
#include "model/host.h"
#include "util/arena.h"

/* Opens sockets of its own, so that each thread can have its own. Returns 0 or -errno. */
int kernel_linux_new(struct kernel **ret);

/* What a policy can know of this host. root is a prefix of every path, or NULL. Strings live in
 * arena. What cannot be read is NULL. Returns 0 or -ENOMEM. */
int kernel_linux_host(const char *root, struct arena *arena, struct host *ret);
