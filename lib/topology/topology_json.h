/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A topology as a document, with every VF on its own: sriovctl(1), JSON. */

#include <json-c/json_types.h>

#include "topology/topology.h"

/* NULL when out of memory. */
struct json_object *topology_json(const struct topology *topology);
