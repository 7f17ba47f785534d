/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A document that is read from a file. One that cannot be read, or is refused, is reported with its
 * name, and the answer is -EINVAL; or -ENOMEM. */

#include <fcntl.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "util/arena.h"

/* Reads one regular file, or for "-" standard input: what could hang or do something when it is
 * opened is refused. Owner and mode are not asked. */
int document_file_read(const char *path, size_t size_max, struct arena *arena,
		       struct diagnostics *diagnostics, struct document *ret);

/* The same without a meaning for "-". */
int document_file_read_regular(const char *path, size_t size_max, struct arena *arena,
			       struct diagnostics *diagnostics, struct document *ret);

/* The same for a file of a folder that others may write to: what a link out of the folder leads to
 * is refused, as are parts of its contents in messages. */
int document_file_read_beneath(const char *folder, const char *name, size_t size_max,
			       struct arena *arena, struct diagnostics *diagnostics,
			       struct document *ret);

/* How a file is opened, besides. */
#define DOCUMENT_FILE_OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY)
/* Reads an open file, at most size_max bytes of it. The document refers to name, which stays the
 * caller's. */
int document_file_read_from(int fd, const char *name, size_t size_max, struct arena *arena,
			    struct diagnostics *diagnostics, struct document *ret);

/* Reports what is wrong with a file as a whole; hint may be NULL. */
int document_file_report(struct diagnostics *diagnostics, const char *name, const char *hint,
			 const char *message);
/* That it cannot be read. -ENOMEM is passed on. */
int document_file_report_errno(struct diagnostics *diagnostics, const char *name, int error);
