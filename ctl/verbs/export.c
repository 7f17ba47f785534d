/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl export: PFs and VFs in the words of other programs. */

#include "export/export.h"

#include <stdint.h>
#include <stdio.h>

#include "host/inputs.h"
#include "host/pick.h"
#include "memory.h"
#include "options.h"
#include "policy/resolve/resolve.h"
#include "print/formats.h"
#include "verb.h"

/* What the policy wants of a PF, which has its pools in it. */
static const struct pf *resolve(const struct inputs *inputs, const struct pf *pf,
				struct desired **ret)
{
	if (policy_resolve(inputs->policy, &inputs->inventory.host, pf, ret) < 0)
		memory_exhausted();
	return (*ret)->pf;
}

static enum verdict write_all(const struct export_format *format, const struct inputs *inputs,
			      const struct exported_pf *pfs, size_t count, struct arena *arena)
{
	CLEANUP_TEXT struct text out = { 0 }, notes = { 0 };
	struct export export = { &inputs->inventory.host, inputs->inventory.facts, &out, &notes };
	struct groups groups;

	if (groups_make(pfs, count, arena, &groups) < 0 ||
	    export_write(format, &groups, arena, &export) < 0)
		memory_exhausted();
	exported_end_notes(&export);
	(void)fputs(memory_text(&out), stdout);
	(void)fputs(memory_text(&notes), stderr);
	if (export.count)
		return VERDICT_OK;
	(void)fputs("sriovctl: there is nothing to export\n", stderr);
	return VERDICT_FAILED;
}

/* Those that are wanted, or all. */
static enum verdict export_all(const struct export_format *format, const struct inputs *inputs,
			       const bool *wanted, struct arena *arena)
{
	const struct pf_list *host = &inputs->inventory.pfs;
	struct exported_pf *pfs = MEMORY_REQUIRE(arena_array(arena, host->count + 1, sizeof(*pfs)));
	struct desired **desired =
		MEMORY_REQUIRE(arena_array(arena, host->count + 1, sizeof(struct desired *)));
	enum verdict verdict;
	size_t count = 0;

	for (size_t i = 0; i < host->count; i++) {
		if (!wanted[i])
			continue;
		pfs[count].pf = host->items[i];
		pfs[count].desired = resolve(inputs, host->items[i], &desired[count]);
		count++;
	}
	verdict = write_all(format, inputs, pfs, count, arena);
	while (count > 0)
		desired_free(desired[--count]);
	return verdict;
}

static bool format_word(size_t number, struct verb_word *ret)
{
	if (!export_formats[number].name)
		return false;
	*ret = (struct verb_word){ export_formats[number].name, export_formats[number].summary };
	return true;
}

static enum verdict run(const struct options *options)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const struct export_format *format = export_format_find(options->operands[0]);
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict;
	const bool *wanted;

	if (!format)
		return formats_refuse(options->operands[0], format_word);
	verdict = inputs_open_with_policy(options, &inputs);
	if (verdict == VERDICT_OK)
		verdict = inputs_read_facts(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	wanted = pick_wanted(&inputs.inventory.pfs, options->operands + 1, options->n_operands - 1,
			     "--inventory", arena);
	if (!wanted)
		return VERDICT_FAILED;
	verdict = export_all(format, &inputs, wanted, arena);
	return inputs.partial ? VERDICT_FAILED : verdict;
}

const struct verb verb_export = {
	.name = "export",
	.operands = "FORMAT [PF...]",
	.summary = "PFs and VFs in the words of other programs",
	.word = format_word,
	.options = OPTION_BIT(OPTION_INVENTORY),
	.operands_min = 1,
	.operands_max = SIZE_MAX,
	.run = run,
};
