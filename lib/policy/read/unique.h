/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Settings whose value no two VFs of a PF may share. Private to lib/policy. */

#include <stddef.h>
#include <stdint.h>

#include "model/value.h"

#define UNIQUE_SETTINGS 4

extern const enum vf_setting unique_settings[UNIQUE_SETTINGS];

/* A VF and its value. */
struct holding {
	uint64_t key; /* equal for equal values; of names a hash */
	uint32_t vf;
	const struct value *value;
};

/* The key of a value; 0 where it may be shared, as the zero address, or is not known yet, as a name
 * with {index} in it. */
uint64_t unique_key(enum vf_setting setting, const struct value *value);

/* By key, then by VF: holdings that share a value become neighbours. */
void unique_sort(struct holding *holdings, size_t count);
