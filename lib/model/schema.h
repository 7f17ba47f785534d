/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Structs as mappings of YAML and JSON, by tables: a schema lists the fields of a struct and the
 * table of settings that it has besides. Reading and writing share the tables, so that what one
 * writes the other reads. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document/diagnostic.h"
#include "document/yaml_node.h"
#include "model/value.h"
#include "util/arena.h"

struct schema_reader {
	struct diagnostics *diagnostics;
	struct arena *arena; /* strings of the object being read go there */
};

struct field;

/* How a member is read and written. A kind that fills several members has the whole object for its
 * member (offset 0). */
struct field_kind {
	/* 0; -EINVAL with an error reported; -ENOMEM */
	int (*read)(const struct schema_reader *reader, const struct field *field,
		    const struct yaml_node *node, void *member);
	bool (*present)(const void *member);		  /* NULL: always */
	struct json_object *(*write)(const void *member); /* NULL when out of memory */
	const char *type; /* what it is, by the name that it has in a JSON Schema; or NULL: */
	const struct schema *below; /* it is a mapping with these keys */
	bool is_list;		    /* of such mappings */
};

struct field {
	const char *key;
	const struct field_kind *kind;
	size_t offset;
	size_t known; /* offset of a bool, that there is a value; 0: its kind says whether there is
		       */
	bool required;
	bool last; /* written after the settings: it is long */
};

struct schema {
	const char *noun; /* "a physical function" */
	const struct field *fields;
	size_t n_fields;
	const struct setting *settings;
	size_t n_settings;
	uint64_t excluded;		      /* settings that are no part of it, bit per setting */
	size_t present_offset, values_offset; /* of a struct pf_values or vf_values */
};

/* The most keys that one schema can have. */
#define SCHEMA_KEYS_MAX 64u

/* Fields that are one member: a string (NULL is absent), a uint32_t (0 is absent, or always
 * present), an int (negative is absent), a bool (always present, or absent if false). */
extern const struct field_kind field_string, field_number, field_index, field_signed, field_bool,
	field_flag;
/* A struct names (no name is absent); the class of a PCI device, a uint32_t. */
extern const struct field_kind field_names, field_class;

/* Reports a node that is not of that kind, or is null. 0 or -EINVAL. */
int schema_expect(const struct schema_reader *reader, const char *key, const struct yaml_node *node,
		  enum yaml_kind kind);

/* Reads a mapping strictly; settings are plain values or none, without origin. Every error is
 * reported, not only the first. 0, -EINVAL, -ENOMEM. */
int schema_read(const struct schema_reader *reader, const struct schema *schema,
		const struct yaml_node *node, void *object);
/* NULL when out of memory. */
struct json_object *schema_write(const struct schema *schema, const void *object);
