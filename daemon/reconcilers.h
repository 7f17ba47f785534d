/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The reconcilers of the host, one for each PF. */

#include <stdbool.h>
#include <stddef.h>

#include "log.h"
#include "reconciler.h"

struct fleet {
	struct reconciler **items; /* in no order */
	size_t count;
	size_t capacity;
};

void fleet_clear(struct fleet *fleet);

struct reconciler *fleet_find(const struct fleet *fleet, const char *handle);
/* The reconciler of the handle, a new one if there was none. 0 or -ENOMEM. */
int fleet_get(struct fleet *fleet, const char *handle, struct log *log, struct reconciler **ret);
void fleet_remove(struct fleet *fleet, struct reconciler *reconciler);

/* By what the latest pass saw: the PF that has this network device, or whose VF has it; the one
 * that has a VF at this PCI address. */
struct reconciler *fleet_find_ifindex(const struct fleet *fleet, unsigned ifindex);
struct reconciler *fleet_find_vf(const struct fleet *fleet, const char *address);

void fleet_poke_all(struct fleet *fleet, uint64_t now);
/* Pokes those of which it is not known now what is theirs: an event that no other can be told to
 * have been about may be about one of them. */
void fleet_poke_unsure(struct fleet *fleet, uint64_t now);
/* When the next pass is due, or a running one is to be watched; RECONCILER_NEVER if none is. */
uint64_t fleet_due(const struct fleet *fleet);
/* Whether every PF was looked at, and no pass runs or is due now; stuck ones aside. */
bool fleet_is_idle(const struct fleet *fleet, uint64_t now);
/* Whether each PF was looked at, or that failed: until then a rule may well be of one that was not.
 */
bool fleet_is_seen(const struct fleet *fleet);
/* Whether a PF is to be looked at again soon, because it was busy or not all of it was there. */
bool fleet_is_unfinished(const struct fleet *fleet);
/* Whether all PFs that there are have their driver and their final name, every rule has its PF, and
 * these are in states that will not change by themselves soon. Stuck ones are not waited for. */
bool fleet_has_settled(const struct fleet *fleet, const struct policy *policy);
/* Tells of each rule that matches no PF, and why; of none until all PFs are seen. */
void fleet_each_unmatched(const struct fleet *fleet, const struct policy *policy,
			  void (*tell)(void *context, const struct rule *rule, const char *why),
			  void *context);
/* "2 PFs: 1 in-sync, 1 degraded", unmanaged ones left out. */
void fleet_describe(const struct fleet *fleet, struct text *out);
/* The most urgent state of a managed PF; STATE_UNMANAGED if there is none. */
enum pf_state fleet_worst(const struct fleet *fleet);
