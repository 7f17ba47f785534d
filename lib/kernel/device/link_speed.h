/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The speed of a network device's link, as sysfs gives it. */

#include <stdint.h>

/* In Mbit/s, of the network device of that name of the device whose directory fd is; 0: nobody
 * says, as without a link (speed_show() in net/core/net-sysfs.c answers EINVAL for a device that is
 * down, and drivers say -1, SPEED_UNKNOWN). */
uint32_t link_speed_read(int fd, const char *ifname);
