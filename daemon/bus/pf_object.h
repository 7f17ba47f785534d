/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A PF as those who ask the daemon see it: what its reconciler knows, and what a look that was
 * taken for them has seen since. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stdint.h>

#include "pf/reconciler.h"

struct pf_objects;

/* A time of the event loop's steady clock, and what that was by the calendar when it was noted:
 * what was signalled stays as it is when somebody sets the clock. */
struct noted_time {
	uint64_t ms;   /* 0, RECONCILER_NEVER: none */
	uint64_t usec; /* since 1970; 0: none */
};

/* What was signalled of it on the bus, to everybody; see the properties in sriovd(8). */
struct snapshot {
	char *interface, *driver, *state, *reason;
	struct noted_time next_retry, call_since;
	uint64_t paused_until; /* us since 1970; 0: not; UINT64_MAX: it cannot be told */
	uint32_t corrections;
	uint32_t n_vfs;
	uint32_t speed;	  /* of its link, Mbit/s; 0: it has none, or nobody says */
	uint64_t request; /* a hash of what waits for request; 0: nothing does */
	uint64_t uses;	  /* a hash of which VFs are in use, and of their uses */
	/* Hashes of what only some are told, which are not told: one could guess from them. */
	uint64_t settings; /* rules, desired and actual, and holders */
	uint64_t details;  /* these, the reason and the last error */
	uint64_t revision; /* another one whenever that is */
};

struct pf_object {
	const struct pf_objects *objects; /* that it is one of */
	char *handle;
	char *path;	    /* of its object */
	struct pass *look;  /* the latest, always dry; or NULL */
	bool look_is_older; /* than the reconciler's latest pass */
	bool looking;
	uint64_t looking_since;	 /* ms, when the latest look began; 0: never */
	uint64_t look_took;	 /* ms, of the latest that has ended */
	bool signalled;		 /* that it is there */
	uint64_t announced;	 /* the request of the snapshot when a signal of its own told it */
	uint32_t unsignalled;	 /* properties that have changed since they were, as bits */
	bool complained;	 /* that a signal could not be sent, since one was */
	bool settings_signalled; /* and no pass or look has ended since */
	struct snapshot snapshot;
};

int pf_object_new(const char *handle, struct pf_object **ret);
void pf_object_free(struct pf_object *object);
DEFINE_CLEANUP(struct pf_object *, pf_object_free);

/* A pass has ended, which is newer than the look. */
void pf_object_pass_ended(struct pf_object *object);
/* Takes over look. */
void pf_object_set_look(struct pf_object *object, struct pass *look);

/* The newest that is known of it, or NULL. */
const struct pass *pf_object_pass(const struct pf_object *object,
				  const struct reconciler *reconciler);
/* Whether a rule matches the PF of the pass. Before there is one, NULL, it counts as managed. */
bool pf_object_is_managed(const struct pass *pass);
/* The state, and why it is in that. policy_in_force is whether anything is enforced at all. */
enum pf_state pf_object_state(const struct pf_object *object, const struct reconciler *reconciler,
			      bool policy_in_force, uint64_t now, struct text *reason);
/* Who uses the VF, as far as the latest look or pass has asked; no details for nobody. */
struct holder pf_object_holder(const struct pf_object *object, const struct reconciler *reconciler,
			       uint32_t vf);

/* As report_pf(), report_settings() and report_rivals(), with what only the daemon knows:
 * call, corrections, last-error, retry-in-seconds, counts. NULL when out of memory. */
struct json_object *pf_object_json(const struct pf_object *object,
				   const struct reconciler *reconciler, bool policy_in_force,
				   uint64_t now);
/* What everybody may know of it, as public_pf(), with counts. NULL when out of memory. */
struct json_object *pf_object_public_json(const struct pf_object *object,
					  const struct reconciler *reconciler, bool policy_in_force,
					  uint64_t now);

/* What is to be signalled of it now. 0 or -ENOMEM. */
int pf_object_take_snapshot(const struct pf_object *object, const struct reconciler *reconciler,
			    bool policy_in_force, uint64_t now, struct snapshot *ret);
void snapshot_clear(struct snapshot *snapshot);
