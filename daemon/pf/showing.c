/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/showing.h"

#include <inttypes.h>
#include <string.h>

int showing_init(struct showing *self)
{
	*self = (struct showing){ 0 };
	return call_note_new(&self->note);
}

void showing_clear(struct showing *self)
{
	call_note_free(self->note);
	self->note = NULL;
}

void showing_begin(struct showing *self, uint64_t now)
{
	self->watch_at = now + SHOWING_AFTER_MS;
}

bool showing_end(struct showing *self)
{
	bool was_stuck = self->kind == SHOWS_STUCK;

	call_note_end(self->note);
	self->kind = SHOWS_NOTHING;
	return was_stuck;
}

static bool is_same(const struct call *a, const struct call *b)
{
	return a->since == b->since && !strcmp(a->name, b->name);
}

/* The next call may be allowed less than this one, but no less than any. */
static uint64_t watch_next(const struct call *call, uint64_t now)
{
	uint64_t too_long = call->since + call->allowed, any = now + CALL_NOTE_ALLOWED_MS;

	return too_long < any ? too_long : any;
}

struct showing_news showing_look(struct showing *self, uint64_t now)
{
	struct showing_news news = { 0 };
	struct call call;
	bool active = call_note_read(self->note, &call);

	if (self->kind == SHOWS_STUCK && !(active && is_same(&call, &self->stuck))) {
		news.loose = true;
		news.returned = self->stuck;
		self->kind = SHOWS_APPLYING;
	}
	if (!active || now < call.since + call.allowed) {
		self->kind = SHOWS_APPLYING;
		self->watch_at = active ? watch_next(&call, now) : now + SHOWING_AFTER_MS;
		return news;
	}
	news.stuck = self->kind != SHOWS_STUCK;
	self->kind = SHOWS_STUCK;
	self->stuck = call;
	self->watch_at = now + SHOWING_STUCK_WATCH_MS;
	return news;
}

bool showing_call(const struct showing *self, struct call *ret)
{
	return self->kind != SHOWS_NOTHING && call_note_read(self->note, ret);
}

void showing_describe(const struct showing *self, uint64_t now, struct text *out)
{
	struct call call;

	if (showing_call(self, &call))
		text_printf(out,
			    self->kind == SHOWS_STUCK ? "%s has not returned for %" PRIu64 " s"
						      : "%s, for %" PRIu64 " s",
			    call.name, call_seconds(&call, now));
}
