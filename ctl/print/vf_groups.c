/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/vf_groups.h"

#include <stdbool.h>
#include <string.h>

#include "memory.h"

void vf_groups_add(struct vf_groups *groups, const struct vf_groups_line *line)
{
	if (arena_grow(groups->arena, &groups->lines, groups->count, &groups->capacity,
		       sizeof(*line)) < 0)
		memory_exhausted();
	groups->lines[groups->count++] = *line;
}

static int compare_strings(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* 0 where two lines say the same, be it of two VFs. */
static int compare_cells(const struct vf_groups_line *a, const struct vf_groups_line *b)
{
	int order = (a->vf == VF_GROUPS_PF) - (b->vf == VF_GROUPS_PF);

	for (size_t i = 0; !order && i < VF_GROUPS_CELLS; i++)
		order = compare_strings(a->cells[i], b->cells[i]);
	return order;
}

static int compare_lines(const void *a, const void *b)
{
	const struct vf_groups_line *const *left = a, *const *right = b;
	int order = compare_cells(*left, *right);

	if (!order)
		order = ((*left)->vf > (*right)->vf) - ((*left)->vf < (*right)->vf);
	return order ? order : (*left > *right) - (*left < *right);
}

static const char *folded_cell(const struct vf_groups_line *line, size_t cell)
{
	return line->folded[cell] ? line->folded[cell] : line->cells[cell];
}

/* 0 where two lines are of the same wish. */
static int compare_wishes(const void *a, const void *b)
{
	const struct vf_groups_line *const *left = a, *const *right = b;
	int order = ((*left)->vf == VF_GROUPS_PF) - ((*right)->vf == VF_GROUPS_PF);

	for (size_t i = 0; !order && i < VF_GROUPS_CELLS; i++)
		order = compare_strings(folded_cell(*left, i), folded_cell(*right, i));
	return order;
}

/* By wish, then by VF. */
static int compare_for_folding(const void *a, const void *b)
{
	const struct vf_groups_line *const *left = a, *const *right = b;
	int order = compare_wishes(a, b);

	return order ? order : ((*left)->vf > (*right)->vf) - ((*left)->vf < (*right)->vf);
}

static void set_cell(struct vf_groups_line **lines, size_t count, size_t cell, const char *text)
{
	for (size_t i = 0; i < count; i++)
		lines[i]->cells[cell] = text;
}

/* Puts into lines of the same wish what they have in common; the first such cell is given their
 * number. */
static void fold_lines(const struct vf_groups *groups, struct vf_groups_line **lines, size_t count)
{
	const char *number = MEMORY_REQUIRE(arena_printf(groups->arena, " (%zu values)", count));
	bool told = false;

	for (size_t cell = 0; cell < VF_GROUPS_CELLS; cell++) {
		const char *text = lines[0]->folded[cell];

		if (!text)
			continue;
		if (!told)
			text = MEMORY_REQUIRE(arena_printf(groups->arena, "%s%s", text, number));
		told = true;
		set_cell(lines, count, cell, text);
	}
}

/* "100-107", "100-102,104-107"; addresses, of which '-' may be a part, as "02:...:00 to 02:...:07".
 * Returns how many parts there are. */
static size_t describe_counted(struct vf_groups_line *const *lines, size_t count, struct text *out)
{
	const char *to = strchr(lines[0]->counted.value, ':') ? " to " : "-";
	size_t parts = 0, next;

	for (size_t i = 0; i < count; i = next, parts++) {
		for (next = i + 1; next < count && lines[next]->counted.number ==
							   lines[next - 1]->counted.number + 1;)
			next++;
		text_printf(out, "%s%s", i ? "," : "", lines[i]->counted.value);
		if (next - i > 1)
			text_printf(out, "%s%s", to, lines[next - 1]->counted.value);
	}
	return parts;
}

/* Puts into lines of the same wish how their values count. False: in too many parts. */
static bool fold_counted(const struct vf_groups *groups, struct vf_groups_line **lines,
			 size_t count)
{
	const struct vf_groups_counted *counted = &lines[0]->counted;
	CLEANUP_TEXT struct text text = { 0 };

	if (!counted->value)
		return false;
	text_append(&text, counted->before);
	if (describe_counted(lines, count, &text) > VF_GROUPS_APART)
		return false;
	text_append(&text, counted->behind);
	for (size_t cell = 0; cell < VF_GROUPS_CELLS; cell++)
		if (cell == lines[0]->counted_cell)
			set_cell(lines, count, cell, memory_keep(groups->arena, &text));
		else if (lines[0]->folded[cell])
			set_cell(lines, count, cell, lines[0]->folded[cell]);
	return true;
}

static bool all_say_the_same(struct vf_groups_line *const *lines, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_cells(lines[0], lines[i]))
			return false;
	return true;
}

static void fold(struct vf_groups *groups)
{
	struct vf_groups_line **sorted =
		MEMORY_REQUIRE(arena_array(groups->arena, groups->count + 1, sizeof(*sorted)));
	size_t next;

	for (size_t i = 0; i < groups->count; i++)
		sorted[i] = &groups->lines[i];
	if (groups->count)
		qsort(sorted, groups->count, sizeof(*sorted), compare_for_folding);
	for (size_t i = 0; i < groups->count; i = next) {
		for (next = i + 1;
		     next < groups->count && !compare_wishes(&sorted[i], &sorted[next]);)
			next++;
		if (!all_say_the_same(sorted + i, next - i) &&
		    !fold_counted(groups, sorted + i, next - i) && next - i > VF_GROUPS_APART)
			fold_lines(groups, sorted + i, next - i);
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct vf_groups_row *left = a, *right = b;

	return (left->order > right->order) - (left->order < right->order);
}

/* lines say the same, of VFs in rising order */
static const char *vfs_of(const struct vf_groups *groups, const struct vf_groups_line *const *lines,
			  size_t count)
{
	CLEANUP_TEXT struct text text = { 0 };
	size_t next;

	if (lines[0]->vf == VF_GROUPS_PF)
		return NULL;
	text_append(&text, lines[0]->vf == lines[count - 1]->vf ? "VF " : "VFs ");
	for (size_t i = 0; i < count; i = next) {
		for (next = i + 1; next < count && lines[next]->vf <= lines[next - 1]->vf + 1;)
			next++;
		text_printf(&text, "%s%u", i ? "," : "", lines[i]->vf);
		if (lines[next - 1]->vf > lines[i]->vf)
			text_printf(&text, "-%u", lines[next - 1]->vf);
	}
	return memory_keep(groups->arena, &text);
}

static struct vf_groups_row row_of(const struct vf_groups *groups,
				   const struct vf_groups_line *const *lines, size_t count)
{
	struct vf_groups_row row = { .vfs = vfs_of(groups, lines, count), .order = SIZE_MAX };

	row.style = lines[0]->style;
	memcpy(row.cells, lines[0]->cells, sizeof(row.cells));
	for (size_t i = 0; i < count; i++)
		if ((size_t)(lines[i] - groups->lines) < row.order)
			row.order = (size_t)(lines[i] - groups->lines);
	return row;
}

const struct vf_groups_row *vf_groups_rows(struct vf_groups *groups, size_t *ret_count)
{
	const struct vf_groups_line **sorted =
		MEMORY_REQUIRE(arena_array(groups->arena, groups->count + 1, sizeof(*sorted)));
	struct vf_groups_row *rows =
		MEMORY_REQUIRE(arena_array(groups->arena, groups->count + 1, sizeof(*rows)));
	size_t count = 0, next;

	if (!groups->all)
		fold(groups);
	for (size_t i = 0; i < groups->count; i++)
		sorted[i] = &groups->lines[i];
	if (groups->count)
		qsort(sorted, groups->count, sizeof(*sorted), compare_lines);
	for (size_t i = 0; i < groups->count; i = next) {
		for (next = i + 1; next < groups->count && !compare_cells(sorted[i], sorted[next]);)
			next++;
		rows[count++] = row_of(groups, sorted + i, next - i);
	}
	if (count)
		qsort(rows, count, sizeof(*rows), compare_rows);
	*ret_count = count;
	return rows;
}
