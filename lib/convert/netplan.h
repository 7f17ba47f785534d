/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* netplan's files: https://netplan.readthedocs.io/en/stable/netplan-yaml/. Private to lib/convert.
 */

#include "convert/conversion.h"

int netplan_read(const struct document *document, struct conversion *conversion);
int netplan_take(struct conversion *conversion);
