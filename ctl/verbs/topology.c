/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl topology: from the root ports to the VFs, as a tree. */

#include "topology/topology.h"

#include <stdint.h>
#include <stdio.h>

#include "host/inputs.h"
#include "host/pick.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/topology_view.h"
#include "topology/topology_json.h"
#include "verb.h"

/* Those that are wanted. */
static void build(const struct inventory *inventory, const bool *wanted, struct arena *arena,
		  struct topology *ret)
{
	const struct pf_list *pfs = &inventory->pfs;
	const struct pf **picked =
		MEMORY_REQUIRE(arena_array(arena, pfs->count + 1, sizeof(*picked)));
	size_t count = 0;

	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			picked[count++] = pfs->items[i];
	if (topology_build(&inventory->host, picked, count, inventory->facts, arena, ret) < 0)
		memory_exhausted();
}

static void print_text(const struct topology *topology)
{
	topology_view_print(topology);
	if (!topology->n_tops)
		puts("no PFs here");
}

static enum verdict run(const struct options *options)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	struct topology topology;
	enum verdict verdict;
	const bool *wanted;

	verdict = inputs_open(options, &inputs);
	if (verdict == VERDICT_OK)
		verdict = inputs_read_facts(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	wanted = pick_wanted(&inputs.inventory.pfs, options->operands, options->n_operands,
			     "--inventory", arena);
	if (!wanted)
		return VERDICT_FAILED;
	build(&inputs.inventory, wanted, arena, &topology);
	if (options->json)
		json_print(MEMORY_REQUIRE(topology_json(&topology)));
	else
		print_text(&topology);
	return inputs.partial ? VERDICT_FAILED : VERDICT_OK;
}

const struct verb verb_topology = {
	.name = "topology",
	.operands = "[PF...]",
	.summary = "from the root ports to the VFs, and who has them",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON),
	.without = OPTION_BIT(OPTION_POLICY),
	.operands_max = SIZE_MAX,
	.run = run,
};
