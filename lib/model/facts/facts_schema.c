/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/facts/facts_schema.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stddef.h>

#include "document/build.h"
#include "model/facts/facts.h"

static int read_told(const struct schema_reader *reader, const struct field *field,
		     const struct yaml_node *node, void *member)
{
	bool yes = false;
	int r = field_bool.read(reader, field, node, &yes);

	if (r >= 0)
		*(enum told *)member = yes ? TOLD_YES : TOLD_NO;
	return r;
}

static bool is_told(const void *member)
{
	return *(const enum told *)member != UNTOLD;
}

static struct json_object *write_told(const void *member)
{
	return json_object_new_boolean(*(const enum told *)member == TOLD_YES);
}

static const struct field_kind field_told = { read_told, is_told, write_told, "boolean" };

static const struct field function_fields[] = {
	{ .key = "address",
	  &field_string,
	  offsetof(struct pci_function, address),
	  .required = true },
	{ .key = "class", &field_class, offsetof(struct pci_function, class) },
	{ .key = "id", &field_string, offsetof(struct pci_function, id) },
	{ .key = "subsystem-id", &field_string, offsetof(struct pci_function, subsystem_id) },
	{ .key = "driver", &field_string, offsetof(struct pci_function, driver) },
	{ .key = "name", &field_string, offsetof(struct pci_function, name) },
	{ .key = "upstream", &field_string, offsetof(struct pci_function, upstream) },
	{ .key = "numa-node", &field_signed, offsetof(struct pci_function, numa_node) },
	{ .key = "iommu-group", &field_signed, offsetof(struct pci_function, iommu_group) },
	{ .key = "iommu-type", &field_string, offsetof(struct pci_function, iommu_type) },
	{ .key = "width", &field_number, offsetof(struct pci_function, width) },
	{ .key = "width-max", &field_number, offsetof(struct pci_function, width_max) },
	{ .key = "speed", &field_number, offsetof(struct pci_function, speed) },
	{ .key = "speed-max", &field_number, offsetof(struct pci_function, speed_max) },
	{ .key = "module", &field_told, offsetof(struct pci_function, module) },
	{ .key = "vf-space", &field_told, offsetof(struct pci_function, vf_space) },
	{ .key = "vf-offset", &field_number, offsetof(struct pci_function, vf_offset) },
	{ .key = "vf-stride", &field_number, offsetof(struct pci_function, vf_stride) },
	{ .key = "acs", &field_told, offsetof(struct pci_function, acs) },
	{ .key = "ari", &field_told, offsetof(struct pci_function, ari) },
	{ .key = "msix", &field_signed, offsetof(struct pci_function, msix) },
	{ .key = "last-bus", &field_signed, offsetof(struct pci_function, last_bus) },
};

static const struct schema function_schema = {
	.noun = "a PCI function",
	.fields = function_fields,
	.n_fields = ARRAY_SIZE(function_fields),
};

static int read_functions(const struct schema_reader *reader, const struct field *field,
			  const struct yaml_node *node, void *member)
{
	struct pci_functions *functions = member;
	int r;

	r = schema_expect(reader, field->key, node, YAML_SEQUENCE);
	if (r < 0)
		return r;
	functions->items = arena_array(reader->arena, node->count + 1, sizeof(*functions->items));
	if (!functions->items)
		return -ENOMEM;
	for (; functions->count < node->count; functions->count++) {
		struct pci_function *function = &functions->items[functions->count];

		pci_function_init(function, NULL);
		r = schema_read(reader, &function_schema, node->items[functions->count], function);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool are_functions(const void *member)
{
	return ((const struct pci_functions *)member)->count;
}

static struct json_object *write_functions(const void *member)
{
	const struct pci_functions *functions = member;
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < functions->count; i++)
		build_append(&array, schema_write(&function_schema, &functions->items[i]));
	return array;
}

static const struct field_kind functions_kind = { read_functions, are_functions,    write_functions,
						  NULL,		  &function_schema, true };

static const struct field facts_fields[] = {
	{ .key = "kernel", &field_string, offsetof(struct facts, kernel) },
	{ .key = "distribution", &field_string, offsetof(struct facts, distribution) },
	{ .key = "cpu-vendor", &field_string, offsetof(struct facts, cpu_vendor) },
	{ .key = "virtualization", &field_told, offsetof(struct facts, virtualization) },
	{ .key = "iommu-in-firmware", &field_told, offsetof(struct facts, iommu_in_firmware) },
	{ .key = "iommu", &field_told, offsetof(struct facts, iommu) },
	{ .key = "interrupt-remapping", &field_told, offsetof(struct facts, interrupt_remapping) },
	{ .key = "unsafe-interrupts", &field_told, offsetof(struct facts, unsafe_interrupts) },
	{ .key = "vfio", &field_told, offsetof(struct facts, vfio) },
	{ .key = "iommufd", &field_told, offsetof(struct facts, iommufd) },
	{ .key = "cpus", &field_string, offsetof(struct facts, cpus) },
	{ .key = "isolated-cpus", &field_string, offsetof(struct facts, isolated_cpus) },
	{ .key = "nohz-full-cpus", &field_string, offsetof(struct facts, nohz_full_cpus) },
	{ .key = "governor", &field_string, offsetof(struct facts, governor) },
	{ .key = "frequency-driver", &field_string, offsetof(struct facts, frequency_driver) },
	{ .key = "idle-latency", &field_signed, offsetof(struct facts, idle_latency_us) },
	{ .key = "hugepages", &field_signed, offsetof(struct facts, hugepages_mb) },
	{ .key = "hugepages-free", &field_signed, offsetof(struct facts, hugepages_free_mb) },
	{ .key = "memlock", &field_signed, offsetof(struct facts, memlock_kb) },
	{ .key = "managers", &field_names, offsetof(struct facts, managers) },
	{ .key = "functions", &functions_kind, offsetof(struct facts, functions), .last = true },
};

static const struct schema facts_schema = {
	.noun = "the facts of a host",
	.fields = facts_fields,
	.n_fields = ARRAY_SIZE(facts_fields),
};

static int read_facts(const struct schema_reader *reader, const struct field *field,
		      const struct yaml_node *node, void *member)
{
	struct facts **facts = member;
	int r = facts_new(reader->arena, facts);

	(void)field;
	return r < 0 ? r : schema_read(reader, &facts_schema, node, *facts);
}

static bool are_facts(const void *member)
{
	return *(struct facts *const *)member;
}

static struct json_object *write_facts(const void *member)
{
	return schema_write(&facts_schema, *(struct facts *const *)member);
}

const struct field_kind field_facts = { read_facts, are_facts,	   write_facts,
					NULL,	    &facts_schema, false };
