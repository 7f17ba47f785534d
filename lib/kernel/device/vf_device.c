/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/vf_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netdevice.h>
#include <string.h>

#include "kernel/device/sysfs.h"
#include "kernel/device/udev_facts.h"
#include "kernel/device/unmanaged.h"
#include "kernel/device/vf_guids.h"
#include "util/directory.h"
#include "util/fd.h"

int vf_device_open(const struct device *pf, uint32_t index, struct arena *arena,
		   struct vf_device *ret)
{
	const char *path, *address;
	int fd, r;

	if (!pf->has_vf_devices)
		return -EOPNOTSUPP;
	path = arena_printf(arena, "virtfn%u", index);
	if (!path)
		return -ENOMEM;
	r = sysfs_read_link(pf->fd, path, arena, &address);
	if (r < 0)
		return r;
	fd = openat(pf->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!address) { /* it came between the two calls */
		(void)close(fd);
		return -ENOENT;
	}
	*ret = (struct vf_device){ .fd = fd, .address = address };
	return 0;
}

void vf_device_close(struct vf_device *vf)
{
	fd_cleanup(&vf->fd);
	vf->fd = -1;
}

int vf_device_read_driver(const struct vf_device *vf, struct arena *arena, const char **ret)
{
	return sysfs_read_link(vf->fd, "driver", arena, ret);
}

int vf_device_check_driver(const struct device *pf, const struct vf *seen, struct arena *arena)
{
	CLEANUP_VF_DEVICE struct vf_device vf = { .fd = -1 };
	const char *now;
	int r = vf_device_open(pf, seen->index, arena, &vf);

	if (r >= 0)
		r = vf_device_read_driver(&vf, arena, &now);
	if (r < 0)
		return r == -ENOENT || r == -ENODEV ? -EAGAIN : r;
	return vf_has_driver(seen, now) ? 0 : -EAGAIN;
}

/* driver_override_show() in drivers/pci/pci-sysfs.c prints a null pointer. */
int vf_device_read_reserved(const struct vf_device *vf, struct arena *arena, const char **ret)
{
	int r = sysfs_read(vf->fd, "driver_override", arena, ret);

	if (r >= 0 && *ret && (!**ret || !strcmp(*ret, "(null)")))
		*ret = NULL;
	return r;
}

static int read_driver(const struct vf_device *device, struct arena *arena, struct vf *vf)
{
	struct value value = { .form = VALUE_NONE };
	const char *driver;
	int r = vf_device_read_driver(device, arena, &driver);

	if (r >= 0)
		r = vf_device_read_reserved(device, arena, &vf->driver_override);
	if (r < 0)
		return r;
	if (driver)
		value = (struct value){ .name = driver };
	VALUES_SET(&vf->settings, VF_DRIVER, value);
	return 0;
}

static int read_netdev_number(const struct vf_device *vf, const char *ifname, const char *attribute,
			      struct arena *arena, int64_t *ret)
{
	const char *path = arena_printf(arena, "net/%s/%s", ifname, attribute);

	return path ? sysfs_read_number(vf->fd, path, ret) : -ENOMEM;
}

int vf_device_find_netdev(const struct vf_device *vf, struct arena *arena, const char **ret_ifname,
			  unsigned *ret_ifindex)
{
	const char **names;
	int64_t ifindex;
	size_t count;
	int r = directory_list(vf->fd, "net", arena, &names, &count);

	if (r < 0)
		return r;
	if (!count)
		return -ENOENT;
	r = read_netdev_number(vf, names[0], "ifindex", arena, &ifindex);
	if (r < 0)
		return r == -ENODATA ? -ENOENT : r; /* renamed or gone meanwhile */
	*ret_ifname = names[0];
	*ret_ifindex = (unsigned)ifindex;
	return 0;
}

/* A device that was renamed has its final name: udev, which does that, is asked only about others,
 * since that takes as long as all the rest of a VF. */
static bool is_settling(const struct vf_device *device, struct udev_facts *facts,
			const char *ifname, struct arena *arena)
{
	int64_t type;

	if (read_netdev_number(device, ifname, "name_assign_type", arena, &type) >= 0 &&
	    type == NET_NAME_RENAMED)
		return false;
	return udev_facts_is_settling(facts, ifname);
}

static int read_netdev(const struct vf_device *device, struct udev_facts *facts,
		       struct arena *arena, struct vf *vf)
{
	int r = vf_device_find_netdev(device, arena, &vf->ifname, &vf->ifindex);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	vf->settling = is_settling(device, facts, vf->ifname, arena);
	return 0;
}

/* nvme_sysfs_show_state() in drivers/nvme/host/sysfs.c (core.c until Linux 6.5). */
static int read_controller(const struct vf_device *device, struct arena *arena, struct vf *vf)
{
	const char **names, *path;
	size_t count;
	int r;

	if (!vf_is_bound(vf) || !vf_has_driver(vf, "nvme"))
		return 0;
	r = directory_list(device->fd, "nvme", arena, &names, &count);
	if (r < 0 || !count)
		return r;
	path = arena_printf(arena, "nvme/%s/state", names[0]);
	return path ? sysfs_read(device->fd, path, arena, &vf->controller) : -ENOMEM;
}

static int read_all(const struct vf_device *device, struct udev_facts *facts, const struct pf *pf,
		    struct vf *vf)
{
	int r = vf->index ? 0 : sysfs_read_instance(device->fd, "", &vf->instance);

	if (r >= 0)
		r = read_driver(device, pf->arena, vf);
	if (r >= 0)
		r = read_controller(device, pf->arena, vf);
	if (r >= 0)
		r = read_netdev(device, facts, pf->arena, vf);
	/* Only InfiniBand's are reported with GUIDs: it is one more look for each VF. */
	if (r >= 0 && vf_is_bound(vf) && (vf->settings.present & SETTING_BIT(VF_NODE_GUID)))
		r = vf_guids_read(device->fd, pf->arena, &vf->taken);
	if (r < 0)
		return r;
	VALUES_SET(&vf->settings, VF_UNMANAGED,
		   (struct value){ .number = unmanaged_read(device->address) });
	vf->address = device->address;
	return 0;
}

int vf_device_read(const struct device *device, struct udev_facts *facts, const struct pf *pf,
		   struct vf *vf)
{
	CLEANUP_VF_DEVICE struct vf_device own = { .fd = -1 };
	struct vf found = *vf;
	int r = vf_device_open(device, vf->index, pf->arena, &own);

	if (r >= 0)
		r = read_all(&own, facts, pf, &found);
	/* It is not there yet, or not any more: what a directory that goes answers says nothing of
	 * the PF. */
	if (r < 0)
		return r == -ENOENT || r == -ENODEV || r == -EOPNOTSUPP ? 0 : r;
	*vf = found;
	return 0;
}

int vf_device_trigger(const struct vf_device *vf, struct arena *arena)
{
	const char **names, *path;
	size_t count;
	int r = directory_list(vf->fd, "net", arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		path = arena_printf(arena, "net/%s/uevent", names[i]);
		r = path ? sysfs_write(vf->fd, path, "change") : -ENOMEM;
	}
	/* Renamed or gone meanwhile, which are events as well. */
	return r == -ENOENT || r == -ENODEV ? 0 : r;
}
