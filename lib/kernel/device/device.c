/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/device/udev_facts.h"
#include "util/directory.h"
#include "util/fd.h"

/* The buses whose devices can have VFs, and the attribute that such a device has. */
static const struct bus {
	const char *name;
	const char *attribute;
	bool has_vf_devices;
} buses[] = {
	{ "pci", "sriov_totalvfs", true },
	{ "netdevsim", "sriov_numvfs", false },
};

static const struct bus *find_bus(const char *handle, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(buses); i++)
		if (strlen(buses[i].name) == length && !strncmp(handle, buses[i].name, length))
			return &buses[i];
	return NULL;
}

int device_open(const char *handle, struct arena *arena, struct device *ret)
{
	const char *name = strchr(handle, '/');
	const struct bus *bus = name ? find_bus(handle, (size_t)(name - handle)) : NULL;
	const char *path;
	int fd;

	if (!bus || !name[1] || name[1] == '.' || strchr(name + 1, '/'))
		return -EINVAL;
	name = arena_strdup(arena, name + 1);
	path = name ? arena_printf(arena, "/sys/bus/%s/devices/%s", bus->name, name) : NULL;
	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	*ret = (struct device){
		.fd = fd, .bus = bus->name, .name = name, .has_vf_devices = bus->has_vf_devices
	};
	return 0;
}

bool device_exists(const char *handle)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	const struct bus *bus;

	if (arena_new(&arena) < 0 || device_open(handle, arena, &device) < 0)
		return false;
	bus = find_bus(handle, strcspn(handle, "/"));
	return bus && !faccessat(device.fd, bus->attribute, F_OK, 0);
}

void device_close(struct device *device)
{
	fd_cleanup(&device->fd);
	device->fd = -1;
}

/* Cuts the path of a device to that of the one on a known bus that it is or belongs to, subsystem
 * being its own. NULL in *ret: there is none. Not by udev_device_get_parent(), which opens every
 * directory on the way to every one of them: a creation of VFs makes hundreds of events. */
static int cut_to_known_bus(char *path, const char *subsystem, struct arena *arena,
			    const struct bus **ret)
{
	*ret = NULL;
	for (;;) {
		char *end = strrchr(path, '/');
		const char *link;
		int r;

		if (subsystem)
			*ret = find_bus(subsystem, strlen(subsystem));
		if (*ret || !end || end == path)
			return 0;
		*end = '\0';
		link = arena_printf(arena, "%s/subsystem", path);
		r = link ? sysfs_read_link(AT_FDCWD, link, arena, &subsystem) : -ENOMEM;
		if (r < 0)
			return r;
	}
}

int device_handle_of(struct udev_device *device, struct arena *arena, const char **ret)
{
	char *path = arena_strdup(arena, udev_device_get_syspath(device));
	const struct bus *bus;
	const char *link, *name;
	int r = path ? cut_to_known_bus(path, udev_device_get_subsystem(device), arena, &bus)
		     : -ENOMEM;

	*ret = NULL;
	if (r < 0 || !bus)
		return r;
	link = arena_printf(arena, "%s/physfn", path);
	r = link ? sysfs_read_link(AT_FDCWD, link, arena, &name) : -ENOMEM;
	if (r < 0)
		return r;
	if (!name)
		name = strrchr(path, '/') + 1;
	*ret = arena_printf(arena, "%s/%s", bus->name, name);
	return *ret ? 0 : -ENOMEM;
}

static int add_handle(struct arena *arena, const struct bus *bus, const char *name,
		      const char ***handles, size_t *count, size_t *capacity)
{
	if (arena_grow(arena, handles, *count, capacity, sizeof(**handles)) < 0)
		return -ENOMEM;
	(*handles)[*count] = arena_printf(arena, "%s/%s", bus->name, name);
	return (*handles)[(*count)++] ? 0 : -ENOMEM;
}

/* By names alone: the value of an attribute may be long in coming. */
static int list_bus(const struct bus *bus, struct arena *arena, const char ***handles,
		    size_t *count, size_t *capacity)
{
	const char *path = arena_printf(arena, "/sys/bus/%s/devices", bus->name), **names;
	size_t n_names;
	/* A kernel without the bus has none of its devices. */
	int r = path ? directory_list(AT_FDCWD, path, arena, &names, &n_names) : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < n_names; i++) {
		path = arena_printf(arena, "/sys/bus/%s/devices/%s/%s", bus->name, names[i],
				    bus->attribute);
		if (!path)
			r = -ENOMEM;
		else if (!access(path, F_OK))
			r = add_handle(arena, bus, names[i], handles, count, capacity);
	}
	return r;
}

int device_list(struct arena *arena, const char ***ret, size_t *ret_count)
{
	const char **handles = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = 0; i < ARRAY_SIZE(buses); i++) {
		int r = list_bus(&buses[i], arena, &handles, &count, &capacity);

		if (r < 0)
			return r;
	}
	*ret = handles;
	*ret_count = count;
	return 0;
}

/* The network devices of a PF's device that stand for somebody else are told by the names of their
 * ports (devlink_port_phys_port_name_get() in net/devlink/leftover.c): in switchdev mode those of
 * VFs and of subfunctions, "pf0vf3" and "pf0sf88", and on a SmartNIC's own processor that of the
 * host's PF, "pf0"; with "c1" before it if it is of another controller. */
static bool is_representor(const char *port)
{
	unsigned controller, pf;
	int end;

	if (!port)
		return false;
	end = 0;
	if (sscanf(port, "c%u%n", &controller, &end) == 1)
		port += end;
	end = 0;
	return sscanf(port, "pf%u%n", &pf, &end) == 1 &&
	       (!port[end] || !strncmp(port + end, "vf", 2) || !strncmp(port + end, "sf", 2));
}

/* A network device of a PCI device. */
struct port {
	const char *ifname;
	const char *name;
	int64_t number, ifindex;
};

static int read_port(const struct device *device, const char *ifname, struct arena *arena,
		     struct port *ret)
{
	CLEANUP_FD int fd = -1;
	struct port port = { .ifname = ifname };
	const char *path = arena_printf(arena, "net/%s", ifname);
	int r;

	if (!path)
		return -ENOMEM;
	fd = openat(device->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = sysfs_read_number(fd, "ifindex", &port.ifindex);
	if (r < 0)
		return r;
	(void)sysfs_read_number(fd, "dev_port", &port.number);
	r = sysfs_read(fd, "phys_port_name", arena, &port.name);
	if (r < 0)
		return r;
	*ret = port;
	return 0;
}

/* Whether the error says that a network device went away since it was listed: any other says
 * nothing of it. */
static bool is_gone(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ENODEV || error == -ENODATA;
}

static bool comes_before(const struct port *a, const struct port *b)
{
	if (a->number != b->number)
		return a->number < b->number;
	/* One was made on top of the other, as children of IPoIB are. */
	return a->ifindex < b->ifindex;
}

/* The network devices of the PF's device that are no representors, the PF's own one first. One that
 * goes away meanwhile is passed over. */
static int read_ports(const struct device *device, struct arena *arena, struct port **ret,
		      size_t *ret_count)
{
	const char **names;
	struct port *ports;
	size_t n_names, count = 0;
	int r = directory_list(device->fd, "net", arena, &names, &n_names);

	if (r < 0)
		return r;
	ports = arena_array(arena, n_names, sizeof(*ports));
	if (!ports)
		return -ENOMEM;
	for (size_t i = 0; i < n_names; i++) {
		struct port port = { 0 };

		r = read_port(device, names[i], arena, &port);
		if (r < 0 && !is_gone(r))
			return r;
		if (r < 0 || is_representor(port.name))
			continue;
		ports[count++] = port;
		if (comes_before(&port, &ports[0])) {
			ports[count - 1] = ports[0];
			ports[0] = port;
		}
	}
	*ret = ports;
	*ret_count = count;
	return 0;
}

/* The PF's own network device: that of the lowest port. */
static int read_netdev(const struct device *device, struct pf *pf)
{
	struct port *ports;
	size_t count;
	int r = read_ports(device, pf->arena, &ports, &count);

	if (r < 0 || !count)
		return r;
	pf->ifname = ports[0].ifname;
	pf->ifindex = (unsigned)ports[0].ifindex;
	pf->port = ports[0].name;
	pf->other_names.items = arena_array(pf->arena, count, sizeof(*pf->other_names.items));
	if (!pf->other_names.items)
		return -ENOMEM;
	for (size_t i = 1; i < count; i++)
		pf->other_names.items[pf->other_names.count++] = ports[i].ifname;
	return 0;
}

/* A PF without a network device may have a path all the same. */
static int read_udev(const struct device *device, struct udev_facts *facts, struct pf *pf)
{
	if (pf->ifname)
		return udev_facts_of_netdev(facts, pf->ifname, pf->ifindex, pf->arena,
					    &pf->settling, &pf->id_path);
	return udev_facts_of_device(facts, device->bus, device->name, pf->arena, &pf->id_path);
}

/* Of an attribute that may be absent. */
static int read_number(const struct device *device, const char *name, int64_t *ret, bool *ret_there)
{
	int r = sysfs_read_number(device->fd, name, ret);

	*ret_there = r >= 0;
	return r == -ENODATA ? 0 : r;
}

static int read_id(const struct device *device, struct pf *pf)
{
	int64_t vendor, product;
	bool has_vendor, has_product = false;
	int r = sysfs_read_instance(device->fd, "", &pf->instance);

	if (r >= 0)
		r = read_number(device, "vendor", &vendor, &has_vendor);
	if (r >= 0)
		r = read_number(device, "device", &product, &has_product);
	if (r < 0 || !has_vendor || !has_product)
		return r;
	pf->has_device_id = true;
	pf->vendor_id = (uint16_t)vendor;
	pf->device_id = (uint16_t)product;
	return 0;
}

static int read_class(const struct device *device, struct pf *pf)
{
	int64_t number = 0;
	int r = read_number(device, "class", &number, &pf->has_class);

	pf->class = pf->has_class ? (uint32_t)number : 0;
	return r;
}

/* As lspci(8) prints it: serial_number_show() in drivers/pci/pci-sysfs.c, of Linux 6.18. Earlier
 * kernels have no such attribute, and root alone may read it: unknown. */
static int read_serial(const struct device *device, struct pf *pf)
{
	int r = sysfs_read(device->fd, "serial_number", pf->arena, &pf->serial);

	return r == -ENOMEM ? r : 0;
}

static int read_numbers(const struct device *device, struct pf *pf)
{
	int64_t number;
	bool there;
	int r = read_number(device, "numa_node", &number, &there);

	if (r >= 0 && there)
		pf->numa_node = (int)number;
	if (r >= 0)
		r = read_number(device, "sriov_totalvfs", &number, &there);
	if (r >= 0 && there)
		pf->totalvfs = (uint32_t)number;
	if (r >= 0)
		r = read_number(device, "sriov_drivers_autoprobe", &number, &there);
	if (r >= 0 && there)
		VALUES_SET(&pf->settings, PF_DRIVERS_AUTOPROBE,
			   (struct value){ .number = number != 0 });
	return r;
}

int device_read(const struct device *device, struct udev_facts *facts, struct pf *pf)
{
	int r;

	pf->address = arena_strdup(pf->arena, device->name);
	pf->handle = arena_printf(pf->arena, "%s/%s", device->bus, device->name);
	if (!pf->address || !pf->handle)
		return -ENOMEM;
	r = sysfs_read_link(device->fd, "driver", pf->arena, &pf->driver);
	if (r < 0)
		return r;
	r = read_id(device, pf);
	if (r >= 0)
		r = read_class(device, pf);
	if (r >= 0)
		r = read_serial(device, pf);
	if (r >= 0)
		r = read_numbers(device, pf);
	if (r >= 0)
		r = read_netdev(device, pf);
	if (r < 0)
		return r;
	return read_udev(device, facts, pf);
}

int device_read_numvfs(const struct device *device, uint32_t *ret)
{
	int64_t number = 0;
	int r = sysfs_read_number(device->fd, "sriov_numvfs", &number);

	if (r < 0 && r != -ENODATA)
		return r;
	*ret = (uint32_t)number;
	return 0;
}

uint32_t device_read_msix(const struct device *device)
{
	int64_t number;

	return sysfs_read_number(device->fd, "sriov_vf_total_msix", &number) < 0 ? 0
										 : (uint32_t)number;
}

/* Another network device than before. That it went or came says nothing: those of cxgb4 that VFs
 * are set by are there as long as VFs are (cxgb4_iov_configure() in
 * drivers/net/ethernet/chelsio/cxgb4/cxgb4_main.c). */
static bool has_other_netdev(const struct pf *now, const struct pf *pf)
{
	return now->ifindex && pf->ifindex && now->ifindex != pf->ifindex;
}

/* The bus address may have been given to another device since: -ENODEV. */
static int check_same(const struct device *device, const struct pf *pf, struct arena *arena)
{
	struct pf now = { .arena = arena };
	int r = read_id(device, &now);

	if (r < 0)
		return r;
	if (now.instance != pf->instance || now.vendor_id != pf->vendor_id ||
	    now.device_id != pf->device_id)
		return -ENODEV;
	r = read_netdev(device, &now);
	if (r < 0)
		return r;
	return has_other_netdev(&now, pf) ? -ENODEV : 0;
}

int device_reopen(const struct pf *pf, struct arena *arena, struct device *ret)
{
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	int r = device_open(pf->handle, arena, &device);

	if (r < 0)
		return r;
	r = check_same(&device, pf, arena);
	if (r < 0)
		return r;
	*ret = device;
	device.fd = -1;
	return 0;
}

int device_write_number(const struct pf *pf, const char *attribute, uint32_t number)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	const char *text;
	int r = arena_new(&arena);

	if (r < 0)
		return r;
	text = arena_printf(arena, "%u", number);
	if (!text)
		return -ENOMEM;
	r = device_reopen(pf, arena, &device);
	if (r < 0)
		return r;
	return sysfs_write(device.fd, attribute, text);
}
