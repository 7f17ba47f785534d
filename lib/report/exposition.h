/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Samples in the words of Prometheus: the classic text format (version 0.0.4), which its
 * node_exporter reads from files, and OpenMetrics 1.0. One family of samples after the other; names
 * of families and labels are the same in both. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

enum metric_type {
	METRIC_GAUGE,
	METRIC_COUNTER, /* samples end in _total */
	METRIC_INFO,	/* labels alone; samples end in _info */
	/* A label of the family's own name has the state. */
	METRIC_STATE_SET,
	METRIC_HISTOGRAM,
};

struct metric_family {
	const char *name; /* without a suffix; ends in _UNIT where it has one */
	enum metric_type type;
	const char *unit; /* "seconds", "bytes" or NULL */
	const char *help; /* a sentence without a full stop */
};

struct metric_label {
	const char *name, *value; /* value is escaped, and left out where it is NULL */
};

#define METRIC_LABELS_MAX 8

struct metric_labels {
	struct metric_label items[METRIC_LABELS_MAX];
	size_t count;
};

struct exposition {
	struct text *out; /* asked at the end whether it has failed */
	bool openmetrics;
	/* Private. */
	const struct metric_family *family; /* the latest that has a sample */
};

/* Adds a label; there may be METRIC_LABELS_MAX. */
void metric_labels_add(struct metric_labels *labels, const char *name, const char *value);

/* A sample of a family; its head comes before the first one. All of a family are to be given
 * together. A value is in thousandths where the family's unit is seconds. */
void exposition_number(struct exposition *out, const struct metric_family *family,
		       const struct metric_labels *labels, uint64_t number);
void exposition_info(struct exposition *out, const struct metric_family *family,
		     const struct metric_labels *labels);
/* A sample for each of count states, 1 for the one that there is and 0 for all others. */
void exposition_state(struct exposition *out, const struct metric_family *family,
		      const struct metric_labels *labels, const char *const *states, size_t count,
		      const char *state);
/* within[i] of all observations were at most bounds_ms[i]; count and sum_ms are of all. */
void exposition_histogram(struct exposition *out, const struct metric_family *family,
			  const struct metric_labels *labels, const uint64_t *bounds_ms,
			  const uint64_t *within, size_t n_bounds, uint64_t count, uint64_t sum_ms);
void exposition_end(struct exposition *out);
