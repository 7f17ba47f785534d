/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* States of nmstate: https://nmstate.io/devel/yaml_api.html. Private to lib/convert. */

#include "convert/conversion.h"

int nmstate_read(const struct document *document, struct conversion *conversion);
int nmstate_take(struct conversion *conversion);
