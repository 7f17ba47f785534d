/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is let in from the bus at all, before anything is done for it: calls of a bounded size, of
 * who waits for the answer and has not sent too much. */

#include "bus/callers.h"

/* Puts it before all that is offered on the connection, which callers must outlive. 0 or -errno. */
int gate_install(sd_bus *bus, struct callers *callers);
