/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Words for classes of PCI devices. */

#include <stdbool.h>
#include <stdint.h>

/* PCI_BASE_CLASS_NETWORK in linux/pci_ids.h, and "Infiniband controller" of these in pci.ids. */
#define PCI_CLASS_NETWORK    0x02
#define PCI_CLASS_INFINIBAND 0x0207

struct pci_class {
	const char *word;
	uint32_t number;      /* base class, base class and subclass, or these and the interface */
	unsigned digits;      /* of the number in hexadecimal: 2, 4 or 6 */
	const char *known_as; /* what people call such cards, or NULL */
};

/* All of them, ended by a NULL word; narrower ones before those that they are a part of. */
extern const struct pci_class pci_classes[];

/* More than there are. */
#define PCI_CLASSES_MAX 32

/* That of the word, or NULL. */
const struct pci_class *pci_class_find(const char *word);
/* That of which people say so, in any case; or NULL. */
const struct pci_class *pci_class_known_as(const char *word);
/* The narrowest that a device of that class (24 bits, as sysfs has them) is in, or NULL. */
const struct pci_class *pci_class_of(uint32_t class);
/* Whether such a device is in it. */
bool pci_class_covers(const struct pci_class *self, uint32_t class);
/* Whether its devices are network cards, InfiniBand included. */
bool pci_class_is_network(const struct pci_class *self);
