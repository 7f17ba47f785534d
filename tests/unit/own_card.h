/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A card in the files of own_namespace.h, as sysfs shows one, and the kernel as linux.h reads it
 * there. What is written to an attribute stays as it was written: there is no driver that would do
 * something. */

#include "kernel/kernel.h"
#include "util/arena.h"

#define OWN_CARD	    "0000:3b:00.0"
#define OWN_CARD_HANDLE	    "pci/" OWN_CARD
#define OWN_CARD_PLACE	    "/sys/devices/pci0000:3a/"
#define OWN_CARD_PATH	    OWN_CARD_PLACE OWN_CARD
#define OWN_CARD_VF(n)	    "0000:3b:01." #n
#define OWN_CARD_VF_PATH(n) OWN_CARD_PLACE OWN_CARD_VF(n)

extern struct kernel *kernel;
extern struct arena *arena;
extern struct pf *pf; /* the card as it was last observed; NULL before that */

/* A card with three VFs: one with iavf, one with vfio-pci, one without a driver. Its network device
 * is the loopback device, which is always there. */
void own_card_make(void);

/* A checked fixture: no files but those of the card. */
void own_card_set_up(void);
void own_card_tear_down(void);

/* Has the card looked at anew. */
void observe(void);
/* The same with a new veth of that name for the card's network device. */
void observe_with_veth(const char *name);
/* Has a number written; words as those of struct kernel. */
int own_card_write(const struct pf *to, enum pf_setting setting, uint64_t number,
		   struct kernel_error *words);
/* To the end of the line: what was longer before stays behind in a file. */
void assert_file(const char *path, const char *expected);

/* Makes a device, with the driver or none, the VF of that number of the card. */
void own_card_add_vf(const char *path, const char *name, unsigned index, const char *driver);
/* Gives the device at that path a network device. */
void own_card_add_netdev(const char *device, const char *ifname, unsigned ifindex);
/* Makes a pair of veth devices and the first of them the card's own network device, in the place of
 * the loopback device. Returns its index; 0: the kernel has no such devices. */
unsigned own_card_replace_netdev(const char *ifname);
