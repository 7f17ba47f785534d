/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/holder.h"

#include <errno.h>

#include "kernel/holder/traces.h"
#include "kernel/privileged/query.h"
#include "model/driver.h"
#include "util/text.h"

static bool any(const struct candidate *candidate)
{
	(void)candidate;
	return true;
}

/* Others are none that CNI plugins give away. */
static bool is_pci(const struct candidate *candidate)
{
	uint64_t of;

	return query_of_address(candidate->address, &of) >= 0;
}

static bool is_vfio(const struct candidate *candidate)
{
	return candidate->driver && driver_is_vfio(candidate->driver);
}

/* A driver has it that may have made a network device of it. */
static bool is_driven(const struct candidate *candidate)
{
	return candidate->driver && !is_vfio(candidate);
}

static bool has_link(const struct candidate *candidate)
{
	return candidate->n_links;
}

/* In the order in which they are looked for. Records first: they name the workload. Then what takes
 * long to look for, and last what may change at any time. */
static const struct trace traces[] = {
	{ "whether libvirt has it", any, libvirt_find },
	{ "whether a container has it", is_pci, cni_find },
	{ "whether another network namespace has it", is_driven, elsewhere_find },
	{ "whether it is in use by RDMA", is_driven, rdma_find },
	{ "whether it is in use by vdpa", is_driven, vdpa_find },
	{ "whether a packet socket is bound to it", has_link, packet_socket_find },
	{ "whether an XDP socket is bound to it", has_link, xdp_socket_find },
	{ "whether its network device is in use", has_link, netdev_find },
	{ "whether a program drives it", is_driven, driven_find },
	{ "whether a process has it open", any, nodes_find },
};

/* What the network device of a PF has of these, in the same order: what is elsewhere of it, then
 * what may change at any time; and who would be cut off from this host. */
static const struct trace pf_traces[] = {
	{ "whether another network namespace has it", any, elsewhere_find },
	{ "whether it is in use by RDMA", any, rdma_find },
	{ "whether a packet socket is bound to it", has_link, packet_socket_find },
	{ "whether an XDP socket is bound to it", has_link, xdp_socket_find },
	{ "whether its network device is in use", has_link, netdev_find },
	{ "whether an ssh session is on it", has_link, ssh_find },
	{ "whether a file system is had by way of it", has_link, mounts_find },
};

/* Interfaces and processes are named by whoever has them, and with any bytes. */
static int make_printable(struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->count; i++) {
		struct holder *holder = inquiry->candidates[i].holder;

		if (!holder->details)
			continue;
		holder->details = text_make_printable(holder->details, inquiry->arena);
		if (!holder->details)
			return -ENOMEM;
	}
	return 0;
}

static int run(struct inquiry *inquiry, const struct trace *rows, size_t n_rows)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n_rows; i++)
		r = inquiry_run(inquiry, &rows[i]);
	return r < 0 ? r : make_printable(inquiry);
}

/* Puts what was found before in front of what was found now, of which either may be nothing. Of
 * what cannot be told one is enough, and nothing beside what is known. */
static int join(struct arena *arena, const struct holder *before, bool was_unknown,
		struct candidate *candidate)
{
	struct holder *now = candidate->holder;

	if (!before->details || (was_unknown && candidate_is_held(candidate)))
		return 0;
	if (was_unknown || !candidate_is_held(candidate)) {
		*now = *before;
		candidate->unknown = was_unknown;
		return 0;
	}
	now->use = before->use;
	now->details = arena_printf(arena, "%s; %s", before->details, now->details);
	return now->details ? 0 : -ENOMEM;
}

/* As run(); but all that is found is told, and not only what is found first: whoever is to make way
 * for a step on the PF is to know of the others. */
static int run_all(struct inquiry *inquiry, const struct trace *rows, size_t n_rows)
{
	struct candidate *candidate = inquiry->candidates;
	int r = 0;

	for (size_t i = 0; r >= 0 && inquiry->count && i < n_rows; i++) {
		const struct holder before = *candidate->holder;
		const bool was_unknown = candidate->unknown;

		*candidate->holder = (struct holder){ 0 };
		candidate->unknown = false;
		r = inquiry_run(inquiry, &rows[i]);
		if (r >= 0)
			r = join(inquiry->arena, &before, was_unknown, candidate);
	}
	return r < 0 ? r : make_printable(inquiry);
}

int holder_find(const struct device *device, struct rtnl *rtnl, struct pf *pf, struct vf *first,
		uint32_t n)
{
	struct inquiry inquiry = { .device = device, .pf = pf, .rtnl = rtnl, .arena = pf->arena };
	int r = inquiry_begin(&inquiry, first, n);

	return r < 0 ? r : run(&inquiry, traces, ARRAY_SIZE(traces));
}

int holder_find_pf(const struct device *device, struct rtnl *rtnl, struct pf *pf)
{
	struct inquiry inquiry = { .device = device, .pf = pf, .rtnl = rtnl, .arena = pf->arena };
	int r = inquiry_begin_pf(&inquiry, pf);

	return r < 0 ? r : run_all(&inquiry, pf_traces, ARRAY_SIZE(pf_traces));
}
