/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/left_out.h"

#include <errno.h>

#include "policy/read/reader.h"
#include "util/text.h"

/* Adds the file unless it is for the host. */
static int add(const struct policy_file *file, const struct host *host, struct arena *arena,
	       struct left_out_list *list)
{
	CLEANUP_TEXT struct text text = { 0 };
	const struct origin *origin;
	const char *reason;
	bool fits;
	int r = host_selector_fits(&file->selector, host, &fits);

	if (r < 0 || fits)
		return r;
	text_append(&text, "not for this host: ");
	origin = host_selector_explain(&file->selector, host, &text);
	reason = text.failed ? NULL : arena_strdup(arena, text_string(&text));
	if (!origin || !reason)
		return -ENOMEM;
	list->items[list->count++] = (struct left_out){ *origin, reason };
	return 0;
}

int left_out_find(const struct policy *policy, const struct host *host, struct arena *arena,
		  struct left_out_list *ret)
{
	const struct policy *whole = policy->whole ? policy->whole : policy;
	struct left_out_list list = {
		.items = arena_array(arena, whole->n_masked + whole->n_files, sizeof(*list.items)),
	};
	int r = list.items ? 0 : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < whole->n_masked; i++)
		list.items[list.count++] = whole->masked[i];
	for (size_t i = 0; r >= 0 && i < whole->n_files; i++)
		r = add(&whole->files[i], host, arena, &list);
	if (r >= 0)
		*ret = list;
	return r;
}
