/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Queries, answered. */

#include "kernel/privileged/query.h"

#define LOOKUP_SOCKET "/run/sriovd-openers.socket"

/* Answers all of them with our own rights; -EACCES or -EPERM in one: these do not reach. 0 or
 * -ENOMEM. */
int lookup_here(struct query *queries, size_t count, struct arena *arena);

/* Has sriovd-openers answer all of them, at its socket. 0; -EBADMSG: what it says is no answer;
 * -ECONNRESET: it says nothing; -ETIMEDOUT: it takes too long; -ENOMEM; or -errno. */
int lookup_there(const char *socket, struct query *queries, size_t count, struct arena *arena);

/* Answers all of them: here, and there what our rights do not reach. Why sriovd-openers could not
 * be asked, if so, is the error in each of these. 0 or -ENOMEM.
 *
 * The kernel shows what other users' processes have open only to those who could as well take these
 * over, and more than 64 bytes of a device's configuration only to those who could configure it. So
 * the daemon, which reads policies, netlink and D-Bus, does not have the rights for it:
 * sriovd-openers has, which can do nothing else. */
int lookup(struct query *queries, size_t count, struct arena *arena);
