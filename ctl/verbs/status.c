/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl status: desired against actual. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "host/daemon_or_direct.h"
#include "host/passes.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "print/warnings.h"
#include "print/wrap.h"
#include "report/pf.h"
#include "verb.h"

static void print_details(struct json_object *pf, bool all)
{
	pf_view_print_heading(pf);
	pf_view_print_state(pf, pf_view_style(json_get_text(pf, "state")));
	pf_view_print_settings(pf, all);
	pf_view_print_holders(pf);
	putchar('\n');
}

/* That the policy in force is not what its files say, where it is not. */
static void print_standing(struct json_object *document)
{
	const char *summary = json_get_text(json_get(document, "policy"), "summary");
	CLEANUP_TEXT struct text text = { 0 };

	if (!summary)
		return;
	text_printf(&text, "%s; 'sriovctl check' shows what is wrong", summary);
	wrap_print(stdout, STYLE_BAD, memory_text(&text));
}

static void print_text(const struct options *options, struct json_object *document,
		       enum daemon_or_direct source)
{
	static const char *const words[] = {
		[DAEMON_OR_DIRECT_DAEMON] = "the daemon's view",
		[DAEMON_OR_DIRECT_NOT_ASKED] =
			("observed directly; the daemon was not asked, and what it "
			 "has learnt is not known"),
		[DAEMON_OR_DIRECT_NOT_RUNNING] = "observed directly; the daemon does not run",
		[DAEMON_OR_DIRECT_NO_BUS] =
			"observed directly; sriovd cannot be asked: there is no system bus",
	};
	struct json_object *pfs = json_get(document, "pfs");

	/* Without a policy nothing is known of any PF. */
	if (!options->n_operands &&
	    (!json_get(document, "version") || json_get_bool(document, "policy-in-force")))
		pf_view_print_overview(pfs, json_get(document, "unmatched-rules"));
	for (size_t i = 0; options->n_operands && i < json_length(pfs); i++)
		print_details(json_item(pfs, i), options->all);
	for (size_t i = 0; i < json_length(pfs); i++)
		pf_view_print_rivals(json_item(pfs, i));
	print_standing(document);
	puts(json_get(document, "view")
		     ? "the daemon's view, as everybody may have it; root is told more"
		     : words[source]);
}

static struct json_object *picked_pf_json(const struct picked_pf *picked)
{
	struct json_object *pf = passes_pf_json(picked);

	report_settings(&pf, picked->pass);
	report_rivals(&pf, picked->pass, &picked->pass->rivals);
	return MEMORY_REQUIRE(pf);
}

static struct json_object *passes_document(const struct passes *passes)
{
	struct json_object *document = json_new_object();
	struct json_object *pfs = json_new_array();

	for (size_t i = 0; i < passes->count; i++)
		json_append(pfs, picked_pf_json(&passes->items[i]));
	passes_complete(passes, "direct", pfs, document);
	return document;
}

static enum verdict observe(const struct options *options, struct json_object **ret)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	CLEANUP_PASSES struct passes passes = { 0 };
	enum verdict verdict;

	verdict = passes_open(options, &inputs, &passes);
	if (verdict != VERDICT_OK)
		return verdict;
	passes_dry_run(&inputs, &passes);
	passes_find_rivals(&passes, options->root);
	*ret = passes_document(&passes);
	warnings_print_problems(*ret);
	warnings_print_left_out(*ret);
	return inputs.partial ? VERDICT_FAILED : VERDICT_OK;
}

/* Whether the policy in force is what its files say. */
static bool is_current(struct json_object *document)
{
	return !json_get_text(json_get(document, "policy"), "summary");
}

/* The daemon's view, or our own if it is gone by now. */
static enum verdict ask_daemon(const struct options *options, struct daemon *daemon,
			       enum daemon_or_direct *source, struct json_object **ret)
{
	int r = daemon_describe(daemon, options->operands, options->n_operands, ret);

	if (r == -ENOENT) {
		*source = DAEMON_OR_DIRECT_NOT_RUNNING;
		return observe(options, ret);
	}
	if (r < 0)
		return daemon_failed(daemon, "status", r);
	warnings_print_problems(*ret);
	warnings_print_left_out(*ret);
	if (!json_get_bool(*ret, "policy-in-force"))
		return VERDICT_USAGE;
	return is_current(*ret) ? VERDICT_OK : VERDICT_PENDING;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_JSON struct json_object *document = NULL;
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	enum daemon_or_direct source = daemon_or_direct_find(options, &daemon);
	enum verdict verdict;

	verdict = daemon ? ask_daemon(options, daemon, &source, &document)
			 : observe(options, &document);
	if (!document)
		return verdict;
	verdict = verdict_worst(verdict, pf_view_verdict_of_all(document, VERDICT_PENDING,
								PF_VIEW_OBSERVED_COUNTS));
	if (options->json)
		json_print(TAKE(document));
	else
		print_text(options, document, source);
	return verdict;
}

const struct verb verb_status = {
	.name = "status",
	.operands = "[PF...]",
	.summary = "desired against actual; of PFs named, each setting",
	.options = OPTION_BIT(OPTION_DIRECT) | OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_ALL),
	.operands_max = SIZE_MAX,
	.run = run,
};
