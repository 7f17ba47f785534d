/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The host that this program runs on: its name, its machine ID, its kernel command line. */

#include "model/host.h"
#include "util/arena.h"

/* What a policy can know of this host. root is a prefix of every path, or NULL. Strings live in
 * arena. What cannot be read is NULL. Returns 0 or -ENOMEM. */
int facts_read_host(const char *root, struct arena *arena, struct host *ret);
