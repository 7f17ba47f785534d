/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/privileged/process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "util/clock.h"
#include "util/fd.h"
#include "util/file.h"
#include "util/text.h"

/* More than a name has: TASK_COMM_LEN in linux/sched.h is 16, names of kernel threads are longer.
 */
#define COMM_MAX 128

struct search {
	const char *proc;
	struct opener *openers;
	size_t count;
	struct arena *arena;
	uint64_t deadline_ms;
	int unseen; /* why something was not seen: -errno, the first; 0: all was */
};

static void dir_cleanup(DIR **directory)
{
	if (*directory)
		(void)closedir(*directory);
}

static bool is_gone(int error)
{
	return error == ENOENT || error == ESRCH || error == ENOTDIR;
}

static void note_unseen(struct search *search, int error)
{
	if (!search->unseen && !is_gone(error))
		search->unseen = -error;
}

/* NULL where there is none, or it must not be read. */
static DIR *open_directory(struct search *search, int parent, const char *path)
{
	int fd = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (!directory)
		note_unseen(search, errno);
	if (fd >= 0 && !directory)
		(void)close(fd);
	return directory;
}

const char *process_describe(const char *proc, const char *pid, struct arena *arena)
{
	const char *path = arena_printf(arena, "%s/%s/comm", proc, pid), *comm = NULL;
	size_t length;

	if (!path || file_read(AT_FDCWD, path, COMM_MAX, arena, &comm) == -ENOMEM)
		return NULL;
	/* Without the newline at its end; there may be others in it. */
	length = comm ? strlen(comm) : 0;
	comm = length ? arena_strndup(arena, comm, length - 1) : "a process";
	comm = comm ? text_quote(comm, arena) : NULL;
	return comm ? arena_printf(arena, "%s (pid %s)", comm, pid) : NULL;
}

static int note_opener(struct search *search, dev_t node, const char *pid)
{
	for (size_t i = 0; i < search->count; i++) {
		struct opener *opener = &search->openers[i];

		if (opener->node != node || opener->name)
			continue;
		opener->name = process_describe(search->proc, pid, search->arena);
		if (!opener->name)
			return -ENOMEM;
	}
	return 0;
}

/* What a descriptor is of. Nothing is asked of a file system that a process outside the kernel
 * serves (FUSE), or another host: either could keep us waiting, or refuse, as its owner likes. With
 * an empty mask and AT_STATX_DONT_SYNC it says what it has in memory; fuse_getattr() in
 * fs/fuse/dir.c then says at least that it is there, and who mounts one without being root gets no
 * device nodes by it. An error that is not about our rights or means is such a file system's. */
static int read_node(int files, const char *name, struct statx *ret)
{
	if (statx(files, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, ret) == 0)
		return 0;
	switch (errno) {
	case EACCES:
	case EPERM:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOSYS:
		return -errno;
	default:
		return -ENOENT;
	}
}

/* NULL at the end: errno is 0 then, or says why there is no more. */
static struct dirent *next_entry(DIR *directory)
{
	errno = 0;
	return readdir(directory);
}

/* Searches what a process or a thread has open. *ret_any: whether that is anything. */
static int search_files(struct search *search, int task, const char *pid, bool *ret_any)
{
	CLEANUP(dir_cleanup) DIR *files = open_directory(search, task, "fd");
	struct dirent *entry;
	int r = 0;

	while (r >= 0 && files && (entry = next_entry(files))) {
		struct statx status;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (clock_ms() >= search->deadline_ms)
			return -ETIMEDOUT;
		*ret_any = true;
		r = read_node(dirfd(files), entry->d_name, &status);
		if (r < 0)
			note_unseen(search, -r);
		else if (S_ISCHR(status.stx_mode))
			r = note_opener(search,
					makedev(status.stx_rdev_major, status.stx_rdev_minor), pid);
		r = r == -ENOMEM ? r : 0;
	}
	if (r >= 0 && files && errno)
		note_unseen(search, errno);
	return r;
}

/* Searches each directory in a directory whose name is a number. */
static int search_numbers(struct search *search, DIR *directory,
			  int (*search_one)(struct search *search, int task, const char *pid),
			  const char *pid)
{
	struct dirent *entry;
	int r = 0;

	while (r >= 0 && directory && (entry = next_entry(directory))) {
		CLEANUP_FD int task = -1;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		task = openat(dirfd(directory), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (task < 0)
			note_unseen(search, errno);
		else
			r = search_one(search, task, pid ? pid : entry->d_name);
	}
	if (r >= 0 && directory && errno)
		note_unseen(search, errno);
	return r;
}

static int search_thread(struct search *search, int thread, const char *pid)
{
	bool any;

	return search_files(search, thread, pid, &any);
}

/* Where the first thread has ended, as main() can before others do, nothing is seen of what the
 * others have open but by them. */
static int search_process(struct search *search, int process, const char *pid)
{
	CLEANUP(dir_cleanup) DIR *threads = NULL;
	bool any = false;
	int r = search_files(search, process, pid, &any);

	if (r < 0 || any)
		return r;
	threads = open_directory(search, process, "task");
	return search_numbers(search, threads, search_thread, pid);
}

/* Whether all processes can be looked into, by that of number 1, which has at least as many rights
 * as any other. Where /proc hides processes (hidepid= in proc(5)) it is not there. */
static int check_sight(const char *proc, struct arena *arena)
{
	const char *path = arena_printf(arena, "%s/1/fd", proc);
	CLEANUP_FD int files = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (!path)
		return -ENOMEM;
	if (files < 0)
		return is_gone(errno) ? -EACCES : -errno;
	return 0;
}

int process_find_openers(const char *proc, struct opener *openers, size_t count, uint64_t budget_ms,
			 struct arena *arena)
{
	struct search search = { .proc = proc,
				 .openers = openers,
				 .count = count,
				 .arena = arena,
				 .deadline_ms = clock_ms() + budget_ms };
	CLEANUP(dir_cleanup) DIR *processes = NULL;
	int r = check_sight(proc, arena);

	if (r < 0)
		return r;
	processes = open_directory(&search, AT_FDCWD, proc);
	r = search_numbers(&search, processes, search_process, NULL);
	return r < 0 ? r : search.unseen;
}
