/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/counted.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

/* The last VLAN that can be had. */
#define VLAN_LAST 4094u

/* What counts of an address and of a GUID. */
#define TAIL_BYTES 3
#define TAIL_MASK  UINT64_C(0xffffff)

static uint64_t tail_of(const struct mac *mac)
{
	const uint8_t *tail = mac->bytes + sizeof(mac->bytes) - TAIL_BYTES;

	return (uint64_t)tail[0] << 16 | (uint64_t)tail[1] << 8 | tail[2];
}

static void set_tail(struct mac *mac, uint64_t number)
{
	for (size_t i = 0; i < TAIL_BYTES; i++)
		mac->bytes[sizeof(mac->bytes) - 1 - i] = (uint8_t)(number >> (8 * i));
}

uint64_t counted_room(const struct setting *setting, const struct value *from)
{
	switch (setting->type) {
	case VALUE_VLAN:
		return VLAN_LAST + 1 - from->vlan.id;
	case VALUE_MAC:
		return TAIL_MASK + 1 - tail_of(&from->mac);
	default:
		return TAIL_MASK + 1 - (from->number & TAIL_MASK);
	}
}

struct value counted_at(const struct setting *setting, const struct value *from, uint64_t position)
{
	struct value value = *from;

	value.form = VALUE_PLAIN;
	if (setting->type == VALUE_VLAN)
		value.vlan.id = (uint16_t)(from->vlan.id + position);
	else if (setting->type == VALUE_MAC)
		set_tail(&value.mac, tail_of(&from->mac) + position);
	else
		value.number += position;
	return value;
}

bool counted_start(const struct setting *setting, const struct value *value, uint64_t position,
		   struct value *ret)
{
	if (!(setting->forms & (1u << VALUE_FROM)) || value->form != VALUE_PLAIN)
		return false;
	*ret = *value;
	ret->form = VALUE_FROM;
	if (setting->type == VALUE_VLAN) {
		ret->vlan.id = (uint16_t)(value->vlan.id - position);
		return value->vlan.id > position && value->vlan.id <= VLAN_LAST;
	}
	if (setting->type == VALUE_MAC) {
		set_tail(&ret->mac, tail_of(&value->mac) - position);
		return tail_of(&value->mac) >= position && !mac_is_zero(&ret->mac);
	}
	ret->number = value->number - position;
	return (value->number & TAIL_MASK) >= position && ret->number;
}

static void describe_at(const struct setting *setting, const struct value *from, uint64_t position,
			struct text *out)
{
	struct value value = counted_at(setting, from, position);

	if (setting->type == VALUE_VLAN)
		text_printf(out, "%u", value.vlan.id);
	else
		value_format(setting, &value, out);
}

/* How many VFs of the entry come before the first of the segment. */
static uint64_t position_of(const struct segment *segment, enum vf_setting setting)
{
	return index_set_position(&segment->winner[setting]->entry->indices, segment->first);
}

bool counted_value(const struct segment *segment, enum vf_setting setting, uint32_t vf,
		   struct value *ret)
{
	const struct value *value = segment_value(segment, setting);
	uint64_t position;

	*ret = *value;
	if (value->form != VALUE_FROM)
		return true;
	position = position_of(segment, setting) + (vf - segment->first);
	if (position >= counted_room(&vf_settings[setting], value))
		return false;
	*ret = counted_at(&vf_settings[setting], value, position);
	return true;
}

/* Whether a VF of the segment has none left; *ret is the first. */
static bool find_first(const struct segment *segment, enum vf_setting setting, uint32_t *ret)
{
	const struct value *value = segment_value(segment, setting);
	uint64_t position, room;

	if (!value || value->form != VALUE_FROM)
		return false;
	position = position_of(segment, setting);
	room = counted_room(&vf_settings[setting], value);
	*ret = segment->first + (room > position ? (uint32_t)(room - position) : 0);
	return *ret <= segment->last;
}

static int find_of_setting(const struct segments *segments, const struct layer *layers,
			   size_t n_layers, enum vf_setting setting,
			   int (*each)(void *context, const struct counted_beyond *beyond),
			   void *context)
{
	CLEANUP_FREE bool *told = calloc(n_layers + 1, sizeof(*told));
	int r = told ? 0 : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < segments->count; i++) {
		const struct segment *segment = &segments->items[i];
		struct counted_beyond beyond = { .setting = setting };

		if (!find_first(segment, setting, &beyond.vf))
			continue;
		beyond.layer = segment->winner[setting];
		if (told[beyond.layer - layers])
			continue;
		told[beyond.layer - layers] = true;
		r = each(context, &beyond);
	}
	return r;
}

int counted_find_beyond(const struct segments *segments, const struct layer *layers,
			size_t n_layers,
			int (*each)(void *context, const struct counted_beyond *beyond),
			void *context)
{
	int r = 0;

	for (enum vf_setting i = 0; r >= 0 && i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].forms & (1u << VALUE_FROM))
			r = find_of_setting(segments, layers, n_layers, i, each, context);
	return r;
}

void counted_describe(const struct counted_beyond *beyond, struct text *out)
{
	const struct setting *setting = &vf_settings[beyond->setting];
	const struct value *from = &beyond->layer->entry->settings.value[beyond->setting];

	text_printf(out, "'%s' counts from ", setting->key);
	describe_at(setting, from, 0, out);
	text_append(out, " to ");
	describe_at(setting, from, counted_room(setting, from) - 1, out);
	text_printf(out, ", and none is left for VF %u", beyond->vf);
}
