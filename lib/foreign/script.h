/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rules, scripts and options that set up VFs: of udev, ifupdown, rc.local, modprobe, driverctl and
 * of whoever else keeps such files in the usual places. */

struct search;

/* Adds what is a rival for the PF: a line that writes sriov_numvfs and names no other PF, max_vfs
 * for its driver, a driver that is kept for one of its VFs. 0 or -ENOMEM. */
int script_find(struct search *search);
