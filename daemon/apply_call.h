/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Apply(): passes over PFs, answered with what became of them. */

#include "pending.h"
#include "pf_objects.h"

struct apply_calls {
	sd_event *event;
	struct pf_objects *objects;
	struct pending *waiting; /* NULL to begin with */
};

/* Has passes made over the PFs that the words name, and answers message when they have ended. For
 * what may come right by itself it waits no longer than wait_us. 0 or -errno. */
int apply_call_begin(struct apply_calls *calls, sd_bus_message *message, char *const *words,
		     uint64_t wait_us, sd_bus_error *error);
/* Notes what the pass that has ended over a PF did. */
void apply_call_pass_ended(struct apply_calls *calls, const struct reconciler *reconciler);
