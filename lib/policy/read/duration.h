/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Durations in policies: 500ms, 60s, 2m, 1h, or a bare 0. */

#include <stdint.h>

#include "document/diagnostic.h"
#include "document/yaml_node.h"

struct duration_limits {
	uint64_t min_ms, max_ms; /* 0 is always allowed */
	const char *words;	 /* of the limits: "0, or from 1s to 24h" */
};

/* Returns 0 or -EINVAL, reported. */
int duration_read(const struct yaml_node *node, const char *key,
		  const struct duration_limits *limits, struct diagnostics *diagnostics,
		  uint64_t *ret_ms);
