/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The interface org.sriovd.Manager. */

#include "bus/access.h"
#include "bus/apply_call.h"
#include "bus/describe_call.h"
#include "log.h"

struct manager_interface {
	struct manager *manager;
	struct log *log;
	struct access *access;
	struct describe_calls *describe_calls;
	struct apply_calls *apply_calls;
	/* Its properties, as they were last signalled. */
	enum pf_state signalled_state; /* STATE_COUNT: never */
	bool signalled_policy;
	bool complained;	     /* that a signal could not be sent, since one was */
	unsigned signalled_standing; /* its revision */
};

/* Offers it on a connection, which it must outlive. 0 or -errno. */
int manager_interface_register(struct manager_interface *interface, sd_bus *bus);
/* Signals the properties that changed since the last signal; none where bus is NULL. What cannot be
 * sent is logged once, and sent the next time. */
void manager_interface_refresh(struct manager_interface *interface, sd_bus *bus);
