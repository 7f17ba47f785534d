/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon_or_direct.h"

#include "options.h"

enum source source_find(const struct options *options, struct daemon **ret)
{
	*ret = NULL;
	/* The daemon's policy is another one, or may be. */
	if (options->direct || options->n_policies || options->root)
		return SOURCE_NOT_ASKED;
	return daemon_open(ret) < 0 ? SOURCE_NOT_RUNNING : SOURCE_DAEMON;
}
