/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The note that drivers are being kept off a PF's new VFs. It lies in the runtime directory, so
 * that whoever comes next can finish what a program that died has begun; a reboot, which brings the
 * attribute back, removes the note as well, and a note of a device that is gone counts for nothing:
 * one that comes to its address has the attribute as the kernel makes it. */

#include <stdbool.h>

/* Notes that drivers-autoprobe is off for now and is to be autoprobe again. 0 or -errno. */
int hold_write(const char *handle, bool autoprobe);
/* -ENOENT if there is no note. */
int hold_read(const char *handle, bool *ret_autoprobe);
/* 0 also if there was none. */
int hold_remove(const char *handle);
