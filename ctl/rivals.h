/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Other programs that are told to set up the VFs of a PF. */

#include <json-c/json_types.h>

#include "options.h"
#include "survey.h"

/* Prints a warning for each rival of the PF, one a line, begun with its name. PFs that no rule
 * matches, or that are only observed, have none. */
void rivals_print(const struct options *options, const struct subject *subject);
/* The same as an array. */
struct json_object *rivals_json(const struct options *options, const struct subject *subject);
