/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the daemon offers on the bus; see sriovd(8). */

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "log.h"
#include "pf/reconciler.h"
#include "util/cleanup.h"

struct manager;
struct service;

/* With replace the name on the bus is taken from who has it. manager and log must outlive the
 * answer. Have the manager make the calls below: manager_set_calls(). */
int service_new(sd_event *event, struct manager *manager, bool replace, struct log *log,
		struct service **ret);
void service_free(struct service *service);
DEFINE_CLEANUP(struct service *, service_free);

/* A pass over the PF has ended; pass is NULL if it failed as a whole. */
void service_pass_ended(struct service *service, const struct reconciler *reconciler,
			const struct pass *pass);
/* Something may have changed: sends signals for what did. Call it after anything that
 * changes PFs, their states or the policy. */
void service_refresh(struct service *service);
