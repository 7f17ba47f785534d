/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/policy_standing.h"

#include <stdlib.h>
#include <string.h>

#include "util/timestamp.h"

/* The place of the first error, or NULL. */
static char *place_of_error(const struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->count; i++) {
		const struct origin *origin = &diagnostics->items[i].origin;
		struct text text = { 0 };

		if (diagnostics->items[i].severity != SEVERITY_ERROR || !origin->document)
			continue;
		text_append_quoted(&text, origin->document->name);
		if (origin->line)
			text_printf(&text, ":%u:%u", origin->line, origin->column);
		return text_take(&text);
	}
	return NULL;
}

static void forget_refusal(struct policy_standing *self)
{
	free(self->refused_at);
	self->refused_at = NULL;
	self->refused_since = 0;
	self->errors = 0;
}

static void put_in_force(struct policy_standing *self, const char digest[static DIGEST_SIZE])
{
	if (strcmp(self->digest, digest) != 0)
		self->since = time(NULL);
	memcpy(self->digest, digest, sizeof(self->digest));
}

bool policy_standing_is(const struct policy_standing *self, const char digest[static DIGEST_SIZE])
{
	return self->relation == POLICY_CURRENT && !strcmp(self->digest, digest);
}

void policy_standing_accepted(struct policy_standing *self, const char digest[static DIGEST_SIZE])
{
	if (policy_standing_is(self, digest))
		return;
	forget_refusal(self);
	put_in_force(self, digest);
	self->relation = POLICY_CURRENT;
	self->revision++;
}

void policy_standing_refused(struct policy_standing *self, const struct diagnostics *diagnostics)
{
	time_t since = self->refused_since ? self->refused_since : time(NULL);

	forget_refusal(self);
	if (self->relation == POLICY_CURRENT)
		self->relation = POLICY_OUTDATED;
	self->refused_since = since;
	self->refused_at = place_of_error(diagnostics);
	self->errors = diagnostics->errors;
	self->revision++;
}

void policy_standing_restored(struct policy_standing *self, time_t kept,
			      const char digest[static DIGEST_SIZE])
{
	self->relation = POLICY_LAST_GOOD;
	put_in_force(self, digest);
	self->kept = kept;
	self->revision++;
}

void policy_standing_clear(struct policy_standing *self)
{
	forget_refusal(self);
}

const char *policy_relation_name(enum policy_relation relation)
{
	static const char *const names[] = {
		[POLICY_CURRENT] = "current",
		[POLICY_OUTDATED] = "outdated",
		[POLICY_LAST_GOOD] = "last-good",
		[POLICY_NONE] = "none",
	};

	return names[relation];
}

static void describe_refusal(const struct policy_standing *self, bool with_place, struct text *out)
{
	char buffer[TIMESTAMP_SIZE];

	if (self->errors)
		text_printf(out, "the policy files have %zu error%s", self->errors,
			    self->errors == 1 ? "" : "s");
	else
		text_append(out, "the policy files could not be read");
	if (self->refused_since)
		text_printf(out, " since %s", timestamp_words(self->refused_since, buffer));
	if (with_place && self->refused_at)
		text_printf(out, ", %s%s", self->errors == 1 ? "at " : "the first at ",
			    self->refused_at);
}

void policy_standing_describe(const struct policy_standing *self, bool with_place, struct text *out)
{
	char buffer[TIMESTAMP_SIZE];

	if (self->relation == POLICY_CURRENT)
		return;
	describe_refusal(self, with_place, out);
	switch (self->relation) {
	case POLICY_OUTDATED:
		text_append(out, "; the policy read before them stays in force");
		break;
	case POLICY_LAST_GOOD:
		text_printf(out,
			    "; the last good policy, of %s, is in force until they are corrected",
			    timestamp_words(self->kept, buffer));
		break;
	default:
		text_append(out, "; nothing is enforced until they are corrected");
	}
}
