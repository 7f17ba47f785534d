/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drafts to rules. */

#include <errno.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "convert/draft.h"
#include "document/scalar.h"
#include "policy/fold.h"
#include "policy/policy.h"
#include "policy/read/check.h"
#include "policy/read/unique.h"

#define RULE_NAME_MAX 100

static const struct fact *fact_of(const struct value *value)
{
	return (const struct fact *)value->origin;
}

static bool read_number(const char *text, uint64_t max, uint64_t *ret)
{
	const char *end;

	return scalar_parse_digits(text, ret, &end) == 0 && !*end && *ret <= max;
}

/* Takes one part of a VLAN; what is wrong with it is NULL where it is right. */
static const char *take_part(enum vlan_part part, const char *text, struct vlan *vlan)
{
	uint64_t number;

	switch (part) {
	case VLAN_ID:
		if (!read_number(text, 4095, &number))
			return "a VLAN is a number from 0 to 4095";
		vlan->id = (uint16_t)number;
		return NULL;
	case VLAN_QOS:
		if (!read_number(text, 7, &number))
			return "the priority of a VLAN is a number from 0 to 7";
		vlan->qos = (uint8_t)number;
		return NULL;
	default:
		return value_parse_vlan_protocol(text, &vlan->protocol) < 0
			       ? "the protocol of a VLAN is 802.1q or 802.1ad"
			       : NULL;
	}
}

static int note_vlan(struct conversion *conversion, const struct draft_vf *vf, const char *why)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < VLAN_PART_COUNT; i++)
		if (vf->vlan[i])
			r = conversion_note(conversion, vf->vlan[i], why);
	return r;
}

/* A VLAN of which a part is wrong is none: with another one the VF would be in the wrong network.
 */
static int finish_vlan(struct conversion *conversion, struct draft_vf *vf)
{
	struct value value = { .vlan = { .protocol = ETH_P_8021Q } };
	const char *why = NULL;

	for (enum vlan_part i = 0; !why && i < VLAN_PART_COUNT; i++)
		if (vf->vlan[i])
			why = take_part(i, vf->vlan_text[i], &value.vlan);
	if (!why && !vf->vlan[VLAN_ID])
		why = "no VLAN is said beside it";
	if (!why && !value.vlan.id && (value.vlan.qos || value.vlan.protocol != ETH_P_8021Q))
		why = "VLAN 0 is none, and has neither a priority nor a protocol";
	if (why)
		return note_vlan(conversion, vf, why);
	value.origin = &vf->vlan[VLAN_ID]->origin;
	VALUES_SET(&vf->values, VF_VLAN, value);
	return 0;
}

static int drop(struct conversion *conversion, struct draft_vf *vf, enum vf_setting setting,
		const char *why)
{
	const struct fact *fact = fact_of(&vf->values.value[setting]);

	vf->values.present &= ~SETTING_BIT(setting);
	if (setting == VF_VLAN)
		return note_vlan(conversion, vf, why);
	return conversion_note(conversion, fact, why);
}

static int drop_all(struct conversion *conversion, struct draft_vf *vf, const char *why)
{
	int r = 0;

	for (uint64_t rest = vf->values.present; r >= 0 && rest;)
		r = drop(conversion, vf, setting_take(&rest), why);
	return r;
}

static int drop_crossed(struct conversion *conversion, struct draft_vf *vf)
{
	return check_rates_cross(VALUES_GET(&vf->values, VF_MIN_TX_RATE),
				 VALUES_GET(&vf->values, VF_MAX_TX_RATE))
		       ? drop(conversion, vf, VF_MIN_TX_RATE,
			      "it is over the most that the VF can send")
		       : 0;
}

/* All but the first of those that have the same. */
static int drop_shared(struct conversion *conversion, struct draft *draft, enum vf_setting setting)
{
	CLEANUP_FREE struct holding *holdings = calloc(draft->n_vfs + 1, sizeof(*holdings));
	size_t count = 0;
	int r = holdings ? 0 : -ENOMEM;

	for (uint32_t i = 0; r >= 0 && i < draft->n_vfs; i++) {
		const struct value *value = VALUES_GET(&draft->vfs[i].values, setting);

		if (value && unique_key(setting, value))
			holdings[count++] =
				(struct holding){ unique_key(setting, value), i, value };
	}
	if (r >= 0)
		unique_sort(holdings, count);
	for (size_t i = 1; r >= 0 && i < count; i++)
		if (holdings[i].key == holdings[i - 1].key)
			r = drop(conversion, &draft->vfs[holdings[i].vf], setting,
				 "another VF of the PF has the same");
	return r;
}

/* What is said of the VFs, each right by itself and beside the others. */
static int finish_vfs(struct conversion *conversion, struct draft *draft)
{
	const struct value *vfs = VALUES_GET(&draft->rule.settings, PF_VFS);
	int r = 0;

	for (uint32_t i = 0; r >= 0 && i < draft->n_vfs; i++) {
		struct draft_vf *vf = &draft->vfs[i];

		if (vf->vlan[VLAN_ID] || vf->vlan[VLAN_QOS] || vf->vlan[VLAN_PROTOCOL])
			r = finish_vlan(conversion, vf);
		if (r >= 0 && vfs && vfs->form == VALUE_PLAIN && i >= vfs->number)
			r = drop_all(conversion, vf, "there are not so many VFs");
		if (r >= 0)
			r = drop_crossed(conversion, vf);
	}
	for (size_t i = 0; r >= 0 && i < UNIQUE_SETTINGS; i++)
		r = drop_shared(conversion, draft, unique_settings[i]);
	return r;
}

static const struct vf_values *values_of(const void *context, uint32_t vf)
{
	static const struct vf_values nothing;
	const struct draft *draft = context;

	return vf < draft->n_vfs ? &draft->vfs[vf].values : &nothing;
}

/* Over all VFs that there are to be, so that what all of them have becomes their defaults; where
 * that is not known, over one more than are named, which has nothing. */
static int fold(struct conversion *conversion, struct draft *draft)
{
	const struct value *vfs = VALUES_GET(&draft->rule.settings, PF_VFS);
	uint32_t count = draft->n_vfs + 1;

	if (vfs && vfs->form == VALUE_PLAIN)
		count = (uint32_t)vfs->number;
	return fold_entries(values_of, draft, count, conversion->arena, &draft->rule.entries,
			    &draft->rule.n_entries);
}

static const char *first_pattern(const struct draft *draft)
{
	for (enum match_key i = 0; i < MATCH_KEY_COUNT; i++)
		if (draft->rule.match[i].count)
			return draft->rule.match[i].patterns[0];
	return NULL;
}

static bool is_taken(const struct conversion *conversion, const char *name)
{
	for (size_t i = 0; i < conversion->n_drafts; i++)
		if (conversion->drafts[i]->has_rule &&
		    !strcmp(conversion->drafts[i]->rule.name, name))
			return true;
	return false;
}

/* One that no other rule has. */
static int name_rule(struct conversion *conversion, struct draft *draft)
{
	const char *name = draft->name && *draft->name ? draft->name : first_pattern(draft);
	const char *whole = text_make_printable(name, conversion->arena), *tried = NULL;

	if (!whole)
		return -ENOMEM;
	for (unsigned i = 1; !tried || is_taken(conversion, tried); i++) {
		tried = strlen(whole) > RULE_NAME_MAX - 12
				? arena_printf(conversion->arena, "rule-%u", i)
			: i == 1 ? whole
				 : arena_printf(conversion->arena, "%s-%u", whole, i);
		if (!tried)
			return -ENOMEM;
	}
	draft->rule.name = tried;
	draft->has_rule = true;
	return 0;
}

/* What was to be in its rule is in none. */
static int give_up(struct conversion *conversion, const struct draft *draft, const char *why)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < conversion->facts.count; i++)
		if (conversion->fates[i].draft == draft && conversion->fates[i].carried)
			r = conversion_note(conversion, &conversion->facts.items[i], why);
	return r;
}

static int finish(struct conversion *conversion, struct draft *draft)
{
	int r = finish_vfs(conversion, draft);

	if (r >= 0)
		r = fold(conversion, draft);
	if (r < 0)
		return r;
	if (!first_pattern(draft))
		return give_up(conversion, draft, "nothing beside it says which PF is meant");
	if (!(draft->rule.settings.present & ~(SETTING_BIT(PF_MTU) | SETTING_BIT(PF_UP))) &&
	    !draft->rule.n_entries)
		return give_up(conversion, draft, "nothing is said of VFs beside it");
	return name_rule(conversion, draft);
}

int draft_finish_all(struct conversion *conversion)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++)
		r = finish(conversion, conversion->drafts[i]);
	return r;
}
