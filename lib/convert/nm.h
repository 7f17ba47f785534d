/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Profiles of NetworkManager: nm-settings-keyfile(5). Private to lib/convert. */

#include "convert/conversion.h"

int nm_read(const struct document *document, struct conversion *conversion);
int nm_take(struct conversion *conversion);
