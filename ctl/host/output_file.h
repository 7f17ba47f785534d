/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A file that others read while it is written again and again. */

#include <stddef.h>

/* Puts a new file in the place of that one, or makes it: who reads sees the one or the other,
 * whole. Everybody may read it. It begins as a file beside it, whose name begins with a dot and
 * ends in six characters. It is not seen to that it outlives a crash of the host.
 * What is no file, as a device or a pipe, stays: -EEXIST. 0 or -errno. */
int output_file_write(const char *path, const char *data, size_t length);
/* What went wrong, in words. */
const char *output_file_error(int error);
