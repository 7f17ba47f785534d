/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "util/fd.h"

/* As many as the kernel follows. */
#define LINKS_MAX  40

#define LOOK_FLAGS (O_PATH | O_NOFOLLOW | O_CLOEXEC)

struct walk {
	struct arena *arena;
	struct trust_fault *fault;
	int fd;		  /* the directory that was reached */
	const char *path; /* how it is called; "" for the root directory */
	const char *rest; /* what is left of the way */
	unsigned links;
};

static void walk_clear(struct walk *walk)
{
	fd_cleanup(&walk->fd);
}

static bool is_writable_by_others(const struct stat *status)
{
	bool counts = S_ISREG(status->st_mode) || S_ISDIR(status->st_mode);

	return counts && status->st_mode & (S_IWGRP | S_IWOTH);
}

/* Whose a device is does not matter: what it says is the kernel's (/dev/null in a container). */
static bool is_trusted_owner(const struct stat *status)
{
	return status->st_uid == 0 || S_ISCHR(status->st_mode);
}

/* Where the sticky bit is set only the owner can take away or exchange what is in a directory. */
static int check(struct walk *walk, const char *path, const struct stat *status, bool is_last)
{
	const char *command = "chmod go-w";

	if (!is_trusted_owner(status))
		command = S_ISLNK(status->st_mode) ? "chown -h root" : "chown root";
	else if (!is_writable_by_others(status) || (!is_last && (status->st_mode & S_ISVTX)))
		return 0;
	walk->fault->path = path;
	walk->fault->owner = !is_trusted_owner(status);
	/* Everywhere else the root directory is root's. */
	if (walk->fault->owner && strcmp(path, "/") == 0)
		walk->fault->hint =
			"in a user namespace without root nothing of root's can be trusted; "
			"name files of your own";
	else
		walk->fault->hint = arena_printf(walk->arena, "%s %s", command, path);
	return walk->fault->hint ? -EPERM : -ENOMEM;
}

static void enter(struct walk *walk, int fd, const char *path)
{
	fd_cleanup(&walk->fd);
	walk->fd = fd;
	walk->path = path;
}

static int enter_root(struct walk *walk)
{
	struct stat status;
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	enter(walk, fd, "");
	if (fstat(fd, &status) < 0)
		return -errno;
	return check(walk, "/", &status, false);
}

/* Goes on at where a link leads to. */
static int follow(struct walk *walk, int link)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	target[length] = '\0';
	walk->rest = arena_printf(walk->arena, "%s/%s", target, walk->rest);
	if (!walk->rest)
		return -ENOMEM;
	return target[0] == '/' ? enter_root(walk) : 0;
}

/* Takes the next component off the way; NULL in *ret at its end. */
static int next_component(struct walk *walk, const char **ret)
{
	const char *begin = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(begin, "/");

	*ret = NULL;
	walk->rest = begin + length + strspn(begin + length, "/");
	if (!length)
		return 0;
	*ret = arena_strndup(walk->arena, begin, length);
	return *ret ? 0 : -ENOMEM;
}

/* Takes one step. Returns 1 at the end of the way, with *ret, else 0. */
static int step(struct walk *walk, struct trust_place *ret)
{
	CLEANUP_FD int fd = -1;
	struct trust_place place = { .parent = -1, .checked = true };
	int r = next_component(walk, &place.name);

	if (r < 0)
		return r;
	if (!place.name) { /* it ends in a directory that was entered */
		place.name = ".";
		place.path = walk->path;
	} else {
		place.path = arena_printf(walk->arena, "%s/%s", walk->path, place.name);
	}
	if (!place.path)
		return -ENOMEM;
	fd = openat(walk->fd, place.name, LOOK_FLAGS);
	if (fd < 0 || fstat(fd, &place.status) < 0)
		return -errno;
	r = check(walk, place.path, &place.status, !*walk->rest);
	if (r < 0)
		return r;
	if (S_ISLNK(place.status.st_mode))
		return follow(walk, fd);
	if (*walk->rest) {
		enter(walk, fd, place.path);
		fd = -1;
		return 0;
	}
	place.parent = walk->fd;
	walk->fd = -1;
	*ret = place;
	return 1;
}

static int walk_to(int directory, const char *base, const char *path, struct arena *arena,
		   struct trust_place *ret, struct trust_fault *ret_fault)
{
	CLEANUP(walk_clear)
	struct walk walk = {
		.arena = arena, .fault = ret_fault, .fd = -1, .path = base, .rest = path
	};
	int r;

	if (path[0] == '/' && directory == AT_FDCWD) {
		r = enter_root(&walk);
	} else {
		walk.fd = directory == AT_FDCWD ? open(".", O_PATH | O_CLOEXEC)
						: fcntl(directory, F_DUPFD_CLOEXEC, 0);
		r = walk.fd < 0 ? -errno : 0;
	}
	while (r == 0)
		r = step(&walk, ret);
	return r < 0 ? r : 0;
}

int trust_find(int directory, const char *base, const char *path, bool check, struct arena *arena,
	       struct trust_place *ret, struct trust_fault *ret_fault)
{
	struct trust_place place = { .name = path };

	if (check)
		return walk_to(directory, base, path, arena, ret, ret_fault);
	if (path[0] == '/' && directory != AT_FDCWD)
		place.name = path + strspn(path, "/");
	place.path =
		*base || path[0] != '/' ? arena_printf(arena, "%s/%s", base, place.name) : path;
	if (!place.path)
		return -ENOMEM;
	if (fstatat(directory, place.name, &place.status, 0) < 0)
		return -errno;
	place.parent = directory == AT_FDCWD ? open(".", O_PATH | O_CLOEXEC)
					     : fcntl(directory, F_DUPFD_CLOEXEC, 0);
	if (place.parent < 0)
		return -errno;
	*ret = place;
	return 0;
}

/* Whether what was opened is no more than who made the link to it, if it is one, could show by
 * himself. By the time of this look the link may be another, but none of somebody who is more than
 * he. 0; or -errno. */
static int check_link(const struct trust_place *place, const struct stat *opened)
{
	struct stat link;

	if (fstatat(place->parent, place->name, &link, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return link.st_uid == 0 || link.st_uid == geteuid() || link.st_uid == opened->st_uid
		       ? 0
		       : -EXDEV;
}

int trust_open(const struct trust_place *place, int flags)
{
	int nofollow = place->checked ? O_NOFOLLOW : 0;
	CLEANUP_FD int fd = openat(place->parent, place->name, flags | nofollow | O_CLOEXEC);
	struct stat status;
	int opened, r;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	r = place->checked ? 0 : check_link(place, &status);
	if (r < 0)
		return r;
	if ((status.st_mode & S_IFMT) != (place->status.st_mode & S_IFMT))
		return -ESTALE;
	if (place->checked && (!is_trusted_owner(&status) || is_writable_by_others(&status)))
		return -ESTALE;
	opened = fd;
	fd = -1;
	return opened;
}

void trust_place_clear(struct trust_place *place)
{
	fd_cleanup(&place->parent);
	place->parent = -1;
}
