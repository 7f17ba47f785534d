/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/vf_guids.h"

#include <errno.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/hex.h"

#define GUID_SIZE 8
#define GID_SIZE  16

/* Of count bytes the last eight, which are the GUID. 0: they are none. */
static uint64_t parse(const char *text, size_t count)
{
	uint8_t bytes[GID_SIZE];
	uint64_t guid = 0;

	if (hex_parse_groups(text, bytes, count) < 0)
		return 0;
	for (size_t i = count - GUID_SIZE; i < count; i++)
		guid = guid << 8 | bytes[i];
	return guid;
}

static int read_guid(int directory, struct arena *arena, const char *path, size_t count,
		     enum vf_setting setting, struct taken *taken)
{
	struct value value = { 0 };
	const char *text;
	int r = path ? sysfs_read(directory, path, arena, &text) : -ENOMEM;

	if (r < 0 || !text)
		return r;
	value.number = parse(text, count);
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
		      GUID_SIZE, VF_NODE_GUID, taken);
	if (r >= 0)
		r = read_guid(directory, arena,
			      arena_printf(arena, "infiniband/%s/ports/1/gids/0", names[0]),
			      GID_SIZE, VF_PORT_GUID, taken);
	return r;
}
