/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl reload and resync: what only the daemon can do. */

#include <errno.h>
#include <stdio.h>

#include "host/daemon.h"
#include "options.h"
#include "verb.h"

static enum verdict call_daemon(const char *verb, const char *method)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	int r = daemon_open(&daemon);

	if (r >= 0)
		r = daemon_call(daemon, method);
	return r < 0 ? daemon_failed(daemon, verb, r) : VERDICT_OK;
}

static enum verdict run_reload(const struct options *options)
{
	(void)options;
	return call_daemon("reload", "Reload");
}

static enum verdict run_resync(const struct options *options)
{
	(void)options;
	return call_daemon("resync", "Resync");
}

const struct verb verb_reload = {
	.name = "reload",
	.summary = "have the daemon read the policy again; as root",
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.run = run_reload,
};

const struct verb verb_resync = {
	.name = "resync",
	.summary = "have the daemon look at every PF now; as root",
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.run = run_resync,
};
