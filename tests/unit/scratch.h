/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Directories that a test makes for itself. */

/* Removes path and all that is below it; nothing if there is no such thing. */
void scratch_remove(const char *path);
