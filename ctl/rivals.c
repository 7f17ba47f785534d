/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rivals.h"

#include <stdio.h>

#include "json.h"
#include "kernel/rival.h"
#include "memory.h"

static const char **find(const struct options *options, const struct subject *subject,
			 struct arena *arena, size_t *ret_count)
{
	const struct pass *pass = subject->pass;
	const char **rivals = NULL;

	*ret_count = 0;
	if (pass->desired->n_rules && !survey_observes_only(subject) &&
	    rival_find(options->root, pass->observed, arena, &rivals, ret_count) < 0)
		memory_exhausted();
	return rivals;
}

void rivals_print(const struct options *options, const struct subject *subject)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	size_t count;
	const char **rivals = find(options, subject, arena, &count);

	for (size_t i = 0; i < count; i++) {
		CLEANUP_TEXT struct text text = { 0 };

		text_printf(&text, "%s: %s", pf_name(subject->pass->observed), rivals[i]);
		style_print(stdout, STYLE_WARN, memory_text(&text));
		putchar('\n');
	}
}

struct json_object *rivals_json(const struct options *options, const struct subject *subject)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct json_object *array = json_new_array();
	size_t count;
	const char **rivals = find(options, subject, arena, &count);

	for (size_t i = 0; i < count; i++)
		json_append(array, json_text(rivals[i]));
	return array;
}
