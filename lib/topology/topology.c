/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/topology.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* The most ports that are followed from a PF up: what an inventory says may go round in circles,
 * and a PCI segment has 256 buses. */
#define PORTS_MAX 256

/* Facts as they are looked up here, VF by VF. */
struct builder {
	struct arena *arena;
	const struct facts *facts;
	const struct pci_function **by_address; /* all of them */
	const struct pci_function **by_group;	/* those in a group that are no bridges */
	size_t n_by_address, n_by_group;
	struct topology *topology;
	size_t notes_capacity, tops_capacity;
};

static int compare_addresses(const void *a, const void *b)
{
	const struct pci_function *const *left = a, *const *right = b;

	return strcmp((*left)->address, (*right)->address);
}

static int compare_groups(const void *a, const void *b)
{
	const struct pci_function *const *left = a, *const *right = b;

	return ((*left)->iommu_group > (*right)->iommu_group) -
	       ((*left)->iommu_group < (*right)->iommu_group);
}

static void sort(const struct pci_function **functions, size_t count,
		 int (*compare)(const void *, const void *))
{
	if (count)
		qsort(functions, count, sizeof(const struct pci_function *), compare);
}

static int index_facts(struct builder *builder)
{
	const struct pci_functions *functions = &builder->facts->functions;

	builder->by_address =
		arena_array(builder->arena, functions->count + 1, sizeof(*builder->by_address));
	builder->by_group =
		arena_array(builder->arena, functions->count + 1, sizeof(*builder->by_group));
	if (!builder->by_address || !builder->by_group)
		return -ENOMEM;
	for (size_t i = 0; i < functions->count; i++) {
		const struct pci_function *function = &functions->items[i];

		builder->by_address[builder->n_by_address++] = function;
		if (function->iommu_group >= 0 && !pci_function_is_bridge(function))
			builder->by_group[builder->n_by_group++] = function;
	}
	sort(builder->by_address, builder->n_by_address, compare_addresses);
	sort(builder->by_group, builder->n_by_group, compare_groups);
	return 0;
}

static const struct pci_function *find(const struct builder *builder, const char *address)
{
	const struct pci_function key = { .address = address }, *wanted = &key;
	const struct pci_function *const *found = NULL;

	if (address && builder->n_by_address)
		found = bsearch(&wanted, builder->by_address, builder->n_by_address,
				sizeof(const struct pci_function *), compare_addresses);
	return found ? *found : NULL;
}

/* Of a bridge it is not asked: it is in the group of what is behind it, or by itself. */
static enum told is_shared(const struct builder *builder, const struct pci_function *function)
{
	const struct pci_function *const *first = builder->by_group, *const * found;
	const struct pci_function *const *end = first + builder->n_by_group;

	if (!function || function->iommu_group < 0 || pci_function_is_bridge(function))
		return UNTOLD;
	found = bsearch(&function, first, builder->n_by_group, sizeof(const struct pci_function *),
			compare_groups);
	if (!found)
		return UNTOLD;
	return (found > first && !compare_groups(found, found - 1)) ||
			       (found + 1 < end && !compare_groups(found, found + 1))
		       ? TOLD_YES
		       : TOLD_NO;
}

static struct topology_function function_of(const struct builder *builder, const char *address)
{
	const struct pci_function *function = find(builder, address);

	return (struct topology_function){ function, is_shared(builder, function) };
}

static int add_note(struct builder *builder, const char *note)
{
	struct names *notes = &builder->topology->notes;

	if (!note || arena_grow(builder->arena, &notes->items, notes->count,
				&builder->notes_capacity, sizeof(*notes->items)) < 0)
		return -ENOMEM;
	notes->items[notes->count++] = note;
	return 0;
}

/* Where the PF is on PCI, and its place in there is not known. */
static int note_lost_pf(struct builder *builder, const struct pf *pf)
{
	const char *name;

	if (!builder->facts || !pf->handle || strncmp(pf->handle, "pci/", 4) != 0)
		return 0;
	name = text_quote(pf_name(pf), builder->arena);
	return name ? add_note(builder,
			       arena_printf(builder->arena,
					    "%s: which port it is behind cannot be told", name))
		    : -ENOMEM;
}

static struct topology_node *new_node(const struct builder *builder, struct topology_node *parent,
				      const char *address)
{
	struct topology_node *node = arena_alloc(builder->arena, sizeof(*node));

	if (!node)
		return NULL;
	node->address = address;
	node->parent = parent;
	node->function = function_of(builder, address);
	node->numa_node = node->function.pci ? node->function.pci->numa_node : -1;
	return node;
}

/* Puts it last below its parent, or at the top. 0 or -ENOMEM. */
static int place(struct builder *builder, struct topology_node *node)
{
	struct topology *topology = builder->topology;
	struct topology_node **place;

	if (node->parent) {
		for (place = &node->parent->first; *place;)
			place = &(*place)->next;
		*place = node;
		return 0;
	}
	if (arena_grow(builder->arena, &topology->tops, topology->n_tops, &builder->tops_capacity,
		       sizeof(*topology->tops)) < 0)
		return -ENOMEM;
	topology->tops[topology->n_tops++] = node;
	return 0;
}

static bool is_port(const struct topology_node *node, const char *address)
{
	return !node->pf && !strcmp(node->address, address);
}

static struct topology_node *find_port(const struct builder *builder,
				       const struct topology_node *parent, const char *address)
{
	const struct topology *topology = builder->topology;

	for (struct topology_node *node = parent ? parent->first : NULL; node; node = node->next)
		if (is_port(node, address))
			return node;
	for (size_t i = 0; !parent && i < topology->n_tops; i++)
		if (is_port(topology->tops[i], address))
			return topology->tops[i];
	return NULL;
}

/* The port that the function is behind, with all above it; *ret is NULL where there is none, or it
 * is not known. */
static int add_ports(struct builder *builder, const struct pci_function *function,
		     struct topology_node **ret)
{
	const char *ports[PORTS_MAX];
	size_t count = 0;
	int r = 0;

	*ret = NULL;
	for (; function && function->upstream && count < PORTS_MAX;
	     function = find(builder, function->upstream))
		ports[count++] = function->upstream;
	while (r >= 0 && count--) {
		struct topology_node *parent = *ret;

		*ret = find_port(builder, parent, ports[count]);
		if (*ret)
			continue;
		*ret = new_node(builder, parent, ports[count]);
		r = *ret ? place(builder, *ret) : -ENOMEM;
	}
	return r;
}

static int add_vfs(const struct builder *builder, struct topology_node *node)
{
	node->vfs = arena_array(builder->arena, node->pf->n_vfs + 1, sizeof(*node->vfs));
	if (!node->vfs)
		return -ENOMEM;
	for (uint32_t i = 0; i < node->pf->n_vfs; i++) {
		node->vfs[i].vf = &node->pf->vfs[i];
		node->vfs[i].function = function_of(builder, node->pf->vfs[i].address);
	}
	return 0;
}

static int add_pf(struct builder *builder, const struct pf *pf)
{
	struct topology_node *parent, *node;
	int r = add_ports(builder, find(builder, pf->address), &parent);

	if (r < 0)
		return r;
	node = new_node(builder, parent, pf->address);
	if (!node)
		return -ENOMEM;
	node->pf = pf;
	if (node->numa_node < 0)
		node->numa_node = pf->numa_node;
	if (!node->function.pci)
		r = note_lost_pf(builder, pf);
	if (r >= 0)
		r = add_vfs(builder, node);
	return r < 0 ? r : place(builder, node);
}

int topology_numa_node(const struct topology_node *top)
{
	while (top->numa_node < 0 && top->first)
		top = top->first;
	return top->numa_node;
}

static bool comes_after(const struct topology_node *a, const struct topology_node *b)
{
	const int left = topology_numa_node(a), right = topology_numa_node(b);

	return right >= 0 && (left < 0 || left > right);
}

/* Those without a node come last. What is in the same one stays in its order. */
static void sort_tops(const struct topology *topology)
{
	for (size_t i = 1; i < topology->n_tops; i++) {
		struct topology_node *top = topology->tops[i];
		size_t k = i;

		for (; k && comes_after(topology->tops[k - 1], top); k--)
			topology->tops[k] = topology->tops[k - 1];
		topology->tops[k] = top;
	}
}

int topology_build(const struct host *host, const struct pf *const *pfs, size_t count,
		   const struct facts *facts, struct arena *arena, struct topology *ret)
{
	struct builder builder = { .arena = arena, .facts = facts, .topology = ret };
	int r = 0;

	*ret = (struct topology){
		.hostname = host->hostname,
		.iommu = facts ? facts->iommu : UNTOLD,
	};
	if (facts)
		r = index_facts(&builder);
	else
		r = add_note(&builder, "which ports PFs are behind, their links and IOMMU groups "
				       "cannot be told: the inventory has no facts");
	for (size_t i = 0; r >= 0 && i < count; i++)
		r = add_pf(&builder, pfs[i]);
	if (r >= 0)
		sort_tops(ret);
	return r;
}

bool topology_is_root_port(const struct topology_node *port)
{
	return !port->parent && port->function.pci && !port->function.pci->upstream;
}

const char *topology_port_name(const struct topology_node *port)
{
	return topology_is_root_port(port) ? "root port" : "port";
}
