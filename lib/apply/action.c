/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/action.h"

#include <errno.h>
#include <string.h>

#include "apply/refusal.h"
#include "kernel/kernel.h"

bool action_was_tried(const struct action *action)
{
	return action->done || action->refusal->kind != REFUSAL_WAITS_TURN;
}

/* Names live with the desired or the observed PF, which the next look replaces. */
static int keep_name(const struct step *step, struct arena *arena, struct value *value)
{
	enum value_type type = step_setting(&step->target)->type;

	if ((type != VALUE_NAME && type != VALUE_TEMPLATE) || !value->name)
		return 0;
	value->name = arena_strdup(arena, value->name);
	return value->name ? 0 : -ENOMEM;
}

/* So does who is on the link. */
static int keep_users(struct arena *arena, struct step *step)
{
	if (!step->users)
		return 0;
	step->users = arena_strdup(arena, step->users);
	return step->users ? 0 : -ENOMEM;
}

static const struct refusal *make_refusal(const struct step *step, const struct pf *observed,
					  int error, const struct kernel_error *words,
					  struct arena *arena)
{
	struct refusal *refusal = arena_alloc(arena, sizeof(*refusal));

	if (!refusal)
		return NULL;
	refusal->target = step->target;
	refusal->value = step->to;
	refusal->kind = refusal_classify(&step->target, observed, error);
	refusal->error = error;
	memcpy(refusal->message, words->message, sizeof(words->message));
	return refusal;
}

int actions_reserve(struct actions *actions, struct arena *arena, size_t n)
{
	size_t capacity = actions->count + n;
	struct action *items;

	if (capacity <= actions->capacity)
		return 0;
	items = arena_array(arena, capacity, sizeof(*items));
	if (!items)
		return -ENOMEM;
	if (actions->count)
		memcpy(items, actions->items, actions->count * sizeof(*items));
	actions->items = items;
	actions->capacity = capacity;
	return 0;
}

int actions_add(struct actions *actions, struct arena *arena, const struct step *step,
		const struct pf *observed, int error, const struct kernel_error *words)
{
	struct action *action;

	if (arena_grow(arena, &actions->items, actions->count, &actions->capacity,
		       sizeof(*actions->items)) < 0)
		return -ENOMEM;
	action = &actions->items[actions->count];
	*action = (struct action){ .step = *step, .done = error == 0 };
	if (keep_name(step, arena, &action->step.from) < 0 ||
	    keep_name(step, arena, &action->step.to) < 0 || keep_users(arena, &action->step) < 0)
		return -ENOMEM;
	if (!action->done) {
		/* Of the copy: its names stay. */
		action->refusal = make_refusal(&action->step, observed, error, words, arena);
		if (!action->refusal)
			return -ENOMEM;
	}
	actions->count++;
	return 0;
}
