/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Strings that occur more than once, found in n log n. */

#include <stddef.h>

/* For each string the position of the first one that equals it, which is its own where it is the
 * first. The caller frees the answer; NULL when out of memory. */
size_t *duplicates_find(const char *const *strings, size_t count);
