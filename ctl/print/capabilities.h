/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What PFs can do, as report/capabilities.h says it, for people. */

#include <json-c/json_types.h>

/* Prints one PF: a table of the settings of VFs, and what else there is to know. */
void capabilities_print(struct json_object *pf);
