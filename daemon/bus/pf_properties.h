/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The properties of org.sriovd.PF that change: how each is read, and whether it is another than in
 * an earlier snapshot. All come from one table. */

#include <stdint.h>
#include <systemd/sd-bus.h>

#include "bus/pf_object.h"

#define PF_PROPERTIES_COUNT 13

/* Fills in a row for each, whose user data is a struct pf_object. */
void pf_properties_fill(sd_bus_vtable rows[static PF_PROPERTIES_COUNT]);

/* Those that differ, as bits of their rows. */
uint32_t pf_properties_compare(const struct snapshot *a, const struct snapshot *b);
/* The names of such, with NULL after the last; they are constants. */
void pf_properties_names(uint32_t which, char *ret_names[static PF_PROPERTIES_COUNT + 1]);
