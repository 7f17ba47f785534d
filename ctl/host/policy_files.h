/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The files of a policy that a command line names: directories, files, and "-" for standard input.
 */

#include <stdbool.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "util/arena.h"

/* Reads what the words name, below root if that is not NULL; the standard directories where there
 * are none. Directories are read together, as the standard ones are: of two files of one name that
 * of the earlier directory counts. Files follow in the order of the words. With tells_others it is
 * noted what else directories have in them, but for the runtime directory. Answers with what could
 * be read, in arena, and with -EINVAL, the errors reported, if that is not all; -ENOMEM. */
int policy_files_read(const char *root, const char *const *words, size_t count, bool tells_others,
		      struct arena *arena, struct diagnostics *diagnostics, struct document **ret,
		      size_t *ret_count);
