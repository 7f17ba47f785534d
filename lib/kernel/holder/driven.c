/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A driver that has the VF, and no network device of it here. Those who look for one elsewhere, and
 * for programs, have found nobody; one of the two it is likely to be all the same. Drivers that
 * only offer a device node (uio_pci_generic, igb_uio) make none at all: of these the openers tell.
 */

#include <errno.h>
#include <unistd.h>

#include "kernel/holder/traces.h"
#include "util/fd.h"

/* 1; 0; or -errno. */
static int offers_node(const struct inquiry *inquiry, const struct candidate *candidate)
{
	CLEANUP_FD int fd = inquiry_open(inquiry, candidate);

	if (fd < 0)
		return fd;
	if (faccessat(fd, "uio", F_OK, 0) == 0)
		return 1;
	return inquiry_is_absent(-errno) ? 0 : -errno;
}

static int hold(struct inquiry *inquiry, struct candidate *candidate)
{
	return inquiry_hold(candidate, "another network namespace or a program",
			    arena_printf(inquiry->arena,
					 "driver %s has it and its network device is not here: it "
					 "is in another network namespace, or a program drives it",
					 candidate->driver));
}

int driven_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	int r = 0;

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate)) {
		r = candidate->n_links ? 1 : offers_node(inquiry, candidate);
		if (r == 0)
			r = hold(inquiry, candidate);
	}
	return r < 0 ? r : 0;
}
