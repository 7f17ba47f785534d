/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl list: every PF and VF, as the kernel has it. */

#include <json-c/json_object.h>
#include <linux/if_ether.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/daemon.h"
#include "host/inputs.h"
#include "host/pick.h"
#include "memory.h"
#include "model/inventory_pf.h"
#include "options.h"
#include "print/capabilities.h"
#include "print/json.h"
#include "print/table.h"
#include "report/capabilities.h"
#include "verb.h"

enum {
	CELL_DEVICE,
	CELL_ADDRESS,
	CELL_DRIVER,
	CELL_VFS,
	CELL_MAC,
	CELL_VLAN,
	CELL_TRUST,
	CELL_SPOOF,
	CELL_LINK,
	CELL_RATE,
	CELL_MTU,
	CELL_ESWITCH,
	CELL_RSS,
	CELL_MSIX,
	CELL_NODE_GUID,
	CELL_PORT_GUID,
	CELL_OVERRIDE,
	CELL_OTHERS,
	CELL_HOLDER,
	CELL_REMARK,
};

static const struct column columns[] = {
	[CELL_DEVICE] = { "DEVICE", COLUMN_TREE },
	[CELL_ADDRESS] = { "ADDRESS" },
	[CELL_DRIVER] = { "DRIVER" },
	[CELL_VFS] = { "VFS", COLUMN_RIGHT },
	[CELL_MAC] = { "MAC" },
	[CELL_VLAN] = { "VLAN", COLUMN_BELOW, "vlan " },
	[CELL_TRUST] = { "TRUST", COLUMN_BELOW, "trust " },
	[CELL_SPOOF] = { "SPOOFCHK", COLUMN_BELOW, "spoof-check " },
	[CELL_LINK] = { "LINK", COLUMN_BELOW, "link " },
	[CELL_RATE] = { "MBIT/S", COLUMN_BELOW, "Mbit/s " },
	[CELL_MTU] = { "MTU", COLUMN_BELOW, "mtu " },
	[CELL_ESWITCH] = { "ESWITCH", COLUMN_BELOW, "eswitch " },
	[CELL_RSS] = { "QUERY-RSS", COLUMN_BELOW, "query-rss " },
	[CELL_MSIX] = { "MSIX", COLUMN_BELOW, "msix-vectors " },
	[CELL_NODE_GUID] = { "NODE-GUID", COLUMN_BELOW, "node-guid " },
	[CELL_PORT_GUID] = { "PORT-GUID", COLUMN_BELOW, "port-guid " },
	[CELL_OVERRIDE] = { "OVERRIDE", COLUMN_BELOW, "driver-override " },
	[CELL_OTHERS] = { "ALSO", COLUMN_WRAP | COLUMN_BELOW, "also " },
	[CELL_HOLDER] = { "HOLDER", COLUMN_WRAP | COLUMN_BELOW, "in use: " },
	[CELL_REMARK] = { "REMARK", COLUMN_WRAP | COLUMN_BELOW, "remark: " },
};

/* What the kernel does not report is "-", which is neither "none" nor 0. */
#define UNKNOWN "-"

static const char *or_unknown(const char *string)
{
	return string ? string : UNKNOWN;
}

/* What few drivers report has a column where one of the VFs that are printed has it. */
static const struct {
	size_t cell;
	enum vf_setting setting;
} rare[] = {
	{ CELL_RSS, VF_QUERY_RSS },
	{ CELL_MSIX, VF_MSIX_VECTORS },
	{ CELL_NODE_GUID, VF_NODE_GUID },
	{ CELL_PORT_GUID, VF_PORT_GUID },
};

struct view {
	struct table *table;
	uint64_t reported; /* SETTING_BIT, of some VF */
};

static void value_cell(struct libscols_line *row, size_t cell, const struct vf *vf,
		       enum vf_setting setting)
{
	const struct value *value = VALUES_GET(&vf->settings, setting);
	CLEANUP_TEXT struct text text = { 0 };

	if (value)
		value_format(&vf_settings[setting], value, &text);
	table_cell(row, cell, STYLE_PLAIN, value ? memory_text(&text) : UNKNOWN);
}

/* "100", and what is not usual of it: "100 qos 3 802.1ad" */
static void vlan_cell(struct libscols_line *row, const struct vf *vf)
{
	const struct value *value = VALUES_GET(&vf->settings, VF_VLAN);
	CLEANUP_TEXT struct text text = { 0 };

	if (!value)
		text_append(&text, UNKNOWN);
	else if (value->vlan.id)
		text_printf(&text, "%u", value->vlan.id);
	else
		text_append(&text, "none");
	if (value && value->vlan.qos)
		text_printf(&text, " qos %u", value->vlan.qos);
	if (value && value->vlan.id && value->vlan.protocol == ETH_P_8021AD)
		text_append(&text, " 802.1ad");
	table_cell(row, CELL_VLAN, STYLE_PLAIN, memory_text(&text));
}

/* "min 100 max 1000", "none" where neither is bounded */
static void rate_cell(struct libscols_line *row, const struct vf *vf)
{
	const struct value *min = VALUES_GET(&vf->settings, VF_MIN_TX_RATE);
	const struct value *max = VALUES_GET(&vf->settings, VF_MAX_TX_RATE);
	CLEANUP_TEXT struct text text = { 0 };

	if (!min && !max)
		text_append(&text, UNKNOWN);
	if (min && min->number)
		text_printf(&text, "min %u", (unsigned)min->number);
	if (max && max->number)
		text_printf(&text, "%smax %u", text.length ? " " : "", (unsigned)max->number);
	if (!text.length)
		text_append(&text, "none");
	table_cell(row, CELL_RATE, STYLE_PLAIN, memory_text(&text));
}

static void mtu_cell(struct libscols_line *row, const struct value *mtu)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (!mtu)
		return;
	text_printf(&text, "%llu", (unsigned long long)mtu->number);
	table_cell(row, CELL_MTU, STYLE_PLAIN, memory_text(&text));
}

/* Other names of the network device, and that nobody manages it. */
static void others_cell(struct libscols_line *row, const struct names *altnames,
			const struct value *unmanaged)
{
	CLEANUP_TEXT struct text text = { 0 };

	for (size_t i = 0; i < altnames->count; i++)
		text_printf(&text, "%s%s", i ? ", " : "", altnames->items[i]);
	if (unmanaged && unmanaged->number)
		text_append(&text, text.length ? ", unmanaged" : "unmanaged");
	if (text.length || text.failed)
		table_cell(row, CELL_OTHERS, STYLE_PLAIN, memory_text(&text));
}

static void rare_cells(const struct view *view, struct libscols_line *row, const struct vf *vf)
{
	for (size_t i = 0; i < ARRAY_SIZE(rare); i++)
		if (view->reported & SETTING_BIT(rare[i].setting))
			value_cell(row, rare[i].cell, vf, rare[i].setting);
}

/* The one driver that may have the VF, where another has it or none. */
static void override_cell(struct libscols_line *row, const struct vf *vf)
{
	if (vf->driver_override && !vf_has_driver(vf, vf->driver_override))
		table_cell(row, CELL_OVERRIDE, STYLE_PLAIN, vf->driver_override);
}

static void add_vf(const struct view *view, struct libscols_line *parent, const struct vf *vf)
{
	struct libscols_line *row = table_row(view->table, parent);
	CLEANUP_TEXT struct text name = { 0 };

	text_printf(&name, "%u%s%s", vf->index, vf->ifname ? " " : "",
		    vf->ifname ? vf->ifname : "");
	table_cell(row, CELL_DEVICE, STYLE_PLAIN, memory_text(&name));
	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, or_unknown(vf->address));
	value_cell(row, CELL_DRIVER, vf, VF_DRIVER);
	value_cell(row, CELL_MAC, vf, VF_MAC);
	vlan_cell(row, vf);
	value_cell(row, CELL_TRUST, vf, VF_TRUST);
	value_cell(row, CELL_SPOOF, vf, VF_SPOOF_CHECK);
	value_cell(row, CELL_LINK, vf, VF_LINK_STATE);
	rate_cell(row, vf);
	mtu_cell(row, VALUES_GET(&vf->settings, VF_MTU));
	rare_cells(view, row, vf);
	override_cell(row, vf);
	others_cell(row, &vf->altnames, VALUES_GET(&vf->settings, VF_UNMANAGED));
	if (vf_is_held(vf))
		table_cell(row, CELL_HOLDER, STYLE_WARN, vf->holder.details);
	table_cell(row, CELL_REMARK, STYLE_PLAIN, vf->holder.remark);
}

static void vfs_cell(struct libscols_line *row, const struct pf *pf)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%u", pf->n_vfs);
	if (pf->totalvfs)
		text_printf(&text, "/%u", pf->totalvfs);
	table_cell(row, CELL_VFS, STYLE_PLAIN, memory_text(&text));
}

static void link_cell(struct libscols_line *row, const struct pf *pf)
{
	if (pf->ifindex && !pf->has_carrier)
		table_cell(row, CELL_LINK, STYLE_PLAIN, UNKNOWN);
	else if (pf->ifindex)
		table_cell(row, CELL_LINK, pf->carrier ? STYLE_GOOD : STYLE_WARN,
			   pf->carrier ? "up" : "down");
}

static void eswitch_cell(struct libscols_line *row, const struct pf *pf)
{
	const struct value *mode = VALUES_GET(&pf->settings, PF_ESWITCH_MODE);
	CLEANUP_TEXT struct text text = { 0 };

	if (!mode)
		return;
	value_format(&pf_settings[PF_ESWITCH_MODE], mode, &text);
	table_cell(row, CELL_ESWITCH, STYLE_PLAIN, memory_text(&text));
}

static void add_pf(const struct view *view, const struct pf *pf)
{
	struct libscols_line *row = table_row(view->table, NULL);
	char mac[MAC_STRING_SIZE];

	table_cell(row, CELL_DEVICE, STYLE_STRONG, pf_name(pf));
	table_cell(row, CELL_ADDRESS, STYLE_PLAIN, or_unknown(pf->address));
	table_cell(row, CELL_DRIVER, STYLE_PLAIN, pf->driver ? pf->driver : "none");
	vfs_cell(row, pf);
	if (pf->has_permanent_mac)
		table_cell(row, CELL_MAC, STYLE_PLAIN, mac_format(&pf->permanent_mac, mac));
	link_cell(row, pf);
	mtu_cell(row, VALUES_GET(&pf->settings, PF_MTU));
	eswitch_cell(row, pf);
	others_cell(row, &pf->altnames, NULL);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		add_vf(view, row, &pf->vfs[i]);
}

static uint64_t reported_settings(const struct pf *pf)
{
	uint64_t reported = 0;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		reported |= pf->vfs[i].settings.present;
	return reported;
}

static void print_text(const struct pf_list *pfs, const bool *wanted)
{
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	struct view view = { .table = table };

	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			view.reported |= reported_settings(pfs->items[i]);
	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			add_pf(&view, pfs->items[i]);
	table_print(table, TABLE_HEADING);
	if (!pfs->count)
		puts("no PFs here");
}

static void print_json(const struct pf_list *pfs, const bool *wanted)
{
	struct json_object *object = json_new_object();
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			json_append(array, inventory_pf_json(pfs->items[i]));
	json_set(object, "physical-functions", array);
	json_print(object);
}

/* What the daemon has learnt of them, where it runs and tells the caller; else nothing. */
static struct json_object *ask_daemon(const struct options *options)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	struct json_object *document = NULL;

	if (!options->inventory && !options->root && !options->direct && daemon_open(&daemon) >= 0)
		(void)daemon_describe(daemon, NULL, 0, &document);
	return document;
}

static void add_refusals(struct json_object *pf, struct json_object *document)
{
	struct json_object *pfs = json_get(document, "pfs");

	for (size_t i = 0; i < json_length(pfs); i++) {
		struct json_object *told = json_item(pfs, i);
		struct json_object *refusals = json_get(told, "refusals");

		if (refusals && !strcmp(json_get_text(told, "handle"), json_get_text(pf, "handle")))
			json_set(pf, "refusals", json_object_get(refusals));
	}
}

static struct json_object *capabilities(const struct options *options, const struct pf_list *pfs,
					const bool *wanted)
{
	CLEANUP_JSON struct json_object *document = ask_daemon(options);
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < pfs->count; i++) {
		struct json_object *pf;

		if (!wanted[i])
			continue;
		pf = MEMORY_REQUIRE(capabilities_json(pfs->items[i]));
		add_refusals(pf, document);
		json_append(array, pf);
	}
	return array;
}

static void print_capabilities(const struct options *options, const struct pf_list *pfs,
			       const bool *wanted)
{
	struct json_object *object = json_new_object();
	struct json_object *array = capabilities(options, pfs, wanted);

	json_set(object, "pfs", array);
	if (options->json) {
		json_print(object);
		return;
	}
	for (size_t i = 0; i < json_length(array); i++)
		capabilities_print(json_item(array, i));
	if (!pfs->count)
		puts("no PFs here");
	json_drop(object);
}

static enum verdict run(const struct options *options)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	const struct pf_list *pfs = &inputs.inventory.pfs;
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const bool *wanted;
	enum verdict verdict;

	verdict = inputs_open(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	wanted = pick_wanted(pfs, options->operands, options->n_operands, "--inventory", arena);
	if (!wanted)
		return VERDICT_FAILED;
	if (options->capabilities)
		print_capabilities(options, pfs, wanted);
	else if (options->json)
		print_json(pfs, wanted);
	else
		print_text(pfs, wanted);
	return inputs.partial ? VERDICT_FAILED : VERDICT_OK;
}

const struct verb verb_list = {
	.name = "list",
	.operands = "[PF...]",
	.summary = "every PF and VF of the host, as the kernel has it",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON) |
		   OPTION_BIT(OPTION_CAPABILITIES) | OPTION_BIT(OPTION_DIRECT),
	.without = OPTION_BIT(OPTION_POLICY),
	.operands_max = SIZE_MAX,
	.run = run,
};
