/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/vf_openers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sysmacros.h>

#include "kernel/device/sysfs.h"
#include "kernel/privileged/lookup.h"
#include "util/directory.h"
#include "util/error_name.h"
#include "util/fd.h"

static int add(struct vf_openers *openers, struct arena *arena, struct vf_node node, uint64_t of)
{
	if (arena_grow(arena, &openers->queries, openers->count, &openers->capacity,
		       sizeof(*openers->queries)) < 0 ||
	    arena_grow(arena, &openers->nodes, openers->count, &openers->nodes_capacity,
		       sizeof(*openers->nodes)) < 0)
		return -ENOMEM;
	openers->queries[openers->count] = (struct query){ .kind = QUERY_OPENER, .of = of };
	openers->nodes[openers->count++] = node;
	return 0;
}

/* Adds the node whose number an attribute is; there is none where that is absent. */
static int add_node(struct vf_openers *openers, struct arena *arena, struct vf_node node,
		    int directory, const char *attribute)
{
	const char *text = NULL;
	unsigned major, minor;
	int r = attribute ? sysfs_read(directory, attribute, arena, &text) : -ENOMEM;

	if (r < 0)
		return r == -ENODEV ? 0 : r;
	if (!text)
		return 0;
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -EBADMSG;
	return add(openers, arena, node, query_of_node(makedev(major, minor)));
}

/* Of the VF's group: devices of the class vfio, by the group's number (vfio_create_group() in
 * drivers/vfio/group.c; before 6.2 in vfio_main.c). */
static int add_group(struct vf_openers *openers, struct arena *arena, struct vf_node node, int vf)
{
	static const char *const prefixes[] = { "", "noiommu-" };
	const char *group;
	int r = sysfs_read_link(vf, "iommu_group", arena, &group);

	for (size_t i = 0; r >= 0 && group && i < ARRAY_SIZE(prefixes); i++)
		r = add_node(openers, arena, node, AT_FDCWD,
			     arena_printf(arena, "/sys/class/vfio/%s%s/dev", prefixes[i], group));
	return r;
}

/* Of the devices of a class that the VF is the parent of. */
static int add_children(struct vf_openers *openers, struct arena *arena, struct vf_node node,
			int vf, const char *class)
{
	const char **names;
	size_t count = 0;
	int r = directory_list(vf, class, arena, &names, &count);

	for (size_t i = 0; r >= 0 && i < count; i++)
		r = add_node(openers, arena, node, vf,
			     arena_printf(arena, "%s/%s/dev", class, names[i]));
	return r == -ENOTDIR || r == -ENODEV ? 0 : r;
}

static int add_vf(struct vf_openers *openers, struct arena *arena, int device, uint32_t index)
{
	const char *path = arena_printf(arena, "virtfn%u", index);
	CLEANUP_FD int vf = path ? openat(device, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int r;

	if (!path)
		return -ENOMEM;
	if (vf < 0)
		return errno == ENOENT ? 0 : -errno;
	r = add_group(openers, arena, (struct vf_node){ index, VF_NODE_VFIO }, vf);
	if (r >= 0)
		/* Its own node, of kernels from 6.6 on. */
		r = add_children(openers, arena, (struct vf_node){ index, VF_NODE_VFIO }, vf,
				 "vfio-dev");
	if (r >= 0)
		r = add_children(openers, arena, (struct vf_node){ index, VF_NODE_UIO }, vf, "uio");
	return r;
}

int vf_openers_find(const struct device *device, const struct vf *first, uint32_t n,
		    struct arena *arena, struct vf_openers *ret)
{
	struct vf_openers openers = { 0 };
	int r = 0;

	for (uint32_t i = 0; r >= 0 && i < n; i++)
		r = add_vf(&openers, arena, device->fd, first[i].index);
	if (r >= 0)
		r = lookup(openers.queries, openers.count, arena);
	if (r >= 0)
		*ret = openers;
	return r;
}

int vf_openers_get(const struct vf_openers *openers, uint32_t vf, enum vf_node_kind kind,
		   struct arena *arena, const char **ret)
{
	const char *found = NULL;

	for (size_t i = 0; i < openers->count && !found; i++) {
		const struct query *query = &openers->queries[i];

		if (openers->nodes[i].vf != vf || openers->nodes[i].kind != kind)
			continue;
		if (query->error)
			found = error_name_untold("a process that", query->error, arena);
		else if (query->there)
			found = query->text ? query->text : "a process";
		else
			continue;
		if (!found)
			return -ENOMEM;
	}
	*ret = found;
	return 0;
}
