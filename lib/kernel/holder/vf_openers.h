/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which processes have VFs open, by the device nodes of these. Nodes are told by their numbers:
 * what a node is called, and where, is up to who made it. */

#include "kernel/device/device.h"
#include "kernel/privileged/query.h"
#include "model/pf.h"

/* What a node is of. */
enum vf_node_kind {
	VF_NODE_VFIO, /* vfio: the VF's group, with or without an IOMMU, or the VF itself */
	VF_NODE_UIO,  /* uio_pci_generic and igb_uio */
	VF_NODE_KIND_COUNT,
};

struct vf_node {
	uint32_t vf;
	enum vf_node_kind kind;
};

struct vf_openers {
	struct query *queries;
	struct vf_node *nodes; /* that they are about, in the same order */
	size_t count;
	size_t capacity, nodes_capacity;
};

/* Looks for those of n VFs, from first on, at once. Strings live in arena. 0 or -errno. */
int vf_openers_find(const struct device *device, const struct vf *first, uint32_t n,
		    struct arena *arena, struct vf_openers *ret);

/* A process that has a node of that kind open: "qemu-system-x86 (pid 4711)", or why it cannot be
 * told whether there is one; NULL in *ret where nobody has. 0 or -ENOMEM. */
int vf_openers_get(const struct vf_openers *openers, uint32_t vf, enum vf_node_kind kind,
		   struct arena *arena, const char **ret);
