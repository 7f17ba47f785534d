/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "select.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "policy/mismatch.h"
#include "util/diagnostic.h"

static bool same(const char *name, const char *word)
{
	return name && strcmp(name, word) == 0;
}

static bool is_named(const struct pf *pf, const char *word)
{
	for (size_t i = 0; i < pf->altnames.count; i++)
		if (same(pf->altnames.items[i], word))
			return true;
	return same(pf->ifname, word) || same(pf->address, word) || same(pf->handle, word);
}

static void say_unknown(const struct pf_list *list, const char *word)
{
	CLEANUP_FREE const char **names = calloc(list->count + 1, sizeof(*names));
	CLEANUP_TEXT struct text text = { 0 };
	const char *near;

	for (size_t i = 0; MEMORY_REQUIRE(names) && i < list->count; i++)
		names[i] = pf_name(list->items[i]);
	near = diagnostic_suggest(word, names, list->count);
	text_append(&text, "sriovctl: no PF is called '");
	text_append_escaped(&text, word);
	if (near) {
		text_append(&text, "'; did you mean '");
		text_append_escaped(&text, near);
		text_append(&text, "'?");
	} else {
		text_append(&text, "'; PFs here: ");
		mismatch_names(list->items, list->count, &text);
	}
	(void)fprintf(stderr, "%s\n", memory_text(&text));
}

bool select_pf(const struct pf_list *list, const char *word, size_t *ret)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!is_named(list->items[i], word))
			continue;
		*ret = i;
		return true;
	}
	say_unknown(list, word);
	return false;
}

bool select_pfs(const struct pf_list *list, char *const *words, size_t count, bool *wanted)
{
	bool good = true;
	size_t which;

	for (size_t i = 0; i < count; i++) {
		if (select_pf(list, words[i], &which))
			wanted[which] = true;
		else
			good = false;
	}
	return good;
}
