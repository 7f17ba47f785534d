/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* sriovctl plan --inventory FOLDER: what the policy would change on many hosts. */

#include <stdbool.h>

#include "verdict.h"

struct options;

/* Whether path is a directory, or leads to one. */
bool folder_is(const char *path);
/* Plans for each inventory in options->inventory and prints what that comes to. */
enum verdict folder_plan(const struct options *options);
