/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pick.h"

#include <stdio.h>
#include <unistd.h>

#include "memory.h"
#include "policy/named_pf.h"

/* Whether the word looks like a file of ours, or is any file or folder. */
static bool is_file(const char *word)
{
	return text_has_suffix(word, ".yaml") || text_has_suffix(word, ".yml") ||
	       access(word, F_OK) == 0;
}

bool pick_pf(const struct pf_list *list, const char *word, const char *files, size_t *ret)
{
	CLEANUP_TEXT struct text complaint = { 0 };

	if (named_pf_find(list->items, list->count, word, ret, &complaint))
		return true;
	if (files && is_file(word)) {
		text_printf(&complaint, "; did you mean %s ", files);
		text_append_quoted(&complaint, word);
		text_append(&complaint, "?");
	}
	(void)fprintf(stderr, "sriovctl: %s\n", memory_text(&complaint));
	return false;
}

const bool *pick_wanted(const struct pf_list *list, char *const *words, size_t count,
			const char *files, struct arena *arena)
{
	bool *wanted = MEMORY_REQUIRE(arena_array(arena, list->count + 1, sizeof(*wanted)));
	bool good = true;
	size_t which;

	for (size_t i = 0; !count && i < list->count; i++)
		wanted[i] = true;
	for (size_t i = 0; i < count; i++) {
		if (pick_pf(list, words[i], files, &which))
			wanted[which] = true;
		else
			good = false;
	}
	return good ? wanted : NULL;
}
