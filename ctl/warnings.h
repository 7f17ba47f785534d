/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a document of PFs warns of, printed to standard error. The document is as "status" and
 * "apply" in sriovctl(1). */

#include <json-c/json_types.h>

/* What of the policy makes no sense on the PFs. */
void warnings_print_problems(struct json_object *document);
/* Rules that match no PF. */
void warnings_print_unmatched(struct json_object *document);
