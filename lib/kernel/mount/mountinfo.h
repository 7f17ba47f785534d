/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* File systems that are mounted, by a file such as /proc/1/mountinfo (show_mountinfo() in
 * fs/proc_namespace.c). */

#include <sys/types.h>

struct mount {
	dev_t device; /* of the file system: a block device, or a number that is its own */
	const char *path;
	const char *type;    /* "nfs4" */
	const char *source;  /* as it was mounted by */
	const char *options; /* of the file system: "rw,vers=4.2,addr=192.0.2.1" */
};

/* Reads a line, which it changes; the mount's strings are parts of it. 0 or -EBADMSG. */
int mountinfo_read(char *line, struct mount *ret);

/* Calls each() for every mount, with strings that end with the call. Below 0, what it returns is
 * the answer in the end. 0 or -errno. */
int mountinfo_each(const char *file, int (*each)(const struct mount *mount, void *context),
		   void *context);
