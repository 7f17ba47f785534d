/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl topology: from the root ports to the VFs, as a tree or a picture. */

#include "topology/topology.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/inputs.h"
#include "host/output_file.h"
#include "host/pick.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/topology_view.h"
#include "topology/dot.h"
#include "topology/svg.h"
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

static void print_dot(const struct topology *topology, struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };

	dot_write(topology, arena, &text);
	(void)fputs(memory_text(&text), stdout);
}

static enum verdict draw(const char *path, const struct topology *topology, struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };

	svg_write(topology, arena, &text);
	if (strcmp(path, "-") != 0)
		return output_file_write(path, &text);
	(void)fputs(memory_text(&text), stdout);
	return VERDICT_OK;
}

static enum verdict show(const struct options *options, const struct topology *topology,
			 struct arena *arena)
{
	if (options->svg)
		return draw(options->svg, topology, arena);
	if (options->dot)
		print_dot(topology, arena);
	else if (options->json)
		json_print(MEMORY_REQUIRE(topology_json(topology)));
	else
		print_text(topology);
	return VERDICT_OK;
}

static enum verdict run(const struct options *options)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	struct topology topology;
	enum verdict verdict;
	const bool *wanted;

	if (options->json + options->dot + (options->svg != NULL) > 1) {
		(void)fputs("sriovctl: --json, --dot and --svg are forms of the same; give one of "
			    "them\n",
			    stderr);
		return VERDICT_USAGE;
	}
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
	verdict = show(options, &topology, arena);
	return inputs.partial ? VERDICT_FAILED : verdict;
}

const struct verb verb_topology = {
	.name = "topology",
	.operands = "[PF...]",
	.summary = "from the root ports to the VFs, and who has them",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_SVG) |
		   OPTION_BIT(OPTION_DOT),
	.without = OPTION_BIT(OPTION_POLICY),
	.operands_max = SIZE_MAX,
	.run = run,
};
