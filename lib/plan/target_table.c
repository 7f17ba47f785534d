/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/target_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *target_table_row(const struct target_table *table, size_t i)
{
	return (char *)table->rows + i * table->row_size;
}

/* The place of the first row that does not come before target. */
static size_t search(const struct target_table *table, const struct step_target *target)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (step_target_compare(target_table_row(table, middle), target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *target_table_find(const struct target_table *table, const struct step_target *target)
{
	size_t i = search(table, target);

	if (i < table->count && step_target_equal(target_table_row(table, i), target))
		return target_table_row(table, i);
	return NULL;
}

static int grow(struct target_table *table)
{
	size_t capacity = table->capacity ? table->capacity * 2 : 16;
	void *rows;

	if (table->count < table->capacity)
		return 0;
	rows = reallocarray(table->rows, capacity, table->row_size);
	if (!rows)
		return -ENOMEM;
	table->rows = rows;
	table->capacity = capacity;
	return 0;
}

int target_table_put(struct target_table *table, const void *row)
{
	size_t i = search(table, row);
	bool exists = i < table->count && step_target_equal(target_table_row(table, i), row);

	if (!exists) {
		if (grow(table) < 0)
			return -ENOMEM;
		memmove(target_table_row(table, i + 1), target_table_row(table, i),
			(table->count - i) * table->row_size);
		table->count++;
	}
	memcpy(target_table_row(table, i), row, table->row_size);
	return 0;
}

void target_table_remove(struct target_table *table, void *row)
{
	char *end = target_table_row(table, table->count);
	char *next = (char *)row + table->row_size;

	memmove(row, next, (size_t)(end - next));
	table->count--;
}

void target_table_filter(struct target_table *table,
			 bool (*keep)(const void *row, const void *context), const void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		if (!keep(target_table_row(table, i), context))
			continue;
		if (kept != i)
			memcpy(target_table_row(table, kept), target_table_row(table, i),
			       table->row_size);
		kept++;
	}
	table->count = kept;
}
