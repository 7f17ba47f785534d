/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/mount/mount_servers.h"

#include <stdbool.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "kernel/mount/remote_disk.h"

/* nfs_show_mount_options() in fs/nfs/super.c; cifs_show_options() in fs/smb/client/cifsfs.c. */
static int find_by_addr(const struct mount *mount, struct servers *servers)
{
	size_t length;
	const char *address = servers_option(mount->options, "addr", &length);

	return address ? servers_add(servers, address, length) : 0;
}

/* "192.0.2.1:6789,192.0.2.2:6789:/path"; since 5.17 ceph_show_options() has them apart, and the
 * source has names alone. */
static int find_monitors(const struct mount *mount, struct servers *servers)
{
	size_t length;
	const char *list = servers_option(mount->options, "mon_addr", &length);
	const char *path = strstr(mount->source, ":/");

	if (list)
		return servers_add_list(servers, list, length, "/");
	length = path ? (size_t)(path - mount->source) : strlen(mount->source);
	return servers_add_list(servers, mount->source, length, ",");
}

static bool is_word(const char *word, const char *text, size_t length)
{
	return length == strlen(word) && !memcmp(word, text, length);
}

/* p9_show_client_options() in net/9p/client.c. By virtio and the like nobody is reached by IP. */
static int find_by_source(const struct mount *mount, struct servers *servers)
{
	size_t length;
	const char *by = servers_option(mount->options, "trans", &length);

	if (!by || (!is_word("tcp", by, length) && !is_word("rdma", by, length)))
		return 0;
	return servers_add(servers, mount->source, strlen(mount->source));
}

/* Of each kind of network file system that the kernel says the servers of. */
static const struct {
	const char *type;
	int (*find)(const struct mount *mount, struct servers *servers);
} kinds[] = {
	{ "nfs", find_by_addr },  { "nfs4", find_by_addr },  { "cifs", find_by_addr },
	{ "smb3", find_by_addr }, { "ceph", find_monitors }, { "9p", find_by_source },
};

int mount_servers_find(const struct mount *mount, struct arena *arena, struct servers *ret)
{
	struct servers servers = { .arena = arena };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(mount->type, kinds[i].type))
			r = kinds[i].find(mount, &servers);
	if (r >= 0 && major(mount->device))
		r = remote_disk_find(mount->device, &servers);
	if (r >= 0)
		*ret = servers;
	return r;
}
