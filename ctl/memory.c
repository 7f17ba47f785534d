/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory.h"

#include <stdio.h>

#include "verdict.h"

_Noreturn void memory_exhausted(void)
{
	(void)fputs("sriovctl: out of memory\n", stderr);
	exit(VERDICT_FAILED);
}

struct arena *memory_arena(void)
{
	struct arena *arena;

	if (arena_new(&arena) < 0)
		memory_exhausted();
	return arena;
}

const char *memory_text(const struct text *text)
{
	if (text->failed)
		memory_exhausted();
	return text_string(text);
}

const char *memory_keep(struct arena *arena, struct text *text)
{
	const char *copy = MEMORY_REQUIRE(arena_strdup(arena, memory_text(text)));

	text_clear(text);
	return copy;
}
