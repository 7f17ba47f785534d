/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Files that only root can have put where they are. The way to them is walked one component at a
 * time by descriptor, links included, and every directory on it has to be in root's hands: what was
 * checked cannot be exchanged before it is opened, but by root. */

#include <stdbool.h>
#include <sys/stat.h>

#include "util/arena.h"

/* Why something is not trusted. */
struct trust_fault {
	const char *path; /* the one that is not, which may be a directory on the way */
	bool owner;	  /* it is not root's; else: others can write to it */
	const char *hint; /* the command that helps, or what else does */
};

/* Something that was found, and has yet to be opened. */
struct trust_place {
	int parent;	    /* the directory that it is in */
	const char *name;   /* its name there */
	const char *path;   /* as messages call it; links are followed */
	struct stat status; /* of what was found */
	bool checked;
};

/* Looks path up from the directory (AT_FDCWD too; an absolute path begins at the root directory),
 * following links. base is how messages call the directory.
 *
 * Where check is set, everything on the way, the root directory of an absolute path or link
 * included, must be owned by root, and writable by nobody else unless it is a directory with the
 * sticky bit; a file or directory that is found must not be writable by others in any case. The
 * owner and mode of a device are not asked. -EPERM with
 * *ret_fault if not. Else the kernel finds the way.
 *
 * Strings live in arena. Returns 0, -EPERM or another -errno. */
int trust_find(int directory, const char *base, const char *path, bool check, struct arena *arena,
	       struct trust_place *ret, struct trust_fault *ret_fault);
/* Opens what was found. One that has come in its place since must be as trusted, and of the same
 * kind: -ESTALE if not. Where nothing was checked the last link on the way must be root's or our
 * own, or of the owner of what it leads to: -EXDEV if not, since who makes a link could have shown
 * what he may not read. Returns the descriptor or -errno. */
int trust_open(const struct trust_place *place, int flags);
void trust_place_clear(struct trust_place *place);
#define CLEANUP_TRUST_PLACE CLEANUP(trust_place_clear)
