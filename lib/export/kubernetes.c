/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/kubernetes.h"

#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "model/pci_class.h"

/* The prefix that the plugin gives names of resources unless it is told another. */
#define PREFIX	"intel.com/"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* VFs of a group: all that have a driver, or those of one. */
struct resource {
	const struct group *group;
	const char *driver; /* NULL: whichever */
};

/* Names that are none of an interface of ours would not be found again. */
static const char *find_reason(const struct pf *pf)
{
	if (pf->has_class && pf->class >> 16 != PCI_CLASS_NETWORK)
		return "it is no network card";
	if (!text_is_printable(pf_name(pf)) || strpbrk(pf_name(pf), "#'\""))
		return "its name has characters that mean something else there";
	return NULL;
}

static bool is_member(const struct resource *resource, size_t i)
{
	const struct member *member = &resource->group->members[i];
	const char *now = exported_driver(member->vf);

	return now && !find_reason(member->pf) &&
	       (!resource->driver || strcmp(now, resource->driver) == 0);
}

/* Whether a VF before it has the same driver. */
static bool is_told(const struct group *group, size_t i, const char *driver)
{
	const struct resource resource = { group, driver };

	for (size_t k = 0; k < i; k++)
		if (is_member(&resource, k))
			return true;
	return false;
}

/* The names of resources are of letters, digits and '_'; those of objects in small letters, digits
 * and '-'. */
static void append_name(const char *string, bool of_object, struct text *out)
{
	for (const char *p = string; *p; p++) {
		const char small = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;

		if (!strchr(LETTERS, *p))
			text_append(out, of_object ? "-" : "_");
		else
			text_append_n(out, of_object ? &small : p, 1);
	}
}

static void append_resource(const struct resource *resource, bool of_object, struct text *out)
{
	append_name(resource->group->name, of_object, out);
	if (!resource->driver)
		return;
	text_append(out, of_object ? "-" : "_");
	append_name(resource->driver, of_object, out);
}

static uint32_t index_of(const struct resource *resource, size_t i)
{
	return resource->group->members[i].vf->index;
}

/* Of the members from i on, below end, the first that is behind those of one range. */
static size_t find_range_end(const struct resource *resource, size_t i, size_t end)
{
	size_t next = i + 1;

	while (next < end && is_member(resource, next) &&
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
		if (!is_member(resource, i))
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
		if (is_member(resource, i) && !resource->group->members[i].pf->ifname)
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

		if (is_member(resource, i) && !is_told(resource->group, i, driver))
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

	append_resource(resource, false, &name);
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

/* Says what keeps a PF's VFs from being exported, once. */
static void note_pfs(const struct group *group, struct export *export)
{
	for (size_t i = 0; i < group->count; i = group_next_pf(group, i)) {
		const char *reason = find_reason(group->members[i].pf);

		if (reason)
			exported_note_pf(export, group->members[i].pf, reason);
	}
	if (!group->count)
		exported_note_group(export, group, "it has no VFs");
}

static void note_vfs(const struct group *group, struct export *export)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct member *member = &group->members[i];

		if (!find_reason(member->pf) && !exported_driver(member->vf))
			exported_note_vf(export, member,
					 member->vf->address ? "no driver has it"
							     : "it has no device");
	}
}

/* Pods that ask for one of a pool may find this driver or that. */
static void note_drivers(const struct group *group, struct export *export)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct resource first = { group, exported_driver(group->members[i].vf) };

		if (!first.driver || !is_member(&first, i))
			continue;
		for (size_t k = i + 1; k < group->count; k++)
			if (exported_driver(group->members[k].vf) && !is_member(&first, k))
				return exported_note_group(export, group,
							   "its VFs have several drivers");
		return;
	}
}

/* Calls add() for each resource. */
static void for_resources(const struct groups *groups, struct export *export,
			  void (*add)(const struct resource *resource, void *context),
			  void *context)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];
		bool is_added = false;

		note_pfs(group, export);
		note_vfs(group, export);
		if (group->is_pool)
			note_drivers(group, export);
		for (size_t k = 0; k < group->count; k++) {
			const char *driver = exported_driver(group->members[k].vf);
			const struct resource resource = { group, group->is_pool ? NULL : driver };

			if (!is_member(&resource, k) ||
			    (group->is_pool ? is_added : is_told(group, k, driver)))
				continue;
			add(&resource, context);
			is_added = true;
		}
	}
}

static void add_to_list(const struct resource *resource, void *context)
{
	build_append(context, make_resource(resource));
}

void kubernetes_write_device_plugin(const struct groups *groups, struct export *export)
{
	struct json_object *list = json_object_new_array(), *config = json_object_new_object();
	size_t resources;

	for_resources(groups, export, add_to_list, &list);
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

	append_resource(resource, true, &name);
	build_set(&config, "cniVersion", json_object_new_string("0.3.1"));
	build_set(&config, "name", name.failed ? NULL : json_object_new_string(text_string(&name)));
	build_set(&config, "type", json_object_new_string("sriov"));
	build_set(&config, "ipam", json_object_new_object());
	text_append(out, export->count++ ? "---\n" : "");
	text_append(out, "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n"
			 "metadata:\n  name: ");
	append_resource(resource, true, out);
	text_append(out, "\n  annotations:\n    k8s.v1.cni.cncf.io/resourceName: " PREFIX);
	append_resource(resource, false, out);
	text_append(out, "\nspec:\n  config: |\n");
	append_json(config, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, "    ", out);
}

void kubernetes_write_networks(const struct groups *groups, struct export *export)
{
	for_resources(groups, export, write_network, export);
}
