/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The way from the processor to each VF: PCI ports, the PFs behind them and their VFs, as a tree.
 * All that is shown of it, as text or as a picture, is made of this. */

#include "model/facts/facts.h"
#include "model/host.h"
#include "model/pf.h"
#include "util/arena.h"

/* A function of the tree, by the facts. */
struct topology_function {
	const struct pci_function *pci; /* NULL: nothing is known of it */
	/* Whether a function that is no bridge is in its IOMMU group too. */
	enum told shared;
};

struct topology_vf {
	const struct vf *vf;
	struct topology_function function;
};

/* A port, or a PF. */
struct topology_node {
	struct topology_function function;
	const char *address; /* NULL: a PF that is not on PCI, and has none */
	const struct pf *pf; /* NULL: a port */
	int numa_node;	     /* -1: none, or it is not known */
	struct topology_vf *vfs;
	struct topology_node *parent; /* NULL: nothing is above it, or that is not known */
	struct topology_node *first;  /* of those below it; VFs are none of them */
	struct topology_node *next;   /* beside it */
};

struct topology {
	const char *hostname; /* or NULL */
	enum told iommu;
	struct topology_node **tops; /* by NUMA node, then in the order of the PFs */
	size_t n_tops;
	struct names notes; /* sentences: what is not in the tree, and why */
};

/* All that it has in it is of the arguments, or in arena. facts may be NULL: nobody has looked. 0
 * or -ENOMEM. */
int topology_build(const struct host *host, const struct pf *const *pfs, size_t count,
		   const struct facts *facts, struct arena *arena, struct topology *ret);

/* The NUMA node that a top is in: a root port may not tell its own where what is behind it does.
 * -1: none, or it is not known. */
int topology_numa_node(const struct topology_node *top);
/* Whether nothing is above the port. */
bool topology_is_root_port(const struct topology_node *port);
/* The names of a port: "root port", or "port" where something is above it or may be. */
const char *topology_port_name(const struct topology_node *port);
