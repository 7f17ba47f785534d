/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Files of ifupdown: interfaces(5), with what they have run. Private to lib/convert. */

#include "convert/conversion.h"

int ifupdown_read(const struct document *document, struct conversion *conversion);
int ifupdown_take(struct conversion *conversion);
