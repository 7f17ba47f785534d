/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rows as a document for programs, as in sriovctl(1), JSON. What is not known is left out. */

#include <json-c/json_types.h>

#include "top/rows.h"

/* NULL when out of memory. */
struct json_object *rows_json(const struct rows *rows);
