/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/dot.h"

#include <string.h>

#include "topology/caption.h"
#include "topology/palette.h"

/* In characters. */
#define LABEL_WIDTH 48

/* In a graph from left to right Graphviz puts what comes first at the bottom: all is written from
 * its end on. */
struct dot {
	const struct topology *topology;
	struct arena *arena;
	struct text *out;
	unsigned count; /* of nodes so far: the name of the last */
};

/* Between the quotes of a label: Graphviz looks for its escapes and for HTML's entities there. */
static void append_label(const char *string, struct text *out)
{
	for (const char *p = string; *p; p++) {
		if (*p == '&')
			text_append(out, "&amp;");
		else
			text_printf(out, strchr("\"\\", *p) ? "\\%c" : "%c", *p);
	}
}

/* A node below parent, 0: nothing is above it. Its name is dot->count then. */
static void write_node(struct dot *dot, unsigned parent, enum paint paint,
		       const struct lines *lines)
{
	const struct paint_row *row = &paints[paint];

	dot->out->failed = dot->out->failed || lines->failed;
	text_printf(dot->out, "\tn%u [fillcolor=\"%s\", color=\"%s\", fontcolor=\"%s\"",
		    ++dot->count, row->light.fill, row->light.stroke, row->light.text);
	text_append(dot->out, row->dashed ? ", style=\"filled,dashed\", label=\"" : ", label=\"");
	for (size_t i = 0; i < lines->count; i++) {
		append_label(lines->items[i], dot->out);
		text_append(dot->out, "\\l");
	}
	text_append(dot->out, "\"];\n");
	if (parent)
		text_printf(dot->out, "\tn%u -> n%u;\n", parent, dot->count);
}

static void write_vfs(struct dot *dot, const struct topology_node *pf)
{
	const unsigned parent = dot->count;
	struct alikes alikes;

	if (alikes_find(pf, dot->arena, &alikes) < 0) {
		dot->out->failed = true;
		return;
	}
	for (size_t i = alikes.count; i-- > 0;) {
		struct lines lines = { .arena = dot->arena, .width = LABEL_WIDTH };

		caption_alike(dot->topology, pf, &alikes.items[i], &lines);
		write_node(dot, parent, paint_of_vf(alikes.items[i].vfs[0]->vf), &lines);
	}
}

static void write_children(struct dot *dot, unsigned parent, const struct topology_node *first);

static void write_tree(struct dot *dot, unsigned parent, const struct topology_node *node)
{
	struct lines lines = { .arena = dot->arena, .width = LABEL_WIDTH };
	unsigned name;

	if (node->pf)
		caption_pf(dot->topology, node, &lines);
	else
		caption_port(dot->topology, node, &lines);
	write_node(dot, parent, node->pf ? PAINT_PF : PAINT_PORT, &lines);
	name = dot->count;
	if (node->pf)
		write_vfs(dot, node);
	write_children(dot, name, node->first);
}

static void write_children(struct dot *dot, unsigned parent, const struct topology_node *first)
{
	if (!first)
		return;
	write_children(dot, parent, first->next);
	write_tree(dot, parent, first);
}

/* Those of one NUMA node are a box of their own; what is on none has no box. */
static void write_numa_node(struct dot *dot, size_t first, size_t end, int numa_node)
{
	if (numa_node >= 0)
		text_printf(dot->out,
			    "\tsubgraph cluster_%d {\n\tlabel=\"NUMA node %d\";\n"
			    "\tbgcolor=\"%s\";\n\tcolor=\"%s\";\n\tfontcolor=\"%s\";\n",
			    numa_node, numa_node, paints[PAINT_NUMA_NODE].light.fill,
			    paints[PAINT_NUMA_NODE].light.stroke,
			    paints[PAINT_NUMA_NODE].light.text);
	for (size_t i = end; i-- > first;)
		write_tree(dot, 0, dot->topology->tops[i]);
	if (numa_node >= 0)
		text_append(dot->out, "\t}\n");
}

static void write_title(struct dot *dot)
{
	const struct topology *topology = dot->topology;
	struct lines lines = { .arena = dot->arena, .width = 2 * LABEL_WIDTH };
	CLEANUP_TEXT struct text text = { 0 };

	if (topology->hostname)
		text_append_quoted(&text, topology->hostname);
	lines_add(&lines, &text);
	for (size_t i = 0; i < topology->notes.count; i++) {
		text_append(&text, topology->notes.items[i]);
		lines_add(&lines, &text);
	}
	dot->out->failed = dot->out->failed || lines.failed;
	text_append(dot->out, "\tlabel=\"");
	for (size_t i = 0; i < lines.count; i++) {
		append_label(lines.items[i], dot->out);
		text_append(dot->out, "\\l");
	}
	text_append(dot->out, "\";\n");
}

void dot_write(const struct topology *topology, struct arena *arena, struct text *out)
{
	struct dot dot = { topology, arena, out, 0 };
	size_t first;

	text_append(out,
		    "digraph topology {\n\trankdir=LR;\n\tlabelloc=t;\n\tlabeljust=l;\n"
		    "\tordering=out;\n\tranksep=0.7;\n\tnodesep=0.15;\n\tfontname=\"sans-serif\";\n"
		    "\tnode [shape=box, style=filled, fontname=\"sans-serif\"];\n"
		    "\tedge [arrowhead=none, tailport=e, headport=w];\n");
	write_title(&dot);
	for (size_t end = topology->n_tops; end; end = first) {
		const int numa_node = topology_numa_node(topology->tops[end - 1]);

		first = end - 1;
		while (first && topology_numa_node(topology->tops[first - 1]) == numa_node)
			first--;
		write_numa_node(&dot, first, end, numa_node);
	}
	text_append(out, "}\n");
}
