/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A topology in the words of Graphviz: "sriovctl topology --dot | dot -Tsvg". */

#include "topology/topology.h"
#include "util/text.h"

/* What failed for want of memory shows in the text. */
void dot_write(const struct topology *topology, struct arena *arena, struct text *out);
