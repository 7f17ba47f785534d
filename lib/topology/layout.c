/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/layout.h"

#include <errno.h>

#include "topology/caption.h"

#define LEVEL_GAP    40 /* between columns */
#define CAPTIONS_GAP 4	/* between cells and what is said of them */
#define BOX_GAP	     16 /* between what is below each other */
#define BAND_GAP     18
#define FRAME	     14 /* from a frame to what is in it */
#define FRAME_LABEL  22

struct maker {
	const struct topology *topology;
	struct arena *arena;
	struct layout *layout;
};

static int max(int a, int b)
{
	return a > b ? a : b;
}

static size_t characters(int pixels)
{
	return (size_t)(pixels * 10 / LAYOUT_CHARACTER_TENTHS);
}

static int count_levels(const struct topology_node *node)
{
	int most = 0;

	for (const struct topology_node *child = node->first; child; child = child->next)
		most = max(most, count_levels(child));
	return most + !node->pf;
}

static int text_height(const struct lines *lines)
{
	return (int)lines->count * LAYOUT_LINE_HEIGHT;
}

static int field_height(uint32_t n_vfs)
{
	return (int)((n_vfs + LAYOUT_CELLS - 1) / LAYOUT_CELLS) * LAYOUT_CELL_PITCH_Y;
}

/* Below the cells, from y on. Returns where they end, or -ENOMEM. */
static int place_captions(const struct maker *maker, struct layout_box *box, int y)
{
	struct alikes alikes;

	if (alikes_find(box->node, maker->arena, &alikes) < 0)
		return -ENOMEM;
	box->captions = arena_array(maker->arena, alikes.count + 1, sizeof(*box->captions));
	if (!box->captions)
		return -ENOMEM;
	for (; box->n_captions < alikes.count; box->n_captions++) {
		struct layout_caption *caption = &box->captions[box->n_captions];

		caption->alike = &alikes.items[box->n_captions];
		caption->y = y;
		caption->lines.arena = maker->arena;
		caption->lines.width =
			characters(LAYOUT_VFS_WIDTH - 2 * LAYOUT_PADDING - LAYOUT_SWATCH);
		caption_alike(maker->topology, box->node, caption->alike, &caption->lines);
		if (caption->lines.failed)
			return -ENOMEM;
		y += text_height(&caption->lines);
	}
	return y;
}

static void move_vfs(struct layout_box *box, int down)
{
	box->vfs_y += down;
	for (size_t i = 0; i < box->n_captions; i++)
		box->captions[i].y += down;
}

/* The box and its VFs are beside each other's middle. Returns where both end, or -ENOMEM. */
static int place_pf(const struct maker *maker, struct layout_box *box, int top)
{
	int end = top;

	box->x = maker->layout->pf_x;
	box->width = LAYOUT_PF_WIDTH;
	if (box->node->pf->n_vfs) {
		end = place_captions(maker, box,
				     top + LAYOUT_PADDING + field_height(box->node->pf->n_vfs) +
					     CAPTIONS_GAP);
		if (end < 0)
			return end;
		end += LAYOUT_PADDING;
	}
	box->vfs_y = top;
	box->vfs_height = end - top;
	box->y = top + max(0, (box->vfs_height - box->height) / 2);
	move_vfs(box, max(0, (box->height - box->vfs_height) / 2));
	return max(end, top + box->height);
}

static int place(const struct maker *maker, const struct topology_node *node, int level, int top,
		 struct layout_box **ret);

static int middle(const struct layout_box *box)
{
	return box->y + box->height / 2;
}

/* The port is beside the middle of what is behind it. Returns where all ends, or -ENOMEM. */
static int place_port(const struct maker *maker, struct layout_box *box, int level, int top)
{
	struct layout_box **child = &box->first, *last = NULL;
	int end = top;

	box->x = maker->layout->left + level * (LAYOUT_PORT_WIDTH + LEVEL_GAP);
	box->width = LAYOUT_PORT_WIDTH;
	for (const struct topology_node *node = box->node->first; node; node = node->next) {
		end = place(maker, node, level + 1, node == box->node->first ? top : end + BOX_GAP,
			    child);
		if (end < 0)
			return end;
		last = *child;
		child = &last->next;
	}
	box->y = top;
	if (last)
		box->y = max(top, (middle(box->first) + middle(last) - box->height) / 2);
	return max(end, box->y + box->height);
}

/* Returns where the node and all below it ends, or -ENOMEM. */
static int place(const struct maker *maker, const struct topology_node *node, int level, int top,
		 struct layout_box **ret)
{
	struct layout_box *box = *ret = arena_alloc(maker->arena, sizeof(*box));

	if (!box)
		return -ENOMEM;
	box->node = node;
	box->lines.arena = maker->arena;
	box->lines.width =
		characters((node->pf ? LAYOUT_PF_WIDTH : LAYOUT_PORT_WIDTH) - 2 * LAYOUT_PADDING);
	if (node->pf)
		caption_pf(maker->topology, node, &box->lines);
	else
		caption_port(maker->topology, node, &box->lines);
	if (box->lines.failed)
		return -ENOMEM;
	box->height = text_height(&box->lines) + 2 * LAYOUT_PADDING;
	return node->pf ? place_pf(maker, box, top) : place_port(maker, box, level, top);
}

/* Those of one NUMA node, from *first on, which is the next after it then. Returns where the band
 * ends, or -ENOMEM. */
static int place_band(const struct maker *maker, struct layout_band *band, int top, size_t *first)
{
	const struct topology *topology = maker->topology;
	struct layout_box **box = &band->first;
	const size_t begin = *first;
	int end = top + (band->framed ? FRAME_LABEL + FRAME : 0);

	band->numa_node = topology_numa_node(topology->tops[*first]);
	band->y = top;
	for (; *first < topology->n_tops &&
	       topology_numa_node(topology->tops[*first]) == band->numa_node;
	     ++*first) {
		end = place(maker, topology->tops[*first], 0, end + (*first > begin ? BOX_GAP : 0),
			    box);
		if (end < 0)
			return end;
		box = &(*box)->next;
	}
	end += band->framed ? FRAME : 0;
	band->height = end - top;
	return end;
}

static bool is_any_on_a_node(const struct topology *topology)
{
	for (size_t i = 0; i < topology->n_tops; i++)
		if (topology_numa_node(topology->tops[i]) >= 0)
			return true;
	return false;
}

static bool has_any_vfs(const struct topology_node *node)
{
	bool has = node->pf && node->pf->n_vfs;

	for (const struct topology_node *child = node->first; child && !has; child = child->next)
		has = has_any_vfs(child);
	return has;
}

/* Where the columns are, with a frame of that width around them. */
static void place_columns(const struct topology *topology, int frame, struct layout *layout)
{
	bool vfs = false;
	int levels = 0;

	for (size_t i = 0; i < topology->n_tops; i++) {
		levels = max(levels, count_levels(topology->tops[i]));
		vfs = vfs || has_any_vfs(topology->tops[i]);
	}
	layout->left = LAYOUT_MARGIN + frame;
	layout->pf_x = layout->left + levels * (LAYOUT_PORT_WIDTH + LEVEL_GAP);
	layout->vfs_x = layout->pf_x + LAYOUT_PF_WIDTH + LEVEL_GAP;
	layout->width = (vfs ? layout->vfs_x + LAYOUT_VFS_WIDTH : layout->pf_x + LAYOUT_PF_WIDTH) +
			frame + LAYOUT_MARGIN;
}

int layout_make(const struct topology *topology, int top, struct arena *arena, struct layout *ret)
{
	const struct maker maker = { topology, arena, ret };
	const bool framed = is_any_on_a_node(topology);
	int end = top;

	*ret = (struct layout){
		.bands = arena_array(arena, topology->n_tops + 1, sizeof(*ret->bands)),
	};
	if (!ret->bands)
		return -ENOMEM;
	place_columns(topology, framed ? FRAME : 0, ret);
	for (size_t first = 0; first < topology->n_tops;) {
		struct layout_band *band = &ret->bands[ret->n_bands];

		band->framed = framed;
		end = place_band(&maker, band, ret->n_bands ? end + BAND_GAP : top, &first);
		if (end < 0)
			return end;
		ret->n_bands++;
	}
	ret->height = end + LAYOUT_MARGIN;
	return 0;
}
