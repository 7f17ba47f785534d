/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/topology_json.h"

#include <json-c/json_object.h>

#include "document/build.h"

static void set_told(struct json_object **object, const char *key, enum told told)
{
	if (told != UNTOLD)
		build_set_bool(object, key, told == TOLD_YES);
}

static void set_number(struct json_object **object, const char *key, int64_t number, int64_t least)
{
	if (number >= least)
		build_set_number(object, key, number);
}

static void set_link(struct json_object **object, const struct pci_function *function)
{
	struct json_object *link;

	if (!function->speed && !function->width && !function->speed_max && !function->width_max)
		return;
	link = json_object_new_object();
	set_number(&link, "speed", function->speed, 1);
	set_number(&link, "width", function->width, 1);
	set_number(&link, "speed-max", function->speed_max, 1);
	set_number(&link, "width-max", function->width_max, 1);
	build_set(object, "link", link);
}

static void set_group(struct json_object **object, const struct topology_function *function)
{
	if (!function->pci)
		return;
	set_number(object, "iommu-group", function->pci->iommu_group, 0);
	set_told(object, "iommu-group-shared", function->shared);
}

static void set_holder(struct json_object **object, const struct holder *holder)
{
	build_set_text(object, "use", holder->use);
	build_set_text(object, "holder", holder->details);
	build_set_text(object, "remark", holder->remark);
}

static struct json_object *vf_json(const struct topology_vf *of)
{
	struct json_object *object = json_object_new_object();
	const struct vf *vf = of->vf;
	const struct value *driver = VALUES_GET(&vf->settings, VF_DRIVER);

	build_set_number(&object, "index", vf->index);
	build_set_text(&object, "address", vf->address);
	build_set_name(&object, "interface", vf->ifname);
	if (driver)
		build_set(&object, "driver", value_json(&vf_settings[VF_DRIVER], driver));
	set_number(&object, "numa-node", of->function.pci ? of->function.pci->numa_node : -1, 0);
	set_group(&object, &of->function);
	set_holder(&object, &vf->holder);
	return object;
}

static struct json_object *vfs_json(const struct topology_node *node)
{
	struct json_object *array = json_object_new_array();

	for (uint32_t i = 0; i < node->pf->n_vfs; i++)
		build_append(&array, vf_json(&node->vfs[i]));
	return array;
}

static void set_pf(struct json_object **object, const struct topology_node *node)
{
	const struct pf *pf = node->pf;

	build_set_text(object, "handle", pf->handle);
	build_set_name(object, "name", pf_name(pf));
	build_set_name(object, "driver", pf->driver);
	build_set_text(object, "model", node->function.pci ? node->function.pci->name : NULL);
	set_number(object, "totalvfs", pf->totalvfs, 1);
	set_holder(object, &pf->holder);
}

static void set_port(struct json_object **object, const struct pci_function *function)
{
	if (!function)
		return;
	build_set_name(object, "driver", function->driver);
	set_told(object, "acs", function->acs);
	set_told(object, "ari", function->ari);
}

static struct json_object *node_json(const struct topology_node *node)
{
	struct json_object *object = json_object_new_object();
	struct json_object *below = json_object_new_array();

	build_set_text(&object, "kind",
		       node->pf			     ? "pf"
		       : topology_is_root_port(node) ? "root-port"
						     : "port");
	build_set_text(&object, "address", node->address);
	if (node->pf)
		set_pf(&object, node);
	else
		set_port(&object, node->function.pci);
	set_number(&object, "numa-node", node->numa_node, 0);
	set_group(&object, &node->function);
	if (node->function.pci)
		set_link(&object, node->function.pci);
	for (const struct topology_node *child = node->first; child; child = child->next)
		build_append(&below, node_json(child));
	if (node->pf) {
		json_object_put(below);
		build_set(&object, "virtual-functions", vfs_json(node));
	} else {
		build_set(&object, "below", below);
	}
	return object;
}

struct json_object *topology_json(const struct topology *topology)
{
	struct json_object *object = json_object_new_object();
	struct json_object *tops = json_object_new_array(), *notes = json_object_new_array();

	for (size_t i = 0; i < topology->n_tops; i++)
		build_append(&tops, node_json(topology->tops[i]));
	for (size_t i = 0; i < topology->notes.count; i++)
		build_append(&notes, build_text(topology->notes.items[i]));
	build_set_name(&object, "hostname", topology->hostname);
	set_told(&object, "iommu", topology->iommu);
	build_set(&object, "topology", tops);
	build_set(&object, "notes", notes);
	return object;
}
