/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Attributes and links of a device's directory in sysfs, relative to a descriptor of it. */

#include <stdint.h>

#include "util/arena.h"

/* Reads an attribute without its newline. *ret is NULL, and the answer 0, where there is no such
 * attribute or where the driver does not support it (ENOENT, EOPNOTSUPP, EINVAL, EIO). Else -errno.
 */
int sysfs_read(int directory, const char *path, struct arena *arena, const char **ret);
/* Reads a number: decimal, or hexadecimal with 0x. -ENODATA where sysfs_read() gives NULL or what
 * is there is no number. */
int sysfs_read_number(int directory, const char *path, int64_t *ret);
/* Writes in one write(). 0 or the driver's -errno. */
int sysfs_write(int directory, const char *path, const char *text);
/* A number that no two devices of a boot share, even where the second comes to the address of the
 * first, of the device whose directory path leads to; "": the directory itself. 0 or -errno. */
int sysfs_read_instance(int directory, const char *path, uint64_t *ret);
/* The last component of where a symbolic link points. *ret is NULL, and the answer 0, where there
 * is none. */
int sysfs_read_link(int directory, const char *path, struct arena *arena, const char **ret);
