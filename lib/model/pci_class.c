/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/pci_class.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* PCI_BASE_CLASS_* and PCI_CLASS_* in linux/pci_ids.h; "Processing accelerators" in pci.ids. QAT is
 * a co-processor. */
const struct pci_class pci_classes[] = {
	{ "nvme", 0x010802, 6, "ssd" },
	{ "storage", 0x01, 2, "disk" },
	{ "ethernet", 0x0200, 4, NULL },
	{ "infiniband", PCI_CLASS_INFINIBAND, 4, "ib" },
	{ "network", PCI_CLASS_NETWORK, 2, "nic" },
	{ "display", 0x03, 2, "gpu" },
	{ "coprocessor", 0x0b40, 4, "qat" },
	{ "crypto", 0x10, 2, "encryption" },
	{ "signal-processing", 0x11, 2, "dsp" },
	{ "accelerator", 0x12, 2, "fpga" },
	{ NULL, 0, 0, NULL },
};

const struct pci_class *pci_class_find(const char *word)
{
	for (const struct pci_class *class = pci_classes; class->word; class ++)
		if (strcmp(class->word, word) == 0)
			return class;
	return NULL;
}

const struct pci_class *pci_class_known_as(const char *word)
{
	for (const struct pci_class *class = pci_classes; class->word; class ++)
		if (class->known_as && strcasecmp(class->known_as, word) == 0)
			return class;
	return NULL;
}

const struct pci_class *pci_class_of(uint32_t number)
{
	for (const struct pci_class *class = pci_classes; class->word; class ++)
		if (pci_class_covers(class, number))
			return class;
	return NULL;
}

bool pci_class_covers(const struct pci_class *self, uint32_t class)
{
	return class >> (24 - 4 * self->digits) == self->number;
}

bool pci_class_is_network(const struct pci_class *self)
{
	return self->number >> (4 * self->digits - 8) == PCI_CLASS_NETWORK;
}
