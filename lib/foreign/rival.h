/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Other programs that are told to set up the VFs of a PF: systemd-udevd by the .link file of its
 * network device, NetworkManager by a profile, whoever reads rules and scripts. Either would undo
 * what a policy says, or be undone, and with both at work a write to sriov_numvfs may find the
 * device busy. */

#include <stddef.h>

#include "model/pf.h"
#include "util/arena.h"

struct rival_sources;

/* The rivals for a PF that was observed, each as a sentence with the file that makes it one.
 * Strings live in arena. What cannot be read, as by others than root, is no rival.
 * Returns 0 or -ENOMEM. */
int rival_find_in(const struct rival_sources *sources, const struct pf *pf, struct arena *arena,
		  struct names *ret);
/* The same, with what udev knows of the PF's network device. root may be NULL. */
int rival_find(const char *root, const struct pf *pf, struct arena *arena, struct names *ret);
