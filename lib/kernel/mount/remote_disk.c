/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/mount/remote_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/fd.h"

/* Disks are made of disks that are made of disks; the kernel stops at the depth of a stack. */
#define DEPTH_MAX 8

static bool begins_with(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* Calls each() for the entries of a directory, below that descriptor, that begin so. */
static int each_entry(int directory, const char *path, const char *prefix, struct servers *servers,
		      int (*each)(int directory, const char *entry, struct servers *servers))
{
	const char **names;
	size_t count = 0;
	int r = directory_list(directory, path, servers->arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		const char *entry;

		if (!begins_with(names[i], prefix))
			continue;
		entry = arena_printf(servers->arena, "%s/%s", path, names[i]);
		r = entry ? each(directory, entry, servers) : -ENOMEM;
	}
	return r;
}

/* "connection1:0" of an iSCSI session, in which the class has its device of the same name
 * (drivers/scsi/scsi_transport_iscsi.c). While it is down there is no peer, but the one that it is
 * to have again. */
static int add_connection(int disk, const char *entry, struct servers *servers)
{
	static const char *const attributes[] = { "address", "persistent_address" };
	const char *name = strrchr(entry, '/') + 1, *address = NULL;
	int r = 0;

	for (size_t i = 0; !address && i < ARRAY_SIZE(attributes); i++) {
		const char *path = arena_printf(servers->arena, "%s/iscsi_connection/%s/%s", entry,
						name, attributes[i]);

		r = path ? sysfs_read(disk, path, servers->arena, &address) : -ENOMEM;
	}
	if (r < 0 || !address)
		return r;
	servers->by = "iSCSI";
	return servers_add(servers, address, strlen(address));
}

/* A controller: "traddr=192.0.2.1,trsvcid=4420,src_addr=192.0.2.7" (nvmf_get_address() in
 * drivers/nvme/host/fabrics.c). */
static int add_controller(int disk, const char *entry, struct servers *servers)
{
	const char *path = arena_printf(servers->arena, "%s/address", entry);
	const char *address = NULL;
	size_t length;
	int r = path ? sysfs_read(disk, path, servers->arena, &address) : -ENOMEM;

	if (r < 0 || !address)
		return r;
	address = servers_option(address, "traddr", &length);
	if (!address)
		return 0;
	servers->by = "NVMe over fabrics";
	return servers_add(servers, address, length);
}

/* What of the servers the disk's own directory tells. Of SCSI "device" is the LUN, below its target
 * and session; of NVMe the controller, or where there may be several the subsystem that has them.
 */
static int add_of_disk(int disk, struct servers *servers)
{
	int r = each_entry(disk, "device/../..", "connection", servers, add_connection);

	if (r >= 0)
		r = add_controller(disk, "device", servers);
	return r < 0 ? r : each_entry(disk, "device", "nvme", servers, add_controller);
}

static int walk(int directory, const char *path, unsigned depth, struct servers *servers);

/* A disk, or what is made of others. */
static int walk_parts(int fd, unsigned depth, struct servers *servers)
{
	const char **names;
	size_t count = 0;
	int r = directory_list(fd, "slaves", servers->arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		const char *path = arena_printf(servers->arena, "slaves/%s", names[i]);

		r = path ? walk(fd, path, depth + 1, servers) : -ENOMEM;
	}
	return r < 0 || count ? r : add_of_disk(fd, servers);
}

static int walk(int directory, const char *path, unsigned depth, struct servers *servers)
{
	CLEANUP_FD int fd = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	if (depth > DEPTH_MAX)
		return -ELOOP;
	/* A partition is below its disk. */
	if (faccessat(fd, "partition", F_OK, 0) == 0)
		return walk(fd, "..", depth + 1, servers);
	return errno == ENOENT ? walk_parts(fd, depth, servers) : -errno;
}

int remote_disk_find(dev_t device, struct servers *servers)
{
	const char *path =
		arena_printf(servers->arena, "/sys/dev/block/%u:%u", major(device), minor(device));

	return path ? walk(AT_FDCWD, path, 0, servers) : -ENOMEM;
}
