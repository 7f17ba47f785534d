/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "work/call_note.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "util/clock.h"

struct call_note {
	pthread_mutex_t mutex; /* held for a copy, never over a call */
	bool active;
	struct call call;
	char pf[CALL_NOTE_PF_SIZE];
	uint64_t (*now)(void *context);
	void *context;
};

static uint64_t monotonic_ms(void *context)
{
	(void)context;
	return clock_ms();
}

uint64_t call_seconds(const struct call *call, uint64_t now)
{
	return now > call->since ? (now - call->since) / 1000 : 0;
}

int call_note_new(struct call_note **ret)
{
	struct call_note *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	(void)pthread_mutex_init(&self->mutex, NULL);
	self->now = monotonic_ms;
	*ret = self;
	return 0;
}

void call_note_free(struct call_note *self)
{
	if (!self)
		return;
	(void)pthread_mutex_destroy(&self->mutex);
	free(self);
}

void call_note_set_clock(struct call_note *self, uint64_t (*now)(void *context), void *context)
{
	self->now = now;
	self->context = context;
}

uint64_t call_note_now(const struct call_note *self)
{
	return self->now(self->context);
}

void call_note_begin(struct call_note *self, const struct call *call)
{
	(void)pthread_mutex_lock(&self->mutex);
	self->active = true;
	self->call = *call;
	(void)pthread_mutex_unlock(&self->mutex);
}

void call_note_end(struct call_note *self)
{
	(void)pthread_mutex_lock(&self->mutex);
	self->active = false;
	(void)pthread_mutex_unlock(&self->mutex);
}

void call_note_set_pf(struct call_note *self, const char *name)
{
	(void)pthread_mutex_lock(&self->mutex);
	(void)snprintf(self->pf, sizeof(self->pf), "%s", name);
	(void)pthread_mutex_unlock(&self->mutex);
}

bool call_note_pf(struct call_note *self, char ret[static CALL_NOTE_PF_SIZE])
{
	(void)pthread_mutex_lock(&self->mutex);
	memcpy(ret, self->pf, sizeof(self->pf));
	(void)pthread_mutex_unlock(&self->mutex);
	return *ret;
}

bool call_note_read(struct call_note *self, struct call *ret)
{
	bool active;

	(void)pthread_mutex_lock(&self->mutex);
	active = self->active;
	if (active)
		*ret = self->call;
	(void)pthread_mutex_unlock(&self->mutex);
	return active;
}
