/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Steps that write settings of VFs. */

#include "plan/draft.h"

/* Those of the layer. 0 or -ENOMEM. */
int vf_steps_add(struct draft *draft, enum vf_layer layer);
/* What is given once, of the VFs that stay. 0 or -ENOMEM. */
int vf_steps_note_once(struct draft *draft);
/* Whether a setting of the layer is wanted of any VF, and not left as it is. */
bool vf_steps_are_wanted(const struct draft *draft, enum vf_layer layer);
