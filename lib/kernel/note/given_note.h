/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The notes of what a PF's VFs were given once (model/given_record.h). They lie in the runtime
 * directory: given/pci-0000:3b:00.0, a file that is replaced as a whole, and so is there whole or
 * not at all:
 *
 *     sriovd given 1
 *     INSTANCE OF-THE-VFS COUNT
 *     3 +mac +vlan -max-tx-rate ?trust=0123456789abcdef
 *     end
 *
 * the instances of the PF and of its first VF (struct pf, struct vf), how many VFs there are, and a
 * line for each VF with something noted: + was given, - is due, ? was tried, with the hash of what
 * it was before, if that was known. Notes of other VFs than those that there are count for nothing.
 * VFs without devices of their own have instance 0: they are others if their number is, or their
 * PF. A setting of another version's is passed over. */

#include "model/pf.h"

/* Fills in given of the VFs of pf, all else of which is filled in, and given_stale. Notes that
 * cannot be read, and VFs of which it cannot be told which they are though they have devices, make
 * it untold. 0 or -ENOMEM. */
int given_note_read(struct pf *pf, bool has_vf_devices);
/* As note_given() of struct kernel. */
int given_note_write(const struct pf *pf, const struct given_note *notes, size_t n_notes);
/* Removes the notes of a PF, by its handle. 0 also if there were none. */
int given_note_forget(const char *handle);
