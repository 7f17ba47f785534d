/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/resource.h"

#include <string.h>

#include "model/pci_class.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Names that are none of an interface of ours would not be found again. */
static const char *find_reason(const struct pf *pf)
{
	if (pf->has_class && pf->class >> 16 != PCI_CLASS_NETWORK)
		return "it is no network card";
	if (!text_is_printable(pf_name(pf)) || strpbrk(pf_name(pf), "#'\""))
		return "its name has characters that mean something else there";
	return NULL;
}

bool resource_has(const struct resource *resource, size_t i)
{
	const struct member *member = &resource->group->members[i];
	const char *now = exported_driver(member->vf);

	return now && !find_reason(member->pf) &&
	       (!resource->driver || strcmp(now, resource->driver) == 0);
}

bool resource_tells(const struct group *group, size_t i, const char *driver)
{
	const struct resource resource = { group, driver };

	for (size_t k = 0; k < i; k++)
		if (resource_has(&resource, k))
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

void resource_append_name(const struct resource *resource, bool of_object, struct text *out)
{
	append_name(resource->group->name, of_object, out);
	if (!resource->driver)
		return;
	text_append(out, of_object ? "-" : "_");
	append_name(resource->driver, of_object, out);
}

/* Says what keeps a PF's VFs from being exported, once. */
static void note_pfs(const struct group *group, struct export *export)
{
	for (size_t i = 0; i < group->count; i = group_next_pf(group, i)) {
		const char *reason = find_reason(group->members[i].pf);

		if (reason)
			exported_note_pf(export, group->members[i].pf, reason);
	}
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

		if (!first.driver || !resource_has(&first, i))
			continue;
		for (size_t k = i + 1; k < group->count; k++)
			if (exported_driver(group->members[k].vf) && !resource_has(&first, k))
				return exported_note_group(export, group,
							   "its VFs have several drivers");
		return;
	}
}

void resources_each(const struct groups *groups, struct export *export,
		    void (*add)(const struct resource *resource, void *context), void *context)
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

			if (!resource_has(&resource, k) ||
			    (group->is_pool ? is_added : resource_tells(group, k, driver)))
				continue;
			add(&resource, context);
			is_added = true;
		}
	}
}
