/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Making the rule of a PF of single facts. What a policy cannot say becomes a note with what
 * sriovd.yaml(5) takes. Of two facts that say the same setting the later one counts, and the
 * earlier one gets a note. All return 0 or -ENOMEM. Private to lib/convert. */

#include "convert/conversion.h"

/* The draft of that owner, made if there is none; first is where it begins. */
int draft_get(struct conversion *conversion, const void *owner, const struct fact *first,
	      struct draft **ret);

/* The same where the owner is known by its name. */
int draft_get_named(struct conversion *conversion, const char *name, const struct fact *first,
		    struct draft **ret);

/* One more pattern that a key of match, or of not, may fit. fact may be NULL: no key alone says it.
 */
int draft_match(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		enum match_key key, bool excluded, const char *pattern);
/* text is as sriovd.yaml(5) has it. */
int draft_pf(struct conversion *conversion, struct draft *draft, const struct fact *fact,
	     enum pf_setting setting, const char *text);
/* As many VFs as the card can have. */
int draft_pf_max(struct conversion *conversion, struct draft *draft, const struct fact *fact);
int draft_vf(struct conversion *conversion, struct draft *draft, const struct fact *fact,
	     uint32_t vf, enum vf_setting setting, const char *text);
int draft_vlan(struct conversion *conversion, struct draft *draft, const struct fact *fact,
	       uint32_t vf, enum vlan_part part, const char *text);

/* Finds whose the setting is that a fact says: a draft and a VF. *ret is NULL, with a note, where
 * it is of none. */
typedef int (*draft_find)(struct conversion *conversion, const struct fact *fact,
			  struct draft **ret, uint32_t *ret_vf);

/* Take a fact to the VF that is found: the setting that its row names, in the words of other
 * programs; a part of a VLAN; or which VF it is, of what is beside it. */
int draft_take_vf(struct conversion *conversion, const struct fact *fact, const struct key_row *row,
		  draft_find find);
int draft_take_vlan(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row, draft_find find);
int draft_take_index(struct conversion *conversion, const struct fact *fact, draft_find find);

/* Reads the number of a VF that the fact names. False: it is none, which a note says. */
bool draft_read_vf(const char *text, uint32_t *ret);

/* Once all facts are taken: rules of drafts, as far as they make one. What was carried to a draft
 * without a rule gets a note. */
int draft_finish_all(struct conversion *conversion);
