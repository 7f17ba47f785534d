/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* sriovctl plan --inventory FOLDER: what the policy would change on many hosts. */

#include <stdbool.h>

#include "verdict.h"

struct options;

/* Whether path is a directory, or leads to one. */
bool plan_fleet_is_folder(const char *path);
/* Plans for each inventory in options->inventory and prints what that comes to. */
enum verdict plan_fleet_run(const struct options *options);
