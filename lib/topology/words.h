/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is said of nodes of a topology and of VFs that are alike, in all its forms. What is not
 * known is WORDS_UNTOLD. Names that others gave are not escaped. */

#include "topology/alike.h"
#include "util/text.h"

#define WORDS_UNTOLD "-"

/* "VF 3", "VFs 0-3,6", with separator between ranges */
void words_which(const struct alike *alike, const char *separator, struct text *out);
/* "0000:01:10.0", "0000:01:10.0..11.4" of the first and the last */
void words_addresses(const struct alike *alike, struct text *out);
/* The IOMMU groups of VFs, or the one of a node: "12", "12-15" or "one each", "12 shared" with
 * others that are no bridges, "none" */
void words_groups(const struct topology *topology, const struct alike *alike, const char *separator,
		  struct text *out);
void words_group(const struct topology *topology, const struct topology_function *function,
		 struct text *out);
/* "igbvf", "none" */
void words_driver(const struct vf *vf, struct text *out);
/* "8.0 GT/s x8", and ", could be 16.0 GT/s x16" where a card can have more, which of a port is
 * no loss; nothing where it is not known. function may be NULL. */
void words_link(const struct pci_function *function, struct text *out);
/* Whether the link is slower or narrower than the card could have it. */
bool words_link_is_low(const struct pci_function *function);
/* Whether it cannot be told who uses it; details says why. */
bool words_is_untold(const struct holder *holder);
/* "0" */
void words_numa_node(int numa_node, struct text *out);
