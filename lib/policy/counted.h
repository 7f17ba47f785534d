/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Values that count over VFs, VALUE_FROM: "vlan: {from: 100}" is 100 for the first VF of its entry,
 * 101 for the next. VFs are counted as the entry's index names them, in rising order, whether a
 * later entry wins or not: what is said of one VF moves no other's value.
 *
 * VLANs count up to 4094, since 4095 is reserved (IEEE 802.1Q). Addresses and GUIDs count in their
 * last three bytes, which are the maker's to give out; the bytes before them say who made them, or
 * were chosen. Private to lib/policy. */

#include "policy/segment.h"

/* How many VFs can have one, from the start on. */
uint64_t counted_room(const struct setting *setting, const struct value *from);
/* The value of the VF that comes after so many others, a plain one of the same origin. position is
 * below the room. */
struct value counted_at(const struct setting *setting, const struct value *from, uint64_t position);

/* The counting value of which value is that at the position: the reverse. False where there is
 * none: it would begin before the first, or is none that counts. */
bool counted_start(const struct setting *setting, const struct value *value, uint64_t position,
		   struct value *ret);

/* What a VF of the segment gets of a setting that the segment has: a counting value counted, all
 * others as they are. False: the count would be beyond the last. */
bool counted_value(const struct segment *segment, enum vf_setting setting, uint32_t vf,
		   struct value *ret);

/* A counting value that has none left for a VF. */
struct counted_beyond {
	const struct layer *layer;
	enum vf_setting setting;
	uint32_t vf; /* the first that has none */
};

/* Calls each() for such values, once for each. layers are those that the segments were made of.
 * Returns 0, -ENOMEM, or what each() returns below 0. */
int counted_find_beyond(const struct segments *segments, const struct layer *layers,
			size_t n_layers,
			int (*each)(void *context, const struct counted_beyond *beyond),
			void *context);

/* "'vlan' counts from 4090 to 4094, and none is left for VF 5" */
void counted_describe(const struct counted_beyond *beyond, struct text *out);
