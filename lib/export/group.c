/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/group.h"

#include <errno.h>
#include <string.h>

static const char *pool_of(const struct exported_pf *pf, uint32_t vf)
{
	const struct vf *desired = pf_vf(pf->desired, vf);
	const struct value *pool = desired ? VALUES_GET(&desired->settings, VF_POOL) : NULL;

	return pool ? pool->name : NULL;
}

/* pool is NULL for the group of the PF. */
static bool is_of(const struct group *group, const struct pf *pf, const char *pool)
{
	return pool ? group->is_pool && strcmp(group->name, pool) == 0 : group->pf == pf;
}

static struct group *find(struct groups *groups, const struct pf *pf, const char *pool)
{
	for (size_t i = 0; i < groups->count; i++)
		if (is_of(&groups->items[i], pf, pool))
			return &groups->items[i];
	return NULL;
}

static int find_or_add(struct groups *groups, const struct pf *pf, const char *pool,
		       struct arena *arena, struct group **ret)
{
	struct group *group = find(groups, pf, pool);
	int r = 0;

	if (!group) {
		r = arena_grow(arena, &groups->items, groups->count, &groups->capacity,
			       sizeof(*groups->items));
		if (r < 0)
			return r;
		group = &groups->items[groups->count++];
		*group = (struct group){ .name = pool ? pool : pf_name(pf),
					 .is_pool = pool,
					 .pf = pool ? NULL : pf };
	}
	*ret = group;
	return 0;
}

static int add_pf(struct groups *groups, const struct exported_pf *source, struct arena *arena)
{
	const struct pf *pf = source->pf;
	struct group *group;
	int r = 0;

	if (!pf->n_vfs)
		return find_or_add(groups, pf, NULL, arena, &group);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++) {
		r = find_or_add(groups, pf, pool_of(source, i), arena, &group);
		if (r >= 0)
			r = arena_grow(arena, &group->members, group->count, &group->capacity,
				       sizeof(*group->members));
		if (r >= 0)
			group->members[group->count++] = (struct member){ pf, &pf->vfs[i] };
	}
	return r;
}

int groups_make(const struct exported_pf *pfs, size_t count, struct arena *arena,
		struct groups *ret)
{
	struct groups groups = { 0 };

	for (size_t i = 0; i < count; i++) {
		int r = add_pf(&groups, &pfs[i], arena);

		if (r < 0)
			return r;
	}
	*ret = groups;
	return 0;
}

bool group_is_whole(const struct group *group)
{
	return group->pf && group->count == group->pf->n_vfs;
}

size_t group_next_pf(const struct group *group, size_t first)
{
	size_t i = first;

	while (i < group->count && group->members[i].pf == group->members[first].pf)
		i++;
	return i;
}
