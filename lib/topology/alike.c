/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/alike.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_strings(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Where it is not known NULL, as no driver is called. */
static const char *driver_of(const struct vf *vf)
{
	const struct value *driver = VALUES_GET(&vf->settings, VF_DRIVER);

	if (!driver)
		return NULL;
	return driver->form == VALUE_PLAIN ? driver->name : "";
}

static int compare_users(const struct holder *a, const struct holder *b)
{
	int order = compare_strings(a->details, b->details);

	if (!order)
		order = compare_strings(a->use, b->use);
	return order ? order : compare_strings(a->remark, b->remark);
}

/* Of those that are alone in their groups these are not asked for. */
static int64_t group_of(const struct topology_function *function)
{
	return function->pci && function->shared != TOLD_NO ? function->pci->iommu_group : -1;
}

/* 0 where the same is to be said of both. */
static int compare(const struct topology_vf *a, const struct topology_vf *b)
{
	int order = compare_strings(driver_of(a->vf), driver_of(b->vf));

	if (!order)
		order = compare_users(&a->vf->holder, &b->vf->holder);
	if (!order)
		order = compare_numbers(a->function.shared, b->function.shared);
	if (!order)
		order = compare_numbers(group_of(&a->function), group_of(&b->function));
	if (!order)
		order = compare_numbers(a->function.pci ? a->function.pci->numa_node : -1,
					b->function.pci ? b->function.pci->numa_node : -1);
	return order;
}

static int compare_vfs(const void *a, const void *b)
{
	const struct topology_vf *const *left = a, *const *right = b;
	int order = compare(*left, *right);

	return order ? order : compare_numbers((*left)->vf->index, (*right)->vf->index);
}

static int compare_alikes(const void *a, const void *b)
{
	const struct alike *left = a, *right = b;

	return compare_numbers(left->vfs[0]->vf->index, right->vfs[0]->vf->index);
}

int alikes_find(const struct topology_node *pf, struct arena *arena, struct alikes *ret)
{
	const uint32_t n = pf->pf->n_vfs;
	const struct topology_vf **vfs = arena_array(arena, (size_t)n + 1, sizeof(*vfs));
	struct alike *items = arena_array(arena, (size_t)n + 1, sizeof(*items));
	size_t count = 0;

	if (!vfs || !items)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		vfs[i] = &pf->vfs[i];
	if (n)
		qsort(vfs, n, sizeof(*vfs), compare_vfs);
	for (uint32_t i = 0; i < n; i++) {
		if (!i || compare(vfs[i - 1], vfs[i]) != 0)
			items[count++].vfs = vfs + i;
		items[count - 1].count++;
	}
	if (count)
		qsort(items, count, sizeof(*items), compare_alikes);
	*ret = (struct alikes){ items, count };
	return 0;
}
