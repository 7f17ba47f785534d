/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The properties of org.sriovd.PF that change: how each is read, and whether it is another than in
 * an earlier snapshot. All come from one table. */

#include <systemd/sd-bus.h>

#include "bus/pf_object.h"

#define PF_PROPERTIES_COUNT 10

/* Fills in a row for each, whose user data is a struct pf_object. */
void pf_properties_fill(sd_bus_vtable rows[static PF_PROPERTIES_COUNT]);

/* The names of those that differ, with NULL after the last; they are constants. */
struct pf_properties_changes {
	char *names[PF_PROPERTIES_COUNT + 1];
	size_t count;
};
struct pf_properties_changes pf_properties_compare(const struct snapshot *a,
						   const struct snapshot *b);
