/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The note that a driver was taken off a VF for a moment, and is to have it again. It is made
 * before the driver leaves, so that whoever comes next can finish what a program that died has
 * begun, or a driver that did not take the VF back is asked once more.
 *
 * It lies in the runtime directory: owed/ADDRESS of the VF, a symbolic link to "INSTANCE DRIVER",
 * which is there whole or not at all. A note of a device that is gone counts for nothing: one that
 * comes to its address has another instance (struct pf, instance). */

#include <stdint.h>

#include "model/pf.h"

/* Notes that the driver has the VF, and is to have it again. 0 or -errno. */
int owed_driver_write(const char *address, uint64_t instance, const char *driver);
/* 0 also if there was none. */
int owed_driver_remove(const char *address);
/* Fills in owed_driver of the VFs of pf. 0 or -errno. */
int owed_driver_read_all(struct pf *pf);
