/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Arguments of EAL, by which a program of DPDK is told which devices it may drive. */

#include "export/exported.h"

/* The VFs that a program of DPDK may drive now, as arguments of its EAL: "-a 0000:3b:01.2" (EAL
 * parameters, "-a, --allow", in DPDK's Getting Started Guide for Linux). Such a program needs
 * vfio's or uio's driver on the VF, but of mlx4 and mlx5, which share the card with the kernel's
 * ("Bifurcated driver" there). Those that somebody uses are left out. Each pool has a
 * line of its own. */
void dpdk_write(const struct groups *groups, struct export *export);
