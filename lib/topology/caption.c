/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/caption.h"

#include "topology/words.h"

static void add_link(const struct pci_function *function, struct lines *out)
{
	CLEANUP_TEXT struct text text = { 0 }, link = { 0 };

	words_link(function, &link);
	if (link.length)
		text_printf(&text, "PCI link %s", text_string(&link));
	lines_add(out, &text);
}

static bool has_group(const struct topology_function *function)
{
	return function->pci && function->pci->iommu_group >= 0;
}

static void add_group(const struct topology_function *function, struct lines *out)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (has_group(function))
		text_printf(&text, "IOMMU group %d%s", function->pci->iommu_group,
			    function->shared == TOLD_YES ? ", shared" : "");
	lines_add(out, &text);
}

static void add_users(const struct holder *holder, struct lines *out)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (holder->details)
		text_printf(&text, "%s%s",
			    words_is_untold(holder) ? "" : "in use: ", holder->details);
	lines_add(out, &text);
	if (holder->remark)
		text_printf(&text, "remark: %s", holder->remark);
	lines_add(out, &text);
}

void caption_port(const struct topology *topology, const struct topology_node *port,
		  struct lines *out)
{
	CLEANUP_TEXT struct text text = { 0 };

	(void)topology;
	text_append(&text, topology_port_name(port));
	lines_add(out, &text);
	text_append(&text, port->address);
	lines_add(out, &text);
	add_link(port->function.pci, out);
	add_group(&port->function, out);
}

void caption_pf(const struct topology *topology, const struct topology_node *node,
		struct lines *out)
{
	const struct pf *pf = node->pf;
	CLEANUP_TEXT struct text text = { 0 };

	(void)topology;
	text_append_quoted(&text, pf_name(pf));
	lines_add(out, &text);
	text_printf(&text, "%s, %s", node->address ? node->address : pf->handle,
		    pf->driver ? pf->driver : "no driver");
	lines_add(out, &text);
	if (node->function.pci && node->function.pci->name)
		text_append(&text, node->function.pci->name);
	lines_add(out, &text);
	add_link(node->function.pci, out);
	add_group(&node->function, out);
	text_printf(&text, "%u", pf->n_vfs);
	if (pf->totalvfs)
		text_printf(&text, " of %u", pf->totalvfs);
	text_append(&text, pf->n_vfs == 1 && !pf->totalvfs ? " VF" : " VFs");
	lines_add(out, &text);
	add_users(&pf->holder, out);
}

static void append_driver(const struct vf *vf, struct text *out)
{
	const struct value *driver = VALUES_GET(&vf->settings, VF_DRIVER);

	if (!driver)
		text_append(out, ": its driver is not known");
	else if (vf_is_bound(vf))
		text_printf(out, ": %s", driver->name);
	else
		text_append(out, ": no driver");
}

static void append_groups(const struct topology *topology, const struct alike *alike,
			  struct text *out)
{
	const struct topology_function *function = &alike->vfs[0]->function;

	if (!has_group(function)) {
		if (function->pci && topology->iommu == TOLD_NO)
			text_append(out, ", no IOMMU");
		return;
	}
	if (alike->count == 1 || function->shared != TOLD_NO)
		text_printf(out, ", IOMMU group %d%s", function->pci->iommu_group,
			    function->shared == TOLD_YES ? ", shared" : "");
	else
		text_append(out, ", IOMMU groups: ");
	if (alike->count > 1 && function->shared == TOLD_NO)
		words_groups(topology, alike, ", ", out);
}

void caption_alike(const struct topology *topology, const struct topology_node *pf,
		   const struct alike *alike, struct lines *out)
{
	const struct topology_vf *vf = alike->vfs[0];
	CLEANUP_TEXT struct text text = { 0 };

	words_which(alike, ", ", &text);
	append_driver(vf->vf, &text);
	append_groups(topology, alike, &text);
	if (vf->function.pci && vf->function.pci->numa_node >= 0 &&
	    vf->function.pci->numa_node != pf->numa_node)
		text_printf(&text, ", NUMA node %d", vf->function.pci->numa_node);
	lines_add(out, &text);
	add_users(&vf->vf->holder, out);
}
