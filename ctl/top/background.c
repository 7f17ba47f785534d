/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/background.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct background {
	struct reader *reader;
	pthread_t thread;
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t news;
	bool asked, busy, stop;
	struct reading *taken; /* NULL: none */
	int fd;
};

/* Under the mutex, but for the look itself. */
static void take_one(struct background *self)
{
	struct reading *reading;

	self->asked = false;
	self->busy = true;
	(void)pthread_mutex_unlock(&self->mutex);
	reading = reader_take(self->reader);
	(void)pthread_mutex_lock(&self->mutex);
	self->busy = false;
	reading_free(self->taken);
	self->taken = reading;
	(void)eventfd_write(self->fd, 1);
}

static void *run(void *context)
{
	struct background *self = context;

	(void)pthread_mutex_lock(&self->mutex);
	while (!self->stop) {
		if (self->asked)
			take_one(self);
		else
			(void)pthread_cond_wait(&self->news, &self->mutex);
	}
	(void)pthread_mutex_unlock(&self->mutex);
	return NULL;
}

/* Signals are the main thread's, which has the terminal. */
static int start_thread(struct background *self)
{
	sigset_t all, before;
	int r;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&self->thread, NULL, run, self);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

int background_new(struct reader *reader, struct background **ret)
{
	struct background *self = calloc(1, sizeof(*self));
	int r = -ENOMEM;

	if (self) {
		self->reader = reader;
		self->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		r = self->fd < 0 ? -errno : 0;
		(void)pthread_mutex_init(&self->mutex, NULL);
		(void)pthread_cond_init(&self->news, NULL);
	}
	if (r >= 0)
		r = start_thread(self);
	if (r >= 0) {
		*ret = self;
		return 0;
	}
	if (self && self->fd >= 0)
		(void)close(self->fd);
	free(self);
	reader_free(reader);
	return r;
}

void background_free(struct background *self)
{
	bool busy;

	if (!self)
		return;
	(void)pthread_mutex_lock(&self->mutex);
	self->stop = true;
	busy = self->busy || self->asked;
	(void)pthread_cond_signal(&self->news);
	(void)pthread_mutex_unlock(&self->mutex);
	if (busy)
		return;
	(void)pthread_join(self->thread, NULL);
	reading_free(self->taken);
	reader_free(self->reader);
	(void)close(self->fd);
	free(self);
}

bool background_ask(struct background *self)
{
	bool asked;

	(void)pthread_mutex_lock(&self->mutex);
	asked = !self->asked && !self->busy;
	self->asked |= asked;
	(void)pthread_cond_signal(&self->news);
	(void)pthread_mutex_unlock(&self->mutex);
	return asked;
}

int background_fd(const struct background *self)
{
	return self->fd;
}

struct reading *background_take(struct background *self)
{
	struct reading *reading;
	eventfd_t count;

	(void)eventfd_read(self->fd, &count);
	(void)pthread_mutex_lock(&self->mutex);
	reading = TAKE(self->taken);
	(void)pthread_mutex_unlock(&self->mutex);
	return reading;
}
