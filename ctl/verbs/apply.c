/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl apply: makes it so, or has the daemon make it so. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "host/apply_direct.h"
#include "host/daemon_or_direct.h"
#include "host/policy_refusal.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "print/steps.h"
#include "print/warnings.h"
#include "verb.h"

static void print_pf(struct json_object *pf, const struct places *places, bool all)
{
	enum verdict verdict = pf_view_verdict(pf, VERDICT_FAILED, PF_VIEW_OBSERVED_IS_FINE);

	pf_view_print_heading(pf);
	steps_print_done(json_get(pf, "done"), places, all);
	pf_view_print_mode(pf);
	steps_print(json_get(pf, "steps"), places, all, false);
	pf_view_print_state(pf, verdict == VERDICT_OK ? STYLE_GOOD : STYLE_BAD);
	putchar('\n');
}

static void print_text(const struct options *options, struct json_object *document, bool failed)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *pfs = json_get(document, "pfs");
	struct places places = { .arena = arena };

	for (size_t i = 0; i < json_length(pfs); i++) {
		places_add_steps(&places, json_get(json_item(pfs, i), "done"));
		places_add_steps(&places, json_get(json_item(pfs, i), "steps"));
	}
	for (size_t i = 0; i < json_length(pfs); i++)
		print_pf(json_item(pfs, i), &places, options->all);
	places_print(&places);
	if (!json_length(pfs) && !failed)
		pf_view_print_nothing(document);
}

static enum verdict apply_as_root(const struct options *options, struct json_object **ret)
{
	if (geteuid() != 0) {
		(void)fputs("sriovctl apply: only root can change the host; "
			    "'sriovctl plan' shows what would be done\n",
			    stderr);
		return VERDICT_FAILED;
	}
	return apply_direct(options, ret);
}

/* The daemon does it, or we do if it is gone by now. */
static enum verdict ask_daemon(const struct options *options, struct daemon *daemon,
			       struct json_object **ret)
{
	int r = daemon_apply(daemon, options->operands, options->n_operands, options->disruptive,
			     options->wait_s, ret);

	if (r == -ENOENT)
		return apply_as_root(options, ret);
	if (r == -EINVAL)
		return policy_refusal_print(options, daemon, "apply");
	if (r < 0)
		return daemon_failed(daemon, "apply", r);
	return VERDICT_OK;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_JSON struct json_object *document = NULL;
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	enum verdict verdict;
	bool failed;

	(void)daemon_or_direct_find(options, &daemon);
	if (daemon)
		verdict = ask_daemon(options, daemon, &document);
	else
		verdict = apply_as_root(options, &document);
	if (!document)
		return verdict;
	failed = verdict != VERDICT_OK;
	warnings_print_problems(document);
	warnings_print_left_out(document);
	warnings_print_unmatched(document);
	verdict = verdict_worst(verdict, pf_view_verdict_of_all(document, VERDICT_FAILED,
								PF_VIEW_OBSERVED_IS_FINE));
	if (options->json)
		json_print(TAKE(document));
	else
		print_text(options, document, failed);
	return verdict;
}

const struct verb verb_apply = {
	.name = "apply",
	.operands = "[PF...]",
	.summary = "do what plan shows; as root",
	.options = OPTION_BIT(OPTION_WAIT) | OPTION_BIT(OPTION_DISRUPTIVE) |
		   OPTION_BIT(OPTION_DIRECT) | OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_ALL),
	.operands_max = SIZE_MAX,
	.run = run,
};
