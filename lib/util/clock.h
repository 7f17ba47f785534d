/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The time that goes on steadily, whoever sets the calendar. */

#include <stdint.h>

/* ms since some time that never changes. */
uint64_t clock_ms(void);
