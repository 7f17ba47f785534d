/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rules of udev: udev(7). Private to lib/convert. */

#include "convert/conversion.h"

int udev_read(const struct document *document, struct conversion *conversion);
int udev_take(struct conversion *conversion);
