/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* When the boot may go on; what systemd is sent, and the log says, of the host as a whole. */

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "files/policy_source.h"
#include "log.h"
#include "pf/reconcilers.h"
#include "udev_watch.h"
#include "util/cleanup.h"

struct readiness_options {
	bool once;			       /* the daemon ends once it is ready */
	const struct reconcilers *reconcilers; /* these must outlive the readiness */
	const struct policy_source *source;
	struct log *log;
	void *context;
	void (*ready)(void *context); /* READY was sent; called once */
};

struct readiness;

int readiness_new(sd_event *event, const struct readiness_options *options, struct readiness **ret);
void readiness_free(struct readiness *readiness);
DEFINE_CLEANUP(struct readiness *, readiness_free);

/* Notes the policy that is in force; NULL: none. It must stay until the next one is noted. */
void readiness_set_policy(struct readiness *readiness, const struct policy *policy);
/* The first passes are due: from now on boot-wait counts. devices must outlive the readiness. */
void readiness_begin(struct readiness *readiness, struct udev_watch *devices);
/* Something has changed: sends STATUS, READY if it is time, and warns of rules without a PF. */
void readiness_check(struct readiness *readiness);
