/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Why a PF will never have a network device, or none of Ethernet. Without a reason it has one, or
 * one may come: with its driver, which may be long in making it, or back from another network
 * namespace. */

#include "model/pf.h"

enum netdev_lack {
	NETDEV_LACK_NONE,
	NETDEV_LACK_CLASS,    /* it is no network card, and neither are its VFs */
	NETDEV_LACK_DRIVER,   /* the driver that has it makes none; its VFs may have some */
	NETDEV_LACK_ETHERNET, /* it has one of InfiniBand */
};

enum netdev_lack netdev_lack_of(const struct pf *pf);

/* The settings of PFs, and of VFs, that cannot be had for it, a bit each. */
uint64_t netdev_lack_pf_settings(enum netdev_lack lack);
uint64_t netdev_lack_vf_settings(enum netdev_lack lack);
