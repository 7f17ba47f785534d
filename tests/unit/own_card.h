/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A card in the files of own_namespace.h, as sysfs shows one. What is written to an attribute stays
 * as it was written: there is no driver that would do something. */

#define OWN_CARD	    "0000:3b:00.0"
#define OWN_CARD_HANDLE	    "pci/" OWN_CARD
#define OWN_CARD_PLACE	    "/sys/devices/pci0000:3a/"
#define OWN_CARD_PATH	    OWN_CARD_PLACE OWN_CARD
#define OWN_CARD_VF(n)	    "0000:3b:01." #n
#define OWN_CARD_VF_PATH(n) OWN_CARD_PLACE OWN_CARD_VF(n)

/* A card with three VFs: one with iavf, one with vfio-pci, one without a driver. Its network device
 * is the loopback device, which is always there. */
void own_card_make(void);
/* Makes a device, with the driver or none, the VF of that number of the card. */
void own_card_add_vf(const char *path, const char *name, unsigned index, const char *driver);
/* Gives the device at that path a network device. */
void own_card_add_netdev(const char *device, const char *ifname, unsigned ifindex);
