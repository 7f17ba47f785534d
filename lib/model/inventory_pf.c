/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/inventory_pf.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"

/* By key, which is that of the setting behind "taken-". */
static enum vf_setting taken_setting(const struct field *field)
{
	return vf_setting_find(field->key + strlen("taken-"));
}

static int read_taken(const struct schema_reader *reader, const struct field *field,
		      const struct yaml_node *node, void *member)
{
	const enum vf_setting setting = taken_setting(field);
	const struct setting of_key = { .key = field->key, .type = vf_settings[setting].type };
	struct vf *vf = member;
	struct value value;
	int r = value_read(&of_key, node, reader->arena, reader->diagnostics, &value);

	if (r >= 0)
		taken_set(&vf->taken, setting, &value);
	return r;
}

static bool is_taken(const void *member, enum vf_setting setting)
{
	struct value value;

	return taken_get(&((const struct vf *)member)->taken, setting, &value);
}

static struct json_object *write_taken(const void *member, enum vf_setting setting)
{
	struct value value;

	(void)taken_get(&((const struct vf *)member)->taken, setting, &value);
	return value_json(&vf_settings[setting], &value);
}

#define TAKEN(name, setting)                                                                       \
	static bool name##_present(const void *member)                                             \
	{                                                                                          \
		return is_taken(member, setting);                                                  \
	}                                                                                          \
                                                                                                   \
	static struct json_object *write_##name(const void *member)                                \
	{                                                                                          \
		return write_taken(member, setting);                                               \
	}                                                                                          \
                                                                                                   \
	static const struct field_kind name##_kind = { read_taken, name##_present, write_##name,   \
						       "string" }

TAKEN(taken_mac, VF_MAC);
TAKEN(taken_node_guid, VF_NODE_GUID);
TAKEN(taken_port_guid, VF_PORT_GUID);

/* A set of a VF's settings, by their keys. */
static int read_settings(const struct schema_reader *reader, const struct field *field,
			 const struct yaml_node *node, void *member)
{
	uint64_t *mask = member;
	struct names names = { 0 };
	int r = field_names.read(reader, field, node, &names);

	for (size_t i = 0; r >= 0 && i < names.count; i++) {
		const enum vf_setting setting = vf_setting_find(names.items[i]);

		if (setting == VF_SETTING_COUNT)
			return diagnostics_error(reader->diagnostics, &node->items[i]->origin, NULL,
						 "'%s' has %s, which is no setting of a VF",
						 field->key, DIAGNOSTIC_QUOTE(names.items[i]));
		*mask |= SETTING_BIT(setting);
	}
	return r;
}

static bool settings_present(const void *member)
{
	return *(const uint64_t *)member;
}

static struct json_object *write_settings(const void *member)
{
	struct json_object *array = json_object_new_array();

	for (uint64_t rest = *(const uint64_t *)member; array && rest;)
		build_append(&array, build_text(vf_settings[setting_take(&rest)].key));
	return array;
}

static const struct field_kind field_settings = { read_settings, settings_present, write_settings,
						  "setting-names" };

static const struct field vf_fields[] = {
	{ .key = "index", &field_index, offsetof(struct vf, index), .required = true },
	{ .key = "reported", &field_bool, offsetof(struct vf, reported) },
	{ .key = "address", &field_string, offsetof(struct vf, address) },
	{ .key = "driver-override", &field_string, offsetof(struct vf, driver_override) },
	{ .key = "owed-driver", &field_string, offsetof(struct vf, owed_driver) },
	{ .key = "controller", &field_string, offsetof(struct vf, controller) },
	{ .key = "interface", &field_string, offsetof(struct vf, ifname) },
	{ .key = "ifindex", &field_number, offsetof(struct vf, ifindex) },
	{ .key = "altnames", &field_names, offsetof(struct vf, altnames) },
	{ .key = "taken-mac", &taken_mac_kind, 0 },
	{ .key = "taken-node-guid", &taken_node_guid_kind, 0 },
	{ .key = "taken-port-guid", &taken_port_guid_kind, 0 },
	{ .key = "settling", &field_flag, offsetof(struct vf, settling) },
	{ .key = "given", &field_settings, offsetof(struct vf, given.done) },
	{ .key = "due", &field_settings, offsetof(struct vf, given.due) },
	{ .key = "given-open", &field_settings, offsetof(struct vf, given.open) },
	{ .key = "given-untold", &field_flag, offsetof(struct vf, given.untold) },
	{ .key = "use", &field_string, offsetof(struct vf, holder.use) },
	{ .key = "holder", &field_string, offsetof(struct vf, holder.details) },
	{ .key = "remark", &field_string, offsetof(struct vf, holder.remark) },
};

static const struct schema vf_schema = {
	.noun = "a virtual function",
	.fields = vf_fields,
	.n_fields = ARRAY_SIZE(vf_fields),
	.settings = vf_settings,
	.n_settings = VF_SETTING_COUNT,
	.excluded = SETTING_BIT(VF_ALTNAME) | /* observed as one of the names */
		    SETTING_BIT(VF_POOL),     /* nothing that is observed */
	.present_offset = offsetof(struct vf, settings.present),
	.values_offset = offsetof(struct vf, settings.value),
};

static int read_mac(const struct schema_reader *reader, const struct field *field,
		    const struct yaml_node *node, void *member)
{
	const struct setting setting = { .key = field->key, .type = VALUE_MAC };
	struct value value;
	int r;

	r = value_read(&setting, node, reader->arena, reader->diagnostics, &value);
	if (r < 0)
		return r;
	*(struct mac *)member = value.mac;
	return 0;
}

static struct json_object *write_mac(const void *member)
{
	char buffer[MAC_STRING_SIZE];

	return json_object_new_string(mac_format(member, buffer));
}

static const struct field_kind field_mac = { read_mac, NULL, write_mac, "address" };

/* Four hexadecimal digits, as "lspci -n" prints them. */
static bool parse_id(const char *string, uint16_t *ret)
{
	*ret = (uint16_t)strtoul(string, NULL, 16);
	return strspn(string, "0123456789abcdefABCDEF") == 4;
}

static int read_device(const struct schema_reader *reader, const struct field *field,
		       const struct yaml_node *node, void *member)
{
	struct pf *pf = member;
	int r;

	r = schema_expect(reader, field->key, node, YAML_SCALAR);
	if (r < 0)
		return r;
	if (strlen(node->scalar) != strlen("8086:1592") || node->scalar[4] != ':' ||
	    !parse_id(node->scalar, &pf->vendor_id) || !parse_id(node->scalar + 5, &pf->device_id))
		return diagnostics_error(
			reader->diagnostics, &node->origin, "such as \"8086:1592\"",
			"'%s' must be vendor and device in hexadecimal", field->key);
	return 0;
}

static struct json_object *write_device(const void *member)
{
	const struct pf *pf = member;
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%04x:%04x", pf->vendor_id, pf->device_id);
	return text.failed ? NULL : json_object_new_string(text_string(&text));
}

static const struct field_kind device_kind = { read_device, NULL, write_device, "device" };

/* Every VF is listed once, so an index is below the length of the list; which also bounds what a
 * short document can make us allocate. */
static int read_vf(const struct schema_reader *reader, const struct yaml_node *node, bool *seen,
		   struct pf *pf)
{
	struct vf vf = { .reported = true };
	int r;

	r = schema_read(reader, &vf_schema, node, &vf);
	if (r < 0)
		return r;
	if (vf.index >= pf->n_vfs || seen[vf.index])
		return diagnostics_error(reader->diagnostics, &node->origin,
					 "every VF from 0 on is listed once",
					 vf.index < pf->n_vfs ? "VF %u is listed twice"
							      : "VF %u, but lower ones are missing",
					 vf.index);
	seen[vf.index] = true;
	pf->vfs[vf.index] = vf;
	return 0;
}

static int read_vfs(const struct schema_reader *reader, const struct field *field,
		    const struct yaml_node *node, void *member)
{
	CLEANUP_FREE bool *seen = NULL;
	struct pf *pf = member;
	bool failed = false;
	int r;

	r = schema_expect(reader, field->key, node, YAML_SEQUENCE);
	if (r < 0)
		return r;
	if (node->count > PF_VFS_MAX)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "more than %u virtual functions", PF_VFS_MAX);
	seen = calloc(node->count + 1, sizeof(*seen));
	if (!seen || pf_alloc_vfs(pf, (uint32_t)node->count) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < node->count; i++) {
		r = read_vf(reader, node->items[i], seen, pf);
		if (r == -ENOMEM)
			return r;
		failed = failed || r < 0;
	}
	return failed ? -EINVAL : 0;
}

static struct json_object *write_vfs(const void *member)
{
	const struct pf *pf = member;
	struct json_object *array = json_object_new_array();

	for (uint32_t i = 0; array && i < pf->n_vfs; i++)
		build_append(&array, schema_write(&vf_schema, &pf->vfs[i]));
	return array;
}

static const struct field_kind vfs_kind = { read_vfs, NULL, write_vfs, NULL, &vf_schema, true };

static const struct field earlier_fields[] = {
	{ .key = "interface", &field_string, offsetof(struct pf, ifname) },
	{ .key = "altnames", &field_names, offsetof(struct pf, altnames) },
	{ .key = "other-names", &field_names, offsetof(struct pf, other_names) },
	{ .key = "mac",
	  &field_mac,
	  offsetof(struct pf, permanent_mac),
	  .known = offsetof(struct pf, has_permanent_mac) },
	{ .key = "port", &field_string, offsetof(struct pf, port) },
	{ .key = "firmware", &field_string, offsetof(struct pf, firmware) },
};

static const struct schema earlier_schema = {
	.noun = "what a physical function was called earlier",
	.fields = earlier_fields,
	.n_fields = ARRAY_SIZE(earlier_fields),
};

static int read_earlier(const struct schema_reader *reader, const struct field *field,
			const struct yaml_node *node, void *member)
{
	struct pf *earlier = arena_alloc(reader->arena, sizeof(*earlier));

	(void)field;
	if (!earlier)
		return -ENOMEM;
	earlier->arena = reader->arena;
	*(struct pf **)member = earlier;
	return schema_read(reader, &earlier_schema, node, earlier);
}

static bool earlier_present(const void *member)
{
	return *(struct pf *const *)member;
}

static struct json_object *write_earlier(const void *member)
{
	return schema_write(&earlier_schema, *(struct pf *const *)member);
}

static const struct field_kind earlier_kind = { read_earlier, earlier_present, write_earlier,
						NULL,	      &earlier_schema, false };

/* Until when; or why that cannot be told. */
static const struct field pause_fields[] = {
	{ .key = "until", &field_string, offsetof(struct pause, iso) },
	{ .key = "until-in-words", &field_string, offsetof(struct pause, words) },
	{ .key = "untold", &field_string, offsetof(struct pause, doubtful) },
};

static const struct schema pause_schema = {
	.noun = "a pause",
	.fields = pause_fields,
	.n_fields = ARRAY_SIZE(pause_fields),
};

/* How long it goes on matters to nobody who reads it later: it did then. */
static int read_pause(const struct schema_reader *reader, const struct field *field,
		      const struct yaml_node *node, void *member)
{
	struct pause *pause = member;
	int r = schema_read(reader, &pause_schema, node, pause);

	if (r < 0)
		return r;
	if (!pause->iso && !pause->doubtful)
		return diagnostics_error(reader->diagnostics, &node->origin, NULL,
					 "'%s' without 'until' or 'untold'", field->key);
	pause->left = 1;
	pause->words = pause->words ? pause->words : pause->iso;
	return 0;
}

static bool pause_present(const void *member)
{
	return ((const struct pause *)member)->left;
}

static struct json_object *write_pause(const void *member)
{
	return schema_write(&pause_schema, member);
}

static const struct field_kind pause_kind = { read_pause, pause_present, write_pause,
					      NULL,	  &pause_schema, false };

/* Read and written as the setting is. */
static int read_mode(const struct schema_reader *reader, const struct field *field,
		     const struct yaml_node *node, void *member)
{
	struct setting setting = pf_settings[PF_ESWITCH_MODE];
	struct value value;
	int r;

	setting.key = field->key;
	r = value_read(&setting, node, reader->arena, reader->diagnostics, &value);
	if (r < 0)
		return r;
	*(unsigned *)member = (unsigned)value.number;
	return 0;
}

static struct json_object *write_mode(const void *member)
{
	return value_json(&pf_settings[PF_ESWITCH_MODE],
			  &(struct value){ .number = *(const unsigned *)member });
}

static const struct field_kind mode_kind = { read_mode, NULL, write_mode, "string" };

static const struct field pf_fields[] = {
	{ .key = "handle", &field_string, offsetof(struct pf, handle), .required = true },
	{ .key = "address", &field_string, offsetof(struct pf, address) },
	{ .key = "driver", &field_string, offsetof(struct pf, driver) },
	{ .key = "firmware", &field_string, offsetof(struct pf, firmware) },
	{ .key = "serial", &field_string, offsetof(struct pf, serial) },
	{ .key = "interface", &field_string, offsetof(struct pf, ifname) },
	{ .key = "ifindex", &field_number, offsetof(struct pf, ifindex) },
	{ .key = "altnames", &field_names, offsetof(struct pf, altnames) },
	{ .key = "other-names", &field_names, offsetof(struct pf, other_names) },
	{ .key = "bond", &field_string, offsetof(struct pf, bond.name) },
	{ .key = "bond-up", &field_flag, offsetof(struct pf, bond.up) },
	{ .key = "mac",
	  &field_mac,
	  offsetof(struct pf, permanent_mac),
	  .known = offsetof(struct pf, has_permanent_mac) },
	{ .key = "path", &field_string, offsetof(struct pf, id_path) },
	{ .key = "port", &field_string, offsetof(struct pf, port) },
	{ .key = "device", &device_kind, .known = offsetof(struct pf, has_device_id) },
	{ .key = "class",
	  &field_class,
	  offsetof(struct pf, class),
	  .known = offsetof(struct pf, has_class) },
	{ .key = "numa-node", &field_signed, offsetof(struct pf, numa_node) },
	{ .key = "totalvfs", &field_number, offsetof(struct pf, totalvfs) },
	{ .key = "vf-msix-vectors", &field_number, offsetof(struct pf, msix_vectors) },
	{ .key = "carrier",
	  &field_bool,
	  offsetof(struct pf, carrier),
	  .known = offsetof(struct pf, has_carrier) },
	{ .key = "carrier-ups", &field_number, offsetof(struct pf, carrier_ups) },
	{ .key = "speed", &field_number, offsetof(struct pf, speed) },
	{ .key = "settling", &field_flag, offsetof(struct pf, settling) },
	{ .key = "eswitch-silent", &field_flag, offsetof(struct pf, eswitch_silent) },
	{ .key = "drivers-held", &field_flag, offsetof(struct pf, drivers_held) },
	{ .key = "earlier", &earlier_kind, offsetof(struct pf, earlier) },
	{ .key = "paused", &pause_kind, offsetof(struct pf, pause) },
	{ .key = "owes-vfs", &field_flag, offsetof(struct pf, owed_vfs.owed) },
	{ .key = "owes-vfs-in-mode",
	  &mode_kind,
	  offsetof(struct pf, owed_vfs.mode),
	  .known = offsetof(struct pf, owed_vfs.with_mode) },
	{ .key = "owes-vfs-untold", &field_string, offsetof(struct pf, owed_vfs.doubtful) },
	{ .key = "use", &field_string, offsetof(struct pf, holder.use) },
	{ .key = "holder", &field_string, offsetof(struct pf, holder.details) },
	{ .key = "shared-rates", &field_string, offsetof(struct pf, shared_rates) },
	{ .key = "virtual-functions", &vfs_kind, .last = true },
};

const struct schema inventory_pf_schema = {
	.noun = "a physical function",
	.fields = pf_fields,
	.n_fields = ARRAY_SIZE(pf_fields),
	.settings = pf_settings,
	.n_settings = PF_SETTING_COUNT,
	/* What only sriovd knows. */
	.excluded = SETTING_BIT(PF_MODE) | SETTING_BIT(PF_AT_MOST) | SETTING_BIT(PF_ON_RESIZE) |
		    SETTING_BIT(PF_DISRUPTION) | SETTING_BIT(PF_ON_DISRUPT) |
		    SETTING_BIT(PF_DRIVER_AFTER_BOND),
	.present_offset = offsetof(struct pf, settings.present),
	.values_offset = offsetof(struct pf, settings.value),
};

/* Makes sure of what all other code takes for granted: that there is an address (without one it is
 * the handle's device part), a number of the network device, and a count of VFs that is right. */
static int complete_pf(const struct schema_reader *reader, const struct yaml_node *node,
		       struct pf *pf)
{
	const char *slash = strchr(pf->handle, '/');
	const struct value *count = VALUES_GET(&pf->settings, PF_VFS);

	if (!slash || slash == pf->handle || !slash[1])
		return diagnostics_error(reader->diagnostics, &yaml_get(node, "handle")->origin,
					 "such as pci/0000:3b:00.0", "'handle' must be bus/device");
	if (!pf->address)
		pf->address = slash + 1;
	if (pf->ifname && !pf->ifindex)
		return diagnostics_error(reader->diagnostics, &yaml_get(node, "interface")->origin,
					 NULL, "'interface' without 'ifindex'");
	if (!count)
		VALUES_SET(&pf->settings, PF_VFS, (struct value){ .number = pf->n_vfs });
	else if (count->number != pf->n_vfs)
		return diagnostics_error(reader->diagnostics, &yaml_get(node, "vfs")->origin, NULL,
					 "'vfs' is not the number of 'virtual-functions'");
	return 0;
}

int inventory_pf_read(const struct schema_reader *reader, const struct yaml_node *node,
		      struct pf **ret)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	struct schema_reader inner = *reader;
	int r;

	r = pf_new(&pf);
	if (r < 0)
		return r;
	inner.arena = pf->arena;
	r = schema_read(&inner, &inventory_pf_schema, node, pf);
	if (r == 0)
		r = complete_pf(&inner, node, pf);
	if (r == 0)
		*ret = TAKE(pf);
	return r;
}

struct json_object *inventory_pf_json(const struct pf *pf)
{
	return schema_write(&inventory_pf_schema, pf);
}
