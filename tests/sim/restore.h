/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What "sriovctl capture" makes of a host, held against it. */

#include "daemon.h"

/* Checks of each PF that its capture is a policy by which there is nothing to do on it, and by
 * which a host as it boots becomes the same. */
void restore_check(struct daemon *daemon, uint64_t seed);
