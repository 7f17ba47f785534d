/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netns.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#include "kernel/rtnl.h"
#include "kernel/sysfs.h"
#include "util/fd.h"

#define NAMES "/run/netns"

struct search {
	struct arena *arena;
	struct netns_device *found;
	size_t count, capacity;
	ino_t *seen; /* namespaces that were looked into, our own among them */
	size_t n_seen, seen_capacity;
	const char *place; /* that is looked into */
	int error;
};

static int on_link(const struct nlmsghdr *message, void *context)
{
	struct search *search = context;
	struct link link;
	int r = link_read(message, search->arena, &link);

	if (r < 0)
		return r;
	if (!link.parent || !link.ifname)
		return 0;
	if (arena_grow(search->arena, &search->found, search->count, &search->capacity,
		       sizeof(*search->found)) < 0)
		return -ENOMEM;
	search->found[search->count++] =
		(struct netns_device){ link.parent, link.ifname, search->place };
	return 0;
}

/* Of namespaces, which all are of one file system, the inode is the identity. */
static int take_new(struct search *search, int fd, bool *ret)
{
	struct stat status;

	*ret = false;
	if (fstat(fd, &status) < 0)
		return 0;
	for (size_t i = 0; i < search->n_seen; i++)
		if (search->seen[i] == status.st_ino)
			return 0;
	if (arena_grow(search->arena, &search->seen, search->n_seen, &search->seen_capacity,
		       sizeof(*search->seen)) < 0)
		return -ENOMEM;
	search->seen[search->n_seen++] = status.st_ino;
	*ret = true;
	return 0;
}

static int look_into(struct search *search, const char *path, const char *place)
{
	CLEANUP_FD int fd = place && path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	CLEANUP(rtnl_free_cleanup) struct rtnl *rtnl = NULL;
	bool is_new = false;
	int r;

	if (!place || !path)
		return -ENOMEM;
	r = fd < 0 ? 0 : take_new(search, fd, &is_new);
	if (r < 0 || !is_new || setns(fd, CLONE_NEWNET) < 0)
		return r;
	search->place = place;
	r = rtnl_new(&rtnl);
	if (r >= 0)
		r = rtnl_dump(rtnl, RTM_GETLINK, on_link, search);
	/* What cannot be told of one says nothing of the others. */
	return r == -ENOMEM ? r : 0;
}

static int look_into_named(struct search *search)
{
	const char **names;
	size_t count;
	int r = sysfs_list(AT_FDCWD, NAMES, search->arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++)
		r = look_into(search, arena_printf(search->arena, NAMES "/%s", names[i]),
			      arena_printf(search->arena, "network namespace %s", names[i]));
	return r;
}

static int look_into_process(struct search *search, const char *pid)
{
	const char *path = arena_printf(search->arena, "/proc/%s/comm", pid), *name = NULL;

	if (!path)
		return -ENOMEM;
	(void)sysfs_read(AT_FDCWD, path, search->arena, &name);
	return look_into(search, arena_printf(search->arena, "/proc/%s/ns/net", pid),
			 arena_printf(search->arena, "the network namespace of %s (pid %s)",
				      name ? name : "a process", pid));
}

static int look_into_others(struct search *search)
{
	const char **names;
	size_t count;
	int r = sysfs_list(AT_FDCWD, "/proc", search->arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++)
		if (isdigit((unsigned char)names[i][0]))
			r = look_into_process(search, names[i]);
	return r;
}

static void *run_search(void *context)
{
	struct search *search = context;
	CLEANUP_FD int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	bool is_new;

	search->error = own < 0 ? -errno : take_new(search, own, &is_new);
	if (search->error >= 0)
		search->error = look_into_named(search);
	if (search->error >= 0)
		search->error = look_into_others(search);
	return NULL;
}

/* In a thread of its own: it changes its namespace, and does not have to find back. */
int netns_find_devices(struct arena *arena, struct netns_device **ret, size_t *ret_count)
{
	struct search search = { .arena = arena };
	pthread_t thread;
	int r = pthread_create(&thread, NULL, run_search, &search);

	if (r > 0)
		return -r;
	(void)pthread_join(thread, NULL);
	if (search.error < 0)
		return search.error;
	*ret = search.found;
	*ret_count = search.count;
	return 0;
}
