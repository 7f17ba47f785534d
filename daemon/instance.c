/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "instance.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"

#define NAME "sriovd.lock"

/* Bytes of the file, of which each daemon locks one: beside those that hang there is one that runs.
 */
#define PLACES 16

/* The kernel takes this kind of lock away when the last thread of the process has ended, and tells
 * whose it is. Of one that is locked by nobody else that is 0. */
static int find_owner(int fd, off_t place, pid_t *ret)
{
	struct flock wanted = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1
	};

	if (fcntl(fd, F_GETLK, &wanted) < 0)
		return -errno;
	*ret = wanted.l_type == F_UNLCK ? 0 : wanted.l_pid;
	return 0;
}

static int lock_first(int fd)
{
	struct flock wanted = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };

	for (; wanted.l_start < PLACES; wanted.l_start++) {
		if (fcntl(fd, F_SETLK, &wanted) == 0)
			return 0;
		if (errno != EAGAIN && errno != EACCES)
			return -errno;
	}
	return -EBUSY;
}

/* Whether a line of /proc/PID/status says that it is to end: its first thread has, or SIGKILL waits
 * for a call that does not return. */
static bool says_ending(const char *line)
{
	static const uint64_t kill_bit = UINT64_C(1) << (SIGKILL - 1);

	if (!strncmp(line, "State:\t", 7))
		return line[7] == 'Z' || line[7] == 'X';
	if (!strncmp(line, "SigPnd:", 7) || !strncmp(line, "ShdPnd:", 7))
		return strtoull(line + 7, NULL, 16) & kill_bit;
	return false;
}

static bool is_ending(pid_t pid)
{
	char path[64], line[256];
	bool ending = false;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!ending && fgets(line, sizeof(line), file))
		ending = says_ending(line);
	(void)fclose(file);
	return ending;
}

/* Whether all others hang: ret_hangs is one of these, 0 if there is none. */
static int check_others(int fd, pid_t *ret_hangs, pid_t *ret_other)
{
	pid_t owner = 0, hangs = 0;

	for (off_t place = 0; place < PLACES; place++) {
		int r = find_owner(fd, place, &owner);

		if (r < 0)
			return r;
		if (owner && !is_ending(owner)) {
			*ret_other = owner;
			return -EBUSY;
		}
		hangs = owner ? owner : hangs;
	}
	*ret_hangs = hangs;
	return 0;
}

int instance_claim(const char *directory, int *ret_fd, pid_t *ret_hangs, pid_t *ret_other)
{
	CLEANUP_FREE char *path = NULL;
	int fd, r;

	if (asprintf(&path, "%s/%s", directory, NAME) < 0)
		return -ENOMEM;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = lock_first(fd);
	if (r >= 0 || r == -EBUSY)
		r = check_others(fd, ret_hangs, ret_other);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}
