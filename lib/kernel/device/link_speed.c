/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/link_speed.h"

#include <limits.h>
#include <net/if.h>
#include <stdio.h>

#include "kernel/device/sysfs.h"

uint32_t link_speed_read(int fd, const char *ifname)
{
	char path[sizeof("net//speed") + IF_NAMESIZE];
	int64_t speed;

	(void)snprintf(path, sizeof(path), "net/%s/speed", ifname);
	if (sysfs_read_number(fd, path, &speed) < 0 || speed < 0 || speed > INT_MAX)
		return 0;
	return (uint32_t)speed;
}
