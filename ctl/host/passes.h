/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The PFs that a run is about, each with what its pass has found.
 *
 * First passes_open() or passes_open_all(). Then either passes_dry_run(), once, for it takes the
 * PFs from the inputs; or passes_apply() on each of them, again as often as need be. What is
 * printed and made JSON is of the latest pass. The inputs must outlive the passes. */

#include <json-c/json_types.h>
#include <sys/types.h>

#include "apply/pass.h"
#include "host/inputs.h"
#include "policy/left_out.h"
#include "policy/unmatched.h"

struct picked_pf {
	const char *handle;
	struct pf **slot; /* in the list of the inputs; emptied when a pass takes the PF over */
	struct knowledge *knowledge;
	struct pass *pass; /* NULL if it failed, or was not yet run */
};

struct passes {
	struct arena *arena;
	struct picked_pf *items;
	size_t count;
	struct left_out_list left_out;
	struct unmatched_list unmatched; /* none where PFs were named on the command line */
};

void passes_clear(struct passes *passes);
#define CLEANUP_PASSES CLEANUP(passes_clear)

/* Finds the inputs, with a policy, and picks of them the PFs that the command line names, or else
 * those that a rule matches. */
enum verdict passes_open(const struct options *options, struct inputs *ret_inputs,
			 struct passes *ret);
/* The same, and without names all PFs, whether or not a rule matches. */
enum verdict passes_open_each(const struct options *options, struct inputs *ret_inputs,
			      struct passes *ret);
/* Picks those that a rule matches of inputs that are there; looks for rules that match none only
 * with_unmatched. */
void passes_open_all(struct inputs *inputs, bool with_unmatched, struct passes *ret);
/* A dry pass over each, from what was observed for the inputs. */
void passes_dry_run(struct inputs *inputs, struct passes *passes);
/* A pass over one of them that does what is to be done; it replaces the earlier one. Prints to
 * standard error why where it fails. 0 or -errno. */
int passes_apply(struct inputs *inputs, struct picked_pf *picked, const char *lock_dir);

/* Says on standard error that the lock of the PF of that handle, which is a string, is waited for:
 * for struct lock_waiter. */
void passes_say_who_has_the_lock(void *handle, pid_t holder);

/* Has each pass say which other programs are told to set up the PF; root as in the options. */
void passes_find_rivals(struct passes *passes, const char *root);

/* What report_pf() says of it. */
struct json_object *passes_pf_json(const struct picked_pf *picked);
/* Adds to a document what report_host() does. source is NULL where the verb has but one; pfs is
 * taken over. */
void passes_complete(const struct passes *passes, const char *source, struct json_object *pfs,
		     struct json_object *document);
