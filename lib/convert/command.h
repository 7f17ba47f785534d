/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Commands of scripts that set up VFs. Private to lib/convert. */

#include "convert/shell.h"

/* Takes a command to the draft of the PF that it is about, or to a note. 0 or -ENOMEM. */
int command_take(struct conversion *conversion, struct shell *shell, const struct fact *fact);

/* Gives drafts the patterns of what commands call their PFs by. 0 or -ENOMEM. */
int command_finish(struct conversion *conversion);

/* The PF that a path in /sys is of: an interface, or an address. NULL: none, or it is a pattern. */
const char *command_pf_of(struct arena *arena, const char *path);
