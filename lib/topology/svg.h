/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A topology as a picture, in SVG 1.1: on light ground, or on dark where its reader prefers that.
 * It has no script in it and refers to nothing outside. */

#include "topology/topology.h"
#include "util/text.h"

/* What failed for want of memory shows in the text. */
void svg_write(const struct topology *topology, struct arena *arena, struct text *out);
