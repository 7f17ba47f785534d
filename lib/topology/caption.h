/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What stands in the boxes of pictures: the first line says what it is. */

#include "topology/alike.h"
#include "topology/lines.h"

void caption_port(const struct topology *topology, const struct topology_node *port,
		  struct lines *out);
void caption_pf(const struct topology *topology, const struct topology_node *pf, struct lines *out);
/* Of VFs of that PF that are alike. */
void caption_alike(const struct topology *topology, const struct topology_node *pf,
		   const struct alike *alike, struct lines *out);
