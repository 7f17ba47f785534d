/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Steps of a plan as JSON, with the words that people read of them. */

#include <json-c/json_types.h>

#include "apply/action.h"
#include "plan/step.h"

/* {kind, vf, setting, from, to, disrupts, blind, known-to-refuse, blocked, refused, origin, text,
 * note}, as documented in sriovctl(1). NULL when out of memory. */
struct json_object *report_step(const struct step *step);
/* The steps of the plan, which may be NULL. */
struct json_object *report_steps(const struct plan *plan);
/* Appends the steps that were carried out. */
void report_done(struct json_object **array, const struct actions *actions);

/* Why the step is not done now, what it disrupts; nothing if there is nothing to say. */
void report_step_note(const struct step *step, struct text *out);
