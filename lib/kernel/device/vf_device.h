/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A VF's own device in sysfs, and its network device. */

#include "kernel/device/device.h"
#include "model/pf.h"

struct udev_facts;

struct vf_device {
	int fd; /* its directory */
	const char *address;
};

/* Opens the device of a VF. -ENOENT: there is no such VF now; -EOPNOTSUPP: the bus gives VFs no
 * devices. Strings live in arena. */
int vf_device_open(const struct device *pf, uint32_t index, struct arena *arena,
		   struct vf_device *ret);
void vf_device_close(struct vf_device *vf);
#define CLEANUP_VF_DEVICE CLEANUP(vf_device_close)

/* Fills in what the device of a VF of pf says: its address, its driver and the one that it is
 * reserved for, its network device, whether udev has finished with that and whether it is to be
 * left alone. A VF without a device stays as it was. 0 or -errno. */
int vf_device_read(const struct device *device, struct udev_facts *facts, const struct pf *pf,
		   struct vf *vf);

/* The driver that has it; NULL: none. */
int vf_device_read_driver(const struct vf_device *vf, struct arena *arena, const char **ret);
/* The driver that it is reserved for (driver_override); NULL: none. */
int vf_device_read_reserved(const struct vf_device *vf, struct arena *arena, const char **ret);
/* Whether a VF of the PF has the driver that it was seen with: 0, -EAGAIN where it has another or
 * none, or is gone; or -errno. */
int vf_device_check_driver(const struct device *pf, const struct vf *seen, struct arena *arena);
/* Its network device as it is now. -ENOENT where it has none here. */
int vf_device_find_netdev(const struct vf_device *vf, struct arena *arena, const char **ret_ifname,
			  unsigned *ret_ifindex);
/* Has udev handle its network device again; does nothing where there is none. 0 or -errno. */
int vf_device_trigger(const struct vf_device *vf, struct arena *arena);
