/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Cleanup by attribute: a variable declared with CLEANUP(fn) is passed by address to fn when it
 * goes out of scope. TAKE() moves a pointer out of such a variable. */

#include <stdlib.h>

#define CLEANUP(function) __attribute__((__cleanup__(function)))

#define TAKE(pointer)                                                                              \
	({                                                                                         \
		__typeof__(pointer) *take_from_ = &(pointer);                                      \
		__typeof__(pointer) take_value_ = *take_from_;                                     \
		*take_from_ = NULL;                                                                \
		take_value_;                                                                       \
	})

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Defines NAME##_cleanup(), for CLEANUP(), from a destructor that accepts NULL. */
#define DEFINE_CLEANUP(type, destructor)                                                           \
	static inline void destructor##_cleanup(type *pointer)                                     \
	{                                                                                          \
		if (*pointer)                                                                      \
			destructor(*pointer);                                                      \
	}                                                                                          \
	struct cleanup_needs_a_semicolon_

static inline void free_cleanup(void *pointer)
{
	free(*(void **)pointer);
}

#define CLEANUP_FREE CLEANUP(free_cleanup)
