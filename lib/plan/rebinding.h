/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The step that binds a VF's driver anew; private to plan/. */

#include "plan/draft.h"

/* For what the driver goes on without; one step is for all of that, and is of the first setting. It
 * is not ready where it cannot be told what the driver goes on with. Steps of VF_LAYER_FUNCTION are
 * there. 0 or -ENOMEM. */
int rebinding_add(struct draft *draft, const struct vf *want, const struct vf *now);
