/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The runtime directory, RUNTIME_DIRECTORY of util/paths.h, where locks and notes are. */

#include <stddef.h>

/* Makes a directory of that kind where it is missing, for all to read whatever the umask. One that
 * is there must be a directory and no link, owned by root or who asks, and writable by nobody else,
 * or another could exchange locks: -EPERM. Returns 0 or -errno. */
int runtime_make(const char *path);
/* What went wrong, in words. */
const char *runtime_error(int error);

/* Where what is kept there of a device is: "pci/0000:3b:00.0" has "pci-0000:3b:00.0", and the
 * suffix behind it, in the directory. NULL when out of memory. */
char *runtime_path(const char *directory, const char *device, const char *suffix);
/* Makes a file that all may read, in place of one that is there. Who reads it, also after death at
 * any instruction of this, finds the one or the other as a whole; path.new is made for it. 0 or
 * -errno. */
int runtime_replace(const char *path, const char *bytes, size_t length);
/* Reads at most size bytes of such a file. A link in its place is not followed, and nothing there
 * keeps who reads it waiting. How many there are, or -errno. */
int runtime_read(const char *path, char *bytes, size_t size);
/* 0 also if there was nothing. */
int runtime_remove(const char *path);
