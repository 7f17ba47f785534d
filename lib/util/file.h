/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Small files that are not in /sys, where anybody who may write to a directory could have left
 * something that keeps a reader waiting: a FIFO, a terminal, a file without an end. */

#include <stddef.h>

#include "util/arena.h"

/* Reads a regular file of at most size_max bytes; path is relative to the descriptor directory.
 * *ret is NULL, and the answer 0, where there is none. -EBADF: what is there is no regular file;
 * -EFBIG: it has more bytes; or -errno. */
int file_read(int directory, const char *path, size_t size_max, struct arena *arena,
	      const char **ret);
/* Reads the first line, of at most 4096 bytes, without its newline. Likewise; -EFBIG: it is longer.
 */
int file_read_line(int directory, const char *path, struct arena *arena, const char **ret);
