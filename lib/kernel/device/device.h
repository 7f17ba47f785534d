/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A PF's device in sysfs: which devices are PFs, what their attributes say, which network device
 * and which VFs are theirs. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/pf.h"

struct udev_device;
struct udev_facts;

/* A device that can have VFs. */
struct device {
	int fd; /* its directory */
	const char *bus;
	const char *name;
	bool has_vf_devices; /* its VFs are devices too; netdevsim's are not */
};

/* Opens the device of a handle such as "pci/0000:3b:00.0". -ENODEV if there is none, -EINVAL if the
 * handle names no bus that we know. Strings live in arena. */
int device_open(const char *handle, struct arena *arena, struct device *ret);
/* Whether there is a device of that handle, and it can have VFs. */
bool device_exists(const char *handle);
/* As device_open() for a PF that was observed; -ENODEV if another device is at its address now. */
int device_reopen(const struct pf *pf, struct arena *arena, struct device *ret);
void device_close(struct device *device);
#define CLEANUP_DEVICE CLEANUP(device_close)

/* The handle of the PF that an event of udev's about device concerns: of device itself, of the
 * parent of a network device, or of the PF of a VF as long as that is known. Whether it can have
 * VFs is not asked. NULL in *ret if there is none. */
int device_handle_of(struct udev_device *device, struct arena *arena, const char **ret);

/* The handles of all devices that can have VFs. Like device_exists() it reads no attribute, and so
 * waits for no driver. */
int device_list(struct arena *arena, const char ***ret, size_t *ret_count);

/* Fills in the identity of pf, its network device's name and index included, and its settings in
 * sysfs (not those of rtnetlink). */
int device_read(const struct device *device, struct udev_facts *facts, struct pf *pf);
/* sriov_numvfs; blocks while somebody else writes it. 0 where there is no driver. */
int device_read_numvfs(const struct device *device, uint32_t *ret);
/* How many interrupts the driver can deal out to VFs; 0 where it does not. Blocks likewise. */
uint32_t device_read_msix(const struct device *device);

/* Writes an attribute of the device, as long as it is the one that pf was observed on. 0 or -errno;
 * -ENODEV: it is not. */
int device_write_number(const struct pf *pf, const char *attribute, uint32_t number);
