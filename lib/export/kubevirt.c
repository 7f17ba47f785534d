/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/kubevirt.h"

#include <string.h>

#include "export/resource.h"
#include "model/driver.h"

static const char *id_of(const struct resource *resource, size_t i, const struct export *export)
{
	return exported_id(export, resource->group->members[i].vf);
}

/* Whether a guest can be given that member of the group. */
static bool is_fit(const struct resource *resource, size_t i)
{
	return resource_has(resource, i) &&
	       driver_is_vfio(exported_driver(resource->group->members[i].vf));
}

/* Whether guests can be given what is of the resource; the device plugin hands all of it out. */
static bool are_fit(const struct resource *resource, struct export *export)
{
	bool any = false;

	for (size_t i = 0; i < resource->group->count; i++) {
		const bool fit = is_fit(resource, i);

		if (!fit && resource_has(resource, i))
			exported_note_vf(
				export, &resource->group->members[i],
				"a driver of the kernel has it; KubeVirt needs vfio-pci on it");
		any = any || fit;
	}
	return any;
}

/* Whether a fit member before it is the same card. */
static bool is_told(const struct resource *resource, size_t i, const struct export *export)
{
	for (size_t k = 0; k < i; k++)
		if (is_fit(resource, k) && id_of(resource, k, export) &&
		    strcmp(id_of(resource, k, export), id_of(resource, i, export)) == 0)
			return true;
	return false;
}

static void permit(const struct resource *resource, void *context)
{
	struct export *export = context;

	if (!are_fit(resource, export))
		return;
	for (size_t i = 0; i < resource->group->count; i++) {
		if (!is_fit(resource, i))
			continue;
		if (!id_of(resource, i, export)) {
			exported_note_vf(export, &resource->group->members[i],
					 "what card it is is not known");
			continue;
		}
		if (is_told(resource, i, export))
			continue;
		text_printf(export->out,
			    "      - pciVendorSelector: \"%s\"\n        resourceName: ",
			    id_of(resource, i, export));
		text_append(export->out, RESOURCE_PREFIX);
		resource_append_name(resource, false, export->out);
		text_append(export->out, "\n        externalResourceProvider: true\n");
		export->count++;
	}
}

void kubevirt_write_permitted(const struct groups *groups, struct export *export)
{
	text_append(export->out,
		    "apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata:\n"
		    "  name: kubevirt\n  namespace: kubevirt\nspec:\n  configuration:\n"
		    "    permittedHostDevices:\n      pciHostDevices:\n");
	resources_each(groups, export, permit, export);
	if (!export->count)
		text_clear(export->out);
}

/* Both parts of what is written for interfaces. */
struct interfaces {
	struct export *export;
	struct text networks;
};

static void add_interface(const struct resource *resource, void *context)
{
	struct interfaces *interfaces = context;
	struct text *out = interfaces->export->out;

	if (!are_fit(resource, interfaces->export))
		return;
	text_append(out, "    - name: ");
	resource_append_name(resource, true, out);
	text_append(out, "\n      sriov: {}\n");
	text_append(&interfaces->networks, "- name: ");
	resource_append_name(resource, true, &interfaces->networks);
	text_append(&interfaces->networks, "\n  multus:\n    networkName: ");
	resource_append_name(resource, true, &interfaces->networks);
	text_append(&interfaces->networks, "\n");
	interfaces->export->count++;
}

void kubevirt_write_interfaces(const struct groups *groups, struct export *export)
{
	struct interfaces interfaces = { .export = export };

	text_append(export->out, "domain:\n  devices:\n    interfaces:\n");
	resources_each(groups, export, add_interface, &interfaces);
	if (!export->count)
		text_clear(export->out);
	else
		text_printf(export->out, "networks:\n%s",
			    interfaces.networks.failed ? "" : text_string(&interfaces.networks));
	export->out->failed = export->out->failed || interfaces.networks.failed;
	text_clear(&interfaces.networks);
}
