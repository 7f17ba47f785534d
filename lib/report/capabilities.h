/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a PF is known to be able to do, as JSON, from the row of its driver (model/driver.h); the
 * format is documented in sriovctl(1). It foretells: what a driver is asked it may answer
 * otherwise. */

#include <json-c/json_types.h>

#include "model/pf.h"

/* {handle, name, address, driver, known, source, vfs, settings, remarks}. NULL when out of memory.
 */
struct json_object *capabilities_json(const struct pf *pf);
