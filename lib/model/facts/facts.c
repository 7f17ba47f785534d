/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/facts/facts.h"

#include <errno.h>
#include <string.h>

/* PCI-to-PCI bridges, as the kernel's PCI_CLASS_BRIDGE_PCI in linux/pci_ids.h. */
#define CLASS_BRIDGE_PCI 0x0604

int facts_new(struct arena *arena, struct facts **ret)
{
	struct facts *facts = arena_alloc(arena, sizeof(*facts));

	if (!facts)
		return -ENOMEM;
	facts->idle_latency_us = -1;
	facts->hugepages_mb = facts->hugepages_free_mb = -1;
	facts->memlock_kb = -1;
	*ret = facts;
	return 0;
}

void pci_function_init(struct pci_function *function, const char *address)
{
	*function = (struct pci_function){
		.address = address,
		.iommu_group = -1,
		.numa_node = -1,
	};
}

const struct pci_function *facts_function(const struct facts *facts, const char *address)
{
	for (size_t i = 0; address && i < facts->functions.count; i++)
		if (!strcmp(facts->functions.items[i].address, address))
			return &facts->functions.items[i];
	return NULL;
}

bool pci_function_is_bridge(const struct pci_function *function)
{
	return function->class >> 8 == CLASS_BRIDGE_PCI;
}
