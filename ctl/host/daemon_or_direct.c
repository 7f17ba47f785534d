/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/daemon_or_direct.h"

#include "options.h"

enum daemon_or_direct daemon_or_direct_find(const struct options *options, struct daemon **ret)
{
	*ret = NULL;
	/* The daemon's policy is another one, or may be. */
	if (options->direct || options->policies.count || options->root)
		return DAEMON_OR_DIRECT_NOT_ASKED;
	return daemon_open(ret) < 0 ? DAEMON_OR_DIRECT_NO_BUS : DAEMON_OR_DIRECT_DAEMON;
}
