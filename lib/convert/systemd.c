/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/systemd.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "document/scalar.h"

#define BLANKS " \t"

static int get_draft(struct conversion *conversion, const struct fact *fact, struct draft **ret)
{
	return draft_get(conversion, fact->origin.document, fact, ret);
}

/* Whether both are assignments to the same variable: those of a section count for themselves where
 * there may be several of its name. */
static bool is_same(const struct fact *a, const struct fact *b)
{
	if (a->origin.document != b->origin.document || a->depth != b->depth || a->depth != 2 ||
	    strcmp(a->path[0], b->path[0]) != 0 || strcmp(a->path[1], b->path[1]) != 0)
		return false;
	return a->path[0] == b->path[0] || strcmp(a->path[0], "SR-IOV") != 0;
}

/* An empty value takes back what was said before (systemd.syntax(7)). */
static const struct fact *taken_back_by(const struct conversion *conversion,
					const struct fact *fact)
{
	const struct fact *end = conversion->facts.items + conversion->facts.count;

	for (const struct fact *later = fact + 1; later < end; later++) {
		if (later->origin.document != fact->origin.document)
			return NULL;
		if (!*later->value && is_same(fact, later))
			return later;
	}
	return NULL;
}

/* Whether nothing is to be made of it; a note says so. */
static int leave(struct conversion *conversion, const struct fact *fact, bool *ret)
{
	const struct fact *later = taken_back_by(conversion, fact);

	*ret = later || !*fact->value;
	if (later)
		return conversion_note(conversion, fact,
				       arena_printf(conversion->arena, "line %u takes it back",
						    later->origin.line));
	return *ret ? conversion_note(conversion, fact, "it only takes back what was said before")
		    : 0;
}

/* Words that a device is to fit one of, or none of where "!" stands before the first. */
static int take_match(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	const char *word = fact->value;
	struct draft *draft;
	bool left, excluded;
	int r = leave(conversion, fact, &left);

	if (r < 0 || left)
		return r;
	r = get_draft(conversion, fact, &draft);
	excluded = *word == '!';
	for (word += excluded; r >= 0 && *(word += strspn(word, BLANKS));) {
		const char *one = arena_strndup(conversion->arena, word, strcspn(word, BLANKS));

		r = one ? draft_match(conversion, draft, fact, row->setting, excluded, one)
			: -ENOMEM;
		word += strcspn(word, BLANKS);
	}
	return r;
}

/* What the kernel called a device is not what it is called once udev has named it. */
static int take_original_name(struct conversion *conversion, const struct fact *fact,
			      const struct key_row *row)
{
	const struct fact *facts = conversion->facts.items;

	for (size_t i = 0; i < conversion->facts.count; i++)
		if (facts[i].origin.document == fact->origin.document &&
		    (fact_fits(&facts[i], "Link/Name") || fact_fits(&facts[i], "Link/NamePolicy")))
			return conversion_note(conversion, fact,
					       "the file gives the interface another name than "
					       "this, which no rule can match");
	return take_match(conversion, fact, row);
}

static int set_pf(struct conversion *conversion, const struct fact *fact, enum pf_setting setting,
		  const char *text)
{
	struct draft *draft;
	bool left;
	int r = text ? leave(conversion, fact, &left) : -ENOMEM;

	if (r < 0 || left)
		return r;
	r = get_draft(conversion, fact, &draft);
	return r < 0 ? r : draft_pf(conversion, draft, fact, setting, text);
}

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	return set_pf(conversion, fact, row->setting, fact->value);
}

/* Bytes, also as 9K: of 1024. */
static int take_mtu(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row)
{
	const char *end;
	uint64_t number;

	if (scalar_parse_digits(fact->value, &number, &end) < 0 || strcmp(end, "K") != 0 ||
	    number > UINT16_MAX)
		return take_pf(conversion, fact, row);
	return set_pf(conversion, fact, row->setting,
		      arena_printf(conversion->arena, "%u", (unsigned)number * 1024));
}

/* Of two sections for the same VF systemd drops the earlier one wholly
 * (sr_iov_drop_invalid_sections() in src/shared/netif-sriov.c). */
static const struct fact *dropped_for(const struct conversion *conversion, const struct fact *fact,
				      uint32_t vf)
{
	const struct fact *end = conversion->facts.items + conversion->facts.count;
	uint32_t other;

	for (const struct fact *later = fact + 1; later < end; later++)
		if (later->origin.document == fact->origin.document &&
		    fact_fits(later, "SR-IOV/VirtualFunction") && later->path[0] != fact->path[0] &&
		    draft_read_vf(later->value, &other) && other == vf)
			return later;
	return NULL;
}

/* The VF of a fact's section. */
static int find_vf(struct conversion *conversion, const struct fact *fact, struct draft **ret,
		   uint32_t *ret_vf)
{
	const struct fact *vf = fact_beside(&conversion->facts, fact, 1, "VirtualFunction"), *later;

	*ret = NULL;
	if (!vf)
		return conversion_note(conversion, fact,
				       "systemd ignores a section without VirtualFunction=");
	if (!draft_read_vf(vf->value, ret_vf))
		return conversion_note(conversion, fact,
				       "the section's VirtualFunction= is not the number of a VF");
	later = dropped_for(conversion, fact, *ret_vf);
	if (later)
		return conversion_note(conversion, fact,
				       arena_printf(conversion->arena,
						    "systemd takes the section of line %u for "
						    "this VF",
						    later->origin.line));
	return get_draft(conversion, fact, ret);
}

static int find_vf_of_setting(struct conversion *conversion, const struct fact *fact,
			      struct draft **ret, uint32_t *ret_vf)
{
	bool left;
	int r = leave(conversion, fact, &left);

	*ret = NULL;
	return r < 0 || left ? r : find_vf(conversion, fact, ret, ret_vf);
}

static int take_vf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	return draft_take_vf(conversion, fact, row, find_vf_of_setting);
}

static int take_vlan(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	return draft_take_vlan(conversion, fact, row, find_vf_of_setting);
}

static int take_number(struct conversion *conversion, const struct fact *fact,
		       const struct key_row *row)
{
	(void)row;
	return draft_take_index(conversion, fact, find_vf);
}

/* systemd.link(5), systemd.network(5) */
static const struct key_row rows[] = {
	{ "Match/MACAddress", take_match, NULL, MATCH_MAC },
	{ "Match/PermanentMACAddress", take_match, NULL, MATCH_MAC },
	{ "Match/Path", take_match, NULL, MATCH_PATH },
	{ "Match/Driver", take_match, NULL, MATCH_DRIVER },
	{ "Match/Name", take_match, NULL, MATCH_INTERFACE },
	{ "Match/OriginalName", take_original_name, NULL, MATCH_INTERFACE },
	{ "Match/Host", NULL,
	  "the rule is for every host: 'host:' in sriovd.yaml(5) says for which a file is", 0 },
	{ "Match/KernelCommandLine", NULL,
	  "the rule is for every host: 'host:' in sriovd.yaml(5) says for which a file is", 0 },
	{ "Match/*", NULL, "no rule can ask for it: see that this one matches no other PF", 0 },
	{ "Link/SR-IOVVirtualFunctions", take_pf, NULL, PF_VFS },
	{ "Link/MTUBytes", take_mtu, NULL, PF_MTU },
	{ "SR-IOV/VirtualFunction", take_number, NULL, 0 },
	{ "SR-IOV/MACSpoofCheck", take_vf, NULL, VF_SPOOF_CHECK },
	{ "SR-IOV/QueryReceiveSideScaling", take_vf, NULL, VF_QUERY_RSS },
	{ "SR-IOV/Trust", take_vf, NULL, VF_TRUST },
	{ "SR-IOV/LinkState", take_vf, NULL, VF_LINK_STATE },
	{ "SR-IOV/MACAddress", take_vf, NULL, VF_MAC },
	{ "SR-IOV/VLANId", take_vlan, NULL, VLAN_ID },
	{ "SR-IOV/QualityOfService", take_vlan, NULL, VLAN_QOS },
	{ "SR-IOV/VLANProtocol", take_vlan, NULL, VLAN_PROTOCOL },
	{ "Link/**", NULL, "of the interface itself: leave it in the file", 0 },
	{ "EnergyEfficientEthernet/**", NULL, "of the interface itself: leave it in the file", 0 },
	{ "Network/**", NULL, "of systemd-networkd itself: leave it in the file", 0 },
	{ "Address/**", NULL, "of systemd-networkd itself: leave it in the file", 0 },
	{ "Route/**", NULL, "of systemd-networkd itself: leave it in the file", 0 },
	{ "DHCP*/**", NULL, "of systemd-networkd itself: leave it in the file", 0 },
	{ "IPv6*/**", NULL, "of systemd-networkd itself: leave it in the file", 0 },
	{ "Bridge*/**", NULL, "of systemd-networkd itself: leave it in the file", 0 },
	{ 0 },
};

int systemd_read(const struct document *document, struct conversion *conversion)
{
	return fact_read_ini(document, INI_SYSTEMD, conversion->arena, conversion->diagnostics,
			     &conversion->facts);
}

/* Without SR-IOVVirtualFunctions= systemd makes as many VFs as sections ask for, where there are
 * fewer (sr_iov_set_num_vfs() in src/shared/netif-sriov.c). */
static int count_vfs(struct conversion *conversion, struct draft *draft)
{
	const struct fact *facts = conversion->facts.items, *last = NULL;
	uint32_t vf, highest = 0;
	const char *number;
	int r;

	if (VALUES_GET(&draft->rule.settings, PF_VFS))
		return 0;
	for (size_t i = 0; i < conversion->facts.count; i++)
		if (facts[i].origin.document == draft->owner &&
		    fact_fits(&facts[i], "SR-IOV/VirtualFunction") &&
		    draft_read_vf(facts[i].value, &vf) && (!last || vf > highest)) {
			last = &facts[i];
			highest = vf;
		}
	if (!last)
		return 0;
	number = arena_printf(conversion->arena, "%u", highest + 1);
	r = number ? draft_pf(conversion, draft, last, PF_VFS, number) : -ENOMEM;
	return r < 0 ? r
		     : conversion_note(conversion, last,
				       arena_printf(conversion->arena,
						    "systemd makes %u VFs for it where there are "
						    "fewer; 'vfs: %u' means no more either",
						    highest + 1, highest + 1));
}

int systemd_take(struct conversion *conversion)
{
	int r = conversion_take(conversion, rows);

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		r = count_vfs(conversion, conversion->drafts[i]);
		conversion_claim(conversion, conversion->drafts[i]);
	}
	return r;
}
