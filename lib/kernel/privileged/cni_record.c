/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/privileged/cni_record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "util/fd.h"
#include "util/text.h"

/* Whether there is no namespace, as the plugin finds it out (GetNS() in pkg/ns of
 * containernetworking/plugins). */
static bool is_gone(const char *netns)
{
	struct statfs status;

	if (statfs(netns, &status) < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ESRCH;
	return status.f_type != NSFS_MAGIC && status.f_type != PROC_SUPER_MAGIC;
}

/* The plugin waits for this lock, which is let go of at once, and does not give up for it. */
static bool is_locked(int fd)
{
	if (flock(fd, LOCK_SH | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	(void)flock(fd, LOCK_UN);
	return false;
}

static int read_regular(int fd, struct arena *arena, struct cni_record *ret)
{
	char content[PATH_MAX];
	ssize_t length = read(fd, content, sizeof(content) - 1);

	if (length < 0)
		return -errno;
	content[length] = '\0';
	content[strcspn(content, "\n")] = '\0';
	*ret = (struct cni_record){ .flags = is_locked(fd) ? CNI_RECORD_LOCKED : 0 };
	if (!length)
		ret->flags |= CNI_RECORD_EMPTY;
	if (content[0] != '/')
		return 0;
	if (is_gone(content))
		ret->flags |= CNI_RECORD_GONE;
	if (!text_is_printable(content))
		return 0;
	ret->netns = arena_strdup(arena, content);
	return ret->netns ? 0 : -ENOMEM;
}

int cni_record_read(const char *address, struct arena *arena, struct cni_record *ret)
{
	const char *path = arena_printf(arena, CNI_RECORDS "/%s", address);
	struct cni_record record = { 0 };
	struct stat status;
	CLEANUP_FD int fd = -1;
	int r = 0;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISREG(status.st_mode))
		r = read_regular(fd, arena, &record);
	if (r >= 0)
		*ret = record;
	return r;
}
