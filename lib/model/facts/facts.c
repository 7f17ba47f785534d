/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/facts/facts.h"

#include <errno.h>
#include <stdlib.h>
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
		.last_bus = -1,
		.msix = -1,
	};
}

const struct pci_function *facts_function(const struct facts *facts, const char *address)
{
	for (size_t i = 0; address && i < facts->functions.count; i++)
		if (!strcmp(facts->functions.items[i].address, address))
			return &facts->functions.items[i];
	return NULL;
}

/* Hexadecimal digits, and the character behind them. */
static int parse_part(const char **string, char end, unsigned max, unsigned *ret)
{
	char *rest;
	unsigned long number = strtoul(*string, &rest, 16);

	if (rest == *string || *rest != end || number > max)
		return -EINVAL;
	*string = rest + (end != '\0');
	*ret = (unsigned)number;
	return 0;
}

int pci_function_routing_id(const struct pci_function *function, unsigned *ret)
{
	const char *string = function->address;
	unsigned domain, bus, device, number;

	/* Domains of VMD have more digits than four. */
	if (parse_part(&string, ':', UINT32_MAX, &domain) < 0 ||
	    parse_part(&string, ':', 255, &bus) < 0 || parse_part(&string, '.', 31, &device) < 0 ||
	    parse_part(&string, '\0', 7, &number) < 0)
		return -EINVAL;
	*ret = bus << 8 | device << 3 | number;
	return 0;
}

bool pci_function_is_bridge(const struct pci_function *function)
{
	return function->class >> 8 == CLASS_BRIDGE_PCI;
}
