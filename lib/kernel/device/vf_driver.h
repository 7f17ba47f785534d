/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The driver of a VF's own device, and what can only be changed while it has none. */

#include "kernel/kernel.h"

/* None of these takes a driver off a VF that has another one than pf says: -EAGAIN. What a driver
 * leaves for a moment it is noted to have again (owed_driver.h), until it has. */

/* Gives the VF the driver that value asks for; see VF_DRIVER. The VF is reserved for that driver at
 * once, but keeps the one that it has until that driver is there.
 *
 * -ENOENT: there is no such VF now, or no such driver, of which udev was asked to load the module.
 * -ENXIO: the driver does not take the VF. Or the driver's own -errno. ret_error says in words what
 * was wrong. */
int vf_driver_set(const struct pf *pf, uint32_t vf, const struct value *value,
		  struct kernel_error *ret_error);
/* Binds the driver that the VF has anew; where it has none, that is done. Errors as above. */
int vf_driver_rebind(const struct pf *pf, uint32_t vf, struct kernel_error *ret_error);
/* Sets sriov_vf_msix_count. -EOPNOTSUPP: the PF's driver does not deal interrupts out. */
int vf_driver_set_msix(const struct pf *pf, uint32_t vf, uint32_t vectors,
		       struct kernel_error *ret_error);

/* Lets drivers bind the VFs that have none, as drivers-autoprobe would have. A VF that is reserved
 * gets the driver that it is reserved for, and one that no driver wants stays without. */
int vf_driver_probe_all(const struct pf *pf);
/* Takes the drivers off all VFs that have the one that they were seen with, which they are to have
 * again. */
int vf_driver_unbind_all(const struct pf *pf);
/* Binds the drivers that VFs are to have again, unless a VF has one by now, is reserved for another
 * that is there, or its own is gone. 0 or the first -errno. */
int vf_driver_bind_owed(const struct pf *pf);
