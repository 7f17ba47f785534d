/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/kubernetes.h"

#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "export/resource.h"

static uint32_t index_of(const struct resource *resource, size_t i)
{
	return resource->group->members[i].vf->index;
}

/* Of the members from i on, below end, the first that is behind those of one range. */
static size_t find_range_end(const struct resource *resource, size_t i, size_t end)
{
	size_t next = i + 1;

	while (next < end && resource_has(resource, next) &&
	       index_of(resource, next) == index_of(resource, next - 1) + 1)
		next++;
	return next;
}

/* "0-3,6": what is of the resource among members of one PF. Whether there are any. */
static bool append_vfs(const struct resource *resource, size_t first, size_t end, struct text *out)
{
	size_t next;
	bool any = false;

	for (size_t i = first; i < end; i = next) {
		next = i + 1;
		if (!resource_has(resource, i))
			continue;
		next = find_range_end(resource, i, end);
		text_printf(out, any ? ",%u" : "%u", index_of(resource, i));
		if (next - i > 1)
			text_printf(out, "-%u", index_of(resource, next - 1));
		any = true;
	}
	return any;
}

/* Whether all PFs of the resource have names to find them by. */
static bool has_names(const struct resource *resource)
{
	for (size_t i = 0; i < resource->group->count; i++)
		if (resource_has(resource, i) && !resource->group->members[i].pf->ifname)
			return false;
	return true;
}

/* Those of each PF: "ens1f0#0-3", or by its address. */
static struct json_object *make_pfs(const struct resource *resource, bool by_name)
{
	struct json_object *array = json_object_new_array();
	const struct group *group = resource->group;

	for (size_t i = 0, next; i < group->count; i = next) {
		const struct pf *pf = group->members[i].pf;
		CLEANUP_TEXT struct text vfs = { 0 };

		next = group_next_pf(group, i);
		text_printf(&vfs, "%s#", by_name ? pf->ifname : pf->address);
		if (append_vfs(resource, i, next, &vfs))
			build_append(&array,
				     vfs.failed ? NULL : json_object_new_string(text_string(&vfs)));
	}
	return array;
}

static struct json_object *make_drivers(const struct resource *resource)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < resource->group->count; i++) {
		const char *driver = exported_driver(resource->group->members[i].vf);

		if (resource_has(resource, i) && !resource_tells(resource->group, i, driver))
			build_append(&array, json_object_new_string(driver));
	}
	return array;
}

static struct json_object *make_selectors(const struct resource *resource)
{
	struct json_object *selectors = json_object_new_object();
	const bool by_name = has_names(resource);

	build_set(&selectors, by_name ? "pfNames" : "rootDevices", make_pfs(resource, by_name));
	build_set(&selectors, "drivers", make_drivers(resource));
	return selectors;
}

static struct json_object *make_resource(const struct resource *resource)
{
	struct json_object *object = json_object_new_object();
	CLEANUP_TEXT struct text name = { 0 };

	resource_append_name(resource, false, &name);
	build_set(&object, "resourceName",
		  name.failed ? NULL : json_object_new_string(text_string(&name)));
	build_set(&object, "selectors", make_selectors(resource));
	return object;
}

/* In lines of so many blanks; NULL is out of memory. */
static void append_json(struct json_object *object, int flags, const char *indent, struct text *out)
{
	const char *json = object ? json_object_to_json_string_ext(
					    object, flags | JSON_C_TO_STRING_NOSLASHESCAPE)
				  : NULL;

	out->failed = out->failed || !json;
	for (const char *p = json; p && *p;) {
		size_t length = strcspn(p, "\n");

		text_printf(out, "%s%.*s\n", indent, (int)length, p);
		p += length + (p[length] != '\0');
	}
	json_object_put(object);
}

static void add_to_list(const struct resource *resource, void *context)
{
	build_append(context, make_resource(resource));
}

void kubernetes_write_device_plugin(const struct groups *groups, struct export *export)
{
	struct json_object *list = json_object_new_array(), *config = json_object_new_object();
	size_t resources;

	resources_each(groups, export, add_to_list, &list);
	resources = list ? json_object_array_length(list) : 0;
	build_set(&config, "resourceList", list);
	if (list && !resources) {
		json_object_put(config);
		return;
	}
	text_append(export->out, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
				 "  name: sriovdp-config\n  namespace: kube-system\ndata:\n"
				 "  config.json: |\n");
	append_json(config, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, "    ", export->out);
	export->count = resources;
}

static void write_network(const struct resource *resource, void *context)
{
	struct json_object *config = json_object_new_object();
	CLEANUP_TEXT struct text name = { 0 };
	struct export *export = context;
	struct text *out = export->out;

	resource_append_name(resource, true, &name);
	build_set(&config, "cniVersion", json_object_new_string("0.3.1"));
	build_set(&config, "name", name.failed ? NULL : json_object_new_string(text_string(&name)));
	build_set(&config, "type", json_object_new_string("sriov"));
	build_set(&config, "ipam", json_object_new_object());
	text_append(out, export->count++ ? "---\n" : "");
	text_append(out, "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n"
			 "metadata:\n  name: ");
	resource_append_name(resource, true, out);
	text_append(out, "\n  annotations:\n    k8s.v1.cni.cncf.io/resourceName: " RESOURCE_PREFIX);
	resource_append_name(resource, false, out);
	text_append(out, "\nspec:\n  config: |\n");
	append_json(config, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, "    ", out);
}

void kubernetes_write_networks(const struct groups *groups, struct export *export)
{
	resources_each(groups, export, write_network, export);
}
