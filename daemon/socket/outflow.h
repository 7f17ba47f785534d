/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is still to be sent on a connection whose other end may not read it. */

#include <stdint.h>
#include <systemd/sd-bus.h>

/* Has the connection's end be nobody's but ours: sd-bus would else send all that is left when the
 * event loop ends, and wait for whoever reads it for as long as that takes. 0 or -errno. */
int outflow_own(sd_bus *bus);
/* How many messages wait to be read. */
uint64_t outflow_length(sd_bus *bus);
/* Sends what is left, for so long at most. What comes in meanwhile may be answered too. */
void outflow_end(sd_bus *bus, uint64_t us);
