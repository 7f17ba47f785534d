/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The interface org.sriovd.PF. */

#include "bus/access.h"
#include "bus/describe_call.h"
#include "bus/pf_objects.h"
#include "bus/pf_properties.h"

struct pf_interface {
	struct pf_objects *objects;
	struct access *access;
	struct describe_calls *describe_calls;
	/* Made when it is offered. Besides the properties that change there are a start, the
	 * handle, Describe(), a signal and an end. */
	sd_bus_vtable vtable[PF_PROPERTIES_COUNT + 5];
};

/* Offers it on a connection, for each of the objects. It must outlive that, and is offered on one
 * at a time. 0 or -errno. */
int pf_interface_register(struct pf_interface *interface, sd_bus *bus);
/* Signals the properties of the PF that changed since the last signal; none where bus is NULL. What
 * cannot be sent is logged once, and sent the next time. */
void pf_interface_refresh(struct pf_object *object, sd_bus *bus);
/* Signals that the PF is gone, if bus is not NULL. */
void pf_interface_gone(struct pf_object *object, sd_bus *bus);
