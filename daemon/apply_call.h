/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Apply(): passes over PFs, answered with what became of them. */

#include "pending.h"
#include "pf_objects.h"

struct applications {
	sd_event *event;
	struct pf_objects *objects;
	struct pending *waiting; /* NULL to begin with */
};

/* Has passes made over the PFs that the words name, and answers message when they have ended. For
 * what may come right by itself it waits no longer than wait_us. 0 or -errno. */
int application_begin(struct applications *applications, sd_bus_message *message,
		      char *const *words, uint64_t wait_us, sd_bus_error *error);
/* Notes what the pass that has ended over a PF did. */
void application_pass_ended(struct applications *applications, const struct reconciler *reconciler);
