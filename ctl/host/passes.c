/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/passes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/lock.h"
#include "foreign/rival.h"
#include "host/pick.h"
#include "memory.h"
#include "options.h"
#include "policy/match.h"
#include "report/host.h"
#include "report/pf.h"

void passes_clear(struct passes *passes)
{
	for (size_t i = 0; i < passes->count; i++) {
		pass_free(passes->items[i].pass);
		knowledge_free(passes->items[i].knowledge);
	}
	arena_free(passes->arena);
	*passes = (struct passes){ 0 };
}

static bool is_managed(const struct policy *policy, const struct pf *pf)
{
	for (size_t i = 0; i < policy->n_rules; i++)
		if (rule_matches(&policy->rules[i], pf, NULL))
			return true;
	return false;
}

static void add_picked(struct passes *passes, struct pf **slot)
{
	struct picked_pf *picked = &passes->items[passes->count];

	*picked = (struct picked_pf){ .handle = (*slot)->handle, .slot = slot };
	if (knowledge_new(&picked->knowledge) < 0)
		memory_exhausted();
	passes->count++;
}

static void add_wanted(struct passes *passes, struct inputs *inputs, const bool *wanted)
{
	struct pf_list *pfs = &inputs->inventory.pfs;

	if (left_out_find(inputs->policy, &inputs->inventory.host, passes->arena,
			  &passes->left_out) < 0)
		memory_exhausted();
	passes->items =
		MEMORY_REQUIRE(arena_array(passes->arena, pfs->count + 1, sizeof(*passes->items)));
	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			add_picked(passes, &pfs->items[i]);
}

/* Those that a rule matches, or each. */
static void open_all(struct inputs *inputs, bool each, bool with_unmatched, struct passes *ret)
{
	struct passes passes = { .arena = memory_arena() };
	struct pf_list *pfs = &inputs->inventory.pfs;
	bool *wanted = MEMORY_REQUIRE(arena_array(passes.arena, pfs->count + 1, sizeof(*wanted)));

	for (size_t i = 0; i < pfs->count; i++)
		wanted[i] = each || is_managed(inputs->policy, pfs->items[i]);
	add_wanted(&passes, inputs, wanted);
	if (with_unmatched && unmatched_find(inputs->policy, pfs->items, pfs->count, passes.arena,
					     &passes.unmatched) < 0)
		memory_exhausted();
	*ret = passes;
}

void passes_open_all(struct inputs *inputs, bool with_unmatched, struct passes *ret)
{
	open_all(inputs, false, with_unmatched, ret);
}

/* Those that the command line names, or else those that a rule matches, or each. */
static enum verdict pick(const struct options *options, bool each, struct inputs *inputs,
			 struct passes *ret)
{
	CLEANUP_PASSES struct passes passes = { 0 };
	struct pf_list *pfs = &inputs->inventory.pfs;
	const bool *wanted;

	if (!options->n_operands) {
		open_all(inputs, each, true, ret);
		return VERDICT_OK;
	}
	passes.arena = memory_arena();
	wanted = pick_wanted(pfs, options->operands, options->n_operands, "--policy", passes.arena);
	if (!wanted)
		return VERDICT_FAILED;
	add_wanted(&passes, inputs, wanted);
	*ret = passes;
	passes = (struct passes){ 0 };
	return VERDICT_OK;
}

enum verdict passes_open(const struct options *options, struct inputs *inputs,
			 struct passes *passes)
{
	enum verdict verdict = inputs_open_with_policy(options, inputs);

	return verdict == VERDICT_OK ? pick(options, false, inputs, passes) : verdict;
}

enum verdict passes_open_each(const struct options *options, struct inputs *inputs,
			      struct passes *passes)
{
	enum verdict verdict = inputs_open_with_policy(options, inputs);

	return verdict == VERDICT_OK ? pick(options, true, inputs, passes) : verdict;
}

void passes_dry_run(struct inputs *inputs, struct passes *passes)
{
	for (size_t i = 0; i < passes->count; i++) {
		struct picked_pf *picked = &passes->items[i];

		/* It asks nothing of a kernel: only memory can be short. */
		if (pass_plan(inputs->policy, &inputs->inventory.host, *picked->slot,
			      picked->knowledge, &picked->pass) < 0)
			memory_exhausted();
		*picked->slot = NULL;
	}
}

void passes_say_who_has_the_lock(void *handle, pid_t holder)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append_quoted(&text, handle);
	text_append(&text, ": waiting for the lock");
	if (holder)
		text_printf(&text, ", held by process %d", (int)holder);
	(void)fprintf(stderr, "sriovctl: %s\n", memory_text(&text));
}

int passes_apply(struct inputs *inputs, struct picked_pf *picked, const char *lock_dir)
{
	const struct lock_waiter waiter = { passes_say_who_has_the_lock, (void *)picked->handle };
	CLEANUP_TEXT struct text text = { 0 }, failure = { 0 };
	const struct pass_options options = {
		.lock_dir = lock_dir,
		.lock_waiter = &waiter,
		.failure = &failure,
	};
	struct pass *pass;
	int r;

	r = pass_run(inputs->kernel, inputs->policy, &inputs->inventory.host, picked->handle,
		     picked->knowledge, &options, &pass);
	if (r == -ENOMEM)
		memory_exhausted();
	if (r < 0) {
		if (!failure.length)
			text_append(&failure, r == -ENODEV ? "the PF is gone" : strerror(-r));
		text_append_quoted(&text, pf_name(*picked->slot));
		(void)fprintf(stderr, "sriovctl: %s: %s\n", memory_text(&text),
			      memory_text(&failure));
		return r;
	}
	pass_free(picked->pass);
	picked->pass = pass;
	return 0;
}

void passes_find_rivals(struct passes *passes, const char *root)
{
	for (size_t i = 0; i < passes->count; i++) {
		struct pass *pass = passes->items[i].pass;

		if (!desired_is_enforced(pass->desired))
			continue;
		if (rival_find(root, pass->observed, pass->arena, &pass->rivals) < 0)
			memory_exhausted();
		pass->has_rivals = true;
	}
}

struct json_object *passes_pf_json(const struct picked_pf *picked)
{
	const struct pass *pass = picked->pass;

	return MEMORY_REQUIRE(report_pf(pass, pass->state, pass->reason));
}

void passes_complete(const struct passes *passes, const char *source, struct json_object *pfs,
		     struct json_object *document)
{
	const struct report_source from = { .name = source };
	struct json_object *whole = document;

	report_host(&whole, &from, pfs, &passes->unmatched, &passes->left_out);
	if (!whole)
		memory_exhausted();
}
