/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/pci_config.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <unistd.h>

/* As many capabilities as have room: a list that goes round in circles ends there. */
#define CAPABILITIES_MAX 48

/* Two bytes, the less significant first. For who may not read so far the file ends there, without
 * an error (pci_read_config() in drivers/pci/pci-sysfs.c). */
static int read_word(int fd, unsigned offset, uint16_t *ret)
{
	uint8_t bytes[2];
	ssize_t length = pread(fd, bytes, sizeof(bytes), offset);

	if (length < 0)
		return -errno;
	if (length != sizeof(bytes))
		return -EACCES;
	*ret = (uint16_t)(bytes[0] | bytes[1] << 8);
	return 0;
}

/* Where the list of capabilities begins. */
static int find_list(int fd, unsigned *ret)
{
	uint16_t status = 0, word = 0;
	int r = read_word(fd, PCI_STATUS, &status);

	if (r >= 0 && (!(status & PCI_STATUS_CAP_LIST) || status == UINT16_MAX))
		r = -ENODATA;
	if (r >= 0)
		r = read_word(fd, PCI_CAPABILITY_LIST, &word);
	if (r >= 0)
		*ret = word & 0xfc;
	return r;
}

/* Where the capability of that kind is. */
static int find_capability(int fd, unsigned kind, unsigned *ret)
{
	unsigned at = 0;
	uint16_t word = 0;
	int r = find_list(fd, &at);

	for (unsigned i = 0; r >= 0 && at >= PCI_STD_HEADER_SIZEOF && i < CAPABILITIES_MAX; i++) {
		r = read_word(fd, at, &word);
		if (r >= 0 && (word & 0xff) == kind) {
			*ret = at;
			return 0;
		}
		at = word >> 8 & 0xfc;
	}
	return r < 0 ? r : -ENODATA;
}

int pci_config_read_msix(int fd, uint32_t *ret)
{
	unsigned at = 0;
	uint16_t flags = 0;
	int r = find_capability(fd, PCI_CAP_ID_MSIX, &at);

	if (r >= 0)
		r = read_word(fd, at + PCI_MSIX_FLAGS, &flags);
	if (r >= 0 && flags == UINT16_MAX)
		r = -ENODATA;
	if (r >= 0)
		*ret = (flags & PCI_MSIX_FLAGS_QSIZE) + 1u;
	return r;
}
