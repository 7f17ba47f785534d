/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Passes over PFs that this program makes by itself. */

#include <json-c/json_types.h>

#include "verdict.h"

struct options;

/* Does what is to be done, waiting for what may come right by itself. Prints to standard error what
 * went wrong with the policy or a PF as a whole, which is in the verdict as well. *ret is as
 * documented for "apply" in sriovctl(1), and stays as it was where nothing was tried. */
enum verdict apply_direct(const struct options *options, struct json_object **ret);
