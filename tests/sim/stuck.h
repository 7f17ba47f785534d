/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What must hold while calls of the kernel do not return. */

#include "daemon.h"

/* Nothing happens until then: what is due by now was done. */
void stuck_check(struct daemon *daemon, uint64_t until);
