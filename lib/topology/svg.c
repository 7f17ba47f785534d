/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/svg.h"

#include <string.h>

#include "topology/layout.h"
#include "topology/palette.h"
#include "topology/words.h"

#define TITLE_HEIGHT 30
/* From the top of a line to what its letters stand on. */
#define BASELINE 14

struct svg {
	const struct topology *topology;
	struct layout layout;
	struct arena *arena;
	struct text *out;
	unsigned used; /* PAINT bits: what the key has to tell */
};

/* Between tags. */
static void append_xml(const char *string, struct text *out)
{
	for (const char *p = string; *p; p++) {
		if (strchr("&<>'\"", *p))
			text_printf(out, "&#%u;", (unsigned char)*p);
		else
			text_append_n(out, p, 1);
	}
}

static void write_text(struct svg *svg, int x, int y, const char *classes, const char *string)
{
	text_printf(svg->out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y + BASELINE, classes);
	append_xml(string, svg->out);
	text_append(svg->out, "</text>\n");
}

static void write_rectangle(struct svg *svg, int x, int y, int width, int height, int radius,
			    enum paint paint)
{
	svg->used |= 1u << paint;
	text_printf(svg->out,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" class=\"%s\"/>\n",
		    x, y, width, height, radius, paints[paint].name);
}

/* The lines below each other, the first of them as a heading. */
static void write_lines(struct svg *svg, int x, int y, const struct lines *lines, enum paint paint,
			const char *first)
{
	CLEANUP_TEXT struct text classes = { 0 };

	for (size_t i = 0; i < lines->count; i++) {
		text_clear(&classes);
		text_printf(&classes, "%s-text%s", paints[paint].name, i ? "" : first);
		write_text(svg, x, y + (int)i * LAYOUT_LINE_HEIGHT, text_string(&classes),
			   lines->items[i]);
	}
}

static int middle(const struct layout_box *box)
{
	return box->y + box->height / 2;
}

/* From the right of one to the left of another, by way of the middle between both. */
static void write_way(struct svg *svg, int x1, int y1, int x2, int y2)
{
	if (y1 == y2)
		text_printf(svg->out, "<path d=\"M%d %dH%d\" class=\"way\"/>\n", x1, y1, x2);
	else
		text_printf(svg->out, "<path d=\"M%d %dH%dV%dH%d\" class=\"way\"/>\n", x1, y1,
			    x2 - 20, y2, x2);
}

/* "VF 3 ens1f0v3, 0000:3b:01.3, iavf, ..." for who points at it. */
static void write_vf_title(struct svg *svg, const struct topology_vf *vf)
{
	CLEANUP_TEXT struct text text = { 0 }, escaped = { 0 };

	text_printf(&text, "VF %u", vf->vf->index);
	if (vf->vf->ifname)
		text_printf(&text, " %s", vf->vf->ifname);
	if (vf->vf->address)
		text_printf(&text, ", %s", vf->vf->address);
	text_append(&text, ", driver ");
	words_driver(vf->vf, &text);
	text_append(&text, ", IOMMU group ");
	words_group(svg->topology, &vf->function, &text);
	if (vf->vf->holder.details)
		text_printf(&text, ", %s%s", words_is_untold(&vf->vf->holder) ? "" : "in use: ",
			    vf->vf->holder.details);
	lines_append(text_string(&text), &escaped);
	svg->out->failed = svg->out->failed || text.failed || escaped.failed;
	text_append(svg->out, "<title>");
	append_xml(text_string(&escaped), svg->out);
	text_append(svg->out, "</title>\n");
}

static void write_cell(struct svg *svg, int x, int y, const struct topology_vf *vf)
{
	const enum paint paint = paint_of_vf(vf->vf);

	text_append(svg->out, "<g>");
	write_vf_title(svg, vf);
	write_rectangle(svg, x, y, LAYOUT_CELL_WIDTH, LAYOUT_CELL_HEIGHT, 3, paint);
	text_printf(svg->out, "<text x=\"%d\" y=\"%d\" class=\"cell %s-text\">%u</text></g>\n",
		    x + LAYOUT_CELL_WIDTH / 2, y + BASELINE, paints[paint].name, vf->vf->index);
}

static void write_captions(struct svg *svg, const struct layout_box *box, int x)
{
	for (size_t i = 0; i < box->n_captions; i++) {
		const struct layout_caption *caption = &box->captions[i];

		write_rectangle(svg, x, caption->y + 4, 11, 11, 2,
				paint_of_vf(caption->alike->vfs[0]->vf));
		write_lines(svg, x + LAYOUT_SWATCH, caption->y, &caption->lines, PAINT_PAGE, "");
	}
}

static void write_vfs(struct svg *svg, const struct layout_box *box)
{
	const int x = svg->layout.vfs_x + LAYOUT_PADDING, y = box->vfs_y + LAYOUT_PADDING;

	write_way(svg, box->x + box->width, middle(box), svg->layout.vfs_x, middle(box));
	write_rectangle(svg, svg->layout.vfs_x, box->vfs_y, LAYOUT_VFS_WIDTH, box->vfs_height, 6,
			PAINT_PAGE);
	for (uint32_t i = 0; i < box->node->pf->n_vfs; i++)
		write_cell(svg, x + (int)(i % LAYOUT_CELLS) * LAYOUT_CELL_PITCH_X,
			   y + (int)(i / LAYOUT_CELLS) * LAYOUT_CELL_PITCH_Y, &box->node->vfs[i]);
	write_captions(svg, box, x);
}

static void write_box(struct svg *svg, const struct layout_box *box)
{
	const struct pf *pf = box->node->pf;
	const enum paint paint = pf ? PAINT_PF : PAINT_PORT;

	for (const struct layout_box *below = box->first; below; below = below->next) {
		write_way(svg, box->x + box->width, middle(box), below->x, middle(below));
		write_box(svg, below);
	}
	write_rectangle(svg, box->x, box->y, box->width, box->height, 6, paint);
	write_lines(svg, box->x + LAYOUT_PADDING, box->y + LAYOUT_PADDING, &box->lines, paint,
		    " name");
	if (pf && box->vfs_height)
		write_vfs(svg, box);
}

static void write_band(struct svg *svg, const struct layout_band *band)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (band->framed) {
		write_rectangle(svg, LAYOUT_MARGIN, band->y, svg->layout.width - 2 * LAYOUT_MARGIN,
				band->height, 8, PAINT_NUMA_NODE);
		if (band->numa_node >= 0)
			text_printf(&text, "NUMA node %d", band->numa_node);
		else
			text_append(&text, "on no NUMA node, or it is not known");
		write_text(svg, LAYOUT_MARGIN + 14, band->y + 8, "numa-node-text name",
			   text_string(&text));
	}
	for (const struct layout_box *box = band->first; box; box = box->next)
		write_box(svg, box);
}

/* What the colours mean that are in the picture. Returns where it ends. */
static int write_key(struct svg *svg, int y)
{
	int x = LAYOUT_MARGIN;

	for (enum paint paint = 0; paint < PAINT_COUNT; paint++) {
		const char *meaning = paints[paint].meaning;
		int width;

		if (!meaning || !(svg->used & 1u << paint))
			continue;
		width = LAYOUT_SWATCH + 14 +
			(int)lines_measure(meaning) * LAYOUT_CHARACTER_TENTHS / 10;
		if (x > LAYOUT_MARGIN && x + width > svg->layout.width - LAYOUT_MARGIN) {
			x = LAYOUT_MARGIN;
			y += LAYOUT_LINE_HEIGHT;
		}
		write_rectangle(svg, x, y + 4, 11, 11, 2, paint);
		write_text(svg, x + LAYOUT_SWATCH, y, "page-text", meaning);
		x += width;
	}
	return x > LAYOUT_MARGIN ? y + LAYOUT_LINE_HEIGHT : y;
}

static int write_notes(struct svg *svg, int y)
{
	struct lines lines = {
		.arena = svg->arena,
		.width = (size_t)(svg->layout.width - 2 * LAYOUT_MARGIN) * 10 /
			 LAYOUT_CHARACTER_TENTHS,
	};
	CLEANUP_TEXT struct text text = { 0 };

	for (size_t i = 0; i < svg->topology->notes.count; i++) {
		text_append(&text, svg->topology->notes.items[i]);
		lines_add(&lines, &text);
	}
	svg->out->failed = svg->out->failed || lines.failed;
	write_lines(svg, LAYOUT_MARGIN, y, &lines, PAINT_PAGE, "");
	return y + (int)lines.count * LAYOUT_LINE_HEIGHT;
}

static void write_paint(const struct paint_row *row, const struct paint_colours *colours,
			struct text *out)
{
	text_printf(out, ".%s{fill:%s;stroke:%s%s}\n.%s-text{fill:%s}\n", row->name, colours->fill,
		    colours->stroke, row->dashed ? ";stroke-dasharray:3 2" : "", row->name,
		    colours->text);
}

/* Without variables, which not all programs know that show pictures: these would paint it black. */
static void write_style(struct text *out)
{
	text_append(out, "<style>\n"
			 "text{font:13px system-ui,\"Segoe UI\",Roboto,\"Noto Sans\","
			 "\"Helvetica Neue\",Arial,sans-serif}\n"
			 ".name{font-weight:600}\n.title{font-size:17px}\n"
			 ".cell{font-size:11px;text-anchor:middle}\n.way{fill:none}\n");
	for (size_t i = 0; i < PAINT_COUNT; i++)
		write_paint(&paints[i], &paints[i].light, out);
	text_printf(out, ".way{stroke:%s}\n@media (prefers-color-scheme:dark){\n",
		    paints[PAINT_PAGE].light.stroke);
	for (size_t i = 0; i < PAINT_COUNT; i++)
		write_paint(&paints[i], &paints[i].dark, out);
	text_printf(out, ".way{stroke:%s}\n}\n</style>\n", paints[PAINT_PAGE].dark.stroke);
}

static void append_title(const struct topology *topology, struct text *out)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (topology->hostname)
		lines_append(topology->hostname, &text);
	text_append(&text,
		    topology->hostname ? ": from root ports to VFs" : "From root ports to VFs");
	out->failed = out->failed || text.failed;
	append_xml(text_string(&text), out);
}

static void write_head(const struct svg *svg, int height, struct text *out)
{
	text_printf(out,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		    "viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title\">\n"
		    "<title id=\"title\">",
		    svg->layout.width, height, svg->layout.width, height);
	append_title(svg->topology, out);
	text_append(out, "</title>\n");
	write_style(out);
	text_printf(out,
		    "<rect width=\"%d\" height=\"%d\" class=\"page\" style=\"stroke:none\"/>\n"
		    "<text x=\"%d\" y=\"%d\" class=\"page-text name title\">",
		    svg->layout.width, height, LAYOUT_MARGIN, LAYOUT_MARGIN + BASELINE);
	append_title(svg->topology, out);
	text_append(out, "</text>\n");
}

void svg_write(const struct topology *topology, struct arena *arena, struct text *out)
{
	CLEANUP_TEXT struct text body = { 0 };
	struct svg svg = { .topology = topology, .arena = arena, .out = &body };
	int y;

	if (layout_make(topology, LAYOUT_MARGIN + TITLE_HEIGHT, arena, &svg.layout) < 0) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < svg.layout.n_bands; i++)
		write_band(&svg, &svg.layout.bands[i]);
	y = write_notes(&svg, write_key(&svg, svg.layout.height - LAYOUT_MARGIN + 12));
	write_head(&svg, y + LAYOUT_MARGIN - 8, out);
	text_append(out, text_string(&body));
	text_append(out, "</svg>\n");
	out->failed = out->failed || body.failed;
}
