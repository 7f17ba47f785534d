/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is to be said of a PF, as JSON: the one place that makes it, for sriovctl that has observed
 * by itself and for the daemon that is asked. The format is documented in sriovctl(1). Functions
 * answer NULL when out of memory. */

#include <json-c/json_types.h>

#include "apply/pass.h"

/* {handle, name, altnames, address, driver, rules, mode, state, reason, paused-until, blocked-by,
 * vfs, problems, changed-since-creation}. The state and the reason are the caller's, who may know
 * more than the pass. */
struct json_object *report_pf(const struct pass *pass, enum pf_state state, const char *reason);
/* The same of a PF that could not be looked at yet, as far as it is known. */
struct json_object *report_unseen_pf(const char *handle, enum pf_state state, const char *reason);
/* Adds blocked-by where the PF is blocked: by a request only where nothing else blocks it. */
void report_blocker(struct json_object **object, const struct pass *pass, enum pf_state state);
/* Adds settings and virtual_functions. */
void report_settings(struct json_object **object, const struct pass *pass);
/* Adds rivals: other programs that are told to set up the same VFs, as foreign/rival.h says;
 * nothing where that is not known yet: NULL. A PF that no rule matches, or that is only observed,
 * has none.
 */
void report_rivals(struct json_object **object, const struct pass *pass,
		   const struct names *rivals);
