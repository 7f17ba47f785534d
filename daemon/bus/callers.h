/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which users the connections on the bus are of, from which messages come. Only the bus knows; it
 * is asked once a connection, and never waited for. */

#include <systemd/sd-bus.h>

#include "bus/quota.h"

struct caller;

/* Of one connection to a bus; begins with the event, all else zero. */
struct callers {
	sd_event *event;
	struct caller *first;
	size_t count;
	struct quota quota;
};

/* Who waits to hear of a user. */
struct caller_wait {
	/* uid is (uid_t)-1 if it cannot be told: the connection is gone. */
	void (*told)(struct caller_wait *wait, uid_t uid);
	struct caller *caller;
	struct caller_wait *next;
};

/* Forgets all, and does not call back. */
void callers_clear(struct callers *callers);

/* The time that quotas go by, in ms. */
uint64_t callers_now(const struct callers *callers);

/* Counts a message of the sender, whose user may be told only later. Returns 0, or -errno with
 * error set: it has sent too much. */
int callers_admit(struct callers *callers, sd_bus_message *message, sd_bus_error *error);

/* Calls wait->told() once the user of who sent an admitted message is known, which may be at once.
 * What comes by no bus comes from root (socket/root_socket.h). Returns 0 or -errno. */
int callers_ask(struct callers *callers, sd_bus_message *message, struct caller_wait *wait);
/* It is not to be called any more. */
void callers_forget(struct caller_wait *wait);
