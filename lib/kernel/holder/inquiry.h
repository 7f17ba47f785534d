/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An inquiry into who uses VFs of one PF, or the PF's own network device: these, what is known of
 * each, and what those who look for one kind of trace each share. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "kernel/device/device.h"
#include "kernel/netlink/rtnl.h"
#include "model/pf.h"

/* A VF that somebody may use, or the PF, as it was when the inquiry began. */
struct candidate {
	struct holder *holder;
	const struct vf *vf; /* NULL: it is the PF itself */
	const char *address;
	const char *path; /* of its directory, below the PF's */
	/* Its directory in sysfs, by number. */
	dev_t dev;
	ino_t ino;
	bool unknown; /* counts as held for what cannot be told of it: users are looked for all
		       * the same */
	const char *driver; /* NULL: none */
	struct link *links; /* its network devices here */
	size_t n_links;
};

struct inquiry {
	const struct device *device; /* the PF's */
	const struct pf *pf;
	struct rtnl *rtnl;
	struct arena *arena;
	const struct vf *first; /* of n that it is about; of the PF: none */
	uint32_t n;
	struct candidate *candidates; /* those of them that there are, or the PF */
	size_t count;
};

/* A trace that users of VFs leave: a row of the table in holder.c. */
struct trace {
	const char *what; /* is asked: "whether libvirt has it" */
	/* Whether a user of it could have left it. */
	bool (*concerns)(const struct candidate *candidate);
	/* Notes who holds candidates. 0, or why the others cannot be told: -errno. */
	int (*find)(struct inquiry *inquiry, const struct trace *trace);
};

/* Begins it with n VFs, from first on; or with pf, and its own network device. 0 or -errno. */
int inquiry_begin(struct inquiry *inquiry, struct vf *first, uint32_t n);
int inquiry_begin_pf(struct inquiry *inquiry, struct pf *pf);
/* Looks for one trace: who cannot be told to be without it counts as its holder. 0 or -ENOMEM. */
int inquiry_run(struct inquiry *inquiry, const struct trace *trace);

/* The first candidate behind previous, or of all with NULL, whom the trace concerns and nobody is
 * known to hold yet; NULL: there are no more. */
struct candidate *inquiry_next(struct inquiry *inquiry, const struct trace *trace,
			       const struct candidate *previous);
/* Notes who holds it: use as in struct holder, and details, NULL being out of memory. 0 or -ENOMEM.
 */
int inquiry_hold(struct candidate *candidate, const char *use, const char *details);
/* Notes that what the trace asks cannot be told of it; who was or will be found holds it all the
 * same. 0 or -ENOMEM. */
int inquiry_hold_unknown(struct inquiry *inquiry, struct candidate *candidate,
			 const struct trace *trace, int error);
/* Its directory in sysfs: a descriptor; -ENOENT: it is gone; or -errno. */
int inquiry_open(const struct inquiry *inquiry, const struct candidate *candidate);

/* Whether somebody is known to hold it. */
bool candidate_is_held(const struct candidate *candidate);
/* Whether error means that there is no such thing. All others mean that it cannot be told. */
bool inquiry_is_absent(int error);
/* The link of that number that it has here, or NULL. */
const struct link *candidate_find_link(const struct candidate *candidate, unsigned ifindex);
/* Whether that path, such as "/sys/class/x/y/device", leads to its directory. 1; 0; or -errno. */
int candidate_is_at(const struct candidate *candidate, int directory, const char *path);
