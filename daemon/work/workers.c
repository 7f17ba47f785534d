/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "work/workers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>

#include "util/fd.h"

struct task {
	struct workers *workers;
	void (*run)(void *job);
	void (*done)(void *job);
	void *job;
	struct task *next;
};

struct workers {
	int fd; /* readable when something is finished */
	sd_event_source *source;
	unsigned running; /* of the event loop's thread only */
	pthread_mutex_t mutex;
	struct task *finished; /* under the mutex */
};

static int on_finished(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct workers *self = context;
	struct task *task;
	uint64_t count;

	(void)source;
	(void)events;
	if (read(fd, &count, sizeof(count)) < 0)
		return errno == EAGAIN ? 0 : -errno;
	(void)pthread_mutex_lock(&self->mutex);
	task = self->finished;
	self->finished = NULL;
	(void)pthread_mutex_unlock(&self->mutex);
	while (task) {
		struct task *next = task->next;

		self->running--;
		task->done(task->job);
		free(task);
		task = next;
	}
	return 0;
}

int workers_new(sd_event *event, struct workers **ret)
{
	CLEANUP(workers_free_cleanup) struct workers *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	(void)pthread_mutex_init(&self->mutex, NULL);
	self->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (self->fd < 0)
		return -errno;
	r = sd_event_add_io(event, &self->source, self->fd, EPOLLIN, on_finished, self);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(self->source, "workers");
	*ret = TAKE(self);
	return 0;
}

void workers_free(struct workers *self)
{
	if (!self)
		return;
	sd_event_source_disable_unref(self->source);
	fd_cleanup(&self->fd);
	(void)pthread_mutex_destroy(&self->mutex);
	free(self);
}

static void *work(void *context)
{
	const uint64_t one = 1;
	struct task *task = context;
	struct workers *self = task->workers;

	task->run(task->job);
	(void)pthread_mutex_lock(&self->mutex);
	task->next = self->finished;
	self->finished = task;
	/* Within the lock: once the loop has the task, all of this may be freed. It fails only when
	 * the counter is full, and then the loop is awake anyway. */
	(void)!write(self->fd, &one, sizeof(one));
	(void)pthread_mutex_unlock(&self->mutex);
	return NULL;
}

/* Signals are for the event loop's thread. */
static int start_thread(struct task *task)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int r;

	(void)sigfillset(&all);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread, &attributes, work, task);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attributes);
	return -r;
}

int workers_start(struct workers *self, void (*run)(void *job), void (*done)(void *job), void *job)
{
	struct task *task = calloc(1, sizeof(*task));
	int r;

	if (!task)
		return -ENOMEM;
	*task = (struct task){ .workers = self, .run = run, .done = done, .job = job };
	r = start_thread(task);
	if (r < 0) {
		free(task);
		return r;
	}
	self->running++;
	return 0;
}

bool workers_busy(const struct workers *self)
{
	return self->running;
}
