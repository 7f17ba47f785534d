/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/counters.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/netlink/rtnl.h"
#include "model/driver.h"
#include "model/driver_reading.h"

struct counters_reader {
	struct rtnl *rtnl;
};

int counters_reader_new(struct counters_reader **ret)
{
	CLEANUP(counters_reader_free_cleanup)
	struct counters_reader *self = calloc(1, sizeof(*self));
	int r = self ? rtnl_new(&self->rtnl) : -ENOMEM;

	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

void counters_reader_free(struct counters_reader *self)
{
	if (!self)
		return;
	rtnl_free(self->rtnl);
	free(self);
}

static const struct vf *find_vf(const struct link *link, uint32_t index)
{
	for (uint32_t i = 0; i < link->n_vfs; i++)
		if (link->vfs[i].index == index)
			return &link->vfs[i];
	return NULL;
}

/* What cannot be asked for is not known. *ret_too_many: nor will it ever be of these VFs. 0 or
 * -ENOMEM. */
static int read_of_pf(struct counters_reader *self, struct pf *pf, bool *ret_too_many)
{
	struct link link;
	int r = pf->ifindex ? rtnl_get_link(self->rtnl, pf->ifindex, RTNL_VFS_WITH_COUNTERS,
					    pf->arena, &link)
			    : -ENODEV;

	*ret_too_many = r == -EMSGSIZE;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		/* They come in order, and all of them but for those that reset. */
		const struct vf *vf =
			i < link.n_vfs && link.vfs[i].index == i ? &link.vfs[i] : find_vf(&link, i);

		pf->vfs[i].counters = vf ? vf->counters : NULL;
	}
	return 0;
}

static bool has_counters(const struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].counters)
			return true;
	return false;
}

static int on_own_netdev(void *context, const struct link *link)
{
	struct pf *pf = context;

	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		struct vf *vf = &pf->vfs[i];

		if (vf->ifindex != link->ifindex)
			continue;
		vf->counters = arena_array(pf->arena, 1, sizeof(*vf->counters));
		if (!vf->counters)
			return -ENOMEM;
		link_get_counters(link, vf->counters);
	}
	return 0;
}

static int read_own_netdevs(struct counters_reader *self, struct pf *pf)
{
	unsigned *ifindices = arena_array(pf->arena, pf->n_vfs, sizeof(*ifindices));
	size_t count = 0;
	int r;

	if (!ifindices)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].ifindex)
			ifindices[count++] = pf->vfs[i].ifindex;
	r = rtnl_get_links(self->rtnl, ifindices, count, pf->arena, on_own_netdev, pf);
	return r == -ENOMEM ? r : 0;
}

/* Also while it tells nothing, as of VFs that reset: what these count themselves meanwhile would
 * look as if it had been sent all at once when it tells again. */
static bool is_counted_by_pf(const struct pf *pf)
{
	const struct driver *driver = driver_of(pf->driver);

	return driver->name ? driver->counts : has_counters(pf);
}

int counters_read(struct counters_reader *self, struct pf *pf)
{
	bool too_many;
	int r = read_of_pf(self, pf, &too_many);

	if (r < 0)
		return r;
	driver_reading_counters(pf);
	return is_counted_by_pf(pf) && !too_many ? 0 : read_own_netdevs(self, pf);
}
