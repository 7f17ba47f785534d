/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/last_good_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Documents in an arena of their own; none where that is NULL. */
struct batch {
	struct arena *arena;
	const struct document *documents;
	size_t count;
};

struct last_good_writer {
	struct last_good where;
	struct workers *workers;
	struct log *log;
	void (*done)(void *context);
	void *context;
	struct batch running; /* the thread's, while there is one */
	struct batch waiting;
	int result;
	bool logged; /* that keeping fails */
};

int last_good_writer_new(const struct last_good *where, struct workers *workers, struct log *log,
			 void (*done)(void *context), void *context, struct last_good_writer **ret)
{
	struct last_good_writer *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	self->where = *where;
	self->workers = workers;
	self->log = log;
	self->done = done;
	self->context = context;
	*ret = self;
	return 0;
}

static void batch_clear(struct batch *batch)
{
	arena_free(batch->arena);
	*batch = (struct batch){ 0 };
}

void last_good_writer_free(struct last_good_writer *self)
{
	if (!self)
		return;
	batch_clear(&self->running);
	batch_clear(&self->waiting);
	free(self);
}

static void log_result(struct last_good_writer *self, int r)
{
	if (r >= 0) {
		self->logged = false;
		if (r > 0)
			log_message(self->log, LOG_DEBUG, NULL, "kept in %s as last good policy",
				    self->where.state);
		return;
	}
	if (!self->logged)
		log_message(self->log, LOG_WARNING, NULL,
			    "the policy is in force, but cannot be kept in %s as the last good "
			    "one, for a start with bad files: %s",
			    self->where.state, strerror(-r));
	self->logged = true;
}

static void run(void *context)
{
	struct last_good_writer *self = context;

	self->result = last_good_save(&self->where, self->running.documents, self->running.count);
}

static void finish(void *context);

/* Begins with what waits, if there is anything and no thread is at work. */
static void begin(struct last_good_writer *self)
{
	int r;

	if (self->running.arena || !self->waiting.arena)
		return;
	self->running = self->waiting;
	self->waiting = (struct batch){ 0 };
	r = workers_start(self->workers, run, finish, self);
	if (r < 0) {
		batch_clear(&self->running);
		log_result(self, r);
	}
}

static void finish(void *context)
{
	struct last_good_writer *self = context;

	batch_clear(&self->running);
	log_result(self, self->result);
	begin(self);
	if (!self->running.arena)
		self->done(self->context);
}

void last_good_writer_write(struct last_good_writer *self, struct arena *arena,
			    const struct document *documents, size_t count)
{
	batch_clear(&self->waiting);
	self->waiting = (struct batch){ .arena = arena, .documents = documents, .count = count };
	begin(self);
}

const struct last_good *last_good_writer_where(const struct last_good_writer *self)
{
	return &self->where;
}
