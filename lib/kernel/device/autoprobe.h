/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Whether drivers bind the VFs of a PF by themselves, and how they are kept off for a while:
 * sriov_drivers_autoprobe, and the note of what it is to be again. */

#include <stdbool.h>

#include "model/pf.h"

/* While drivers are held the attribute is off by our own doing: sets drivers_held and earlier of
 * pf, of which it is known whether it has a network device, and the setting to what the attribute
 * will be again. 0 or -errno. */
int autoprobe_read_hold(struct pf *pf);

/* As write_pf(), hold_drivers() and release_drivers() of struct kernel. */
int autoprobe_write(const struct pf *pf, bool on);
int autoprobe_hold(const struct pf *pf);
int autoprobe_release(const struct pf *pf);
