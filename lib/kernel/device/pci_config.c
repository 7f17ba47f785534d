/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/pci_config.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <unistd.h>

/* As many capabilities as have room: a list that goes round in circles ends there. */
#define CAPABILITIES_MAX 48

/* Two bytes, the less significant first. */
static bool read_word(int fd, unsigned offset, uint16_t *ret)
{
	uint8_t bytes[2];

	if (pread(fd, bytes, sizeof(bytes), offset) != sizeof(bytes))
		return false;
	*ret = (uint16_t)(bytes[0] | bytes[1] << 8);
	return true;
}

/* Where the capability of that kind is, or 0. */
static unsigned find_capability(int fd, unsigned kind)
{
	uint16_t status, word;
	unsigned at;

	if (!read_word(fd, PCI_STATUS, &status) || !(status & PCI_STATUS_CAP_LIST) ||
	    status == UINT16_MAX || !read_word(fd, PCI_CAPABILITY_LIST, &word))
		return 0;
	at = word & 0xfc;
	for (unsigned i = 0; at >= PCI_STD_HEADER_SIZEOF && i < CAPABILITIES_MAX; i++) {
		if (!read_word(fd, at, &word))
			return 0;
		if ((word & 0xff) == kind)
			return at;
		at = word >> 8 & 0xfc;
	}
	return 0;
}

int pci_config_read_msix(int fd, uint32_t *ret)
{
	unsigned at = find_capability(fd, PCI_CAP_ID_MSIX);
	uint16_t flags;

	if (!at || !read_word(fd, at + PCI_MSIX_FLAGS, &flags) || flags == UINT16_MAX)
		return -ENODATA;
	*ret = (flags & PCI_MSIX_FLAGS_QSIZE) + 1u;
	return 0;
}
