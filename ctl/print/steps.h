/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Steps of a plan as JSON, printed for people. See report/steps.h. */

#include <json-c/json_types.h>
#include <stdbool.h>

#include "print/places.h"
#include "print/vf_groups.h"

/* Prints what is to be done, as a table with what is alike for several VFs in one row: what
 * changes; why it is not done now, what it disrupts; who wants it. The places have the files of
 * the steps; all is as in vf_groups.h; with verbose from which source of Linux it is known that a
 * driver refuses one. */
void steps_print(struct json_object *steps, const struct places *places, bool all, bool verbose);
/* Prints what was done. */
void steps_print_done(struct json_object *steps, const struct places *places, bool all);
