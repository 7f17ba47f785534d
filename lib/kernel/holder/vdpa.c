/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* vdpa devices on VFs, as virtual machines use them: the VF stays with its own driver, and its
 * network device is down and bare. Each is made on purpose, called as its maker likes, and right
 * below the VF (__vdpa_alloc_device() in drivers/vdpa/vdpa.c). */

#include <errno.h>
#include <fcntl.h>

#include "kernel/holder/traces.h"
#include "util/directory.h"

#define DEVICES "/sys/bus/vdpa/devices"

static int judge(struct inquiry *inquiry, struct candidate *candidate, const char *name)
{
	/* The link leads to the device, and what is above that is its parent. */
	const char *path = arena_printf(inquiry->arena, DEVICES "/%s/..", name);
	int r = path ? candidate_is_at(candidate, AT_FDCWD, path) : -ENOMEM;

	if (r <= 0)
		return r;
	return inquiry_hold(candidate, "vdpa",
			    arena_printf(inquiry->arena, "vdpa device %s is on it", name));
}

int vdpa_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	const char **names;
	size_t count = 0;
	int r = directory_list(AT_FDCWD, DEVICES, inquiry->arena, &names, &count);

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate))
		for (size_t i = 0; r >= 0 && i < count && !candidate_is_held(candidate); i++)
			r = judge(inquiry, candidate, names[i]);
	return r;
}
