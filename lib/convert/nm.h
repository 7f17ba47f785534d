/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Profiles of NetworkManager: nm-settings-keyfile(5). Private to lib/convert. */

#include "convert/conversion.h"

int nm_read(const struct document *document, struct conversion *conversion);
/* ifcfg-* files, which it reads as well: nm-settings-ifcfg-rh(5). */
int nm_read_ifcfg(const struct document *document, struct conversion *conversion);
int nm_take(struct conversion *conversion);
