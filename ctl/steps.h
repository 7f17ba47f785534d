/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Steps of a plan, for people and as JSON. */

#include <json-c/json_types.h>

#include "fold.h"
#include "plan/plan.h"

/* The cells of a line of the fold. */
enum step_cell { STEP_CELL_CHANGE, STEP_CELL_NOTE, STEP_CELL_ORIGIN };

/* Adds the step as a line: what changes; why it is not done now, what it disrupts; who wants it. */
void steps_add(struct fold *fold, const struct step *step);
/* Adds a step that was done. */
void steps_add_done(struct fold *fold, const struct step *step);
/* Prints the lines, folded, as a table. */
void steps_print(const struct fold *fold);

/* What the note of the step says, or NULL. */
const char *steps_note(struct arena *arena, const struct step *step);
/* "file:line", or NULL. */
const char *steps_origin(struct arena *arena, const struct origin *origin);

struct json_object *steps_json(const struct step *step);
