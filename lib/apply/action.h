/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was tried, and what became of it. */

#include <stdbool.h>
#include <stddef.h>

#include "model/pf.h"
#include "plan/knowledge.h"
#include "plan/step.h"
#include "util/arena.h"

struct kernel_error;

/* A step that was tried. */
struct action {
	struct step step;
	bool done;		       /* the kernel said yes */
	const struct refusal *refusal; /* why it did not; NULL if done */
};

/* Whether the kernel was asked: what only waits for another PF's turn was not. */
bool action_was_tried(const struct action *action);

struct actions {
	struct action *items;
	size_t count;
	size_t capacity;
};

/* Makes room for n more actions, so that many are appended without moving them about. 0 or -ENOMEM.
 */
int actions_reserve(struct actions *actions, struct arena *arena, size_t n);

/* Appends the outcome of a step: done for error 0. 0, or -ENOMEM with nothing appended. */
int actions_add(struct actions *actions, struct arena *arena, const struct step *step,
		const struct pf *observed, int error, const struct kernel_error *words);
