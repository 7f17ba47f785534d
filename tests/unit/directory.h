/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Directories of tests. */

/* Removes path and all that is below it; nothing if there is no such thing. */
void directory_remove(const char *path);
