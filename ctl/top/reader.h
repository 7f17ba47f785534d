/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Looks at the PFs of this host again and again, for readings. */

#include "top/reading.h"
#include "verdict.h"

struct reader;

/* Says on standard error why it cannot be. direct: the daemon is not asked. */
enum verdict reader_new(bool direct, struct reader **ret);
void reader_free(struct reader *reader);
DEFINE_CLEANUP(struct reader *, reader_free);

/* Looks, which may take as long as the kernel and the daemon do. What cannot be read is told by the
 * reading, which is the caller's. */
struct reading *reader_take(struct reader *reader);
/* From now on only PFs are looked at that words name, of those that a reading has; see
 * pick_wanted(). False, having said so on standard error, where one names none. */
bool reader_pick(struct reader *reader, const struct reading *reading, char *const *words,
		 size_t count);
