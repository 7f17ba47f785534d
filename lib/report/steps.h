/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Steps of a plan as JSON, with the words that people read of them. */

#include <json-c/json_types.h>

#include "apply/pass.h"
#include "plan/step.h"

/* What the pass leaves to be done: {kind, vf, setting, from, to, written, disrupts, blind,
 * known-to-refuse, source, blocked, blocked-by, refused, origin, text, note} of each step, as
 * documented in sriovctl(1). NULL when out of memory.
 */
struct json_object *report_steps(const struct pass *pass);
/* Adds refusals, what of that the driver refused for good, or took and did not keep: {setting,
 * kind, reason, error}, each setting once; nothing where there is none. */
void report_refusals(struct json_object **object, const struct pass *pass);
/* Appends the steps that it carried out. */
void report_done(struct json_object **array, const struct pass *pass);
/* Takes over such a list, of any number of passes, and returns it with the latest step alone of
 * each setting of a VF that was written more than once. NULL when out of memory, and for NULL. */
struct json_object *report_latest(struct json_object *array);

/* "nothing", "vf", "pf", "all-vfs"; a constant. */
const char *report_disruption(enum disruption disruption);
/* Why the step is not done now, what it disrupts; nothing if there is nothing to say. */
void report_step_note(const struct step *step, struct text *out);
