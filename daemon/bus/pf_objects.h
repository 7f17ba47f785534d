/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The PFs of the host as objects on the bus: one for each that the manager keeps. */

#include <json-c/json_types.h>
#include <systemd/sd-bus.h>

#include "bus/pf_object.h"
#include "log.h"
#include "manager.h"
#include "report/host.h"

struct pf_objects {
	struct manager *manager;
	struct log *log;
	struct pf_object **items; /* in no order */
	size_t count;
	/* A PF is gone, and is none of the items any more; its object is freed after this. */
	void (*gone)(void *context, struct pf_object *object);
	void *context;
};

void pf_objects_clear(struct pf_objects *objects);

/* Makes an object for each PF that there is, and ends those of all others. */
void pf_objects_match(struct pf_objects *objects);

/* NULL where there is none of that handle. */
struct pf_object *pf_objects_find(const struct pf_objects *objects, const char *handle);
/* The reconciler of one of the items. */
struct reconciler *pf_objects_reconciler(const struct pf_objects *objects,
					 const struct pf_object *object);

/* The handles of the PFs that the words name, or of all if there are no words. They are the items';
 * the array is the caller's. Returns 0, -ENOMEM, or -ENODEV with error set. */
int pf_objects_select(const struct pf_objects *objects, const char *const *words, const char ***ret,
		      size_t *ret_count, sd_bus_error *error);

/* The document of these PFs, an array that is taken over and may be NULL, and with_unmatched of the
 * rules that match none; while there is no policy there are none. NULL when out of memory. */
struct json_object *pf_objects_document(const struct pf_objects *objects,
					const struct report_source *source, struct json_object *pfs,
					bool with_unmatched);
