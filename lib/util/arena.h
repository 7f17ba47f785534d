/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Memory that is released all at once: a policy, an observed host, a plan each own one arena and
 * everything in them is allocated from it, so that no field needs a destructor of its own. */

#include <stdarg.h>
#include <stddef.h>

#include "util/cleanup.h"

struct arena;

int arena_new(struct arena **ret);
/* Accepts NULL. */
void arena_free(struct arena *arena);
DEFINE_CLEANUP(struct arena *, arena_free);

/* Zeroed memory, aligned for any type. Returns NULL when out of memory. */
void *arena_alloc(struct arena *arena, size_t size);
/* As arena_alloc() for count elements of size bytes; NULL also where the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* The copy of a string; NULL when out of memory. string must not be NULL. */
char *arena_strdup(struct arena *arena, const char *string);
char *arena_strndup(struct arena *arena, const char *string, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

/* Makes room for one more element of an array that the arena holds: *array, of *capacity elements
 * of size bytes, count of them used. Returns 0 or -ENOMEM; on failure nothing changed. */
int arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);
