/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The interface org.sriovd.Manager. */

#include "apply_call.h"
#include "describe_call.h"

struct service_manager {
	struct manager *manager;
	struct describe_calls *describe_calls;
	struct apply_calls *apply_calls;
	enum pf_state told_state; /* of its properties, as they were told; STATE_COUNT: never */
	bool told_policy;
};

/* Offers it on a connection. self must outlive that. 0 or -errno. */
int service_manager_register(struct service_manager *self, sd_bus *bus);
/* Tells which properties are others than before; connection may be NULL. */
void service_manager_refresh(struct service_manager *self, sd_bus *bus);
