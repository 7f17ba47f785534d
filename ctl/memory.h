/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* sriovctl does not outlive the end of memory: it says so and exits with 1. Whatever it was doing
 * can be done again, since every run starts from what the kernel says. */

#include "util/arena.h"
#include "util/text.h"

_Noreturn void memory_exhausted(void);

/* The pointer, which is not NULL. */
#define MEMORY_REQUIRE(pointer)                                                                    \
	({                                                                                         \
		__typeof__(pointer) require_value_ = (pointer);                                    \
		if (!require_value_)                                                               \
			memory_exhausted();                                                        \
		require_value_;                                                                    \
	})

struct arena *memory_arena(void);
/* The whole of a text. */
const char *memory_text(const struct text *text);
/* The text moved to an arena; it is empty afterwards. */
const char *memory_keep(struct arena *arena, struct text *text);
