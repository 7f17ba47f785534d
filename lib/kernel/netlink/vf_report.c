/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/vf_report.h"

#include <errno.h>

/* The most VFs of a list that ends before its last one (rtnl_vfinfo_cap()). */
#define LISTED_MAX 256u

/* Whether exactly n VFs were reported. */
static bool has_all(const struct link *link, uint32_t n)
{
	for (uint32_t i = 0; i < link->n_vfs; i++)
		if (link->vfs[i].index != i)
			return false;
	return n && link->n_vfs == n;
}

static void place(struct pf *pf, const struct link *link)
{
	for (uint32_t i = 0; i < link->n_vfs; i++) {
		const struct vf *from = &link->vfs[i];

		/* More than sriov_numvfs says: they went away between the two answers. */
		if (from->index >= pf->n_vfs)
			continue;
		pf->vfs[from->index].reported = true;
		pf->vfs[from->index].settings = from->settings;
	}
}

static bool has_any_from(const struct link *link, uint32_t index)
{
	for (uint32_t i = 0; i < link->n_vfs; i++)
		if (link->vfs[i].index >= index)
			return true;
	return false;
}

/* The first of the VFs, to the last one, that nobody can tell of. */
static uint32_t first_untold(const struct link *link, uint32_t n)
{
	if (!link || (link->num_vf && !link->has_vf_list))
		return 0;
	return link->num_vf > LISTED_MAX && !has_any_from(link, LISTED_MAX) ? LISTED_MAX : n;
}

int vf_report_read(struct pf *pf, uint32_t n, const struct link *link)
{
	int r;

	if (link && has_all(link, n)) {
		pf->vfs = link->vfs;
		pf->n_vfs = n;
		return 0;
	}
	r = pf_alloc_vfs(pf, n);
	if (r < 0)
		return r;
	if (link)
		place(pf, link);
	for (uint32_t i = first_untold(link, n); i < n; i++)
		pf->vfs[i].reported = true;
	return 0;
}
