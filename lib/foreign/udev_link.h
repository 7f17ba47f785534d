/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* systemd-udevd as a rival: systemd.link(5). */

#include "foreign/search.h"

/* Adds the .link file of the PF's network device, or a drop-in of it, if it is about VFs. Returns 0
 * or -ENOMEM. */
int udev_link_find(struct search *search, const struct rival_sources *sources);
