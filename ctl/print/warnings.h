/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is wrong with a policy, and what of it makes no sense on the PFs, printed to standard
 * error. */

#include <json-c/json_types.h>

#include "document/diagnostic.h"

/* All that is in the list; out of memory while it was made ends the program. */
void warnings_print_diagnostics(const struct diagnostics *diagnostics);

/* A document of PFs is as "status" and "apply" in sriovctl(1). */

/* What of the policy makes no sense on its PFs. */
void warnings_print_problems(struct json_object *document);
/* Its files that do not count on this host: how many, and the first. */
void warnings_print_left_out(struct json_object *document);
/* Its rules that match no PF. */
void warnings_print_unmatched(struct json_object *document);
