/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a VF's driver took up when it was bound, and goes on with, whatever the PF's driver reports
 * of the VF since. */

#include <stdbool.h>
#include <stdint.h>

#include "model/value.h"

struct taken {
	uint64_t known; /* bits of VF settings: of the rest it cannot be told */
	struct mac mac;
	uint64_t node_guid, port_guid; /* host byte order */
};

/* False where it cannot be told. */
bool taken_get(const struct taken *taken, enum vf_setting setting, struct value *ret);
/* Of a setting that drivers take up; others are passed over. */
void taken_set(struct taken *taken, enum vf_setting setting, const struct value *value);
