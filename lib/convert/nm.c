/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/nm.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/shell.h"
#include "convert/words.h"

static int get_draft(struct conversion *conversion, const struct fact *fact, struct draft **ret)
{
	const struct document *document = fact->origin.document;
	int r = draft_get(conversion, document, fact, ret);

	for (size_t i = 0; r >= 0 && i < conversion->facts.count; i++)
		if (conversion->facts.items[i].origin.document == document &&
		    (fact_fits(&conversion->facts.items[i], "connection/id") ||
		     fact_fits(&conversion->facts.items[i], "ifcfg/NAME")))
			(*ret)->name = conversion->facts.items[i].value;
	return r;
}

/* Words with ";" between, of which a device has to fit one. */
static int take_match(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	struct draft *draft;
	int r = get_draft(conversion, fact, &draft);

	if (r >= 0 && !fact->value[strspn(fact->value, ";")])
		return conversion_note(conversion, fact, "it is empty");
	for (const char *word = fact->value; r >= 0 && *(word += strspn(word, ";"));) {
		size_t length = strcspn(word, ";");
		const char *one = arena_strndup(conversion->arena, word, length);

		if (!one)
			return -ENOMEM;
		if (strchr("|&\\", *one))
			r = conversion_note(conversion, fact,
					    "no rule can ask for it so: see that this one matches "
					    "no other PF");
		else
			r = draft_match(conversion, draft, fact, row->setting, *one == '!',
					one + (*one == '!'));
		word += length;
	}
	return r;
}

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	struct draft *draft;
	int r = get_draft(conversion, fact, &draft);

	return r < 0 ? r : draft_pf(conversion, draft, fact, row->setting, fact->value);
}

/* 0 is as the interface has it. */
static int take_mtu(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row)
{
	if (!strcmp(fact->value, "0") || !strcmp(fact->value, "auto"))
		return conversion_note(conversion, fact, "it leaves the MTU as it is");
	return take_pf(conversion, fact, row);
}

/* Numbers of libnm (nm-setting-sriov.h), and what they are called. */
static const struct {
	int setting;
	const char *number, *word;
} numbers[] = {
	{ PF_DRIVERS_AUTOPROBE, "0", "false" },	    { PF_DRIVERS_AUTOPROBE, "1", "true" },
	{ PF_ESWITCH_MODE, "0", "legacy" },	    { PF_ESWITCH_MODE, "1", "switchdev" },
	{ PF_ESWITCH_INLINE_MODE, "0", "none" },    { PF_ESWITCH_INLINE_MODE, "1", "link" },
	{ PF_ESWITCH_INLINE_MODE, "2", "network" }, { PF_ESWITCH_INLINE_MODE, "3", "transport" },
	{ PF_ESWITCH_ENCAP_MODE, "0", "none" },	    { PF_ESWITCH_ENCAP_MODE, "1", "basic" },
};

static int take_number(struct conversion *conversion, const struct fact *fact,
		       const struct key_row *row)
{
	const char *word = fact->value;
	struct draft *draft;
	int r;

	if (!strcmp(word, "-1"))
		return conversion_note(conversion, fact, "-1 leaves it as it is");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].setting == row->setting && !strcmp(numbers[i].number, fact->value))
			word = numbers[i].word;
	r = get_draft(conversion, fact, &draft);
	return r < 0 ? r : draft_pf(conversion, draft, fact, row->setting, word);
}

/* "10.3.ad;20": numbers, priorities and protocols of VLANs. */
static int take_vlans(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		      uint32_t vf, const char *text)
{
	static const enum vlan_part parts[] = { VLAN_ID, VLAN_QOS, VLAN_PROTOCOL };
	size_t length = strcspn(text, ";");
	const char *rest = arena_strndup(conversion->arena, text, length);
	int r = rest ? 0 : -ENOMEM;

	if (r >= 0 && text[length] && text[length + 1])
		r = conversion_note(conversion, fact, "a VF has one VLAN, which is the first here");
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(parts) && rest; i++) {
		const char *part = arena_strndup(conversion->arena, rest, strcspn(rest, "."));

		if (!part)
			return -ENOMEM;
		if (parts[i] == VLAN_PROTOCOL && !strcmp(part, "ad"))
			part = "802.1ad";
		else if (parts[i] == VLAN_PROTOCOL && !strcmp(part, "q"))
			part = "802.1q";
		r = draft_vlan(conversion, draft, fact, vf, parts[i], part);
		rest = strchr(rest, '.') ? strchr(rest, '.') + 1 : NULL;
	}
	return r;
}

static const struct {
	const char *name;
	enum vf_setting setting;
} attributes[] = {
	{ "mac", VF_MAC },
	{ "spoof-check", VF_SPOOF_CHECK },
	{ "trust", VF_TRUST },
	{ "min-tx-rate", VF_MIN_TX_RATE },
	{ "max-tx-rate", VF_MAX_TX_RATE },
};

/* "NAME=VALUE" */
static int take_attribute(struct conversion *conversion, struct draft *draft,
			  const struct fact *fact, uint32_t vf, const char *word)
{
	const char *value = strchr(word, '=');
	const char *name = arena_strndup(conversion->arena, word, strcspn(word, "="));

	if (!name)
		return -ENOMEM;
	if (value && !strcmp(name, "vlans"))
		return take_vlans(conversion, draft, fact, vf, value + 1);
	for (size_t i = 0; value && i < ARRAY_SIZE(attributes); i++)
		if (!strcmp(attributes[i].name, name))
			return draft_vf(conversion, draft, fact, vf, attributes[i].setting,
					words_of_vf(attributes[i].setting, value + 1));
	return conversion_note(conversion, fact,
			       arena_printf(conversion->arena, "%s is no attribute of a VF",
					    DIAGNOSTIC_QUOTE(word)));
}

/* "vf.3=mac=... trust=true", SRIOV_VF3="mac=..." */
static int take_vf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	struct draft *draft;
	uint32_t vf;
	int r;

	(void)row;
	if (!draft_read_vf(fact_key(fact) + strcspn(fact_key(fact), ".0123456789") +
				   (fact_key(fact)[2] == '.'),
			   &vf))
		return conversion_note(conversion, fact, "that is not the number of a VF");
	r = get_draft(conversion, fact, &draft);
	if (r < 0)
		return r;
	conversion_fate(conversion, fact)->draft = draft;
	conversion_carry(conversion, fact);
	for (const char *word = fact->value; r >= 0 && *(word += strspn(word, " "));) {
		const char *one = arena_strndup(conversion->arena, word, strcspn(word, " "));

		r = one ? take_attribute(conversion, draft, fact, vf, one) : -ENOMEM;
		word += strcspn(word, " ");
	}
	return r;
}

/* nm-settings-keyfile(5) */
static const struct key_row rows[] = {
	{ "connection/interface-name", take_match, NULL, MATCH_INTERFACE },
	{ "ethernet/mac-address", take_match, NULL, MATCH_MAC },
	{ "802-3-ethernet/mac-address", take_match, NULL, MATCH_MAC },
	{ "ethernet/mtu", take_mtu, NULL, PF_MTU },
	{ "802-3-ethernet/mtu", take_mtu, NULL, PF_MTU },
	{ "match/interface-name", take_match, NULL, MATCH_INTERFACE },
	{ "match/driver", take_match, NULL, MATCH_DRIVER },
	{ "match/path", take_match, NULL, MATCH_PATH },
	{ "match/kernel-command-line", NULL,
	  "the rule is for every host: 'host:' in sriovd.yaml(5) says for which a file is", 0 },
	{ "sriov/total-vfs", take_pf, NULL, PF_VFS },
	{ "sriov/autoprobe-drivers", take_number, NULL, PF_DRIVERS_AUTOPROBE },
	{ "sriov/eswitch-mode", take_number, NULL, PF_ESWITCH_MODE },
	{ "sriov/eswitch-inline-mode", take_number, NULL, PF_ESWITCH_INLINE_MODE },
	{ "sriov/eswitch-encap-mode", take_number, NULL, PF_ESWITCH_ENCAP_MODE },
	{ "sriov/vf.*", take_vf, NULL, 0 },
	{ "ifcfg/DEVICE", take_match, NULL, MATCH_INTERFACE },
	{ "ifcfg/HWADDR", take_match, NULL, MATCH_MAC },
	{ "ifcfg/MTU", take_mtu, NULL, PF_MTU },
	{ "ifcfg/SRIOV_TOTAL_VFS", take_pf, NULL, PF_VFS },
	{ "ifcfg/SRIOV_AUTOPROBE_DRIVERS", take_number, NULL, PF_DRIVERS_AUTOPROBE },
	{ "ifcfg/SRIOV_VF[0-9]*", take_vf, NULL, 0 },
	{ "ifcfg/SRIOV_*", NULL, "sriovctl does not know the key", 0 },
	{ "ifcfg/*", NULL, "of the interface itself: leave it in the file", 0 },
	{ "command", NULL, "of the interface itself: leave it in the file", 0 },
	{ "conditional", NULL, "of the interface itself: leave it in the file", 0 },
	{ "text", NULL, "of the interface itself: leave it in the file", 0 },
	{ "sriov/preserve-on-down", NULL, "sriovd keeps the VFs whether or not a profile is active",
	  0 },
	{ "connection/**", NULL, "of the profile itself: leave it to NetworkManager", 0 },
	{ "ethernet/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "802-3-ethernet/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "ethtool/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "link/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "ipv4/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "ipv6/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "proxy/**", NULL, "of the interface itself: leave it to NetworkManager", 0 },
	{ "user/**", NULL, "of the profile itself: leave it to NetworkManager", 0 },
	{ 0 },
};

int nm_read(const struct document *document, struct conversion *conversion)
{
	return fact_read_ini(document, INI_KEYFILE, conversion->arena, conversion->diagnostics,
			     &conversion->facts);
}

/* "KEY=VALUE" as sh(1) has it. What is none stays a command. */
static int read_assignment(struct conversion *conversion, struct fact *fact)
{
	struct shell shell = { .arena = conversion->arena };
	const char **path = arena_array(conversion->arena, 2, sizeof(*path));
	struct shell_words words;
	int r = path ? shell_expand(&shell, fact->value, &words) : -ENOMEM;
	const char *equals;

	if (r < 0 || words.count != 1 || !words.items[0])
		return r;
	equals = strchr(words.items[0], '=');
	if (!equals)
		return 0;
	path[0] = "ifcfg";
	path[1] =
		arena_strndup(conversion->arena, words.items[0], (size_t)(equals - words.items[0]));
	*fact = (struct fact){
		.origin = fact->origin, .path = path, .depth = 2, .value = equals + 1
	};
	return path[1] ? 0 : -ENOMEM;
}

int nm_read_ifcfg(const struct document *document, struct conversion *conversion)
{
	size_t first = conversion->facts.count;
	int r = shell_split(document, document->text, 1, conversion->arena, conversion->diagnostics,
			    &conversion->facts);

	for (size_t i = first; r >= 0 && i < conversion->facts.count; i++)
		r = read_assignment(conversion, &conversion->facts.items[i]);
	return r;
}

/* With [sriov] NetworkManager makes no VFs where no number is said. */
static int note_no_number(struct conversion *conversion, struct draft *draft)
{
	if (draft->rule.settings.present & SETTING_BIT(PF_VFS))
		return 0;
	for (size_t i = 0; i < conversion->facts.count; i++) {
		const struct fact *fact = &conversion->facts.items[i];

		if (fact->origin.document == draft->owner &&
		    (fact_fits(fact, "sriov/*") || fact_fits(fact, "ifcfg/SRIOV_*")))
			return conversion_note(conversion, fact,
					       "total-vfs is not said, which is 0 to "
					       "NetworkManager: say how many VFs by 'vfs'");
	}
	return 0;
}

int nm_take(struct conversion *conversion)
{
	int r = conversion_take(conversion, rows);

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		r = note_no_number(conversion, conversion->drafts[i]);
		conversion_claim(conversion, conversion->drafts[i]);
	}
	return r;
}
