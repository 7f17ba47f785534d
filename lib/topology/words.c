/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/words.h"

#include <string.h>

/* Groups are told one by one up to this length. */
#define GROUPS_LENGTH_MAX 20

static int64_t index_of(const struct topology_vf *vf)
{
	return vf->vf->index;
}

static int64_t group_of(const struct topology_vf *vf)
{
	return vf->function.pci->iommu_group;
}

/* "0-3,6" of numbers, in the order of the VFs. */
static void append_ranges(const struct alike *alike, int64_t (*of)(const struct topology_vf *vf),
			  const char *separator, struct text *out)
{
	uint32_t end;

	for (uint32_t i = 0; i < alike->count; i = end) {
		const int64_t first = of(alike->vfs[i]);

		end = i + 1;
		while (end < alike->count && of(alike->vfs[end]) == first + (end - i))
			end++;
		text_printf(out, "%s%lld", i ? separator : "", (long long)first);
		if (end - i > 1)
			text_printf(out, "-%lld", (long long)first + (end - i) - 1);
	}
}

void words_which(const struct alike *alike, const char *separator, struct text *out)
{
	text_append(out, alike->count == 1 ? "VF " : "VFs ");
	append_ranges(alike, index_of, separator, out);
}

/* How much of an address the other begins with as well, up to its bus: "0000:3b:". */
static size_t common_bus(const char *address, const char *other)
{
	const char *colon = strrchr(address, ':');
	size_t length = colon ? (size_t)(colon - address) + 1 : 0;

	return strncmp(address, other, length) == 0 ? length : 0;
}

void words_addresses(const struct alike *alike, struct text *out)
{
	const char *first = alike->vfs[0]->vf->address;
	const char *last = alike->vfs[alike->count - 1]->vf->address;

	text_append(out, first ? first : WORDS_UNTOLD);
	if (first && last && alike->count > 1)
		text_printf(out, "..%s", last + common_bus(last, first));
}

void words_group(const struct topology *topology, const struct topology_function *function,
		 struct text *out)
{
	if (!function->pci)
		text_append(out, WORDS_UNTOLD);
	else if (function->pci->iommu_group >= 0)
		text_printf(out, "%d%s", function->pci->iommu_group,
			    function->shared == TOLD_YES ? " shared" : "");
	else
		text_append(out, topology->iommu == TOLD_NO ? "none" : WORDS_UNTOLD);
}

void words_groups(const struct topology *topology, const struct alike *alike, const char *separator,
		  struct text *out)
{
	const size_t before = out->length;

	if (alike->vfs[0]->function.shared != TOLD_NO) {
		words_group(topology, &alike->vfs[0]->function, out);
		return;
	}
	append_ranges(alike, group_of, separator, out);
	if (out->failed || out->length - before <= GROUPS_LENGTH_MAX)
		return;
	out->length = before;
	text_append(out, "one each");
}

void words_driver(const struct vf *vf, struct text *out)
{
	const struct value *driver = VALUES_GET(&vf->settings, VF_DRIVER);

	if (driver)
		value_format(&vf_settings[VF_DRIVER], driver, out);
	else
		text_append(out, WORDS_UNTOLD);
}

/* Speeds are in millions of transfers a second. */
static void append_link(uint32_t speed, uint32_t width, struct text *out)
{
	text_printf(out, "%u.%u GT/s x%u", speed / 1000, speed % 1000 / 100, width);
}

void words_link(const struct pci_function *function, struct text *out)
{
	if (!function || !function->speed || !function->width)
		return;
	append_link(function->speed, function->width, out);
	if (!words_link_is_low(function))
		return;
	text_append(out, ", could be ");
	append_link(function->speed_max, function->width_max, out);
}

bool words_link_is_low(const struct pci_function *function)
{
	return function && !pci_function_is_bridge(function) && function->speed &&
	       function->width && function->speed_max && function->width_max &&
	       (function->speed < function->speed_max || function->width < function->width_max);
}

void words_numa_node(int numa_node, struct text *out)
{
	if (numa_node < 0)
		text_append(out, WORDS_UNTOLD);
	else
		text_printf(out, "%d", numa_node);
}

bool words_is_untold(const struct holder *holder)
{
	return holder->use && !strcmp(holder->use, "unknown");
}
