/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Takes readings in a thread of its own: the kernel can hang in what it is asked, and keys are to
 * be answered all the same. */

#include <stdbool.h>

#include "top/reader.h"

struct background;

/* Takes over the reader. 0 or -errno. */
int background_new(struct reader *reader, struct background **ret);
/* Accepts NULL. What is being asked of the kernel is not waited for: the thread, and what it works
 * with, are left to the end of the process then. */
void background_free(struct background *background);
DEFINE_CLEANUP(struct background *, background_free);

/* Has a reading taken; false, and none is, while one still is. */
bool background_ask(struct background *background);
/* Can be read from once a reading was taken. */
int background_fd(const struct background *background);
/* That reading, which is the caller's; NULL: there is none yet. */
struct reading *background_take(struct background *background);
