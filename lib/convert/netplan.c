/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/netplan.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/words.h"

#define ETHERNETS "network/ethernets/*/"

/* The place of the ID in a path: network, ethernets, ID. */
#define ID_PLACE 2

static const char *id_of(const struct fact *fact)
{
	return fact->path[ID_PLACE];
}

/* The last fact of an ID that fits, since later files win. */
static const struct fact *find(const struct conversion *conversion, const char *id,
			       const char *pattern)
{
	for (size_t i = conversion->facts.count; i--;) {
		const struct fact *fact = &conversion->facts.items[i];

		if (fact_fits(fact, pattern) && !strcmp(id_of(fact), id))
			return fact;
	}
	return NULL;
}

/* The PF that the ID is a VF of, by its ID; NULL. */
static const char *pf_of(const struct conversion *conversion, const char *id)
{
	const struct fact *link = find(conversion, id, ETHERNETS "link");

	return link && *link->value ? link->value : NULL;
}

static bool is_linked_to(const struct conversion *conversion, const char *id)
{
	for (size_t i = 0; i < conversion->facts.count; i++)
		if (fact_fits(&conversion->facts.items[i], ETHERNETS "link") &&
		    !strcmp(conversion->facts.items[i].value, id))
			return true;
	return false;
}

static bool is_pf(const struct conversion *conversion, const char *id)
{
	return find(conversion, id, ETHERNETS "virtual-function-count") ||
	       find(conversion, id, ETHERNETS "embedded-switch-mode") ||
	       find(conversion, id, ETHERNETS "delay-virtual-functions-rebind") ||
	       is_linked_to(conversion, id);
}

/* The name of the interface, as far as the file has it. */
static const char *name_of(const struct conversion *conversion, const char *id)
{
	const struct fact *set = find(conversion, id, ETHERNETS "set-name");
	const struct fact *name = find(conversion, id, ETHERNETS "match/name");

	if (set)
		return set->value;
	if (name)
		return name->value;
	return find(conversion, id, ETHERNETS "match/**") ? NULL : id;
}

/* The number of a VF is in its name if udev has named it: PFvN (systemd.net-naming-scheme(7)). */
static bool find_number(const struct conversion *conversion, const char *id, uint32_t *ret)
{
	const char *pf = pf_of(conversion, id);
	const char *pf_name = pf ? name_of(conversion, pf) : NULL, *name = name_of(conversion, id);
	size_t length = pf_name ? strlen(pf_name) : 0;

	return pf_name && name && !strncmp(name, pf_name, length) && name[length] == 'v' &&
	       draft_read_vf(name + length + 1, ret);
}

static int get_draft(struct conversion *conversion, const char *id, const struct fact *fact,
		     struct draft **ret)
{
	int r = draft_get_named(conversion, id, fact, ret);

	if (r >= 0)
		(*ret)->name = id;
	return r;
}

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	struct draft *draft;
	int r = get_draft(conversion, id_of(fact), fact, &draft);

	return r < 0 ? r : draft_pf(conversion, draft, fact, row->setting, fact->value);
}

static const char not_of_vfs[] = "of the interface itself: leave it to netplan";

static int take_match(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	struct draft *draft;
	int r;

	if (!is_pf(conversion, id_of(fact)))
		return conversion_note(conversion, fact, not_of_vfs);
	r = get_draft(conversion, id_of(fact), fact, &draft);
	return r < 0 ? r : draft_match(conversion, draft, fact, row->setting, false, fact->value);
}

/* A name that is changed is none to go by. */
static int take_name(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	if (is_pf(conversion, id_of(fact)) && find(conversion, id_of(fact), ETHERNETS "set-name"))
		return conversion_note(conversion, fact,
				       "set-name gives it another name, which no rule can match "
				       "by this one");
	return take_match(conversion, fact, row);
}

static int take_set_name(struct conversion *conversion, const struct fact *fact,
			 const struct key_row *row)
{
	if (is_pf(conversion, id_of(fact)) &&
	    find(conversion, id_of(fact), ETHERNETS "match/macaddress"))
		return conversion_note(conversion, fact,
				       "the rule goes by the address; leave the name to netplan");
	return take_match(conversion, fact, row);
}

/* That of a PF, or of the interface of a VF. */
static int take_mtu(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row)
{
	const char *pf = pf_of(conversion, id_of(fact));
	struct draft *draft;
	uint32_t vf;
	int r;

	if (is_pf(conversion, id_of(fact)))
		return take_pf(conversion, fact, row);
	if (!pf || !find_number(conversion, id_of(fact), &vf))
		return conversion_note(conversion, fact, not_of_vfs);
	r = get_draft(conversion, pf, fact, &draft);
	return r < 0 ? r : draft_vf(conversion, draft, fact, vf, VF_MTU, fact->value);
}

/* One more VF of a PF: netplan makes as many as there are such, where the PF has no number
 * (virtual-function-count). What a later file says of the same VF is no other one. */
static int take_link(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	const struct value *before;
	struct draft *draft;
	uint64_t count;
	int r;

	(void)row;
	if (find(conversion, fact->value, ETHERNETS "virtual-function-count"))
		return conversion_note(conversion, fact,
				       "the number of VFs is that of virtual-function-count; leave "
				       "the interface to netplan");
	if (find(conversion, id_of(fact), ETHERNETS "link") != fact)
		return conversion_note(conversion, fact,
				       "a later line says which PF that VF is of, and wins");
	r = get_draft(conversion, fact->value, fact, &draft);
	if (r < 0)
		return r;
	before = VALUES_GET(&draft->rule.settings, PF_VFS);
	count = before ? before->number + 1 : 1;
	draft->rule.settings.present &= ~SETTING_BIT(PF_VFS);
	return draft_pf(conversion, draft, fact, PF_VFS,
			arena_printf(conversion->arena, "%llu", (unsigned long long)count));
}

/* Drivers wait for the bond that the PF is in. */
static int take_delay(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	struct draft *draft;
	int r;

	(void)row;
	if (strcmp(words_bool(fact->value), "true") != 0)
		return conversion_note(conversion, fact, "that is what holds without it");
	for (size_t i = 0; i < conversion->facts.count; i++) {
		const struct fact *member = &conversion->facts.items[i];

		if (!fact_fits(member, "network/bonds/*/interfaces/*") ||
		    strcmp(member->value, id_of(fact)) != 0)
			continue;
		r = get_draft(conversion, id_of(fact), fact, &draft);
		return r < 0 ? r
			     : draft_pf(conversion, draft, fact, PF_DRIVER_AFTER_BOND,
					id_of(member));
	}
	return conversion_note(
		conversion, fact,
		"no bond has the PF in it: 'driver-after' names the one to wait for");
}

/* "renderer: sriov" puts the VF that the VLAN is linked to into it. */
static int take_vlan(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	const struct fact *renderer = find(conversion, id_of(fact), "network/vlans/*/renderer");
	const struct fact *link = find(conversion, id_of(fact), "network/vlans/*/link");
	const char *pf = link ? pf_of(conversion, link->value) : NULL;
	struct draft *draft;
	uint32_t vf;
	int r;

	(void)row;
	if (!renderer || strcmp(renderer->value, "sriov") != 0)
		return conversion_note(conversion, fact, "of netplan itself: leave it in the file");
	if (!pf || !find_number(conversion, link->value, &vf))
		return conversion_note(conversion, fact,
				       "which VF that is only its name says, and only one such as "
				       "enp1s0f0v3 is known here");
	r = get_draft(conversion, pf, fact, &draft);
	if (r < 0 || !strcmp(fact_key(fact), "id"))
		return r < 0 ? r : draft_vlan(conversion, draft, fact, vf, VLAN_ID, fact->value);
	conversion_fate(conversion, fact)->draft = draft;
	conversion_carry(conversion, fact);
	return 0;
}

/* https://netplan.readthedocs.io/en/stable/netplan-yaml/ */
static const struct key_row rows[] = {
	{ ETHERNETS "virtual-function-count", take_pf, NULL, PF_VFS },
	{ ETHERNETS "embedded-switch-mode", take_pf, NULL, PF_ESWITCH_MODE },
	{ ETHERNETS "delay-virtual-functions-rebind", take_delay, NULL, 0 },
	{ ETHERNETS "link", take_link, NULL, 0 },
	{ ETHERNETS "match/name", take_name, NULL, MATCH_INTERFACE },
	{ ETHERNETS "match/macaddress", take_match, NULL, MATCH_MAC },
	{ ETHERNETS "match/driver", take_match, NULL, MATCH_DRIVER },
	{ ETHERNETS "match/driver/*", take_match, NULL, MATCH_DRIVER },
	{ ETHERNETS "match/**", NULL,
	  "no rule can ask for it: see that this one matches no other PF", 0 },
	{ ETHERNETS "set-name", take_set_name, NULL, MATCH_INTERFACE },
	{ ETHERNETS "mtu", take_mtu, NULL, PF_MTU },
	{ ETHERNETS "macaddress", NULL,
	  "the address of the interface, not that which a PF gives a VF: leave it to netplan, or "
	  "say 'mac'",
	  0 },
	{ "network/vlans/*/id", take_vlan, NULL, 0 },
	{ "network/vlans/*/link", take_vlan, NULL, 0 },
	{ "network/vlans/*/renderer", take_vlan, NULL, 0 },
	{ "network/ethernets/**", NULL, not_of_vfs, 0 },
	{ "network/**", NULL, "of netplan itself: leave it in the file", 0 },
	{ 0 },
};

int netplan_read(const struct document *document, struct conversion *conversion)
{
	return fact_read_yaml(document, conversion->arena, conversion->diagnostics,
			      &conversion->facts);
}

/* Without match: the ID is the name of the interface. Facts of an ID are told beside its rule. */
static int finish(struct conversion *conversion, struct draft *draft)
{
	const char *id = draft->owner;
	int r = 0;

	if (!find(conversion, id, ETHERNETS "match/**") &&
	    !find(conversion, id, ETHERNETS "set-name"))
		r = draft_match(conversion, draft, NULL, MATCH_INTERFACE, false, id);
	for (size_t i = 0; i < conversion->facts.count; i++)
		if (fact_fits(&conversion->facts.items[i], "network/ethernets/*/**") &&
		    !conversion->fates[i].draft && !strcmp(id_of(&conversion->facts.items[i]), id))
			conversion->fates[i].draft = draft;
	return r;
}

int netplan_take(struct conversion *conversion)
{
	int r = conversion_take(conversion, rows);

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++)
		r = finish(conversion, conversion->drafts[i]);
	return r;
}
