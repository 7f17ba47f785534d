/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/nmstate.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/words.h"

#define INTERFACE "interfaces/*/"
#define SRIOV	  INTERFACE "ethernet/sr-iov/"

/* Depths of what is in an interface, and in a VF of it. */
enum { IN_INTERFACE = 2, IN_VF = 6 };

static const char *key_of(const struct conversion *conversion, const struct fact *fact,
			  const char *key)
{
	const struct fact *beside = fact_beside(&conversion->facts, fact, IN_INTERFACE, key);

	return beside ? beside->value : "";
}

/* What identifies an interface: its name, where nothing is said. */
static enum match_key key_to_match(const struct conversion *conversion, const struct fact *fact)
{
	const char *identifier = key_of(conversion, fact, "identifier");

	if (!strcmp(identifier, "mac-address"))
		return MATCH_MAC;
	return !strcmp(identifier, "pci-address") ? MATCH_PCI : MATCH_INTERFACE;
}

static bool is_pf(const struct conversion *conversion, const struct fact *fact)
{
	const struct fact *end = conversion->facts.items + conversion->facts.count, *first = fact;

	while (first > conversion->facts.items && fact_is_beside(first - 1, fact, IN_INTERFACE))
		first--;
	for (; first < end && fact_is_beside(first, fact, IN_INTERFACE); first++)
		if (fact_fits(first, SRIOV "**"))
			return true;
	return false;
}

static int get_draft(struct conversion *conversion, const struct fact *fact, struct draft **ret)
{
	int r = draft_get(conversion, fact->path[1], fact, ret);

	if (r >= 0)
		(*ret)->name = key_of(conversion, fact, "name");
	return r;
}

static const char not_of_vfs[] = "of the interface itself: leave it to nmstate";

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	const bool is_bool = pf_settings[row->setting].type == VALUE_BOOL;
	struct draft *draft;
	int r;

	if (!is_pf(conversion, fact))
		return conversion_note(conversion, fact, not_of_vfs);
	r = get_draft(conversion, fact, &draft);
	return r < 0 ? r
		     : draft_pf(conversion, draft, fact, row->setting,
				is_bool ? words_bool(fact->value) : fact->value);
}

static int take_match(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	struct draft *draft;
	int r;

	if (!is_pf(conversion, fact))
		return conversion_note(conversion, fact, not_of_vfs);
	if (key_to_match(conversion, fact) != (enum match_key)row->setting)
		return conversion_note(conversion, fact,
				       row->setting != MATCH_INTERFACE
					       ? not_of_vfs
					       : "the rule goes by the address, as 'identifier' "
						 "asks for");
	r = get_draft(conversion, fact, &draft);
	return r < 0 ? r : draft_match(conversion, draft, fact, row->setting, false, fact->value);
}

/* What the match is made by. */
static int take_identifier(struct conversion *conversion, const struct fact *fact,
			   const struct key_row *row)
{
	(void)row;
	if (!is_pf(conversion, fact))
		return conversion_note(conversion, fact, not_of_vfs);
	if (strcmp(fact->value, "name") != 0 && key_to_match(conversion, fact) == MATCH_INTERFACE)
		return conversion_note(conversion, fact,
				       "the rule goes by the name: no other key of nmstate's is "
				       "known here");
	conversion_carry(conversion, fact);
	return 0;
}

/* The VF that the item is of. */
static int find_vf(struct conversion *conversion, const struct fact *fact, struct draft **ret,
		   uint32_t *ret_vf)
{
	const struct fact *id = fact_beside(&conversion->facts, fact, IN_VF, "id");

	*ret = NULL;
	if (!id || !draft_read_vf(id->value, ret_vf))
		return conversion_note(conversion, fact, "no 'id' beside it says which VF that is");
	return get_draft(conversion, fact, ret);
}

static int take_vf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	return draft_take_vf(conversion, fact, row, find_vf);
}

static int take_vlan(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	return draft_take_vlan(conversion, fact, row, find_vf);
}

static int take_id(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	(void)row;
	return draft_take_index(conversion, fact, find_vf);
}

/* https://nmstate.io/devel/yaml_api.html */
static const struct key_row rows[] = {
	{ INTERFACE "name", take_match, NULL, MATCH_INTERFACE },
	{ INTERFACE "mac-address", take_match, NULL, MATCH_MAC },
	{ INTERFACE "pci-address", take_match, NULL, MATCH_PCI },
	{ INTERFACE "identifier", take_identifier, NULL, 0 },
	{ INTERFACE "mtu", take_pf, NULL, PF_MTU },
	{ SRIOV "total-vfs", take_pf, NULL, PF_VFS },
	{ SRIOV "drivers-autoprobe", take_pf, NULL, PF_DRIVERS_AUTOPROBE },
	{ SRIOV "vfs/*/id", take_id, NULL, 0 },
	{ SRIOV "vfs/*/mac-address", take_vf, NULL, VF_MAC },
	{ SRIOV "vfs/*/spoof-check", take_vf, NULL, VF_SPOOF_CHECK },
	{ SRIOV "vfs/*/trust", take_vf, NULL, VF_TRUST },
	{ SRIOV "vfs/*/min-tx-rate", take_vf, NULL, VF_MIN_TX_RATE },
	{ SRIOV "vfs/*/max-tx-rate", take_vf, NULL, VF_MAX_TX_RATE },
	{ SRIOV "vfs/*/vlan-id", take_vlan, NULL, VLAN_ID },
	{ SRIOV "vfs/*/qos", take_vlan, NULL, VLAN_QOS },
	{ SRIOV "vfs/*/vlan-proto", take_vlan, NULL, VLAN_PROTOCOL },
	{ SRIOV "vfs", NULL, "a list with nothing in it: no VF has a setting of its own", 0 },
	{ SRIOV "**", NULL, "sriovctl does not know the key", 0 },
	{ INTERFACE "**", NULL, not_of_vfs, 0 },
	{ "routes/**", NULL, "of nmstate itself: leave it in the file", 0 },
	{ "route-rules/**", NULL, "of nmstate itself: leave it in the file", 0 },
	{ "dns-resolver/**", NULL, "of nmstate itself: leave it in the file", 0 },
	{ "hostname/**", NULL, "of nmstate itself: leave it in the file", 0 },
	{ "ovs-db/**", NULL, "of nmstate itself: leave it in the file", 0 },
	{ 0 },
};

int nmstate_read(const struct document *document, struct conversion *conversion)
{
	return fact_read_yaml(document, conversion->arena, conversion->diagnostics,
			      &conversion->facts);
}

int nmstate_take(struct conversion *conversion)
{
	int r = conversion_take(conversion, rows);

	for (size_t i = 0; i < conversion->facts.count; i++)
		for (size_t k = 0; k < conversion->n_drafts; k++)
			if (fact_fits(&conversion->facts.items[i], INTERFACE "**") &&
			    conversion->facts.items[i].path[1] == conversion->drafts[k]->owner)
				conversion->fates[i].draft = conversion->drafts[k];
	return r;
}
