/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The full screen, until somebody ends it or the terminal goes. */

#include "top/reader.h"

/* Takes over both; first is what is shown before there is a newer reading. */
enum verdict live_run(struct reader *reader, struct reading *first, unsigned period_s);
