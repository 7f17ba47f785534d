/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/topology_view.h"

#include <stdio.h>

#include "memory.h"
#include "print/table.h"
#include "print/wrap.h"
#include "topology/alike.h"
#include "topology/words.h"

enum {
	CELL_DEVICE,
	CELL_ADDRESS,
	CELL_VFS,
	CELL_NUMA,
	CELL_IOMMU,
	CELL_DRIVER,
	CELL_LINK,
	CELL_MODEL,
	CELL_WHICH,
	CELL_HOLDER,
	CELL_UNTOLD,
	CELL_REMARK,
};

static const struct column columns[] = {
	[CELL_DEVICE] = { "DEVICE", COLUMN_TREE },
	[CELL_ADDRESS] = { "ADDRESS" },
	[CELL_VFS] = { "VFS", COLUMN_RIGHT },
	[CELL_NUMA] = { "NUMA", COLUMN_RIGHT },
	[CELL_IOMMU] = { "IOMMU" },
	[CELL_DRIVER] = { "DRIVER" },
	[CELL_LINK] = { "LINK", COLUMN_BELOW, "link " },
	[CELL_MODEL] = { "MODEL", COLUMN_WRAP | COLUMN_BELOW },
	[CELL_WHICH] = { "WHICH", COLUMN_WRAP | COLUMN_BELOW },
	[CELL_HOLDER] = { "HOLDER", COLUMN_WRAP | COLUMN_BELOW, "in use: " },
	[CELL_UNTOLD] = { "UNTOLD", COLUMN_WRAP | COLUMN_BELOW },
	[CELL_REMARK] = { "REMARK", COLUMN_WRAP | COLUMN_BELOW, "remark: " },
};

/* Which VFs a row is of stands at its head up to this length. */
#define WHICH_WIDTH_MAX 16u

struct view {
	const struct topology *topology;
	struct arena *arena;
	struct table *table;
};

static void text_cell(struct libscols_line *row, size_t cell, enum style style, struct text *text)
{
	table_cell(row, cell, style, memory_text(text));
	text_clear(text);
}

static void function_cells(const struct view *view, struct libscols_line *row,
			   const struct topology_node *node)
{
	const struct pci_function *function = node->function.pci;
	CLEANUP_TEXT struct text text = { 0 };

	words_numa_node(node->numa_node, &text);
	text_cell(row, CELL_NUMA, STYLE_PLAIN, &text);
	words_group(view->topology, &node->function, &text);
	text_cell(row, CELL_IOMMU, STYLE_PLAIN, &text);
	words_link(function, &text);
	if (text.length)
		text_cell(row, CELL_LINK, words_link_is_low(function) ? STYLE_WARN : STYLE_PLAIN,
			  &text);
}

static void holder_cells(struct libscols_line *row, const struct holder *holder)
{
	table_cell(row, words_is_untold(holder) ? CELL_UNTOLD : CELL_HOLDER, STYLE_WARN,
		   holder->details);
	table_cell(row, CELL_REMARK, STYLE_PLAIN, holder->remark);
}

/* "VF 3 enp1s0v3", "VFs 0-3,6"; "12 VFs" where these are more than have room there. */
static void which_cells(struct libscols_line *row, const struct alike *alike)
{
	const struct vf *vf = alike->vfs[0]->vf;
	CLEANUP_TEXT struct text which = { 0 }, count = { 0 };

	words_which(alike, ",", &which);
	text_printf(&count, "%u", alike->count);
	if (alike->count > 1)
		table_cell(row, CELL_VFS, STYLE_PLAIN, memory_text(&count));
	if (alike->count == 1 && vf->ifname)
		text_printf(&which, " %s", vf->ifname);
	if (alike->count == 1 || which.length <= WHICH_WIDTH_MAX) {
		text_cell(row, CELL_DEVICE, STYLE_PLAIN, &which);
		return;
	}
	text_clear(&which);
	words_which(alike, ", ", &which);
	text_append(&count, " VFs");
	text_cell(row, CELL_DEVICE, STYLE_PLAIN, &count);
	text_cell(row, CELL_WHICH, STYLE_PLAIN, &which);
}

static void add_alike(const struct view *view, struct libscols_line *parent,
		      const struct alike *alike)
{
	const struct topology_vf *vf = alike->vfs[0];
	struct libscols_line *row = table_row(view->table, parent);
	CLEANUP_TEXT struct text text = { 0 };

	which_cells(row, alike);
	words_addresses(alike, &text);
	text_cell(row, CELL_ADDRESS, STYLE_PLAIN, &text);
	words_numa_node(vf->function.pci ? vf->function.pci->numa_node : -1, &text);
	text_cell(row, CELL_NUMA, STYLE_PLAIN, &text);
	words_groups(view->topology, alike, ",", &text);
	text_cell(row, CELL_IOMMU, STYLE_PLAIN, &text);
	words_driver(vf->vf, &text);
	text_cell(row, CELL_DRIVER, STYLE_PLAIN, &text);
	holder_cells(row, &vf->vf->holder);
}

static void add_vfs(const struct view *view, struct libscols_line *parent,
		    const struct topology_node *pf)
{
	struct alikes alikes;

	if (alikes_find(pf, view->arena, &alikes) < 0)
		memory_exhausted();
	for (size_t i = 0; i < alikes.count; i++)
		add_alike(view, parent, &alikes.items[i]);
}

static void pf_cells(struct libscols_line *row, const struct topology_node *node)
{
	const struct pf *pf = node->pf;
	CLEANUP_TEXT struct text vfs = { 0 };

	table_cell(row, CELL_DEVICE, STYLE_STRONG, pf_name(pf));
	text_printf(&vfs, "%u", pf->n_vfs);
	if (pf->totalvfs)
		text_printf(&vfs, "/%u", pf->totalvfs);
	text_cell(row, CELL_VFS, STYLE_PLAIN, &vfs);
	table_cell(row, CELL_DRIVER, STYLE_PLAIN, pf->driver ? pf->driver : "none");
	table_cell(row, CELL_MODEL, STYLE_PLAIN,
		   node->function.pci ? node->function.pci->name : NULL);
	holder_cells(row, &pf->holder);
}

static void port_cells(struct libscols_line *row, const struct topology_node *node)
{
	table_cell(row, CELL_DEVICE, STYLE_PLAIN, topology_port_name(node));
	table_cell(row, CELL_DRIVER, STYLE_PLAIN,
		   node->function.pci ? node->function.pci->driver : NULL);
}

static void add_node(const struct view *view, struct libscols_line *parent,
		     const struct topology_node *node)
{
	struct libscols_line *row = table_row(view->table, parent);

	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, node->address ? node->address : WORDS_UNTOLD);
	function_cells(view, row, node);
	if (node->pf) {
		pf_cells(row, node);
		add_vfs(view, row, node);
	} else {
		port_cells(row, node);
	}
	for (const struct topology_node *child = node->first; child; child = child->next)
		add_node(view, row, child);
}

void topology_view_print(const struct topology *topology)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	const struct view view = { topology, arena, table };

	for (size_t i = 0; i < topology->n_tops; i++)
		add_node(&view, NULL, topology->tops[i]);
	table_print(table, TABLE_HEADING);
	for (size_t i = 0; i < topology->notes.count; i++)
		wrap_print(stdout, STYLE_FAINT, topology->notes.items[i]);
}
