/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* VF settings in few messages, with the refused ones found out by name. */

#include <stddef.h>

#include "apply/action.h"

struct kernel;

/* Writes the settings, steps of kind STEP_VF_SETTING in order of VF. As executor_run().
 *
 * The kernel stops a message at the first refusal and does not say which it was. So a message that
 * fails is followed by a new look at the PF; what is as wanted by then was done, and the rest of
 * that message is written one setting at a time. Nothing is written twice that can be read back:
 * some drivers reset a VF when its MAC is written again (i40e_ndo_set_vf_mac()). A setting that the
 * driver does not know at all is tried once only. Where guaranteed rates have to fit the link
 * together, those that become less come first. */
int batch_run(struct kernel *kernel, const struct pf *observed, const struct step *steps,
	      size_t n_steps, struct arena *arena, struct actions *actions);
