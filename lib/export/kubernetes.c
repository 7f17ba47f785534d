/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/kubernetes.h"

#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "model/pci_class.h"

/* The prefix that the plugin gives names of resources unless it is told another. */
#define PREFIX	"intel.com/"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* The VFs of a PF that one driver has. */
struct resource {
	const struct pf *pf;
	const char *driver;
	uint32_t first; /* of the VFs */
};

static bool has_driver(const struct vf *vf, const char *driver)
{
	const char *now = exported_driver(vf);

	return now && strcmp(now, driver) == 0;
}

/* Whether a VF before it has the same. */
static bool is_told(const struct pf *pf, uint32_t vf, const char *driver)
{
	for (uint32_t i = 0; i < vf; i++)
		if (has_driver(&pf->vfs[i], driver))
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
	append_name(pf_name(resource->pf), of_object, out);
	text_append(out, of_object ? "-" : "_");
	append_name(resource->driver, of_object, out);
}

static void append_vfs(const struct resource *resource, struct text *out)
{
	const struct pf *pf = resource->pf;

	for (uint32_t i = resource->first, end; i < pf->n_vfs; i = end + 1) {
		for (end = i; end < pf->n_vfs && has_driver(&pf->vfs[end], resource->driver);)
			end++;
		if (end == i)
			continue;
		text_printf(out, i == resource->first ? "%u" : ",%u", i);
		if (end - i > 1)
			text_printf(out, "-%u", end - 1);
	}
}

static struct json_object *list_of(const char *string)
{
	struct json_object *array = json_object_new_array();

	build_append(&array, json_object_new_string(string));
	return array;
}

static struct json_object *make_selectors(const struct resource *resource)
{
	struct json_object *selectors = json_object_new_object();
	const struct pf *pf = resource->pf;
	CLEANUP_TEXT struct text vfs = { 0 };

	text_printf(&vfs, "%s#", pf->ifname ? pf->ifname : pf->address);
	append_vfs(resource, &vfs);
	build_set(&selectors, pf->ifname ? "pfNames" : "rootDevices",
		  vfs.failed ? NULL : list_of(text_string(&vfs)));
	build_set(&selectors, "drivers", list_of(resource->driver));
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

/* Names that are none of an interface of ours would not be found again. */
static const char *find_reason(const struct pf *pf)
{
	if (!pf->n_vfs)
		return "it has no VFs";
	if (pf->has_class && pf->class >> 16 != PCI_CLASS_NETWORK)
		return "it is no network card";
	if (!text_is_printable(pf_name(pf)) || strpbrk(pf_name(pf), "#'\""))
		return "its name has characters that mean something else there";
	return NULL;
}

/* Calls add() for each resource. */
static void for_resources(const struct pf *const *pfs, size_t count, struct export *export,
			  void (*add)(const struct resource *resource, void *context),
			  void *context)
{
	for (size_t i = 0; i < count; i++) {
		const char *reason = find_reason(pfs[i]);

		if (reason)
			exported_note_pf(export, pfs[i], reason);
		for (uint32_t k = 0; !reason && k < pfs[i]->n_vfs; k++) {
			const struct vf *vf = &pfs[i]->vfs[k];
			const struct resource resource = { pfs[i], exported_driver(vf), k };

			if (!resource.driver)
				exported_note_vf(export, pfs[i], vf,
						 vf->address ? "no driver has it"
							     : "it has no device");
			else if (!is_told(pfs[i], k, resource.driver))
				add(&resource, context);
		}
	}
}

static void add_to_list(const struct resource *resource, void *context)
{
	build_append(context, make_resource(resource));
}

void kubernetes_write_device_plugin(const struct pf *const *pfs, size_t count,
				    struct export *export)
{
	struct json_object *list = json_object_new_array(), *config = json_object_new_object();
	size_t resources;

	for_resources(pfs, count, export, add_to_list, &list);
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

void kubernetes_write_networks(const struct pf *const *pfs, size_t count, struct export *export)
{
	for_resources(pfs, count, export, write_network, export);
}
