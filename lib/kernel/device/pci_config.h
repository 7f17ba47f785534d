/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A PCI device's configuration space, as sysfs gives it. */

#include <stdint.h>

/* The vectors that the MSI-X capability has room for: what sriov_vf_msix_count, which can only be
 * written, has set (Documentation/ABI/testing/sysfs-bus-pci). fd is the file "config". -ENODATA
 * where there is no such capability or the device does not answer; -EACCES where we may not read so
 * far, which takes CAP_SYS_ADMIN; or -errno. */
int pci_config_read_msix(int fd, uint32_t *ret);
