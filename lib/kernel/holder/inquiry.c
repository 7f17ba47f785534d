/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/inquiry.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/error_name.h"
#include "util/fd.h"

bool inquiry_is_absent(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ESRCH || error == -ENODEV;
}

int inquiry_hold(struct candidate *candidate, const char *use, const char *details)
{
	candidate->unknown = false;
	candidate->holder->use = use;
	candidate->holder->details = details;
	return details ? 0 : -ENOMEM;
}

static int hold_unknown(struct inquiry *inquiry, struct candidate *candidate, const char *what,
			int error)
{
	int r;

	/* What could not be told first is said. */
	if (candidate->holder->details)
		return 0;
	r = inquiry_hold(candidate, "unknown", error_name_untold(what, error, inquiry->arena));
	candidate->unknown = true;
	return r;
}

int inquiry_hold_unknown(struct inquiry *inquiry, struct candidate *candidate,
			 const struct trace *trace, int error)
{
	return hold_unknown(inquiry, candidate, trace->what, error);
}

int inquiry_open(const struct inquiry *inquiry, const struct candidate *candidate)
{
	int fd = openat(inquiry->device->fd, candidate->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

bool candidate_is_held(const struct candidate *candidate)
{
	return candidate->holder->details && !candidate->unknown;
}

const struct link *candidate_find_link(const struct candidate *candidate, unsigned ifindex)
{
	for (size_t i = 0; i < candidate->n_links; i++)
		if (candidate->links[i].ifindex == ifindex)
			return &candidate->links[i];
	return NULL;
}

int candidate_is_at(const struct candidate *candidate, int directory, const char *path)
{
	struct stat status;

	if (fstatat(directory, path, &status, 0) < 0)
		return inquiry_is_absent(-errno) ? 0 : -errno;
	return status.st_dev == candidate->dev && status.st_ino == candidate->ino;
}

/* A network device of a candidate, whose link is to be read. */
struct netdev {
	struct candidate *candidate;
	unsigned ifindex;
};

struct beginning {
	struct inquiry *inquiry;
	struct netdev *netdevs;
	size_t count, capacity;
	size_t next; /* the first whose link was not read yet */
};

static int note_netdev(struct beginning *beginning, struct candidate *candidate, int64_t ifindex)
{
	if (arena_grow(beginning->inquiry->arena, &beginning->netdevs, beginning->count,
		       &beginning->capacity, sizeof(*beginning->netdevs)) < 0)
		return -ENOMEM;
	beginning->netdevs[beginning->count++] = (struct netdev){ candidate, (unsigned)ifindex };
	return 0;
}

/* One that is renamed or goes meanwhile has no number. */
static int note_netdevs(struct beginning *beginning, struct candidate *candidate, int fd)
{
	struct arena *arena = beginning->inquiry->arena;
	const char **names, *path;
	int64_t ifindex;
	size_t count = 0;
	int r = directory_list(fd, "net", arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		path = arena_printf(arena, "net/%s/ifindex", names[i]);
		r = path ? sysfs_read_number(fd, path, &ifindex) : -ENOMEM;
		if (r == -ENODATA) {
			r = 0;
			continue;
		}
		if (r >= 0)
			r = note_netdev(beginning, candidate, ifindex);
	}
	candidate->links = arena_array(arena, count + 1, sizeof(*candidate->links));
	return candidate->links ? r : -ENOMEM;
}

static int note_own_netdev(struct beginning *beginning, struct candidate *candidate)
{
	const struct inquiry *inquiry = beginning->inquiry;

	candidate->links = arena_array(inquiry->arena, 1, sizeof(*candidate->links));
	if (!candidate->links)
		return -ENOMEM;
	return inquiry->pf->ifindex ? note_netdev(beginning, candidate, inquiry->pf->ifindex) : 0;
}

static int read_candidate(struct beginning *beginning, struct candidate *candidate)
{
	struct inquiry *inquiry = beginning->inquiry;
	CLEANUP_FD int fd = inquiry_open(inquiry, candidate);
	struct stat status;
	int r;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	candidate->dev = status.st_dev;
	candidate->ino = status.st_ino;
	r = sysfs_read_link(fd, "driver", inquiry->arena, &candidate->driver);
	/* Below a PF there are ports of its VFs as well, which come back under their names. */
	if (r >= 0 && !candidate->vf)
		return note_own_netdev(beginning, candidate);
	return r < 0 ? r : note_netdevs(beginning, candidate, fd);
}

/* One that is not there has no user. */
static int add_candidate(struct beginning *beginning, const struct candidate *of)
{
	struct inquiry *inquiry = beginning->inquiry;
	struct candidate *candidate = &inquiry->candidates[inquiry->count];
	int r;

	*candidate = *of;
	r = candidate->path ? read_candidate(beginning, candidate) : -ENOMEM;
	if (r == -ENOMEM || inquiry_is_absent(r))
		return r == -ENOMEM ? r : 0;
	inquiry->count++;
	return r < 0 ? hold_unknown(inquiry, candidate, "what has it", r) : 0;
}

/* Links come in the order in which they were asked for, and are left out where they are gone. */
static int on_link(void *context, const struct link *link)
{
	struct beginning *beginning = context;
	struct candidate *candidate;

	while (beginning->next < beginning->count &&
	       beginning->netdevs[beginning->next].ifindex != link->ifindex)
		beginning->next++;
	if (beginning->next == beginning->count)
		return -EBADMSG;
	candidate = beginning->netdevs[beginning->next++].candidate;
	candidate->links[candidate->n_links++] = *link;
	return 0;
}

static int read_links(struct beginning *beginning)
{
	struct inquiry *inquiry = beginning->inquiry;
	unsigned *indices = arena_array(inquiry->arena, beginning->count + 1, sizeof(*indices));

	if (!indices)
		return -ENOMEM;
	for (size_t i = 0; i < beginning->count; i++)
		indices[i] = beginning->netdevs[i].ifindex;
	return rtnl_get_links(inquiry->rtnl, indices, beginning->count, inquiry->arena, on_link,
			      beginning);
}

static int make_room(struct inquiry *inquiry, size_t n)
{
	inquiry->candidates = arena_array(inquiry->arena, n, sizeof(*inquiry->candidates));
	return inquiry->candidates ? 0 : -ENOMEM;
}

int inquiry_begin(struct inquiry *inquiry, struct vf *first, uint32_t n)
{
	struct beginning beginning = { .inquiry = inquiry };
	int r = make_room(inquiry, (size_t)n + 1);

	inquiry->first = first;
	inquiry->n = n;
	for (struct vf *vf = first; r >= 0 && vf < first + n; vf++) {
		vf->holder = (struct holder){ 0 };
		if (vf->address)
			r = add_candidate(
				&beginning,
				&(struct candidate){ .holder = &vf->holder,
						     .vf = vf,
						     .address = vf->address,
						     .path = arena_printf(inquiry->arena,
									  "virtfn%u", vf->index) });
	}
	return r < 0 ? r : read_links(&beginning);
}

int inquiry_begin_pf(struct inquiry *inquiry, struct pf *pf)
{
	struct beginning beginning = { .inquiry = inquiry };
	int r = make_room(inquiry, 1);

	pf->holder = (struct holder){ 0 };
	if (r >= 0)
		r = add_candidate(&beginning, &(struct candidate){ .holder = &pf->holder,
								   .address = pf->address,
								   .path = "." });
	return r < 0 ? r : read_links(&beginning);
}

struct candidate *inquiry_next(struct inquiry *inquiry, const struct trace *trace,
			       const struct candidate *previous)
{
	size_t i = previous ? (size_t)(previous - inquiry->candidates) + 1 : 0;

	for (; i < inquiry->count; i++) {
		struct candidate *candidate = &inquiry->candidates[i];

		if (!candidate_is_held(candidate) && trace->concerns(candidate))
			return candidate;
	}
	return NULL;
}

int inquiry_run(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	int r = candidate ? trace->find(inquiry, trace) : 0;
	int failed = 0;

	if (r >= 0 || r == -ENOMEM || inquiry_is_absent(r))
		return r == -ENOMEM ? r : 0;
	for (; failed >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate))
		if (!candidate_is_held(candidate))
			failed = inquiry_hold_unknown(inquiry, candidate, trace, r);
	return failed;
}
