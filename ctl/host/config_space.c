/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/config_space.h"

#include <pci/pci.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "model/pci_class.h"
#include "verdict.h"

/* Where the extended capabilities begin, which only root may read. */
#define EXTENDED 0x100

/* Those without which the kernel puts what is behind a port into one group (REQ_ACS_FLAGS in
 * drivers/iommu/iommu.c). */
#define ACS_FLAGS                                                                                  \
	(PCI_ACS_CTRL_VALID | PCI_ACS_CTRL_REQ_RED | PCI_ACS_CTRL_CMPLT_RED | PCI_ACS_CTRL_FORWARD)

/* What libpci cannot go on after; it must not return. */
__attribute__((__noreturn__, __format__(__printf__, 1, 2))) static void fail(char *format, ...)
{
	va_list arguments;

	(void)fputs("sriovctl: libpci: ", stderr);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
	exit(VERDICT_FAILED);
}

/* What cannot be read stays untold: there is nothing to warn of. */
static void ignore(char *format, ...)
{
	(void)format;
}

static bool can_read_all(struct pci_dev *device)
{
	uint8_t bytes[4];

	return pci_read_block(device, EXTENDED, bytes, sizeof(bytes));
}

static enum told has_acs(struct pci_dev *device)
{
	const struct pci_cap *cap = pci_find_cap(device, PCI_EXT_CAP_ID_ACS, PCI_CAP_EXTENDED);

	if (!cap)
		return TOLD_NO;
	return (pci_read_word(device, (int)cap->addr + PCI_ACS_CTRL) & ACS_FLAGS) == ACS_FLAGS
		       ? TOLD_YES
		       : TOLD_NO;
}

static enum told forwards_ari(struct pci_dev *device)
{
	const struct pci_cap *cap = pci_find_cap(device, PCI_CAP_ID_EXP, PCI_CAP_NORMAL);

	if (!cap)
		return TOLD_NO;
	return pci_read_word(device, (int)cap->addr + PCI_EXP_DEVCTL2) & PCI_EXP_DEVCTL2_ARI
		       ? TOLD_YES
		       : TOLD_NO;
}

/* Of which each has a queue, or what else its driver makes of it (PCI Local Bus Specification 3.0,
 * 6.8.2.3). */
static int count_interrupts(struct pci_dev *device)
{
	const struct pci_cap *cap = pci_find_cap(device, PCI_CAP_ID_MSIX, PCI_CAP_NORMAL);

	if (!cap)
		return 0;
	return (pci_read_word(device, (int)cap->addr + PCI_CAP_FLAGS) & PCI_MSIX_TABSIZE) + 1;
}

static const char *name_of(struct pci_access *access, struct pci_dev *device, struct arena *arena)
{
	char buffer[256];
	const char *name = pci_lookup_name(
		access, buffer, sizeof(buffer),
		PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS,
		pci_read_word(device, PCI_VENDOR_ID), pci_read_word(device, PCI_DEVICE_ID));

	return name ? MEMORY_REQUIRE(arena_strdup(arena, name)) : NULL;
}

static void read_device(struct pci_access *access, struct pci_dev *device, struct arena *arena,
			struct pci_function *function)
{
	if (function->class >> 16 == PCI_CLASS_NETWORK)
		function->name = name_of(access, device, arena);
	if (!can_read_all(device))
		return;
	pci_fill_info(device, PCI_FILL_CAPS | PCI_FILL_EXT_CAPS);
	function->msix = count_interrupts(device);
	if (!pci_function_is_bridge(function))
		return;
	function->acs = has_acs(device);
	function->ari = forwards_ari(device);
}

/* One by one: libpci does not survive a device that goes away while it lists them. */
static void read_function(struct pci_access *access, struct arena *arena,
			  struct pci_function *function)
{
	struct pci_dev *device;
	unsigned id;

	if (pci_function_routing_id(function, &id) < 0)
		return;
	device = pci_get_dev(access, (int)strtol(function->address, NULL, 16), (int)(id >> 8),
			     (int)(id >> 3 & 31), (int)(id & 7));
	read_device(access, device, arena, function);
	pci_free_dev(device);
}

void config_space_read(struct arena *arena, struct facts *facts)
{
	struct pci_access *access;

	if (!facts->functions.count)
		return;
	access = MEMORY_REQUIRE(pci_alloc());
	access->method = PCI_ACCESS_SYS_BUS_PCI;
	access->error = fail;
	access->warning = ignore;
	pci_init(access);
	for (size_t i = 0; i < facts->functions.count; i++)
		read_function(access, arena, &facts->functions.items[i]);
	pci_cleanup(access);
}
