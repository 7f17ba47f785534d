/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* hold-vfio ADDRESS: opens the VF through vfio, as a virtual machine does, prints "held" and keeps
 * it until it is killed. */

#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int require(int result, const char *what)
{
	if (result >= 0)
		return result;
	perror(what);
	exit(EXIT_FAILURE);
}

/* "/dev/vfio/N", N being the number of the device's IOMMU group. */
static void group_path(const char *address, char *path, size_t size)
{
	char link[128], target[256];
	ssize_t length;

	(void)snprintf(link, sizeof(link), "/sys/bus/pci/devices/%s/iommu_group", address);
	length = readlink(link, target, sizeof(target) - 1);
	require((int)length, link);
	target[length] = '\0';
	(void)snprintf(path, size, "/dev/vfio/%s", strrchr(target, '/') + 1);
}

int main(int argc, char **argv)
{
	char path[64];
	int container, group;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: hold-vfio ADDRESS\n");
		return EXIT_FAILURE;
	}
	group_path(argv[1], path, sizeof(path));
	container = require(open("/dev/vfio/vfio", O_RDWR), "/dev/vfio/vfio");
	group = require(open(path, O_RDWR), path);
	require(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container), "VFIO_GROUP_SET_CONTAINER");
	require(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU), "VFIO_SET_IOMMU");
	require(ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[1]), "VFIO_GROUP_GET_DEVICE_FD");
	(void)printf("held\n");
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}
