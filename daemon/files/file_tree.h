/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Trees of files below a directory, written and removed by descriptor. No link is followed. */

#include <stddef.h>

#include "document/document.h"

/* Writes each document under its own absolute path below the new directory name, for root's eyes
 * only, and returns when all of it is on the disk. 0 or -errno; what was written stays then. */
int file_tree_write(int parent, const char *name, const struct document *documents, size_t count);

/* Removes a file, or a directory with all that is in it. 0 also if there was none. */
int file_tree_remove(int parent, const char *name);
