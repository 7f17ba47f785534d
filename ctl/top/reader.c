/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/reader.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <string.h>

#include "host/daemon.h"
#include "host/pick.h"
#include "kernel/counters.h"
#include "kernel/kernel.h"
#include "kernel/linux.h"
#include "memory.h"
#include "print/json.h"
#include "util/clock.h"

/* What the daemon says it has to look for, and other callers wait meanwhile. */
#define ASK_EVERY_MS 5000u
/* Figures are waited for, and are worth more than states. */
#define PATIENCE_S 2

struct reader {
	struct kernel *kernel;
	struct counters_reader *counters; /* NULL: there can be none */
	bool direct;
	struct arena *arena; /* of what is wanted: */
	const char **wanted; /* handles; NULL: all */
	size_t n_wanted;
	struct json_object *told; /* by the daemon */
	const char *without;	  /* as in a reading */
	uint64_t asked;		  /* ms, when it was; 0: never */
};

static enum verdict failure(const char *what, int r)
{
	if (r == -ENOMEM)
		memory_exhausted();
	(void)fprintf(stderr, "sriovctl top: %s: %s\n", what, strerror(-r));
	return VERDICT_FAILED;
}

enum verdict reader_new(bool direct, struct reader **ret)
{
	CLEANUP(reader_free_cleanup)
	struct reader *self = MEMORY_REQUIRE(calloc(1, sizeof(*self)));
	int r = kernel_linux_new(&self->kernel);

	if (r < 0)
		return failure("cannot talk to the kernel", r);
	r = counters_reader_new(&self->counters);
	if (r < 0)
		return failure("cannot read what VFs have sent and received", r);
	self->direct = direct;
	self->arena = memory_arena();
	*ret = TAKE(self);
	return VERDICT_OK;
}

void reader_free(struct reader *self)
{
	if (!self)
		return;
	kernel_free(self->kernel);
	counters_reader_free(self->counters);
	json_drop(self->told);
	arena_free(self->arena);
	free(self);
}

static void note(struct reading *reading, const char *what, const char *name, int r)
{
	if (r == -ENOMEM)
		memory_exhausted();
	text_append(&reading->problem, reading->problem.length ? "; " : "");
	text_append(&reading->problem, what);
	if (name)
		text_append_quoted(&reading->problem, name);
	text_printf(&reading->problem, ": %s", strerror(-r));
}

static bool is_wanted(const struct reader *self, const char *handle)
{
	for (size_t i = 0; i < self->n_wanted; i++)
		if (!strcmp(self->wanted[i], handle))
			return true;
	return !self->wanted;
}

static void look_at(struct reader *self, const char *handle, struct reading *reading)
{
	struct pf *pf;
	int r = self->kernel->observe(self->kernel, handle, &pf);

	if (r == -ENODEV) /* it went away since it was listed */
		return;
	if (r < 0)
		note(reading, "cannot observe ", handle, r);
	else if (pf_list_add(&reading->pfs, pf) < 0)
		memory_exhausted();
}

static void look_at_all(struct reader *self, struct reading *reading)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const char **handles;
	size_t count = 0;
	int r = self->kernel->list(self->kernel, arena, &handles, &count);

	if (r < 0)
		note(reading, "cannot list the PFs of this host", NULL, r);
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (is_wanted(self, handles[i]))
			look_at(self, handles[i], reading);
	pf_list_sort(&reading->pfs);
}

/* Holders are asked for here only where the daemon does not tell them: that takes longest of all,
 * and rights. */
static void look_for_holders(struct reader *self, struct reading *reading)
{
	for (size_t i = 0; i < reading->pfs.count; i++) {
		struct pf *pf = reading->pfs.items[i];
		int r = 0;

		if (!reading_told(reading, pf))
			r = self->kernel->find_holders(self->kernel, pf, KERNEL_ALL_VFS);
		if (r < 0 && r != -ENODEV)
			note(reading, "cannot tell who uses VFs of ", pf_name(pf), r);
	}
}

static void read_counters(struct reader *self, struct reading *reading)
{
	reading->times = MEMORY_REQUIRE(calloc(reading->pfs.count + 1, sizeof(*reading->times)));
	for (size_t i = 0; i < reading->pfs.count; i++) {
		if (counters_read(self->counters, reading->pfs.items[i]) < 0)
			memory_exhausted();
		reading->times[i] = clock_ms();
	}
}

static const char *words_for(int r)
{
	if (r == -ENOENT || r == -ENOTCONN)
		return "sriovd does not run";
	if (r == -EACCES)
		return "sriovd tells only others";
	return r == -ETIMEDOUT ? "sriovd does not answer" : "sriovd cannot be asked";
}

static void ask_daemon(struct reader *self)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	int r = daemon_open(&daemon);

	json_drop(self->told);
	self->told = NULL;
	if (r >= 0) {
		daemon_set_patience(daemon, PATIENCE_S);
		r = daemon_describe(daemon, NULL, 0, &self->told);
	}
	self->without = r < 0 ? words_for(r) : NULL;
}

static void take_told(struct reader *self, struct reading *reading)
{
	if (self->direct) {
		reading->without = "sriovd is not asked";
		return;
	}
	if (!self->asked || clock_ms() - self->asked >= ASK_EVERY_MS) {
		ask_daemon(self);
		self->asked = clock_ms();
	}
	reading->told = json_object_get(self->told);
	reading->without = self->without;
}

struct reading *reader_take(struct reader *self)
{
	struct reading *reading = MEMORY_REQUIRE(calloc(1, sizeof(*reading)));

	take_told(self, reading);
	look_at_all(self, reading);
	look_for_holders(self, reading);
	read_counters(self, reading);
	(void)memory_text(&reading->problem);
	return reading;
}

bool reader_pick(struct reader *self, const struct reading *reading, char *const *words,
		 size_t count)
{
	const struct pf_list *pfs = &reading->pfs;
	const bool *wanted = pick_wanted(pfs, words, count, NULL, self->arena);

	if (!wanted)
		return false;
	if (!count)
		return true;
	self->wanted =
		MEMORY_REQUIRE(arena_array(self->arena, pfs->count + 1, sizeof(*self->wanted)));
	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			self->wanted[self->n_wanted++] =
				MEMORY_REQUIRE(arena_strdup(self->arena, pfs->items[i]->handle));
	return true;
}
