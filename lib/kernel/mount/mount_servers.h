/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The hosts that a mounted file system is had from. */

#include "kernel/mount/mountinfo.h"
#include "kernel/mount/servers.h"

/* By its own kind (nfs, nfs4, cifs, smb3, ceph, and 9p by IP) or by the disk that it is on. None,
 * too, where nothing says which they are. Memory is of arena. 0 or -errno. */
int mount_servers_find(const struct mount *mount, struct arena *arena, struct servers *ret);
