/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A topology as a tree on a terminal. */

#include "topology/topology.h"

void topology_view_print(const struct topology *topology);
