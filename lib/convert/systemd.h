/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* .link and .network files: systemd.link(5) and systemd.network(5). Private to lib/convert. */

#include "convert/conversion.h"

int systemd_read(const struct document *document, struct conversion *conversion);
int systemd_take(struct conversion *conversion);
