/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl export: PFs and VFs in the words of other programs. */

#include "export/export.h"

#include <stdint.h>
#include <stdio.h>

#include "document/diagnostic.h"
#include "host/inputs.h"
#include "host/pick.h"
#include "memory.h"
#include "options.h"
#include "style.h"
#include "verb.h"

#define FORMATS_MAX 32

static enum verdict unknown_format(const char *word)
{
	const char *names[FORMATS_MAX], *near;
	size_t count = 0;

	for (; export_formats[count].name; count++)
		names[count] = export_formats[count].name;
	near = diagnostic_suggest(word, names, count);
	(void)fputs("sriovctl: unknown format '", stderr);
	style_print(stderr, STYLE_PLAIN, word);
	(void)fprintf(stderr, near ? "'; did you mean '%s'?\n" : "'\n", near);
	(void)fputs("The formats are:\n", stderr);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(stderr, "  %-18s %s\n", names[i], export_formats[i].summary);
	return VERDICT_USAGE;
}

/* Those that are wanted, or all. */
static enum verdict export_all(const struct export_format *format, const struct pf_list *host,
			       const bool *wanted, struct arena *arena)
{
	const struct pf **pfs = MEMORY_REQUIRE(arena_array(arena, host->count + 1, sizeof(*pfs)));
	CLEANUP_TEXT struct text out = { 0 }, notes = { 0 };
	struct export export = { .out = &out, .notes = &notes };
	size_t count = 0;

	for (size_t i = 0; i < host->count; i++)
		if (wanted[i])
			pfs[count++] = host->items[i];
	format->write(pfs, count, &export);
	(void)fputs(memory_text(&out), stdout);
	(void)fputs(memory_text(&notes), stderr);
	if (export.count)
		return VERDICT_OK;
	(void)fputs("sriovctl: there is nothing to export\n", stderr);
	return VERDICT_FAILED;
}

static enum verdict run(const struct options *options)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const struct export_format *format = export_format_find(options->operands[0]);
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict;
	const bool *wanted;

	if (!format)
		return unknown_format(options->operands[0]);
	verdict = inputs_open(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	wanted = pick_wanted(&inputs.inventory.pfs, options->operands + 1, options->n_operands - 1,
			     "--inventory", arena);
	if (!wanted)
		return VERDICT_FAILED;
	verdict = export_all(format, &inputs.inventory.pfs, wanted, arena);
	return inputs.partial ? VERDICT_FAILED : verdict;
}

static bool format_word(size_t number, struct verb_word *ret)
{
	if (!export_formats[number].name)
		return false;
	*ret = (struct verb_word){ export_formats[number].name, export_formats[number].summary };
	return true;
}

const struct verb verb_export = {
	.name = "export",
	.operands = "FORMAT [PF...]",
	.summary = "PFs and VFs in the words of other programs",
	.word = format_word,
	.options = OPTION_BIT(OPTION_INVENTORY),
	.without = OPTION_BIT(OPTION_POLICY),
	.operands_min = 1,
	.operands_max = SIZE_MAX,
	.run = run,
};
