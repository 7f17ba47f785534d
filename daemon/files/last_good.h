/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The last good policy: the files as they were when they last had no error, kept in the state
 * directory below last-good/ under their own paths (last-good/etc/sriovd/50-x.yaml), so that they
 * are read by the same reader.
 *
 * A manifest, which is written last, has the SHA-256 of each: a copy that is cut short, or of which
 * a file was changed or is missing, is no policy.
 *
 * They are exchanged as a whole: whenever the power goes, the files of before or those of now are
 * there, never some of each. */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "document/digest.h"
#include "document/dropin.h"

#define LAST_GOOD_DIRECTORY "/var/lib/sriovd"

struct last_good {
	const char *state; /* the state directory, an absolute path */
	const char *const *directories;
	size_t n_directories;	       /* of the policy, absolute paths */
	struct dropin_options options; /* of the policy; root must be NULL */
};

/* Keeps documents, as dropin_read() gave them. Makes the state directory where it is missing, and
 * writes nothing where the same is kept already. It waits for the disk. Returns 1 if they were
 * written, 0 if they were there, or -errno: -EBUSY if another process does the same, -EPERM if the
 * state directory is not in root's hands. Before the last step a failure leaves what was kept as it
 * was. */
int last_good_save(const struct last_good *where, const struct document *documents, size_t count);

/* Reads what is kept, since when that is, and the digest of its list, which is that of the files
 * that were kept (digest_list()). -ENOENT if there is nothing; -EINVAL if it cannot be read, is not
 * trusted or not what was kept, and the reason is in diagnostics; -ENOMEM. */
int last_good_read(const struct last_good *where, struct arena *arena,
		   struct diagnostics *diagnostics, struct document **ret, size_t *ret_count,
		   time_t *ret_since, char ret_digest[static DIGEST_SIZE]);
