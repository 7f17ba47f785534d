/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl check: validates policy; no host is needed. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "host/inputs.h"
#include "host/policy_files.h"
#include "kernel/facts.h"
#include "memory.h"
#include "options.h"
#include "policy/foretell.h"
#include "print/json.h"
#include "print/warnings.h"
#include "verb.h"

/* No host is needed, but this one may be asked. */
static void note_left_out(const struct options *options, const struct policy *policy,
			  struct diagnostics *diagnostics)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct host host;

	if (facts_read_host(options->root, arena, &host) < 0)
		memory_exhausted();
	inputs_add_left_out(policy, &host, diagnostics);
}

/* What can be read is checked, even where another file cannot. */
static void check(const struct options *options, struct diagnostics *diagnostics, size_t *ret_files,
		  size_t *ret_rules)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	struct document *documents = NULL;
	int r;

	*ret_files = 0;
	if (options->n_operands)
		r = policy_files_read(NULL, (const char *const *)options->operands,
				      options->n_operands, true, arena, diagnostics, &documents,
				      ret_files);
	else
		r = inputs_read_documents(options, true, arena, diagnostics, &documents, ret_files);
	if (r != -ENOMEM && documents)
		r = policy_read(documents, *ret_files, NULL, diagnostics, &policy);
	if (r == -ENOMEM || diagnostics->failed)
		memory_exhausted();
	*ret_rules = policy ? policy->n_rules : 0;
	if (policy) {
		foretell(policy, diagnostics);
		diagnostics_sort(diagnostics);
		note_left_out(options, policy, diagnostics);
	}
}

static void append_count(struct text *out, size_t count, const char *noun)
{
	text_printf(out, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static void print_summary(const struct diagnostics *diagnostics, size_t files, size_t rules)
{
	size_t notes = diagnostics_count(diagnostics, SEVERITY_NOTE);
	size_t warnings = diagnostics->count + diagnostics->dropped - diagnostics->errors - notes;
	CLEANUP_TEXT struct text text = { 0 };

	if (diagnostics->errors) {
		append_count(&text, diagnostics->errors, "error");
		if (diagnostics_are_enough(diagnostics))
			text_append(&text, "; the rest was not read");
	} else {
		append_count(&text, files, "file");
		text_append(&text, ", ");
		append_count(&text, rules, "rule");
		text_append(&text, ": ok");
	}
	if (warnings) {
		text_append(&text, ", ");
		append_count(&text, warnings, "warning");
	}
	puts(memory_text(&text));
}

static void print_json(const struct diagnostics *diagnostics)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < diagnostics->count; i++)
		json_append(array, json_diagnostic(&diagnostics->items[i]));
	json_print(array);
}

static enum verdict run(const struct options *options)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	size_t files, rules;

	if (options->n_operands && options->policies.count) {
		(void)fputs("sriovctl check: name files, or give --policy, not both\n", stderr);
		return VERDICT_USAGE;
	}
	check(options, &diagnostics, &files, &rules);
	if (options->json) {
		print_json(&diagnostics);
	} else {
		warnings_print_diagnostics(&diagnostics);
		print_summary(&diagnostics, files, rules);
	}
	return diagnostics.errors ? VERDICT_USAGE : VERDICT_OK;
}

const struct verb verb_check = {
	.name = "check",
	.operands = "[FILE|DIR...]",
	.summary = "validate policy; no host is needed",
	.options = OPTION_BIT(OPTION_JSON),
	.operands_max = SIZE_MAX,
	.run = run,
};
