/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the parts of the service share. */

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "bus.h"
#include "manager.h"
#include "pending.h"
#include "pf_objects.h"

struct service {
	sd_event *event;
	struct manager *manager;
	struct log *log;
	struct bus *bus;
	struct pf_objects objects;
	enum pf_state told_state; /* of the manager's properties, as they were told */
	bool told_policy;
	struct pending *questions;    /* Describe() calls that wait */
	struct pending *applications; /* Apply() calls that wait */
};

bool service_has_policy(const struct service *service);

/* The parts, each with the objects or calls of its name. */
int service_manager_register(struct service *service, sd_bus *connection);
int service_pf_register(struct service *service, sd_bus *connection);
/* Tells of the PF what is another than what was told. */
void service_pf_refresh(struct service *service, struct subject *subject, struct snapshot *now);

/* Answers message with the description of the PFs, or of the manager with those, once they were
 * looked at or that takes too long. 0 or -errno. */
int question_ask(struct service *service, sd_bus_message *message, char *const *words, bool whole,
		 sd_bus_error *error);
/* Goes on with those that wait; handle is of the PF that changed. */
void question_pf_changed(struct service *service, const char *handle);

/* Has passes made over the PFs, and answers message when they have ended. 0 or -errno. */
int application_begin(struct service *service, sd_bus_message *message, char *const *words,
		      uint64_t wait_us, sd_bus_error *error);
void application_pass_ended(struct service *service, const struct reconciler *reconciler);
