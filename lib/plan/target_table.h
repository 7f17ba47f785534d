/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rows by target: at most one a target, in order of target. Each row is a struct that begins with
 * its struct step_target. */

#include <stdbool.h>
#include <stddef.h>

#include "plan/step.h"

/* Empty if all but row_size is 0; whoever has it frees rows. */
struct target_table {
	void *rows;
	size_t count;
	size_t capacity;
	size_t row_size; /* bytes of a row */
};

/* Row number i. */
void *target_table_row(const struct target_table *table, size_t i);
/* The row with that target, or NULL. */
void *target_table_find(const struct target_table *table, const struct step_target *target);
/* Inserts a copy of the row, or puts it in the place of the one with the same target. 0 or -ENOMEM.
 */
int target_table_put(struct target_table *table, const void *row);
/* Removes a row that target_table_find() or target_table_row() gave. */
void target_table_remove(struct target_table *table, void *row);
/* Keeps the rows that the predicate wants. */
void target_table_filter(struct target_table *table,
			 bool (*keep)(const void *row, const void *context), const void *context);
