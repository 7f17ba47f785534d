/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Disks that other hosts have, by IP: of iSCSI, and of NVMe over TCP or RDMA. */

#include <sys/types.h>

#include "kernel/mount/servers.h"

/* Adds the servers of a block device, or of those that it is made of (a partition, LVM, RAID, a
 * path of several), and says by what. None of a disk that the host has itself, nor of others by IP,
 * such as NBD, of which the kernel does not say where they are. 0 or -errno. */
int remote_disk_find(dev_t device, struct servers *servers);
