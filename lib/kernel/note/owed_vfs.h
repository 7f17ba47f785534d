/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The note that VFs of a PF are destroyed on request (disruption: on-request), and others are to
 * come in their place: a request ends with the program that it was made to, and is not to leave the
 * PF without VFs. It is made before they are destroyed.
 *
 * It lies in the runtime directory, pci-0000:3b:00.0.owed (owed_note.h). A note of a device that is
 * gone counts for nothing. */

#include "model/pf.h"

/* Notes what is owed of pf; NULL: nothing is any more. 0 or -errno. */
int owed_vfs_note(const struct pf *pf, const struct owed_vfs *owed);
/* Fills in owed_vfs of pf, whose instance is known. 0 or -ENOMEM. */
int owed_vfs_read(struct pf *pf);
