/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who may what: root may all, others what polkit allows them. Where there is no polkit, as early in
 * a boot, that is nothing. Neither the bus nor polkit is waited for. */

#include <stdbool.h>

#include "bus/callers.h"

/* What is asked for; each but the first is refused to those who may not. */
enum access_action {
	ACCESS_READ_DETAILS,
	ACCESS_APPLY,
	ACCESS_PAUSE,
	ACCESS_RELOAD,
	ACCESS_RESYNC,
};

struct access_request;

/* Goes on with a call. Returns 1 if it has taken the request over, to be answered and freed later;
 * 0 if it has answered; or -errno, also with error set, which is answered then. */
typedef int (*access_then)(struct access_request *request, void *context, sd_bus_error *error);

/* A call, and who makes it. */
struct access_request {
	struct caller_wait wait;
	struct callers *callers;
	sd_bus_message *message;
	enum access_action action;
	access_then then;
	void *context;
	uid_t uid;
	bool granted; /* the action */
	bool counted; /* as a question that is open */
	sd_bus_slot *slot;
	struct access_request **list; /* of those that wait for the bus or polkit, or NULL */
	struct access_request *next;
};

/* Of one connection to a bus. */
struct access {
	struct callers callers;
	struct access_request *waiting; /* NULL to begin with */
};

/* Has then() called once it is known whether the sender may do that, or answers that it may not.
 * Returns 1, for sd-bus, or -errno. */
int access_ask(struct access *access, sd_bus_message *message, enum access_action action,
	       access_then then, void *context);
/* Frees one that was taken over: the question is answered, or nobody waits for it any more. */
void access_request_free(struct access_request *request);
/* Frees all that was not taken over, without an answer. */
void access_clear(struct access *access);
