/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/schema.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "model/pf.h"
#include "util/text.h"

int schema_expect(const struct schema_reader *reader, const char *key, const struct yaml_node *node,
		  enum yaml_kind kind)
{
	static const char *const words[] = {
		[YAML_SCALAR] = "one value",
		[YAML_SEQUENCE] = "a list",
		[YAML_MAPPING] = "a mapping",
	};

	if (node->kind == kind && !yaml_is_null(node))
		return 0;
	return diagnostics_error(reader->diagnostics, &node->origin, NULL, "'%s' must be %s", key,
				 words[kind]);
}

static int read_string(const struct schema_reader *reader, const struct field *field,
		       const struct yaml_node *node, void *member)
{
	const char **string = member;
	int r;

	r = schema_expect(reader, field->key, node, YAML_SCALAR);
	if (r < 0)
		return r;
	*string = arena_strdup(reader->arena, node->scalar);
	return *string ? 0 : -ENOMEM;
}

static bool string_present(const void *member)
{
	return *(const char *const *)member;
}

static struct json_object *write_string(const void *member)
{
	return build_text(*(const char *const *)member);
}

const struct field_kind field_string = { read_string, string_present, write_string, "string" };

/* Numbers and booleans are read by the same code as settings. */
static int read_scalar(const struct schema_reader *reader, const struct field *field,
		       const struct yaml_node *node, enum value_type type, uint64_t max,
		       uint64_t *ret)
{
	const struct setting setting = { .key = field->key, .type = type, .max = max };
	struct value value;
	int r;

	r = value_read(&setting, node, reader->arena, reader->diagnostics, &value);
	if (r == 0)
		*ret = value.number;
	return r;
}

static int read_number(const struct schema_reader *reader, const struct field *field,
		       const struct yaml_node *node, void *member)
{
	uint64_t number;
	int r;

	r = read_scalar(reader, field, node, VALUE_NUMBER, UINT32_MAX, &number);
	if (r == 0)
		*(uint32_t *)member = (uint32_t)number;
	return r;
}

static bool number_present(const void *member)
{
	return *(const uint32_t *)member;
}

static struct json_object *write_number(const void *member)
{
	return json_object_new_int64(*(const uint32_t *)member);
}

const struct field_kind field_number = { read_number, number_present, write_number, "natural" };
const struct field_kind field_index = { read_number, NULL, write_number, "natural" };

static int read_signed(const struct schema_reader *reader, const struct field *field,
		       const struct yaml_node *node, void *member)
{
	uint64_t number;
	int r;

	r = read_scalar(reader, field, node, VALUE_NUMBER, INT32_MAX, &number);
	if (r == 0)
		*(int *)member = (int)number;
	return r;
}

static bool signed_present(const void *member)
{
	return *(const int *)member >= 0;
}

static struct json_object *write_signed(const void *member)
{
	return json_object_new_int(*(const int *)member);
}

const struct field_kind field_signed = { read_signed, signed_present, write_signed, "natural" };

static int read_bool(const struct schema_reader *reader, const struct field *field,
		     const struct yaml_node *node, void *member)
{
	uint64_t number;
	int r;

	r = read_scalar(reader, field, node, VALUE_BOOL, 1, &number);
	if (r == 0)
		*(bool *)member = number;
	return r;
}

static struct json_object *write_bool(const void *member)
{
	return json_object_new_boolean(*(const bool *)member);
}

static bool bool_present(const void *member)
{
	return *(const bool *)member;
}

const struct field_kind field_bool = { read_bool, NULL, write_bool, "boolean" };
const struct field_kind field_flag = { read_bool, bool_present, write_bool, "boolean" };

static int read_names(const struct schema_reader *reader, const struct field *field,
		      const struct yaml_node *node, void *member)
{
	struct names *names = member;
	int r;

	r = schema_expect(reader, field->key, node, YAML_SEQUENCE);
	if (r < 0)
		return r;
	names->items = arena_array(reader->arena, node->count, sizeof(*names->items));
	if (!names->items)
		return -ENOMEM;
	for (; names->count < node->count; names->count++) {
		r = field_string.read(reader, field, node->items[names->count],
				      &names->items[names->count]);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool names_present(const void *member)
{
	return ((const struct names *)member)->count;
}

static struct json_object *write_names(const void *member)
{
	const struct names *names = member;
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < names->count; i++)
		build_append(&array, build_text(names->items[i]));
	return array;
}

const struct field_kind field_names = { read_names, names_present, write_names, "strings" };

static int read_class(const struct schema_reader *reader, const struct field *field,
		      const struct yaml_node *node, void *member)
{
	int r = schema_expect(reader, field->key, node, YAML_SCALAR);

	if (r < 0)
		return r;
	if (strlen(node->scalar) != strlen("0x020000") || strncmp(node->scalar, "0x", 2) != 0 ||
	    strspn(node->scalar + 2, "0123456789abcdefABCDEF") != 6)
		return diagnostics_error(reader->diagnostics, &node->origin, "such as 0x020000",
					 "'%s' must be a class of PCI devices, in hexadecimal",
					 field->key);
	*(uint32_t *)member = (uint32_t)strtoul(node->scalar + 2, NULL, 16);
	return 0;
}

static struct json_object *write_class(const void *member)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "0x%06x", *(const uint32_t *)member);
	return text.failed ? NULL : json_object_new_string(text_string(&text));
}

const struct field_kind field_class = { read_class, NULL, write_class, "class" };

static void *member_of(const void *object, size_t offset)
{
	return (char *)(uintptr_t)object + offset;
}

static const struct field *find_field(const struct schema *schema, const char *key)
{
	for (size_t i = 0; i < schema->n_fields; i++)
		if (strcmp(schema->fields[i].key, key) == 0)
			return &schema->fields[i];
	return NULL;
}

/* The setting's key in a group: "mode" for eswitch.mode in "eswitch"; in the group "" the key of a
 * setting that has no dot. NULL where it is not in that group. */
static const char *key_in_group(const struct schema *schema, size_t setting, const char *group)
{
	const char *key = schema->settings[setting].key;
	const char *dot = strchr(key, '.');
	size_t length = dot ? (size_t)(dot - key) : 0;

	if (schema->excluded & SETTING_BIT(setting))
		return NULL;
	if (strlen(group) != length || strncmp(key, group, length) != 0)
		return NULL;
	return dot ? dot + 1 : key;
}

static int unknown_key(const struct schema_reader *reader, const struct schema *schema,
		       const char *group, const char *key, const struct yaml_node *node)
{
	CLEANUP_TEXT struct text hint = { 0 };
	const char *candidates[SCHEMA_KEYS_MAX];
	const char *near;
	size_t count = 0;

	for (size_t i = 0; !*group && i < schema->n_fields && count < SCHEMA_KEYS_MAX; i++)
		candidates[count++] = schema->fields[i].key;
	for (size_t i = 0; i < schema->n_settings && count < SCHEMA_KEYS_MAX; i++)
		if (key_in_group(schema, i, group))
			candidates[count++] = key_in_group(schema, i, group);
	near = diagnostic_suggest(key, candidates, count);
	if (near)
		text_printf(&hint, "did you mean '%s'?", near);
	return diagnostics_error(reader->diagnostics, &node->origin,
				 near ? text_string(&hint) : NULL, "unknown key '%s' in %s", key,
				 schema->noun);
}

/* present_offset is of a set of settings, whichever struct has it. */
_Static_assert(sizeof(((struct pf_values *)NULL)->present) == sizeof(uint64_t) &&
		       sizeof(((struct vf_values *)NULL)->present) == sizeof(uint64_t),
	       "a set of settings is read and written as 64 bits");

/* What was observed is what the kernel says: what a policy may ask for does not bind it. */
static int read_setting(const struct schema_reader *reader, const struct schema *schema, size_t i,
			const struct yaml_node *node, void *object)
{
	struct value *values = member_of(object, schema->values_offset);
	uint64_t *present = member_of(object, schema->present_offset);
	struct setting setting = schema->settings[i];
	struct value value;
	int r;

	setting.min = 0;
	setting.max = UINT64_MAX;
	setting.observed = true;
	setting.forms &= 1u << VALUE_NONE;
	r = value_read(&setting, node, reader->arena, reader->diagnostics, &value);
	if (r < 0)
		return r;
	value.origin = NULL;
	values[i] = value;
	*present |= SETTING_BIT(i);
	return 0;
}

static int read_keys(const struct schema_reader *reader, const struct schema *schema,
		     const char *group, const struct yaml_node *mapping, void *object);

static int read_field(const struct schema_reader *reader, const struct field *field,
		      const struct yaml_node *node, void *object)
{
	int r = field->kind->read(reader, field, node, member_of(object, field->offset));

	if (r >= 0 && field->known)
		*(bool *)member_of(object, field->known) = true;
	return r;
}

static int read_key(const struct schema_reader *reader, const struct schema *schema,
		    const char *group, const char *key, const struct yaml_node *node, void *object)
{
	const struct field *field = *group ? NULL : find_field(schema, key);
	int r;

	if (field)
		return read_field(reader, field, node, object);
	for (size_t i = 0; i < schema->n_settings; i++) {
		const char *name = key_in_group(schema, i, group);

		if (name && strcmp(name, key) == 0)
			return read_setting(reader, schema, i, node, object);
	}
	for (size_t i = 0; !*group && i < schema->n_settings; i++) {
		if (!key_in_group(schema, i, key))
			continue;
		r = schema_expect(reader, key, node, YAML_MAPPING);
		return r < 0 ? r : read_keys(reader, schema, key, node, object);
	}
	return unknown_key(reader, schema, group, key, node);
}

static int read_keys(const struct schema_reader *reader, const struct schema *schema,
		     const char *group, const struct yaml_node *mapping, void *object)
{
	bool failed = false;
	int r;

	for (size_t i = 0; i < mapping->count; i++) {
		r = read_key(reader, schema, group, mapping->keys[i]->scalar, mapping->items[i],
			     object);
		if (r == -ENOMEM)
			return r;
		failed = failed || r < 0;
	}
	return failed ? -EINVAL : 0;
}

int schema_read(const struct schema_reader *reader, const struct schema *schema,
		const struct yaml_node *node, void *object)
{
	int r;

	if (node->kind != YAML_MAPPING)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "%s must be a mapping", schema->noun);
	r = read_keys(reader, schema, "", node, object);
	for (size_t i = 0; r != -ENOMEM && i < schema->n_fields; i++) {
		if (!schema->fields[i].required || yaml_get(node, schema->fields[i].key))
			continue;
		r = diagnostics_error(reader->diagnostics, &node->origin, NULL, "%s without '%s'",
				      schema->noun, schema->fields[i].key);
	}
	return r;
}

/* The mapping that holds the setting: object itself, or its group, made when it is first needed. */
static struct json_object *group_of(struct json_object *object, const char *key, const char *dot)
{
	CLEANUP_TEXT struct text name = { 0 };
	struct json_object *group;

	if (!dot)
		return object;
	text_append_n(&name, key, (size_t)(dot - key));
	if (name.failed)
		return NULL;
	if (json_object_object_get_ex(object, text_string(&name), &group))
		return group;
	group = json_object_new_object();
	return build_add(object, text_string(&name), group) ? group : NULL;
}

static bool write_settings(const struct schema *schema, const void *object,
			   struct json_object *json)
{
	const struct value *values = member_of(object, schema->values_offset);
	const uint64_t *present = member_of(object, schema->present_offset);

	for (size_t i = 0; i < schema->n_settings; i++) {
		const struct setting *setting = &schema->settings[i];
		const char *dot = strchr(setting->key, '.');
		struct json_object *group;

		if (!(*present & SETTING_BIT(i) & ~schema->excluded))
			continue;
		group = group_of(json, setting->key, dot);
		if (!group || !build_add_constant(group, dot ? dot + 1 : setting->key,
						  value_json(setting, &values[i])))
			return false;
	}
	return true;
}

static bool is_present(const struct field *field, const void *object)
{
	if (field->known)
		return *(const bool *)member_of(object, field->known);
	return !field->kind->present || field->kind->present(member_of(object, field->offset));
}

static bool write_fields(const struct schema *schema, const void *object, bool last,
			 struct json_object *json)
{
	for (size_t i = 0; i < schema->n_fields; i++) {
		const struct field *field = &schema->fields[i];
		const void *member = member_of(object, field->offset);

		if (field->last != last || !is_present(field, object))
			continue;
		if (!build_add_constant(json, field->key, field->kind->write(member)))
			return false;
	}
	return true;
}

struct json_object *schema_write(const struct schema *schema, const void *object)
{
	struct json_object *json = json_object_new_object();

	if (json && write_fields(schema, object, false, json) &&
	    write_settings(schema, object, json) && write_fields(schema, object, true, json))
		return json;
	json_object_put(json);
	return NULL;
}
