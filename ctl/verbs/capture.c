/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl capture: the host as it is, as a policy. */

#include "policy/capture/capture.h"

#include <stdint.h>
#include <stdio.h>

#include "host/inputs.h"
#include "host/pick.h"
#include "memory.h"
#include "options.h"
#include "verb.h"

static void print_policy(const struct pf *const *pfs, const struct capture *captures, size_t count)
{
	CLEANUP_TEXT struct text policy = { 0 };

	puts("# The SR-IOV devices of this host as sriovctl capture found them. What no policy\n"
	     "# can say, or nobody can read, is a comment. See sriovd.yaml(5).");
	if (!count)
		puts("# No PFs here.");
	capture_write(pfs, captures, count, &policy);
	(void)fputs(memory_text(&policy), stdout);
}

/* Those that are wanted, or all. */
static void capture_all(const struct inputs *inputs, const bool *wanted, bool what_differs,
			struct arena *arena)
{
	const struct pf_list *host = &inputs->inventory.pfs;
	const struct pf **pfs = MEMORY_REQUIRE(arena_array(arena, host->count + 1, sizeof(*pfs)));
	struct capture *captures =
		MEMORY_REQUIRE(arena_array(arena, host->count + 1, sizeof(*captures)));
	size_t count = 0;

	for (size_t i = 0; i < host->count; i++) {
		if (!wanted[i])
			continue;
		pfs[count] = host->items[i];
		if (capture_pf(pfs[count], host, what_differs, arena, &captures[count]) < 0)
			memory_exhausted();
		count++;
	}
	print_policy(pfs, captures, count);
}

static enum verdict run(const struct options *options)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict = inputs_open(options, &inputs);
	const bool *wanted;

	if (verdict != VERDICT_OK)
		return verdict;
	wanted = pick_wanted(&inputs.inventory.pfs, options->operands, options->n_operands,
			     "--inventory", arena);
	if (!wanted)
		return VERDICT_FAILED;
	capture_all(&inputs, wanted, options->what_differs, arena);
	return inputs.partial ? VERDICT_FAILED : VERDICT_OK;
}

const struct verb verb_capture = {
	.name = "capture",
	.operands = "[PF...]",
	.summary = "the host as it is, as a policy",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_WHAT_DIFFERS),
	.without = OPTION_BIT(OPTION_POLICY),
	.operands_max = SIZE_MAX,
	.run = run,
};
