/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vf_groups.h"

#include <stdbool.h>
#include <string.h>

#include "memory.h"

void fold_add(struct fold *fold, const struct fold_line *line)
{
	if (arena_grow(fold->arena, &fold->lines, fold->count, &fold->capacity, sizeof(*line)) < 0)
		memory_exhausted();
	fold->lines[fold->count++] = *line;
}

static int compare_strings(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* 0 where two lines say the same, be it of two VFs. */
static int compare_cells(const struct fold_line *a, const struct fold_line *b)
{
	int order = (a->vf == FOLD_PF) - (b->vf == FOLD_PF);

	for (size_t i = 0; !order && i < FOLD_CELLS; i++)
		order = compare_strings(a->cells[i], b->cells[i]);
	return order;
}

static int compare_lines(const void *a, const void *b)
{
	const struct fold_line *const *left = a, *const *right = b;
	int order = compare_cells(*left, *right);

	if (!order)
		order = ((*left)->vf > (*right)->vf) - ((*left)->vf < (*right)->vf);
	return order ? order : (*left > *right) - (*left < *right);
}

static int compare_rows(const void *a, const void *b)
{
	const struct fold_row *left = a, *right = b;

	return (left->order > right->order) - (left->order < right->order);
}

/* lines say the same, of VFs in rising order */
static const char *subject_of(const struct fold *fold, const struct fold_line *const *lines,
			      size_t count)
{
	CLEANUP_TEXT struct text text = { 0 };
	size_t next;

	if (lines[0]->vf == FOLD_PF)
		return NULL;
	text_append(&text, lines[0]->vf == lines[count - 1]->vf ? "VF " : "VFs ");
	for (size_t i = 0; i < count; i = next) {
		for (next = i + 1; next < count && lines[next]->vf <= lines[next - 1]->vf + 1;)
			next++;
		text_printf(&text, "%s%u", i ? "," : "", lines[i]->vf);
		if (lines[next - 1]->vf > lines[i]->vf)
			text_printf(&text, "-%u", lines[next - 1]->vf);
	}
	return memory_keep(fold->arena, &text);
}

static struct fold_row row_of(const struct fold *fold, const struct fold_line *const *lines,
			      size_t count)
{
	struct fold_row row = { .subject = subject_of(fold, lines, count), .order = SIZE_MAX };

	row.style = lines[0]->style;
	memcpy(row.cells, lines[0]->cells, sizeof(row.cells));
	for (size_t i = 0; i < count; i++)
		if ((size_t)(lines[i] - fold->lines) < row.order)
			row.order = (size_t)(lines[i] - fold->lines);
	return row;
}

const struct fold_row *fold_rows(const struct fold *fold, size_t *ret_count)
{
	const struct fold_line **sorted =
		MEMORY_REQUIRE(arena_array(fold->arena, fold->count + 1, sizeof(*sorted)));
	struct fold_row *rows =
		MEMORY_REQUIRE(arena_array(fold->arena, fold->count + 1, sizeof(*rows)));
	size_t count = 0, next;

	for (size_t i = 0; i < fold->count; i++)
		sorted[i] = &fold->lines[i];
	if (fold->count)
		qsort(sorted, fold->count, sizeof(*sorted), compare_lines);
	for (size_t i = 0; i < fold->count; i = next) {
		for (next = i + 1; next < fold->count && !compare_cells(sorted[i], sorted[next]);)
			next++;
		rows[count++] = row_of(fold, sorted + i, next - i);
	}
	if (count)
		qsort(rows, count, sizeof(*rows), compare_rows);
	*ret_count = count;
	return rows;
}
