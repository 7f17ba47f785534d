/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Values as other programs write them, in the words of sriovd.yaml(5). What is none of theirs comes
 * back as it is, and is refused with the words of ours. Private to lib/convert. */

#include "model/value.h"

/* "true" or "false" */
const char *words_bool(const char *text);
/* Of link-state: auto, enable or disable, also for a boolean. */
const char *words_link_state(const char *text);
/* As the setting of a VF is written; booleans are those of everybody. */
const char *words_of_vf(enum vf_setting setting, const char *text);
