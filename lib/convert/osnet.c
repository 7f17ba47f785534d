/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/osnet.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/words.h"

/* "type: sriov_pf" of a network configuration is "device_type: pf" of sriov_config.yaml. */
static const struct fact *type_beside(const struct conversion *conversion, const struct fact *fact,
				      size_t depth)
{
	const struct fact *type = fact_beside(&conversion->facts, fact, depth, "device_type");

	return type ? type : fact_beside(&conversion->facts, fact, depth, "type");
}

/* How many parts of the path lead to the device that the fact is of. */
static size_t base_of(const struct conversion *conversion, const struct fact *fact)
{
	for (size_t i = fact->depth; i; i--)
		if (!strcmp(fact->path[i - 1], FACT_ITEM) && type_beside(conversion, fact, i))
			return i;
	return 0;
}

static bool is_of(const struct conversion *conversion, const struct fact *fact, const char *type)
{
	size_t base = base_of(conversion, fact);
	const struct fact *of = base ? type_beside(conversion, fact, base) : NULL;

	return of && (!strcmp(of->value, type) ||
		      (!strncmp(of->value, "sriov_", 6) && !strcmp(of->value + 6, type)));
}

static const char not_of_vfs[] = "of the interface itself: leave it to os-net-config";

/* "nic1" is the first active interface to os-net-config, whatever that is. */
static bool is_number_of_nic(const char *name)
{
	return !strncmp(name, "nic", 3) && name[3] && !name[3 + strspn(name + 3, "0123456789")];
}

static int take_name(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	struct draft *draft;
	int r;

	(void)row;
	if (!is_of(conversion, fact, "pf"))
		return conversion_note(conversion, fact, not_of_vfs);
	if (is_number_of_nic(fact->value))
		return conversion_note(conversion, fact,
				       "which interface that is os-net-config finds out: write its "
				       "name here, and convert it again");
	r = draft_get_named(conversion, fact->value, fact, &draft);
	return r < 0 ? r
		     : draft_match(conversion, draft, fact, MATCH_INTERFACE, false, fact->value);
}

/* The draft of the PF that the device is, or is a VF of, and which VF. *ret is NULL, with a note,
 * where that is not said. */
static int find(struct conversion *conversion, const struct fact *fact, struct draft **ret,
		uint32_t *ret_vf)
{
	size_t base = base_of(conversion, fact);
	const bool is_pf = is_of(conversion, fact, "pf");
	const struct fact *device = fact_beside(&conversion->facts, fact, base, "device");
	const struct fact *name = fact_beside(&conversion->facts, fact, base, "name");
	const struct fact *vf = fact_beside(&conversion->facts, fact, base, "vfid");

	*ret = NULL;
	for (const struct fact *all = conversion->facts.items;
	     !device && all < conversion->facts.items + conversion->facts.count; all++) {
		if (!fact_is_beside(all, fact, base) || all->depth != base + 2 ||
		    strcmp(all->path[base], "device") != 0)
			continue;
		name = !strcmp(all->path[base + 1], "name") ? all : name;
		vf = !strcmp(all->path[base + 1], "vfid") ? all : vf;
	}
	name = device && !is_pf ? device : name;
	if (!name || is_number_of_nic(name->value))
		return conversion_note(conversion, fact,
				       "the name of the PF is not said beside it");
	if (!is_pf && (!vf || !draft_read_vf(vf->value, ret_vf)))
		return conversion_note(conversion, fact, "no 'vfid' says which VF that is");
	return draft_get_named(conversion, name->value, fact, ret);
}

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	const bool is_bool = pf_settings[row->setting].type == VALUE_BOOL;
	struct draft *draft;
	uint32_t vf;
	int r;

	if (!is_of(conversion, fact, "pf"))
		return conversion_note(conversion, fact, not_of_vfs);
	r = find(conversion, fact, &draft, &vf);
	return r < 0 || !draft ? r
			       : draft_pf(conversion, draft, fact, row->setting,
					  is_bool ? words_bool(fact->value) : fact->value);
}

static int find_vf(struct conversion *conversion, const struct fact *fact, struct draft **ret,
		   uint32_t *ret_vf)
{
	*ret = NULL;
	return is_of(conversion, fact, "vf") ? find(conversion, fact, ret, ret_vf)
					     : conversion_note(conversion, fact, not_of_vfs);
}

static int take_vf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	return draft_take_vf(conversion, fact, row, find_vf);
}

static int take_mtu(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row)
{
	struct key_row of_vf = *row;

	of_vf.setting = VF_MTU;
	return is_of(conversion, fact, "vf") ? take_vf(conversion, fact, &of_vf)
					     : take_pf(conversion, fact, row);
}

static int take_vlan(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	return draft_take_vlan(conversion, fact, row, find_vf);
}

/* What says what a device is, and which VF of which PF. */
static int take_place(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	(void)row;
	return is_of(conversion, fact, "pf") ? draft_take_index(conversion, fact, find)
					     : draft_take_index(conversion, fact, find_vf);
}

/* https://docs.openstack.org/os-net-config/latest/, os_net_config/schema.yaml; paths begin at the
 * device */
static const struct key_row rows[] = {
	{ "device_type", take_place, NULL, 0 },
	{ "type", take_place, NULL, 0 },
	{ "device", take_place, NULL, 0 },
	{ "device/name", take_place, NULL, 0 },
	{ "vfid", take_place, NULL, 0 },
	{ "device/vfid", take_place, NULL, 0 },
	{ "name", take_name, NULL, 0 },
	{ "numvfs", take_pf, NULL, PF_VFS },
	{ "link_mode", take_pf, NULL, PF_ESWITCH_MODE },
	{ "drivers_autoprobe", take_pf, NULL, PF_DRIVERS_AUTOPROBE },
	{ "mtu", take_mtu, NULL, PF_MTU },
	{ "vlan_id", take_vlan, NULL, VLAN_ID },
	{ "qos", take_vlan, NULL, VLAN_QOS },
	{ "spoofcheck", take_vf, NULL, VF_SPOOF_CHECK },
	{ "trust", take_vf, NULL, VF_TRUST },
	{ "state", take_vf, NULL, VF_LINK_STATE },
	{ "macaddr", take_vf, NULL, VF_MAC },
	{ "min_tx_rate", take_vf, NULL, VF_MIN_TX_RATE },
	{ "max_tx_rate", take_vf, NULL, VF_MAX_TX_RATE },
	{ "driver", take_vf, NULL, VF_DRIVER },
	{ "promisc", NULL, "of the interface itself: sriovd does not set it", 0 },
	{ "pci_address", NULL, "a VF is known by its number, and its PF by its name", 0 },
	{ "vdpa", NULL, "sriovd makes no vDPA devices", 0 },
	{ "steering_mode", NULL, "a parameter of devlink, which sriovd does not set", 0 },
	{ "lag_candidate", NULL,
	  "'driver-after' names the bond that drivers of VFs are to wait for", 0 },
	{ "**", NULL, not_of_vfs, 0 },
	{ 0 },
};

int osnet_read(const struct document *document, struct conversion *conversion)
{
	return fact_read_yaml(document, conversion->arena, conversion->diagnostics,
			      &conversion->facts);
}

/* A PF that only its VFs name is the interface of that name, too. */
int osnet_take(struct conversion *conversion)
{
	int r = conversion_take_below(conversion, rows, base_of);

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++)
		if (!conversion->drafts[i]->rule.match[MATCH_INTERFACE].count)
			r = draft_match(conversion, conversion->drafts[i], NULL, MATCH_INTERFACE,
					false, conversion->drafts[i]->owner);
	return r;
}
