/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/counted.h"

/* So many VFs that count are told as such where they may share a value too. */
#define RUN_MIN 3

/* A value of a setting, and the VFs that have it, or that count from it on. */
struct piece {
	enum vf_setting setting;
	struct value value;
	struct index_set indices;
};

struct pieces {
	struct piece *items;
	size_t count, capacity;
};

/* A setting of all VFs. */
struct column {
	enum vf_setting setting;
	uint32_t n;
	const struct value **values; /* NULL: the VF has none, or has it from the defaults */
	struct arena *arena;
};

struct ranked {
	uint64_t hash;
	uint32_t vf;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->vf > right->vf) - (left->vf < right->vf);
}

static const struct setting *row_of(const struct column *column)
{
	return &vf_settings[column->setting];
}

static bool may_count(const struct column *column)
{
	return row_of(column)->forms & (1u << VALUE_FROM);
}

/* Whether VFs with the same would be an error. */
static bool is_own(const struct column *column)
{
	return row_of(column)->type == VALUE_MAC || row_of(column)->type == VALUE_GUID;
}

int fold_indices(const uint32_t *vfs, size_t count, struct arena *arena, struct index_set **ret,
		 size_t *ret_count)
{
	struct index_range *ranges = arena_array(arena, count, sizeof(*ranges));
	struct index_set *sets =
		arena_array(arena, count / INDEX_SET_RANGES_MAX + 1, sizeof(*sets));
	struct index_set *set = sets;
	uint32_t before = 0;

	if (!ranges || !sets)
		return -ENOMEM;
	*set = (struct index_set){ .ranges = ranges };
	for (size_t i = 0; i < count; i++) {
		if (i && vfs[i] == vfs[i - 1] + 1) {
			set->ranges[set->count - 1].last++;
			before++;
			continue;
		}
		if (set->count == INDEX_SET_RANGES_MAX) {
			set[1] = (struct index_set){ .ranges = set->ranges + set->count };
			set++;
			before = 0;
		}
		set->ranges[set->count++] = (struct index_range){ vfs[i], vfs[i], before++ };
	}
	*ret = sets;
	*ret_count = (size_t)(set - sets) + 1;
	return 0;
}

static int add_piece(const struct column *column, const struct value *value, const uint32_t *vfs,
		     size_t count, struct pieces *pieces)
{
	struct index_set *sets;
	size_t n_sets;
	int r = fold_indices(vfs, count, column->arena, &sets, &n_sets);

	for (size_t i = 0; r >= 0 && i < n_sets; i++) {
		r = arena_grow(column->arena, &pieces->items, pieces->count, &pieces->capacity,
			       sizeof(*pieces->items));
		if (r >= 0)
			pieces->items[pieces->count++] =
				(struct piece){ column->setting, *value, sets[i] };
	}
	return r;
}

/* The value of a VF, and what VF 0 would have if all counted up to it. False: there is none. */
static bool get_value(const struct column *column, uint32_t vf, struct value *ret)
{
	if (column->values[vf])
		*ret = *column->values[vf];
	return column->values[vf];
}

static bool get_start(const struct column *column, uint32_t vf, struct value *ret)
{
	return column->values[vf] && counted_start(row_of(column), column->values[vf], vf, ret) &&
	       counted_room(row_of(column), ret) >= column->n;
}

/* VFs by what get() says of them: those of which it says the same become neighbours. */
static int rank(const struct column *column,
		bool (*get)(const struct column *column, uint32_t vf, struct value *ret),
		struct ranked **ret, size_t *ret_count)
{
	struct ranked *ranked = calloc(column->n + 1, sizeof(*ranked));
	struct value value;
	size_t count = 0;

	if (!ranked)
		return -ENOMEM;
	for (uint32_t i = 0; i < column->n; i++)
		if (get(column, i, &value))
			ranked[count++] =
				(struct ranked){ value_hash(row_of(column), &value, 0), i };
	qsort(ranked, count, sizeof(*ranked), compare_ranked);
	*ret = ranked;
	*ret_count = count;
	return 0;
}

/* What get() says of the most VFs, and of how many. */
static int find_common(const struct column *column,
		       bool (*get)(const struct column *column, uint32_t vf, struct value *ret),
		       struct value *ret, size_t *ret_count)
{
	CLEANUP_FREE struct ranked *ranked = NULL;
	size_t count, most = 0;
	int r = rank(column, get, &ranked, &count);

	for (size_t i = 0, end; r >= 0 && i < count; i = end) {
		for (end = i + 1; end < count && ranked[end].hash == ranked[i].hash;)
			end++;
		if (end - i <= most)
			continue;
		most = end - i;
		(void)get(column, ranked[i].vf, ret);
	}
	*ret_count = most;
	return r;
}

static bool is_full(const struct column *column)
{
	for (uint32_t i = 0; i < column->n; i++)
		if (!column->values[i])
			return false;
	return true;
}

static void cover(struct column *column, const struct value *value)
{
	for (uint32_t i = 0; i < column->n; i++) {
		const struct value at =
			value->form == VALUE_FROM ? counted_at(row_of(column), value, i) : *value;

		if (value_equal(row_of(column), column->values[i], &at))
			column->values[i] = NULL;
	}
}

/* A default is what more than half of the VFs have, where every VF has something: later entries can
 * give a VF another value, and cannot take one from it. */
static int take_default(struct column *column, struct vf_values *defaults)
{
	struct value value = { 0 }, start = { 0 };
	size_t same, counting;
	int r = find_common(column, get_value, &value, &same);

	if (r >= 0)
		r = find_common(column, get_start, &start, &counting);
	if (r < 0 || !is_full(column))
		return r;
	if (counting > same && counting > 1) {
		value = start;
		same = counting;
	}
	if (same * 2 <= column->n)
		return 0;
	VALUES_SET(defaults, column->setting, value);
	cover(column, &value);
	return 0;
}

/* How many VFs count up, from this one on. */
static uint32_t run_length(const struct column *column, uint32_t vf, struct value *ret_start)
{
	uint32_t length = 1;

	if (!column->values[vf] || !counted_start(row_of(column), column->values[vf], 0, ret_start))
		return 0;
	while (vf + length < column->n && column->values[vf + length] &&
	       length < counted_room(row_of(column), ret_start)) {
		const struct value next = counted_at(row_of(column), ret_start, length);

		if (!value_equal(row_of(column), column->values[vf + length], &next))
			break;
		length++;
	}
	return length;
}

static int take_runs(struct column *column, struct pieces *pieces)
{
	const uint32_t least = is_own(column) ? 2 : RUN_MIN;
	CLEANUP_FREE uint32_t *vfs = calloc(column->n + 1, sizeof(*vfs));
	int r = vfs ? 0 : -ENOMEM;

	for (uint32_t i = 0; r >= 0 && i < column->n; i++) {
		struct value start;
		uint32_t length = run_length(column, i, &start);

		if (length < least)
			continue;
		for (uint32_t k = 0; k < length; k++) {
			vfs[k] = i + k;
			column->values[i + k] = NULL;
		}
		r = add_piece(column, &start, vfs, length, pieces);
		i += length - 1;
	}
	return r;
}

/* VFs that share a value, if there are so many. */
static int take_groups(struct column *column, size_t least, struct pieces *pieces)
{
	CLEANUP_FREE uint32_t *vfs = calloc(column->n + 1, sizeof(*vfs));
	CLEANUP_FREE struct ranked *ranked = NULL;
	size_t count = 0;
	int r = vfs ? rank(column, get_value, &ranked, &count) : -ENOMEM;

	for (size_t i = 0, end; r >= 0 && i < count; i = end) {
		const struct value *value = column->values[ranked[i].vf];

		for (end = i; end < count && ranked[end].hash == ranked[i].hash &&
			      value_equal(row_of(column), column->values[ranked[end].vf], value);
		     end++)
			vfs[end - i] = ranked[end].vf;
		if (end - i < least)
			continue;
		r = add_piece(column, value, vfs, end - i, pieces);
		for (size_t k = i; k < end; k++)
			column->values[ranked[k].vf] = NULL;
	}
	return r;
}

/* Both ways to cut what defaults have left: VFs that count first, or those that share a value. */
static int cut(const struct column *column, bool runs_first, struct pieces *pieces)
{
	CLEANUP_FREE const struct value **values = calloc(column->n + 1, sizeof(*values));
	struct column rest = *column;
	int r = 0;

	if (!values)
		return -ENOMEM;
	memcpy(values, column->values, column->n * sizeof(*values));
	rest.values = values;
	if (!runs_first)
		r = take_groups(&rest, 2, pieces);
	if (r >= 0)
		r = take_runs(&rest, pieces);
	return r < 0 ? r : take_groups(&rest, 1, pieces);
}

/* The fewer pieces the better; if it is all the same, values that are shared. */
static int cut_best(const struct column *column, struct pieces *pieces)
{
	struct pieces sharing = { 0 }, counting = { 0 };
	const struct pieces *best = &sharing;
	int r = cut(column, false, &sharing);

	if (r >= 0 && may_count(column))
		r = cut(column, true, &counting);
	if (may_count(column) && counting.count < sharing.count)
		best = &counting;
	for (size_t i = 0; r >= 0 && i < best->count; i++) {
		r = arena_grow(column->arena, &pieces->items, pieces->count, &pieces->capacity,
			       sizeof(*pieces->items));
		if (r >= 0)
			pieces->items[pieces->count++] = best->items[i];
	}
	return r;
}

/* In order of the first VF, then of how many there are: what is of many comes before what is of
 * few. Equal sets become neighbours. */
static int compare_sets(const struct index_set *a, const struct index_set *b)
{
	const struct index_range *left = a->ranges, *right = b->ranges;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (left[i].first != right[i].first)
			return left[i].first < right[i].first ? -1 : 1;
		if (left[i].last != right[i].last)
			return left[i].last > right[i].last ? -1 : 1;
	}
	return (a->count < b->count) - (a->count > b->count);
}

static int compare_pieces(const void *a, const void *b)
{
	const struct piece *left = a, *right = b;
	int order = compare_sets(&left->indices, &right->indices);

	return order ? order : (int)left->setting - (int)right->setting;
}

/* Pieces of the same VFs are one entry. */
static int join(struct pieces *pieces, const struct vf_values *defaults, struct arena *arena,
		struct vf_entry **ret, size_t *ret_count)
{
	struct vf_entry *entries = arena_array(arena, pieces->count + 1, sizeof(*entries));
	size_t count = 0;

	if (!entries)
		return -ENOMEM;
	if (defaults->present)
		entries[count++] = (struct vf_entry){ .indices.all = true, .settings = *defaults };
	if (pieces->count)
		qsort(pieces->items, pieces->count, sizeof(*pieces->items), compare_pieces);
	for (size_t i = 0; i < pieces->count; i++) {
		const struct piece *piece = &pieces->items[i];

		if (!i || compare_sets(&piece->indices, &piece[-1].indices) != 0)
			entries[count++] = (struct vf_entry){ .indices = piece->indices };
		VALUES_SET(&entries[count - 1].settings, piece->setting, piece->value);
	}
	*ret = entries;
	*ret_count = count;
	return 0;
}

int fold_entries(const struct vf_values *(*values)(const void *context, uint32_t vf),
		 const void *context, uint32_t n, struct arena *arena, struct vf_entry **ret,
		 size_t *ret_count)
{
	CLEANUP_FREE const struct value **column_values = calloc(n + 1, sizeof(*column_values));
	struct vf_values defaults = { 0 };
	struct pieces pieces = { 0 };
	int r = column_values ? 0 : -ENOMEM;

	for (enum vf_setting i = 0; r >= 0 && n && i < VF_SETTING_COUNT; i++) {
		struct column column = { i, n, column_values, arena };

		for (uint32_t vf = 0; vf < n; vf++)
			column_values[vf] = VALUES_GET(values(context, vf), i);
		r = take_default(&column, &defaults);
		if (r >= 0)
			r = cut_best(&column, &pieces);
	}
	return r < 0 ? r : join(&pieces, &defaults, arena, ret, ret_count);
}
