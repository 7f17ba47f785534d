/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A file that others read while it is written again and again. */

#include "util/text.h"
#include "verdict.h"

/* Puts a new file in the place of that one, or makes it: who reads sees the one or the other,
 * whole. Everybody may read it. It begins as a file beside it, whose name begins with a dot and
 * ends in six characters. It is not seen to that it outlives a crash of the host.
 * What is no file, as a device or a pipe, stays. Prints what is wrong to standard error. */
enum verdict output_file_write(const char *path, const struct text *text);
