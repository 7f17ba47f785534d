/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The running kernel: sysfs, rtnetlink and udev's database. */

#include "kernel/kernel.h"

/* Opens sockets of its own, so that each thread can have its own. Returns 0 or -errno. */
int kernel_linux_new(struct kernel **ret);
