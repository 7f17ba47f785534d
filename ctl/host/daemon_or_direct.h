/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Whom a verb asks for what it prints: the daemon if there is one, or this program itself. */

#include "host/daemon.h"

struct options;

enum daemon_or_direct {
	DAEMON_OR_DIRECT_DAEMON,
	DAEMON_OR_DIRECT_NOT_ASKED,   /* direct, since the options say so */
	DAEMON_OR_DIRECT_NOT_RUNNING, /* direct, for want of a daemon */
	DAEMON_OR_DIRECT_NO_BUS,      /* direct, for want of a bus: a daemon may run */
};

/* Finds the daemon that the options allow to ask; *ret is NULL if there is none. */
enum daemon_or_direct daemon_or_direct_find(const struct options *options, struct daemon **ret);
