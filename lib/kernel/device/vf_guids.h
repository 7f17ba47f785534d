/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The GUIDs that the driver of an InfiniBand VF has taken up, by the VF's RDMA device. */

#include "model/taken.h"
#include "util/arena.h"

/* Of the VF whose directory it is. What cannot be told stays unknown: there is no RDMA device in
 * this network namespace (struct class ib_class in drivers/infiniband/core/device.c), or it has not
 * got them yet. 0 or -errno. */
int vf_guids_read(int directory, struct arena *arena, struct taken *taken);
