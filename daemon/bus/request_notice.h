/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What waits for request on a PF (disruption: on-request), as everybody may know it: so that an
 * orchestrator can make way first, and then ask. */

#include <stdint.h>
#include <systemd/sd-bus.h>

#include "apply/pass.h"

#define REQUEST_NOTICE_SIGNAL "DisruptionPending"

/* Another number for other such things; 0: nothing waits. pass may be NULL. */
uint64_t request_notice_hash(const struct pass *pass);
/* Appends (sau): what would be disrupted, as "disrupts" in sriovctl(1), and the VFs that would lose
 * their traffic. pass may be NULL. 0 or -errno. */
int request_notice_append(const struct pass *pass, sd_bus_message *message);
/* Sends the signal from the PF's object: ssau, with the name of the PF before these. 0 or -errno.
 */
int request_notice_send(const struct pass *pass, const char *path, sd_bus *bus);
