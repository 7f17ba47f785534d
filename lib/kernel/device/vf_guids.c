/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/vf_guids.h"

#include <errno.h>
#include <string.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/hex.h"

#define GROUPS_OF_GUID 4
#define GROUPS_OF_GID  8

/* Groups of four digits, joined by ':': the last four are the GUID. 0: they are none. */
static uint64_t parse(const char *text, size_t n_groups)
{
	uint64_t number = 0;

	if (strlen(text) != n_groups * 5 - 1)
		return 0;
	for (size_t i = 0; text[i]; i++) {
		int digit = hex_digit(text[i]);

		if (i % 5 == 4 ? text[i] != ':' : digit < 0)
			return 0;
		if (i % 5 != 4)
			number = number << 4 | (uint64_t)digit;
	}
	return number;
}

static int read_guid(int directory, struct arena *arena, const char *path, size_t n_groups,
		     enum vf_setting setting, struct taken *taken)
{
	struct value value = { 0 };
	const char *text;
	int r = path ? sysfs_read(directory, path, arena, &text) : -ENOMEM;

	if (r < 0 || !text)
		return r;
	value.number = parse(text, n_groups);
	if (value.number)
		taken_set(taken, setting, &value);
	return 0;
}

/* node_guid_show() and show_port_gid() in drivers/infiniband/core/sysfs.c. The first GID of a port
 * is made of the subnet's prefix and the port's GUID (InfiniBand Architecture
 * Specification, 4.1.1); it is zero as long as there is none. */
int vf_guids_read(int directory, struct arena *arena, struct taken *taken)
{
	const char **names;
	size_t count;
	int r = directory_list(directory, "infiniband", arena, &names, &count);

	if (r < 0 || !count)
		return r;
	r = read_guid(directory, arena, arena_printf(arena, "infiniband/%s/node_guid", names[0]),
		      GROUPS_OF_GUID, VF_NODE_GUID, taken);
	if (r >= 0)
		r = read_guid(directory, arena,
			      arena_printf(arena, "infiniband/%s/ports/1/gids/0", names[0]),
			      GROUPS_OF_GID, VF_PORT_GUID, taken);
	return r;
}
