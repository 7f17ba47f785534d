/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The reconcilers of the host, one for each PF. */

#include <stdbool.h>
#include <stddef.h>

#include "log.h"
#include "pf/reconciler.h"
#include "policy/unmatched.h"

struct reconcilers {
	struct reconciler **items; /* in no order */
	size_t count;
	size_t capacity;
	bool booting; /* between reconcilers_begin_boot() and reconcilers_end_boot() */
};

void reconcilers_clear(struct reconcilers *reconcilers);

struct reconciler *reconcilers_find(const struct reconcilers *reconcilers, const char *handle);
/* The reconciler of the handle, a new one if there was none. 0 or -ENOMEM. */
int reconcilers_get(struct reconcilers *reconcilers, const char *handle, struct log *log,
		    struct reconciler **ret);
void reconcilers_remove(struct reconcilers *reconcilers, struct reconciler *reconciler);

/* In between all PFs, also those that come meanwhile, are as if somebody asked for what is done on
 * request only: at boot nobody is disrupted yet. It begins before the first PF is known. */
void reconcilers_begin_boot(struct reconcilers *reconcilers);
void reconcilers_end_boot(struct reconcilers *reconcilers);

/* By what the latest pass saw: the PF that has this network device, or whose VF has it, or each
 * that is in this bond, one at a call: *position is 0 at first. NULL: no more. */
struct reconciler *reconcilers_find_ifindex(const struct reconcilers *reconcilers, unsigned ifindex,
					    size_t *position);
/* The one that has a VF at this PCI address. */
struct reconciler *reconcilers_find_vf(const struct reconcilers *reconcilers, const char *address);

/* A PF has had its turn to have its number of VFs written: one of those that wait for that is next.
 * Should it not take it, the others try again in their own time. */
void reconcilers_take_turn(struct reconcilers *reconcilers, uint64_t now);
void reconcilers_poke_all(struct reconcilers *reconcilers, uint64_t now);
/* Pokes the PFs whose devices are not all known: the event may be theirs. */
void reconcilers_poke_unsure(struct reconcilers *reconcilers, uint64_t now);
/* When the next pass is due, or a running one is to be watched; RECONCILER_NEVER if none is. */
uint64_t reconcilers_due(const struct reconcilers *reconcilers);
/* Whether every PF was looked at, and no pass runs or is due now; stuck ones aside. */
bool reconcilers_are_idle(const struct reconcilers *reconcilers, uint64_t now);
/* Whether each PF was looked at, or that failed: until then a rule may well be of one that was not.
 */
bool reconcilers_are_seen(const struct reconcilers *reconcilers);
/* Whether a PF is to be looked at again soon, because it was busy or not all of it was there. */
bool reconcilers_are_unfinished(const struct reconcilers *reconcilers);
/* Whether all PFs that there are have their driver and their final name, every rule has its PF, and
 * these are in states that will not change by themselves soon. Stuck ones are not waited for. */
bool reconcilers_have_settled(const struct reconcilers *reconcilers, const struct policy *policy);
/* The rules that match no PF, by what the latest passes saw; none until all PFs are seen. The list
 * and its strings live in arena. 0 or -ENOMEM. */
int reconcilers_unmatched(const struct reconcilers *reconcilers, const struct policy *policy,
			  struct arena *arena, struct unmatched_list *ret);
/* "2 PFs: 1 in-sync, 1 degraded", unmanaged ones left out. */
void reconcilers_describe(const struct reconcilers *reconcilers, struct text *out);
/* The most urgent state of a managed PF; STATE_UNMANAGED if there is none. */
enum pf_state reconcilers_worst(const struct reconcilers *reconcilers);
