/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The note that network managers shall leave the network device of a VF alone.
 *
 * It lies in the runtime directory, unmanaged/ADDRESS of the VF, where 60-sriovd.rules looks when a
 * network device appears, and sets udev properties that NetworkManager and, through
 * 00-sriovd-unmanaged.network, systemd-networkd go by.
 *
 * The note belongs to the place of that VF on its card: it outlives the VF itself, so that one that
 * is created again by whomever is unmanaged too, and ends with the card. For this it is a symbolic
 * link to a file for the PF, unmanaged/ADDRESS.pf, which the rules remove together with the PF's
 * device; a link that leads nowhere is no note. So a card that is plugged in later at the same
 * address inherits nothing. */

#include <stdbool.h>

/* Whether there is such a note of the VF at that address. */
bool unmanaged_read(const char *vf_address);
/* Makes it or removes it. 0, also if it is so already, or -errno. */
int unmanaged_write(const char *pf_address, const char *vf_address, bool on);
