/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The runtime directory, RUNTIME_DIRECTORY of util/paths.h, where locks and notes are. */

/* Makes a directory of that kind where it is missing, for all to read. One that is there must be a
 * directory and no link, owned by root or who asks, and writable by nobody else, or another could
 * exchange locks: -EPERM. Returns 0 or -errno. */
int runtime_make(const char *path);
/* What went wrong, in words. */
const char *runtime_error(int error);
