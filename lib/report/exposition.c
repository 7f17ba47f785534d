/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/exposition.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *classic, *openmetrics;
	const char *suffix; /* of samples; in the classic format it is part of the family's name */
} types[] = {
	[METRIC_GAUGE] = { "gauge", "gauge", "" },
	[METRIC_COUNTER] = { "counter", "counter", "_total" },
	[METRIC_INFO] = { "gauge", "info", "_info" },
	[METRIC_STATE_SET] = { "gauge", "stateset", "" },
	[METRIC_HISTOGRAM] = { "histogram", "histogram", "" },
};

void metric_labels_add(struct metric_labels *labels, const char *name, const char *value)
{
	if (value && labels->count < METRIC_LABELS_MAX)
		labels->items[labels->count++] = (struct metric_label){ name, value };
}

/* Prometheus takes nothing at all of a host with one label that is no UTF-8, and the name of a
 * network device may be any bytes. As everywhere, what cannot be printed is \xNN. */
static void append_escaped(struct text *out, const char *value)
{
	CLEANUP_TEXT struct text printable = { 0 };

	text_append_escaped(&printable, value);
	for (value = text_string(&printable); *value; value++) {
		if (*value == '"' || *value == '\\')
			text_append(out, "\\");
		text_append_n(out, value, 1);
	}
	out->failed |= printable.failed;
}

static void begin_family(struct exposition *self, const struct metric_family *family)
{
	const char *suffix = self->openmetrics ? "" : types[family->type].suffix;

	if (self->family == family)
		return;
	self->family = family;
	text_printf(self->out, "# HELP %s%s %s.\n# TYPE %s%s %s\n", family->name, suffix,
		    family->help, family->name, suffix,
		    self->openmetrics ? types[family->type].openmetrics
				      : types[family->type].classic);
	if (self->openmetrics && family->unit)
		text_printf(self->out, "# UNIT %s %s\n", family->name, family->unit);
}

static void append_label(struct text *out, const char *before, const struct metric_label *label)
{
	text_printf(out, "%s%s=\"", before, label->name);
	append_escaped(out, label->value);
	text_append(out, "\"");
}

/* The name with a suffix, and the labels; more, which may be NULL, is one more of them. */
static void begin_sample(struct exposition *self, const struct metric_family *family,
			 const char *suffix, const struct metric_labels *labels,
			 const struct metric_label *more)
{
	begin_family(self, family);
	text_printf(self->out, "%s%s", family->name, suffix);
	for (size_t i = 0; i < labels->count; i++)
		append_label(self->out, i ? "," : "{", &labels->items[i]);
	if (more)
		append_label(self->out, labels->count ? "," : "{", more);
	text_append(self->out, labels->count || more ? "} " : " ");
}

/* 0.002, 1.0: as OpenMetrics wants a bound to be written. */
static void append_seconds(struct text *out, uint64_t ms)
{
	unsigned rest = (unsigned)(ms % 1000), digits = 3;

	while (digits > 1 && rest % 10 == 0) {
		rest /= 10;
		digits--;
	}
	text_printf(out, "%" PRIu64 ".%0*u", ms / 1000, (int)digits, rest);
}

void exposition_number(struct exposition *self, const struct metric_family *family,
		       const struct metric_labels *labels, uint64_t number)
{
	begin_sample(self, family, types[family->type].suffix, labels, NULL);
	if (family->unit && !strcmp(family->unit, "seconds"))
		append_seconds(self->out, number);
	else
		text_printf(self->out, "%" PRIu64, number);
	text_append(self->out, "\n");
}

void exposition_info(struct exposition *self, const struct metric_family *family,
		     const struct metric_labels *labels)
{
	exposition_number(self, family, labels, 1);
}

void exposition_state(struct exposition *self, const struct metric_family *family,
		      const struct metric_labels *labels, const char *const *states, size_t count,
		      const char *state)
{
	for (size_t i = 0; i < count; i++) {
		const struct metric_label label = { family->name, states[i] };

		begin_sample(self, family, "", labels, &label);
		text_append(self->out, strcmp(states[i], state) ? "0\n" : "1\n");
	}
}

void exposition_histogram(struct exposition *self, const struct metric_family *family,
			  const struct metric_labels *labels, const uint64_t *bounds_ms,
			  const uint64_t *within, size_t n_bounds, uint64_t count, uint64_t sum_ms)
{
	for (size_t i = 0; i <= n_bounds; i++) {
		CLEANUP_TEXT struct text bound = { 0 };

		if (i < n_bounds)
			append_seconds(&bound, bounds_ms[i]);
		else
			text_append(&bound, "+Inf");
		begin_sample(self, family, "_bucket", labels,
			     &(struct metric_label){ "le", text_string(&bound) });
		text_printf(self->out, "%" PRIu64 "\n", i < n_bounds ? within[i] : count);
	}
	begin_sample(self, family, "_sum", labels, NULL);
	append_seconds(self->out, sum_ms);
	text_append(self->out, "\n");
	begin_sample(self, family, "_count", labels, NULL);
	text_printf(self->out, "%" PRIu64 "\n", count);
}

void exposition_end(struct exposition *self)
{
	if (self->openmetrics)
		text_append(self->out, "# EOF\n");
}
