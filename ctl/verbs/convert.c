/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl convert: files of other programs, as a policy. */

#include "convert/convert.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "document/document_file.h"
#include "memory.h"
#include "options.h"
#include "policy/write.h"
#include "print/formats.h"
#include "print/warnings.h"
#include "verb.h"

#define SIZE_MAX_OF_FILE (1u << 20)

/* False: one of them cannot be read, which is reported. */
static bool read_files(const struct options *options, struct arena *arena,
		       struct diagnostics *diagnostics, struct document *documents)
{
	bool good = true;

	for (size_t i = 1; i < options->n_operands; i++) {
		int r = document_file_read(options->operands[i], SIZE_MAX_OF_FILE, arena,
					   diagnostics, &documents[i - 1]);

		if (r == -ENOMEM)
			memory_exhausted();
		good = good && r >= 0;
	}
	return good;
}

static enum verdict print_policy(const struct convert_format *format, const struct text *policy,
				 size_t rules)
{
	CLEANUP_TEXT struct text title = { 0 }, heading = { 0 };

	text_printf(&title,
		    "What %s say of VFs, as sriovctl convert read it; what no policy can say is a "
		    "comment. Look through it, and take out of those files what is in a rule here: "
		    "see sriovctl(1).",
		    format->summary);
	write_comment(memory_text(&title), 0, &heading);
	(void)fputs(memory_text(&heading), stdout);
	(void)fputs(memory_text(policy), stdout);
	if (rules)
		return VERDICT_OK;
	(void)fputs("sriovctl: nothing in these files makes a rule; the comments say why\n",
		    stderr);
	return VERDICT_FAILED;
}

static bool format_word(size_t number, struct verb_word *ret)
{
	if (!convert_formats[number].name)
		return false;
	*ret = (struct verb_word){ convert_formats[number].name, convert_formats[number].summary };
	return true;
}

static enum verdict run(const struct options *options)
{
	const struct convert_format *format = convert_format_find(options->operands[0]);
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text policy = { 0 };
	struct document *documents;
	size_t rules;
	int r = -EINVAL;

	if (!format)
		return formats_refuse(options->operands[0], format_word);
	documents = MEMORY_REQUIRE(arena_array(arena, options->n_operands, sizeof(*documents)));
	if (read_files(options, arena, &diagnostics, documents))
		r = convert(format, documents, options->n_operands - 1, arena, &diagnostics,
			    &policy, &rules);
	if (r == -ENOMEM)
		memory_exhausted();
	warnings_print_diagnostics(&diagnostics);
	return r < 0 ? VERDICT_USAGE : print_policy(format, &policy, rules);
}

const struct verb verb_convert = {
	.name = "convert",
	.operands = "FORMAT FILE...",
	.summary = "files of other programs, as a policy",
	.word = format_word,
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_min = 2,
	.operands_max = SIZE_MAX,
	.run = run,
};
