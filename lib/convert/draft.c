/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/draft.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert/words.h"
#include "document/scalar.h"

/* The most VFs of a PF: a virtual function's number in sriov_numvfs is 16 bits. */
#define VF_MAX 65534u

int draft_get(struct conversion *conversion, const void *owner, const struct fact *first,
	      struct draft **ret)
{
	struct draft *draft;
	int r;

	for (size_t i = conversion->n_drafts; i--;) {
		if (conversion->drafts[i]->owner != owner)
			continue;
		*ret = conversion->drafts[i];
		return 0;
	}
	r = arena_grow(conversion->arena, &conversion->drafts, conversion->n_drafts,
		       &conversion->drafts_capacity, sizeof(*conversion->drafts));
	draft = arena_alloc(conversion->arena, sizeof(*draft));
	if (r < 0 || !draft)
		return -ENOMEM;
	draft->owner = owner;
	draft->first = first;
	conversion->drafts[conversion->n_drafts++] = draft;
	*ret = draft;
	return 0;
}

int draft_get_named(struct conversion *conversion, const char *name, const struct fact *first,
		    struct draft **ret)
{
	for (size_t i = 0; i < conversion->n_drafts; i++) {
		if (strcmp(conversion->drafts[i]->owner, name) != 0)
			continue;
		*ret = conversion->drafts[i];
		return 0;
	}
	return draft_get(conversion, name, first, ret);
}

static void carry(struct conversion *conversion, struct draft *draft, const struct fact *fact)
{
	struct fate *fate = conversion_fate(conversion, fact);

	fate->draft = draft;
	fate->carried = true;
}

/* As conversion_note(), below the draft's rule. */
static int refuse(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		  const char *why)
{
	conversion_fate(conversion, fact)->draft = draft;
	return conversion_note(conversion, fact, why);
}

int draft_match(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		enum match_key key, bool excluded, const char *pattern)
{
	struct match_patterns *patterns =
		excluded ? &draft->rule.excluded[key] : &draft->rule.match[key];
	const char *copy = arena_strdup(conversion->arena, pattern);
	int r = arena_grow(conversion->arena, &patterns->patterns, patterns->count,
			   &draft->capacities[excluded][key], sizeof(*patterns->patterns));

	if (r < 0 || !copy)
		return -ENOMEM;
	if (fact)
		carry(conversion, draft, fact);
	for (size_t i = 0; i < patterns->count; i++)
		if (!strcmp(patterns->patterns[i], copy))
			return 0;
	patterns->patterns[patterns->count++] = copy;
	return 0;
}

/* What no other program has words for is a mistake there, and would be a wish here. NULL: it may be
 * right. */
static const char *find_foreign(const struct setting *setting, const char *text)
{
	struct mac mac;

	if (setting->type == VALUE_MAC && mac_parse(text, &mac) < 0)
		return "it is no address";
	if ((setting->type == VALUE_COUNT || setting->type == VALUE_RATE) &&
	    (!*text || text[strspn(text, "0123456789")]))
		return "it is no number";
	return NULL;
}

/* Reads it as a policy has it; NULL in *ret_why, or what is wrong with it. */
static int read_value(struct conversion *conversion, const struct setting *setting,
		      const struct fact *fact, const char *text, struct value *ret,
		      const char **ret_why)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	const struct yaml_node node = {
		.kind = YAML_SCALAR,
		.origin = fact->origin,
		.scalar = text,
		.plain = setting->type != VALUE_NAME && setting->type != VALUE_TEMPLATE,
	};
	int r;

	*ret_why = find_foreign(setting, text);
	if (*ret_why)
		return 0;
	r = value_read(setting, &node, conversion->arena, &diagnostics, ret);
	if (r == 0)
		ret->origin = &fact->origin;
	if (r != -EINVAL)
		return r;
	*ret_why = arena_strdup(conversion->arena,
				diagnostics.count ? diagnostics.items[0].message : "it is wrong");
	return *ret_why ? 0 : -ENOMEM;
}

/* The fact that a value is from: its origin stands first in it. */
static const struct fact *fact_of(const struct value *value)
{
	_Static_assert(offsetof(struct fact, origin) == 0, "an origin is the beginning of a fact");
	return (const struct fact *)value->origin;
}

/* That another fact says the same setting, and counts. */
static int note_winner(struct conversion *conversion, const struct fact *fact,
		       const struct fact *winner)
{
	const char *place = conversion_place(conversion, winner);

	return place ? conversion_note(conversion, fact,
				       arena_printf(conversion->arena,
						    "%s has another value, and wins", place))
		     : -ENOMEM;
}

/* What was said before, if it is another value. */
static int supersede(struct conversion *conversion, const struct setting *setting,
		     const struct value *before, const struct value *now)
{
	if (!before || value_equal(setting, before, now))
		return 0;
	return note_winner(conversion, fact_of(before), fact_of(now));
}

static int set_pf(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		  enum pf_setting setting, struct value value)
{
	int r;

	value.origin = &fact->origin;
	r = supersede(conversion, &pf_settings[setting], VALUES_GET(&draft->rule.settings, setting),
		      &value);
	VALUES_SET(&draft->rule.settings, setting, value);
	carry(conversion, draft, fact);
	return r;
}

int draft_pf(struct conversion *conversion, struct draft *draft, const struct fact *fact,
	     enum pf_setting setting, const char *text)
{
	struct value value;
	const char *why;
	int r = text ? read_value(conversion, &pf_settings[setting], fact, text, &value, &why)
		     : -ENOMEM;

	if (r < 0 || why)
		return r < 0 ? r : refuse(conversion, draft, fact, why);
	return set_pf(conversion, draft, fact, setting, value);
}

int draft_pf_max(struct conversion *conversion, struct draft *draft, const struct fact *fact)
{
	return set_pf(conversion, draft, fact, PF_VFS, (struct value){ .form = VALUE_MAX });
}

int draft_take_vf(struct conversion *conversion, const struct fact *fact, const struct key_row *row,
		  draft_find find)
{
	struct draft *draft;
	uint32_t vf;
	int r = find(conversion, fact, &draft, &vf);

	return r < 0 || !draft ? r
			       : draft_vf(conversion, draft, fact, vf, row->setting,
					  words_of_vf(row->setting, fact->value));
}

int draft_take_vlan(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row, draft_find find)
{
	struct draft *draft;
	uint32_t vf;
	int r = find(conversion, fact, &draft, &vf);

	return r < 0 || !draft ? r
			       : draft_vlan(conversion, draft, fact, vf, row->setting, fact->value);
}

int draft_take_index(struct conversion *conversion, const struct fact *fact, draft_find find)
{
	struct draft *draft;
	uint32_t vf;
	int r = find(conversion, fact, &draft, &vf);

	if (r < 0 || !draft)
		return r;
	conversion_fate(conversion, fact)->draft = draft;
	conversion_carry(conversion, fact);
	return 0;
}

bool draft_read_vf(const char *text, uint32_t *ret)
{
	const char *end;
	uint64_t number;

	if (scalar_parse_digits(text, &number, &end) < 0 || *end || number > VF_MAX)
		return false;
	*ret = (uint32_t)number;
	return true;
}

/* NULL: out of memory. */
static struct draft_vf *get_vf(struct conversion *conversion, struct draft *draft, uint32_t vf)
{
	while (draft->n_vfs <= vf) {
		if (arena_grow(conversion->arena, &draft->vfs, draft->n_vfs, &draft->vfs_capacity,
			       sizeof(*draft->vfs)) < 0)
			return NULL;
		draft->vfs[draft->n_vfs++] = (struct draft_vf){ 0 };
	}
	return &draft->vfs[vf];
}

int draft_vf(struct conversion *conversion, struct draft *draft, const struct fact *fact,
	     uint32_t vf, enum vf_setting setting, const char *text)
{
	struct value value;
	const char *why;
	int r = read_value(conversion, &vf_settings[setting], fact, text, &value, &why);
	struct draft_vf *entry;

	if (r < 0 || why)
		return r < 0 ? r : refuse(conversion, draft, fact, why);
	entry = get_vf(conversion, draft, vf);
	if (!entry)
		return -ENOMEM;
	r = supersede(conversion, &vf_settings[setting], VALUES_GET(&entry->values, setting),
		      &value);
	VALUES_SET(&entry->values, setting, value);
	carry(conversion, draft, fact);
	return r;
}

int draft_vlan(struct conversion *conversion, struct draft *draft, const struct fact *fact,
	       uint32_t vf, enum vlan_part part, const char *text)
{
	struct draft_vf *entry = get_vf(conversion, draft, vf);
	const char *copy = arena_strdup(conversion->arena, text);
	int r = 0;

	if (!entry || !copy)
		return -ENOMEM;
	if (entry->vlan[part] && strcmp(entry->vlan_text[part], copy) != 0)
		r = note_winner(conversion, entry->vlan[part], fact);
	entry->vlan[part] = fact;
	entry->vlan_text[part] = copy;
	carry(conversion, draft, fact);
	return r;
}
