/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/survey/functions.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/survey/glance.h"
#include "kernel/survey/modules.h"

#define DEVICES "sys/bus/pci/devices"

static const char *path_of(const struct survey *survey, const char *address, const char *attribute)
{
	return arena_printf(survey->arena, DEVICES "/%s/%s", address, attribute);
}

static int read_text(const struct survey *survey, const char *address, const char *attribute,
		     const char **ret)
{
	const char *path = path_of(survey, address, attribute);

	return path ? glance_read(survey, path, ret) : -ENOMEM;
}

static int read_link(const struct survey *survey, const char *address, const char *attribute,
		     const char **ret)
{
	const char *path = path_of(survey, address, attribute);
	int r = path ? sysfs_read_link(survey->root, path, survey->arena, ret) : -ENOMEM;

	if (r < 0)
		*ret = NULL;
	return r == -ENOMEM ? r : 0;
}

static int read_number(const struct survey *survey, const char *address, const char *attribute,
		       int *ret)
{
	const char *path = path_of(survey, address, attribute);

	if (!path)
		return -ENOMEM;
	*ret = glance_number(survey, path);
	return 0;
}

/* "8.0 GT/s PCIe" is 8000; 0: "Unknown". */
static uint32_t parse_speed(const char *string)
{
	char *end;
	unsigned long whole = strtoul(string, &end, 10), tenths = 0;

	if (end == string || whole > 100000)
		return 0;
	if (*end == '.' && end[1] >= '0' && end[1] <= '9')
		tenths = (unsigned long)(end[1] - '0');
	return (uint32_t)(whole * 1000 + tenths * 100);
}

static int read_speed(const struct survey *survey, const char *address, const char *attribute,
		      uint32_t *ret)
{
	const char *string;
	int r = read_text(survey, address, attribute, &string);

	*ret = r >= 0 && string ? parse_speed(string) : 0;
	return r;
}

/* Of a VF the kernel knows no width: 0. The most that is told otherwise is 255: not known. */
static int read_width(const struct survey *survey, const char *address, const char *attribute,
		      uint32_t *ret)
{
	int number = -1, r = read_number(survey, address, attribute, &number);

	*ret = number > 0 && number < 255 ? (uint32_t)number : 0;
	return r;
}

static int read_express(const struct survey *survey, struct pci_function *function)
{
	const char *address = function->address;
	int r = read_speed(survey, address, "current_link_speed", &function->speed);

	if (r >= 0)
		r = read_speed(survey, address, "max_link_speed", &function->speed_max);
	if (r >= 0)
		r = read_width(survey, address, "current_link_width", &function->width);
	if (r >= 0)
		r = read_width(survey, address, "max_link_width", &function->width_max);
	return r;
}

static int read_group(const struct survey *survey, struct pci_function *function)
{
	const char *group, *path;
	int r = read_link(survey, function->address, "iommu_group", &group);

	if (r < 0 || !group)
		return r;
	function->iommu_group = atoi(group);
	path = arena_printf(survey->arena, "sys/kernel/iommu_groups/%s/type", group);
	return path ? glance_read(survey, path, &function->iommu_type) : -ENOMEM;
}

/* The device that it is below, by where its link leads: ".../0000:00:1c.0/0000:3b:00.0". */
static int read_upstream(const struct survey *survey, struct pci_function *function)
{
	const char *path = arena_printf(survey->arena, DEVICES "/%s", function->address);
	char target[PATH_MAX];
	ssize_t length = path ? readlinkat(survey->root, path, target, sizeof(target) - 1) : -1;
	char *slash;

	if (!path)
		return -ENOMEM;
	if (length < 0)
		return 0;
	target[length] = '\0';
	slash = strrchr(target, '/');
	if (!slash)
		return 0;
	*slash = '\0';
	slash = strrchr(target, '/');
	if (!slash || !strchr(slash, '.')) /* "pci0000:00" */
		return 0;
	function->upstream = arena_strdup(survey->arena, slash + 1);
	return function->upstream ? 0 : -ENOMEM;
}

static int read_class(const struct survey *survey, struct pci_function *function)
{
	int class = -1, r = read_number(survey, function->address, "class", &class);

	function->class = class < 0 ? 0 : (uint32_t) class;
	return r;
}

/* The digits of "0x8086"; NULL: it is no such number. */
static const char *find_digits(const char *string)
{
	return string && strncmp(string, "0x", 2) == 0 &&
			       strspn(string + 2, "0123456789abcdef") == 4 && !string[6]
		       ? string + 2
		       : NULL;
}

/* "8086:10ca", of two attributes. */
static int read_id(const struct survey *survey, const char *address, const char *vendor,
		   const char *device, const char **ret)
{
	const char *left, *right = NULL;
	int r = read_text(survey, address, vendor, &left);

	if (r >= 0)
		r = read_text(survey, address, device, &right);
	if (r < 0)
		return r;
	left = find_digits(left);
	right = find_digits(right);
	if (left && right)
		*ret = arena_printf(survey->arena, "%s:%s", left, right);
	return left && right && !*ret ? -ENOMEM : 0;
}

/* Of a VF that no driver has. */
static int read_module(const struct survey *survey, const struct modules *modules,
		       struct pci_function *function)
{
	const char *pf, *modalias;
	int r = read_link(survey, function->address, "physfn", &pf);

	if (r < 0 || !pf || function->driver)
		return r;
	r = read_text(survey, function->address, "modalias", &modalias);
	if (r >= 0 && modalias)
		function->module = modules_take(modules, modalias);
	return r;
}

/* Where the resources of VFs are in the file "resource", a line each: PCI_IOV_RESOURCES and
 * PCI_IOV_RESOURCE_END in linux/pci.h. */
#define IOV_FIRST 7
#define IOV_END	  13

/* Whether each resource of VFs that there is has a place, and there is one: one for which there was
 * no room is at 0, or wholly 0 with older kernels (reset_resource() in drivers/pci/setup-bus.c).
 * sriov_enable() in drivers/pci/iov.c makes no VF then. */
static enum told have_space(const char *resources)
{
	unsigned placed = 0;
	char *line = (char *)resources;

	for (unsigned i = 0; i < IOV_END; i++) {
		unsigned long long start = strtoull(line, &line, 16);
		unsigned long long end = strtoull(line, &line, 16),
				   flags = strtoull(line, &line, 16);

		if (i < IOV_FIRST)
			continue;
		if (!start && (end || flags))
			return TOLD_NO;
		placed += start != 0;
	}
	return placed ? TOLD_YES : TOLD_NO;
}

/* How VFs lie behind a PF: of its attributes these ask no driver. */
static int read_vfs(const struct survey *survey, struct pci_function *function)
{
	const char *path = path_of(survey, function->address, "sriov_totalvfs"), *resources;
	int offset = -1, stride = -1, r;

	if (!path)
		return -ENOMEM;
	if (glance_exists(survey, path) != TOLD_YES)
		return 0;
	r = read_text(survey, function->address, "resource", &resources);
	if (r >= 0 && resources)
		function->vf_space = have_space(resources);
	if (r >= 0)
		r = read_number(survey, function->address, "sriov_offset", &offset);
	if (r >= 0)
		r = read_number(survey, function->address, "sriov_stride", &stride);
	function->vf_offset = offset > 0 ? (uint32_t)offset : 0;
	function->vf_stride = stride > 0 ? (uint32_t)stride : 0;
	return r;
}

static int read_function(const struct survey *survey, const struct modules *modules,
			 struct pci_function *function)
{
	const char *address = function->address;
	int r = read_class(survey, function);

	if (r >= 0)
		r = read_id(survey, address, "vendor", "device", &function->id);
	if (r >= 0)
		r = read_id(survey, address, "subsystem_vendor", "subsystem_device",
			    &function->subsystem_id);
	if (r >= 0)
		r = read_link(survey, address, "driver", &function->driver);
	if (r >= 0)
		r = read_number(survey, address, "numa_node", &function->numa_node);
	if (r >= 0)
		r = read_express(survey, function);
	if (r >= 0)
		r = read_group(survey, function);
	if (r >= 0)
		r = read_upstream(survey, function);
	if (r >= 0)
		r = read_number(survey, address, "subordinate_bus_number", &function->last_bus);
	if (r >= 0)
		r = read_vfs(survey, function);
	return r < 0 ? r : read_module(survey, modules, function);
}

static enum told have_driver(const struct survey *survey, const struct modules *modules,
			     const char *path, const char *module)
{
	enum told there = glance_exists(survey, path);

	return there == TOLD_YES ? there : modules_have(modules, module);
}

static void note_vfio(const struct survey *survey, const struct modules *modules)
{
	survey->facts->vfio =
		have_driver(survey, modules, "sys/bus/pci/drivers/vfio-pci", "vfio-pci");
	survey->facts->iommufd = have_driver(survey, modules, "dev/iommu", "iommufd");
}

int functions_survey(const struct survey *survey)
{
	struct pci_functions *functions = &survey->facts->functions;
	struct modules modules;
	struct names names;
	bool known;
	int r;

	r = modules_read(survey, survey->facts->kernel, &modules);
	if (r < 0)
		return r;
	note_vfio(survey, &modules);
	r = glance_list(survey, DEVICES, &names, &known);
	if (r < 0)
		return r;
	functions->items = arena_array(survey->arena, names.count + 1, sizeof(*functions->items));
	if (!functions->items)
		return -ENOMEM;
	for (; r >= 0 && functions->count < names.count; functions->count++) {
		struct pci_function *function = &functions->items[functions->count];

		pci_function_init(function, names.items[functions->count]);
		r = read_function(survey, &modules, function);
	}
	return r < 0 ? r : 0;
}
