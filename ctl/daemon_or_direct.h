/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a verb has what it tells from: the daemon if there is one, or this program itself. */

#include "daemon.h"

struct options;

enum source {
	SOURCE_DAEMON,
	SOURCE_NOT_ASKED,   /* direct, since the options say so */
	SOURCE_NOT_RUNNING, /* direct, for want of a daemon */
};

/* Finds the daemon that the options allow to ask; *ret is NULL if there is none. */
enum source source_find(const struct options *options, struct daemon **ret);
