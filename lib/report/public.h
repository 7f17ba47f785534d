/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What everybody may know of a PF: its state, what can be counted, and which VFs are in use. Not
 * who uses them, nor what a policy wants, which may be in files that others cannot read. */

#include <json-c/json_types.h>

#include "apply/pass.h"
#include "model/pf_state.h"
#include "util/text.h"

/* Why a PF is in that state, without names and values. pass may be NULL: it was not looked at. */
void public_describe(const struct pass *pass, enum pf_state state, struct text *out);

/* Of the steps that the pass has left, without what only makes way for another: those that are
 * known to be missing, and those that a guard forbids. 0 for NULL. */
size_t public_steps_left(const struct pass *pass);
size_t public_steps_blocked(const struct pass *pass);

/* {handle, name, address, driver, state, reason, paused-until, blocked-by, vfs, virtual-functions}.
 * A VF is {index, reported, address, interface, use}. NULL when out of memory. */
struct json_object *public_pf(const struct pass *pass, enum pf_state state, const char *reason);
