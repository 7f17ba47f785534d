/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/rows_json.h"

#include <json-c/json_object.h>

#include "document/build.h"

static struct json_object *traffic_json(const struct traffic *traffic)
{
	struct json_object *object = json_object_new_object();

	for (enum vf_counter i = 0; i < VF_COUNTER_COUNT; i++)
		if (traffic->known & VF_COUNTER_BIT(i))
			build_set(&object, traffic_names[i],
				  json_object_new_uint64(traffic->number[i]));
	return object;
}

static void add_traffic(struct json_object **object, const struct row *row)
{
	if (row->totals.known)
		build_set(object, "totals", traffic_json(&row->totals));
	if (row->rates.known)
		build_set(object, "per-second", traffic_json(&row->rates));
}

static struct json_object *vf_json(const struct row *row)
{
	struct json_object *object = json_object_new_object();

	build_set_number(&object, "index", row->vf->index);
	build_set_text(&object, "address", row->vf->address);
	build_set_name(&object, "interface", row->vf->ifname);
	build_set_text(&object, "driver", row->driver);
	build_set_text(&object, "link-state", row->link);
	build_set_text(&object, "holder", row->about);
	add_traffic(&object, row);
	return object;
}

static struct json_object *pf_json(const struct row *rows)
{
	struct json_object *object = json_object_new_object();
	struct json_object *vfs = json_object_new_object(), *list = json_object_new_array();
	const struct pf *pf = rows->pf;

	build_set_number(&vfs, "actual", pf->n_vfs);
	build_set_number(&vfs, "counted", rows->counted);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		build_append(&list, vf_json(&rows[1 + i]));
	build_set_text(&object, "handle", pf->handle);
	build_set_name(&object, "name", pf_name(pf));
	build_set_text(&object, "address", pf->address);
	build_set_text(&object, "driver", rows->driver);
	build_set_text(&object, "link", rows->link);
	build_set_text(&object, "state", rows->about);
	build_set(&object, "vfs", vfs);
	add_traffic(&object, rows);
	build_set(&object, "virtual-functions", list);
	return object;
}

struct json_object *rows_json(const struct rows *rows)
{
	struct json_object *object = json_object_new_object(), *pfs = json_object_new_array();

	for (size_t i = 0; i < rows->count; i += 1 + rows->items[i].pf->n_vfs)
		build_append(&pfs, pf_json(&rows->items[i]));
	build_set(&object, "pfs", pfs);
	return object;
}
