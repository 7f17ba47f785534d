/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/segment.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

/* For each VF the number of the segment that it is in: one begins where an entry begins, and behind
 * where one ends. */
static int map_vfs(const struct layer *layers, size_t n_layers, uint32_t n_vfs, uint32_t **ret)
{
	uint32_t *map = calloc(n_vfs, sizeof(*map)), segment = 0;

	if (!map)
		return -ENOMEM;
	for (size_t i = 0; i < n_layers; i++) {
		const struct index_set *set = &layers[i].entry->indices;

		for (size_t k = 0; k < set->count; k++) {
			if (set->ranges[k].first < n_vfs)
				map[set->ranges[k].first] = 1;
			if (set->ranges[k].last < n_vfs - 1)
				map[set->ranges[k].last + 1] = 1;
		}
	}
	map[0] = 0;
	for (uint32_t i = 0; i < n_vfs; i++)
		map[i] = segment += map[i];
	*ret = map;
	return 0;
}

static int cut(const uint32_t *map, uint32_t n_vfs, struct segments *ret)
{
	ret->count = map[n_vfs - 1] + 1;
	ret->items = calloc(ret->count, sizeof(*ret->items));
	if (!ret->items)
		return -ENOMEM;
	for (uint32_t i = 0; i < n_vfs; i++) {
		struct segment *segment = &ret->items[map[i]];

		if (i && map[i] != map[i - 1])
			segment->first = i;
		segment->last = i;
	}
	return 0;
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

/* What winners are chosen with. */
struct choosing {
	struct segments *segments;
	const uint32_t *map;
	uint32_t *next;
	uint32_t n_vfs;
	enum vf_setting setting;
};

/* Gives the segments of first..last that have no winner yet to the layer. */
static void claim(const struct choosing *choosing, const struct layer *layer, uint32_t first,
		  uint32_t last)
{
	struct segments *segments = choosing->segments;
	size_t i = find_free(choosing->next, choosing->map[first]);

	while (i < segments->count && segments->items[i].first <= last) {
		segments->items[i].winner[choosing->setting] = layer;
		segments->items[i].present |= SETTING_BIT(choosing->setting);
		choosing->next[i] = (uint32_t)i + 1;
		i = find_free(choosing->next, i);
	}
}

static void claim_entry(const struct choosing *choosing, const struct layer *layer)
{
	const struct index_set *set = &layer->entry->indices;

	if (set->all)
		claim(choosing, layer, 0, choosing->n_vfs - 1);
	for (size_t k = 0; k < set->count; k++)
		if (set->ranges[k].first < choosing->n_vfs)
			claim(choosing, layer, set->ranges[k].first, set->ranges[k].last);
}

/* From the last layer to the first, so that each segment is given away once. */
static void choose_winners(const struct choosing *choosing, const struct layer *layers,
			   size_t n_layers)
{
	for (size_t i = 0; i <= choosing->segments->count; i++)
		choosing->next[i] = (uint32_t)i;
	for (size_t i = n_layers; i-- > 0;)
		if (layers[i].entry->settings.present & SETTING_BIT(choosing->setting))
			claim_entry(choosing, &layers[i]);
}

/* Of the settings that a layer has. */
static int choose_all(struct choosing *choosing, const struct layer *layers, size_t n_layers)
{
	CLEANUP_FREE uint32_t *next = calloc(choosing->segments->count + 1, sizeof(*next));
	uint64_t present = 0;

	if (!next)
		return -ENOMEM;
	choosing->next = next;
	for (size_t i = 0; i < n_layers; i++)
		present |= layers[i].entry->settings.present;
	while (present) {
		choosing->setting = setting_take(&present);
		choose_winners(choosing, layers, n_layers);
	}
	return 0;
}

int segments_make(const struct layer *layers, size_t n_layers, uint32_t n_vfs, struct segments *ret)
{
	CLEANUP_SEGMENTS struct segments segments = { 0 };
	CLEANUP_FREE uint32_t *map = NULL;
	struct choosing choosing = { .segments = &segments, .n_vfs = n_vfs };
	int r = 0;

	if (n_vfs) {
		r = map_vfs(layers, n_layers, n_vfs, &map);
		choosing.map = map;
		if (r >= 0)
			r = cut(map, n_vfs, &segments);
		if (r >= 0)
			r = choose_all(&choosing, layers, n_layers);
	}
	if (r < 0)
		return r;
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
	if (!(segment->present & SETTING_BIT(setting)))
		return NULL;
	return &segment->winner[setting]->entry->settings.value[setting];
}
