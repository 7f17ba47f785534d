/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Alternative names that differ by the number of the VF alone, as a template. Private to
 * lib/policy/capture. */

#include "policy/capture/saying.h"

/* Makes templates of what is said of VFs, where at least two have the same one. Returns 0 or
 * -ENOMEM. */
int altname_fold(struct saying *vfs, uint32_t n, struct arena *arena);
