/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Desired against actual, setting by setting, for what a policy asks for. */

#include <json-c/json_types.h>

#include "apply/pass.h"

/* An array of {setting, desired, written, actual, differs, note}. NULL when out of memory. */
struct json_object *compare_pf(const struct pass *pass);
/* An array of {index, reported, address, interface, use, holder, settings}, of VFs that exist or
 * should.
 */
struct json_object *compare_vfs(const struct pass *pass);
