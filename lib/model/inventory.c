/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/inventory.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "document/yaml.h"
#include "model/facts/facts_schema.h"
#include "model/inventory_pf.h"
#include "model/schema.h"

/* The version that is written, and the first of those that are read. */
#define INVENTORY_VERSION	2
#define INVENTORY_VERSION_FIRST 1

static int add_pf(const struct schema_reader *reader, const struct yaml_node *node, struct pf *pf,
		  struct pf_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i]->handle, pf->handle) == 0)
			return diagnostics_error(reader->diagnostics, &node->origin, NULL,
						 "%s is listed twice", pf->handle);
	return pf_list_add(list, pf);
}

static int read_pf(const struct schema_reader *reader, const struct yaml_node *node,
		   struct pf_list *list)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	int r = inventory_pf_read(reader, node, &pf);

	if (r == 0)
		r = add_pf(reader, node, pf, list);
	if (r == 0)
		(void)TAKE(pf);
	return r;
}

/* A policy may ask for all the VFs that the PFs can have: what a plan for them takes is bounded. */
static int check_budget(const struct schema_reader *reader, const struct yaml_node *node,
			const struct pf_list *list)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct pf *pf = list->items[i];

		sum += pf->n_vfs > pf->totalvfs ? pf->n_vfs : pf->totalvfs;
	}
	if (sum <= INVENTORY_VFS_MAX)
		return 0;
	return diagnostics_error(reader->diagnostics, &node->origin, NULL,
				 "the PFs of this inventory can have %llu VFs together, and no "
				 "more than %u are planned for",
				 (unsigned long long)sum, INVENTORY_VFS_MAX);
}

static int read_pfs(const struct schema_reader *reader, const struct field *field,
		    const struct yaml_node *node, void *member)
{
	struct pf_list *list = member;
	bool failed = false;
	int r;

	r = schema_expect(reader, field->key, node, YAML_SEQUENCE);
	if (r < 0)
		return r;
	for (size_t i = 0; i < node->count; i++) {
		r = read_pf(reader, node->items[i], list);
		if (r == -ENOMEM)
			return r;
		failed = failed || r < 0;
	}
	pf_list_sort(list);
	return failed ? -EINVAL : check_budget(reader, node, list);
}

static struct json_object *write_pfs(const void *member)
{
	const struct pf_list *list = member;
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < list->count; i++)
		build_append(&array, inventory_pf_json(list->items[i]));
	return array;
}

static const struct field_kind pfs_kind = { read_pfs, NULL, write_pfs, NULL, &inventory_pf_schema,
					    true };

static const struct field host_fields[] = {
	{ .key = "hostname", &field_string, offsetof(struct host, hostname) },
	{ .key = "machine-id", &field_string, offsetof(struct host, machine_id) },
	{ .key = "kernel-command-line", &field_string, offsetof(struct host, kernel_command_line) },
	{ .key = "product-name", &field_string, offsetof(struct host, product_name) },
};

static const struct schema host_schema = {
	.noun = "a host",
	.fields = host_fields,
	.n_fields = ARRAY_SIZE(host_fields),
};

static int read_host(const struct schema_reader *reader, const struct field *field,
		     const struct yaml_node *node, void *member)
{
	(void)field;
	return schema_read(reader, &host_schema, node, member);
}

static struct json_object *write_host(const void *member)
{
	return schema_write(&host_schema, member);
}

static const struct field_kind host_kind = {
	read_host, NULL, write_host, NULL, &host_schema, false
};

static int read_version(const struct schema_reader *reader, const struct field *field,
			const struct yaml_node *node, void *member)
{
	uint32_t version = 0;
	int r;

	(void)member;
	r = field_number.read(reader, field, node, &version);
	if (r < 0 || (version >= INVENTORY_VERSION_FIRST && version <= INVENTORY_VERSION))
		return r;
	return diagnostics_error(reader->diagnostics, &node->origin, NULL,
				 "an inventory of version %u; this program reads versions %u to %u",
				 version, INVENTORY_VERSION_FIRST, INVENTORY_VERSION);
}

static struct json_object *write_version(const void *member)
{
	(void)member;
	return json_object_new_int(INVENTORY_VERSION);
}

static const struct field_kind version_kind = { read_version, NULL, write_version, "version" };

static const struct field document_fields[] = {
	{ .key = "inventory", &version_kind, .required = true },
	{ .key = "host", &host_kind, offsetof(struct inventory, host) },
	{ .key = "physical-functions", &pfs_kind, offsetof(struct inventory, pfs) },
	{ .key = "facts", &field_facts, offsetof(struct inventory, facts) },
};

const struct schema inventory_schema = {
	.noun = "an inventory",
	.fields = document_fields,
	.n_fields = ARRAY_SIZE(document_fields),
};

void inventory_clear(struct inventory *inventory)
{
	pf_list_clear(&inventory->pfs);
	arena_free(inventory->arena);
	*inventory = (struct inventory){ 0 };
}

int inventory_read(const struct document *document, struct diagnostics *diagnostics,
		   struct inventory *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *tree = NULL;
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	const struct origin top = { document, 1, 1 };
	struct schema_reader reader = { .diagnostics = diagnostics };
	struct yaml_node *root = NULL;
	int r;

	r = arena_new(&tree);
	if (r == 0)
		r = arena_new(&inventory.arena);
	if (r == 0)
		r = yaml_read(document, tree, diagnostics, &root);
	if (r < 0)
		return r;
	if (!root)
		return diagnostics_error(diagnostics, &top, NULL, "an empty inventory");
	if (yaml_get(root, "version") && !yaml_get(root, "inventory"))
		return diagnostics_error(diagnostics, &root->origin,
					 "'sriovctl check' reads it; 'sriovctl inventory' prints "
					 "inventories",
					 "this is a policy, not the inventory of a host");
	reader.arena = inventory.arena;
	r = schema_read(&reader, &inventory_schema, root, &inventory);
	if (r < 0)
		return r;
	*ret = inventory;
	inventory = (struct inventory){ 0 };
	return 0;
}

struct json_object *inventory_json(const struct inventory *inventory)
{
	return schema_write(&inventory_schema, inventory);
}
