/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/giving.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/desired.h"

/* What is to be noted of VFs, one after the other. */
struct notes {
	struct given_note *items;
	size_t count;
};

/* The note of the VF that comes next; there is room for one a setting. */
static struct given_note *note_of(struct notes *notes, uint32_t vf)
{
	if (!notes->count || notes->items[notes->count - 1].vf != vf)
		notes->items[notes->count++] = (struct given_note){ .vf = vf };
	return &notes->items[notes->count - 1];
}

static int notes_make(struct arena *arena, size_t max, struct notes *ret)
{
	*ret = (struct notes){ .items = arena_array(arena, max, sizeof(*ret->items)) };
	return ret->items ? 0 : -ENOMEM;
}

static int write_notes(struct kernel *kernel, const struct pf *pf, const struct notes *notes)
{
	return notes->count ? kernel->note_given(kernel, pf, notes->items, notes->count) : 0;
}

static bool any(const struct step *steps, size_t n_steps, bool first)
{
	for (size_t i = 0; i < n_steps; i++)
		if (first ? steps[i].first : steps[i].once)
			return true;
	return false;
}

/* Nothing is written then: that a value was given has to be known. */
static int refuse(const struct step *step, const struct pf *observed, int error,
		  struct arena *arena, struct actions *actions)
{
	struct kernel_error words = { 0 };

	(void)snprintf(words.message, sizeof(words.message),
		       "that it is given cannot be noted in /run/sriovd: %s", strerror(-error));
	return actions_add(actions, arena, step, observed, -EAGAIN, &words);
}

static int note_tried(struct kernel *kernel, const struct pf *observed, const struct giving *giving,
		      struct arena *arena)
{
	struct notes notes;
	int r = notes_make(arena, giving->n_steps, &notes);

	for (size_t i = 0; r >= 0 && i < giving->n_steps; i++) {
		const struct step *step = &giving->steps[i];

		if (step->once)
			note_of(&notes, step->target.vf)->tried |=
				SETTING_BIT(step->target.setting);
	}
	return r < 0 ? r : write_notes(kernel, observed, &notes);
}

/* Whether somebody uses the VF by now, or that cannot be told. */
static bool is_used(const struct pf *observed, const struct step *step, int error)
{
	uint32_t vf = step->target.vf;

	return step->first &&
	       (error < 0 || vf >= observed->n_vfs || vf_is_held(&observed->vfs[vf]));
}

/* Leaves out steps, those on used VFs or else all that give something once. */
static int leave_out(struct giving *giving, const struct pf *observed, int unseen, int unnoted,
		     struct arena *arena, struct actions *actions)
{
	struct step *steps = arena_array(arena, giving->n_steps, sizeof(*steps));
	size_t count = 0;
	int r = steps ? 0 : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < giving->n_steps; i++) {
		const struct step *step = &giving->steps[i];

		if (unnoted < 0 && step->once)
			r = refuse(step, observed, unnoted, arena, actions);
		else if (unnoted < 0 || !is_used(observed, step, unseen))
			steps[count++] = *step;
	}
	giving->steps = steps;
	giving->n_steps = count;
	return r;
}

int giving_begin(struct kernel *kernel, struct pf *observed, const struct step *steps,
		 size_t n_steps, struct arena *arena, struct actions *actions, struct giving *ret)
{
	struct giving giving = { steps, n_steps, actions->count };
	int r = 0, found;

	/* Others are guarded one by one. */
	if (steps->target.kind == STEP_VF_SETTING && any(steps, n_steps, true)) {
		found = kernel->find_holders(kernel, observed, KERNEL_ALL_VFS);
		r = leave_out(&giving, observed, found, 0, arena, actions);
	}
	if (r >= 0 && any(giving.steps, giving.n_steps, false)) {
		int noted = note_tried(kernel, observed, &giving, arena);

		if (noted < 0)
			r = noted == -ENOMEM
				    ? noted
				    : leave_out(&giving, observed, 0, noted, arena, actions);
	}
	giving.first = actions->count;
	*ret = giving;
	return r;
}

/* What could not be noted then is told by the next look. */
static int of_note(int r)
{
	return r == -ENOMEM ? r : 0;
}

/* Somebody has come to use the VF. */
static void note_left_out(struct notes *notes, const struct step *step)
{
	struct given_note *note = note_of(notes, step->target.vf);

	*(step->first ? &note->none : &note->due) |= SETTING_BIT(step->target.setting);
}

int giving_end(struct kernel *kernel, const struct pf *observed, const struct giving *giving,
	       bool all_told, struct arena *arena, const struct actions *actions)
{
	struct notes notes;
	int r;

	if (!any(giving->steps, giving->n_steps, false))
		return 0;
	r = notes_make(arena, actions->count - giving->first + 1, &notes);
	if (r >= 0 && all_told && actions->count == giving->first)
		note_left_out(&notes, giving->steps);
	for (size_t i = giving->first; r >= 0 && i < actions->count; i++) {
		const struct action *action = &actions->items[i];
		const uint64_t bit = SETTING_BIT(action->step.target.setting);
		struct given_note *note;

		if (!action->step.once)
			continue;
		note = note_of(&notes, action->step.target.vf);
		*(action->done ? &note->done : &note->due) |= bit;
	}
	return r < 0 ? r : of_note(write_notes(kernel, observed, &notes));
}

void giving_mark_new(const struct desired *desired, struct pf *observed)
{
	for (uint32_t i = 0; i < observed->n_vfs && i < desired->pf->n_vfs; i++) {
		struct given *given = &observed->vfs[i].given;

		if (!given->untold)
			given->due |= desired->pf->vfs[i].once & ~given->done;
	}
}

int giving_note_due(struct kernel *kernel, const struct desired *desired, const struct pf *observed)
{
	struct notes notes;
	int r = notes_make(observed->arena, observed->n_vfs, &notes);

	for (uint32_t i = 0; r >= 0 && i < observed->n_vfs && i < desired->pf->n_vfs; i++) {
		const uint64_t due = desired->pf->vfs[i].once & observed->vfs[i].given.due;

		if (due)
			note_of(&notes, i)->due = due;
	}
	return r < 0 ? r : of_note(write_notes(kernel, observed, &notes));
}

int giving_note_plan(struct kernel *kernel, const struct pf *observed, const struct plan *plan)
{
	struct notes notes;
	int r = notes_make(observed->arena, plan->n_once, &notes);

	for (uint32_t i = 0; r >= 0 && i < plan->n_once; i++)
		if (plan->once[i].note)
			note_of(&notes, i)->done = plan->once[i].note;
	if (r < 0)
		return r;
	if (!notes.count && observed->given_stale)
		return of_note(kernel->note_given(kernel, observed, NULL, 0));
	return of_note(write_notes(kernel, observed, &notes));
}
