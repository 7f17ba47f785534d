/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/segment.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* Every VF at which an entry begins, or that is the first behind one. *ret has room for more. */
static int collect_cuts(const struct layer *layers, size_t n_layers, uint32_t n_vfs, uint32_t **ret,
			size_t *ret_count)
{
	CLEANUP_FREE uint32_t *cuts = NULL;
	size_t most = 1, count = 0;

	for (size_t i = 0; i < n_layers; i++)
		most += 2 * layers[i].entry->indices.count;
	cuts = calloc(most, sizeof(*cuts));
	if (!cuts)
		return -ENOMEM;
	cuts[count++] = 0;
	for (size_t i = 0; i < n_layers; i++) {
		const struct index_set *set = &layers[i].entry->indices;

		for (size_t k = 0; k < set->count; k++) {
			if (set->ranges[k].first < n_vfs)
				cuts[count++] = set->ranges[k].first;
			if (set->ranges[k].last < n_vfs - 1)
				cuts[count++] = set->ranges[k].last + 1;
		}
	}
	*ret = TAKE(cuts);
	*ret_count = count;
	return 0;
}

static int cut(const struct layer *layers, size_t n_layers, uint32_t n_vfs, struct segments *ret)
{
	CLEANUP_FREE uint32_t *cuts = NULL;
	size_t n_cuts, distinct = 0;
	int r;

	r = collect_cuts(layers, n_layers, n_vfs, &cuts, &n_cuts);
	if (r < 0)
		return r;
	qsort(cuts, n_cuts, sizeof(*cuts), compare_numbers);
	for (size_t i = 0; i < n_cuts; i++)
		if (!distinct || cuts[distinct - 1] != cuts[i])
			cuts[distinct++] = cuts[i];
	ret->items = calloc(distinct, sizeof(*ret->items));
	if (!ret->items)
		return -ENOMEM;
	ret->count = distinct;
	for (size_t i = 0; i < distinct; i++) {
		ret->items[i].first = cuts[i];
		ret->items[i].last = i + 1 < distinct ? cuts[i + 1] - 1 : n_vfs - 1;
	}
	return 0;
}

/* The segment that the VF is in. */
static size_t find_segment(const struct segments *segments, uint32_t vf)
{
	size_t low = 0, high = segments->count - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (segments->items[middle].last < vf)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first segment from i on that has no winner yet. next[] leads over those that have one, and is
 * shortened on the way. */
static size_t find_free(uint32_t *next, size_t i)
{
	while (next[i] != i) {
		next[i] = next[next[i]];
		i = next[i];
	}
	return i;
}

/* Gives the segments of first..last that have no winner yet to the layer. */
static void claim(struct segments *segments, uint32_t *next, enum vf_setting setting,
		  const struct layer *layer, uint32_t first, uint32_t last)
{
	size_t i = find_free(next, find_segment(segments, first));

	while (i < segments->count && segments->items[i].first <= last) {
		segments->items[i].winner[setting] = layer;
		next[i] = (uint32_t)i + 1;
		i = find_free(next, i);
	}
}

static void claim_entry(struct segments *segments, uint32_t *next, enum vf_setting setting,
			const struct layer *layer, uint32_t n_vfs)
{
	const struct index_set *set = &layer->entry->indices;

	if (set->all)
		claim(segments, next, setting, layer, 0, n_vfs - 1);
	for (size_t k = 0; k < set->count; k++)
		if (set->ranges[k].first < n_vfs)
			claim(segments, next, setting, layer, set->ranges[k].first,
			      set->ranges[k].last);
}

/* From the last layer to the first, so that each segment is given away once. */
static void choose_winners(struct segments *segments, uint32_t *next, enum vf_setting setting,
			   const struct layer *layers, size_t n_layers, uint32_t n_vfs)
{
	for (size_t i = 0; i <= segments->count; i++)
		next[i] = (uint32_t)i;
	for (size_t i = n_layers; i-- > 0;)
		if (layers[i].entry->settings.present & SETTING_BIT(setting))
			claim_entry(segments, next, setting, &layers[i], n_vfs);
}

int segments_make(const struct layer *layers, size_t n_layers, uint32_t n_vfs, struct segments *ret)
{
	CLEANUP_SEGMENTS struct segments segments = { 0 };
	CLEANUP_FREE uint32_t *next = NULL;
	uint32_t present = 0;
	int r;

	if (n_vfs) {
		r = cut(layers, n_layers, n_vfs, &segments);
		if (r < 0)
			return r;
	}
	next = calloc(segments.count + 1, sizeof(*next));
	if (!next)
		return -ENOMEM;
	for (size_t i = 0; i < n_layers; i++)
		present |= layers[i].entry->settings.present;
	for (enum vf_setting setting = 0; n_vfs && setting < VF_SETTING_COUNT; setting++)
		if (present & SETTING_BIT(setting))
			choose_winners(&segments, next, setting, layers, n_layers, n_vfs);
	*ret = segments;
	segments = (struct segments){ 0 };
	return 0;
}

void segments_clear(struct segments *segments)
{
	free(segments->items);
	*segments = (struct segments){ 0 };
}

const struct value *segment_value(const struct segment *segment, enum vf_setting setting)
{
	const struct layer *layer = segment->winner[setting];

	return layer ? &layer->entry->settings.value[setting] : NULL;
}
