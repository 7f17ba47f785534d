/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pause_direct.h"

#include <stdio.h>
#include <string.h>

#include "apply/lock.h"
#include "host/inputs.h"
#include "host/passes.h"
#include "host/pick.h"
#include "kernel/note/pause.h"
#include "memory.h"
#include "options.h"
#include "util/fd.h"
#include "util/paths.h"

static enum verdict fail(const char *what, int error)
{
	(void)fprintf(stderr, "sriovctl pause: %s %s: %s\n", what, RUNTIME_DIRECTORY,
		      strerror(-error));
	return VERDICT_FAILED;
}

/* A pass that began before may still write. */
static int wait_for_others(const char *handle)
{
	const struct lock_waiter waiter = { passes_say_who_has_the_lock, (void *)handle };
	CLEANUP_FD int fd = -1;

	return lock_take(RUNTIME_DIRECTORY, handle, &waiter, &fd);
}

enum verdict pause_direct(const struct options *options, unsigned seconds, struct arena *arena,
			  const char **ret_name, const char **ret_until)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	const struct pf_list *pfs = &inputs.inventory.pfs;
	enum verdict verdict = inputs_open(options, &inputs);
	const struct pf *pf;
	struct pause pause;
	size_t which;
	int r;

	if (verdict != VERDICT_OK)
		return verdict;
	if (!pick_pf(pfs, options->operands[0], NULL, &which))
		return VERDICT_FAILED;
	pf = pfs->items[which];
	r = seconds ? pause_write(pf->handle, seconds * UINT64_C(1000)) : pause_remove(pf->handle);
	if (r < 0)
		return fail("cannot note it in", r);
	r = seconds ? wait_for_others(pf->handle) : 0;
	if (r < 0)
		return fail("it is noted, but whether somebody still writes cannot be told: a "
			    "lock in",
			    r);
	if (pause_read(pf->handle, arena, &pause) < 0)
		memory_exhausted();
	*ret_name = MEMORY_REQUIRE(arena_strdup(arena, pf_name(pf)));
	*ret_until = pause.iso;
	return VERDICT_OK;
}
