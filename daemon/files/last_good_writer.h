/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Keeps the last good policy, in a thread: a disk may take its time, or be full, and neither is to
 * delay what the policy asks for. */

#include "files/last_good.h"
#include "log.h"
#include "work/workers.h"

struct last_good_writer;

/* What where points to must outlive the writer. done is called, in the event loop's thread, when
 * nothing is left to be kept. */
int last_good_writer_new(const struct last_good *where, struct workers *workers, struct log *log,
			 void (*done)(void *context), void *context, struct last_good_writer **ret);
/* Must not be called while workers_busy(). */
void last_good_writer_free(struct last_good_writer *writer);

/* Keeps the documents as the last good policy; takes over the arena that they are in. Those that
 * wait to be kept when others come are dropped. A failure is logged, once until it works again. */
void last_good_writer_write(struct last_good_writer *writer, struct arena *arena,
			    const struct document *documents, size_t count);

const struct last_good *last_good_writer_where(const struct last_good_writer *writer);
