/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is to be said of values that a VF is given once, when it is made (enforce: at-creation). */

#include <json-c/json_types.h>

#include "model/pf.h"
#include "plan/step.h"

/* How it stands with a value; a constant. now is the VF as observed, NULL while there is none;
 * changed: it is not what would be given today, since somebody has changed it, or the policy. */
const char *once_describe(const struct vf *now, enum vf_setting setting, bool changed);
/* Adds enforce, and given where that can be told. */
void once_set(struct json_object **object, const struct vf *now, enum vf_setting setting);
/* Whether the plan has found the VF's setting, which is left alone, changed in that sense. */
bool once_is_changed(const struct plan *plan, uint32_t vf, enum vf_setting setting);
/* How many of those there are. */
size_t once_count_changed(const struct plan *plan);
