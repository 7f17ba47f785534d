/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A note in the runtime directory that an instance has become ready since the boot, with which that
 * directory is new: what comes after it is no boot any more, whether it is the same instance or
 * another one. One that died before has left no note, and the next one is still that of the boot.
 */

#include <stdbool.h>

/* Whether the boot goes on: there is no note. Where that cannot be told it does not. */
bool boot_note_is_missing(const char *directory);
/* Leaves the note. 0 or -errno. */
int boot_note_write(const char *directory);
