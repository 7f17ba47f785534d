/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pick.h"

#include <stdio.h>

#include "memory.h"
#include "policy/named_pf.h"

bool pick_pf(const struct pf_list *list, const char *word, size_t *ret)
{
	CLEANUP_TEXT struct text complaint = { 0 };

	if (named_pf_find(list->items, list->count, word, ret, &complaint))
		return true;
	(void)fprintf(stderr, "sriovctl: %s\n", memory_text(&complaint));
	return false;
}

bool pick_pfs(const struct pf_list *list, char *const *words, size_t count, bool *wanted)
{
	bool good = true;
	size_t which;

	for (size_t i = 0; i < count; i++) {
		if (pick_pf(list, words[i], &which))
			wanted[which] = true;
		else
			good = false;
	}
	return good;
}
