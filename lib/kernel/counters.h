/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What VFs have sent and received, which no policy goes by: it is read for people alone. */

#include "model/pf.h"
#include "util/cleanup.h"

struct counters_reader;

/* 0 or -errno. */
int counters_reader_new(struct counters_reader **ret);
void counters_reader_free(struct counters_reader *reader);
DEFINE_CLEANUP(struct counters_reader *, counters_reader_free);

/* Reads the counters of each VF of a PF that was observed, into pf->arena: those of the PF's
 * driver; where that counts nothing, or the kernel cannot report so many VFs, those of the VF's own
 * network device, if it has one here.
 * NULL, or not known, is what nobody tells: a driver that counts something else reads as 0 in the
 * kernel. The two are not to be mixed: a VF's own network device begins at 0 whenever its driver is
 * bound. Returns 0 or -ENOMEM. */
int counters_read(struct counters_reader *reader, struct pf *pf);
