/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl reload and resync: what only the daemon can do. */

#include <errno.h>
#include <stdio.h>

#include "host/daemon.h"
#include "host/policy_refusal.h"
#include "options.h"
#include "verb.h"

static enum verdict call_daemon(const struct options *options, const char *verb, const char *method)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	int r = daemon_open(&daemon);

	if (r >= 0)
		r = daemon_call(daemon, method);
	if (r == -EINVAL)
		return policy_refusal_print(options, daemon, verb);
	return r < 0 ? daemon_failed(daemon, verb, r) : VERDICT_OK;
}

static enum verdict run_reload(const struct options *options)
{
	return call_daemon(options, "reload", "Reload");
}

static enum verdict run_resync(const struct options *options)
{
	return call_daemon(options, "resync", "Resync");
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
