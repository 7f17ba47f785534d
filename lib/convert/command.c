/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/command.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/words.h"
#include "util/text.h"

static const char unknown_word[] = "what a word of it stands for is not known here";
static const char of_number[] = "whether it is done depends on the number of VFs";
static const char unknown_command[] = "sriovctl does not know the command";

/* A word, "" behind the last one; NULL: it is not known. */
static const char *word_at(const struct shell_words *words, size_t i)
{
	return i < words->count ? words->items[i] : "";
}

static bool is(const struct shell_words *words, size_t i, const char *word)
{
	const char *at = word_at(words, i);

	return at && !strcmp(at, word);
}

const char *command_pf_of(struct arena *arena, const char *path)
{
	const char *net = strstr(path, "/net/"), *end = strrchr(path, '/'), *start = end;
	const char *name;

	if (net) {
		name = arena_strndup(arena, net + 5, strcspn(net + 5, "/"));
	} else {
		while (start && start > path && start[-1] != '/')
			start--;
		name = start ? arena_strndup(arena, start, (size_t)(end - start)) : NULL;
		if (name && !strchr(name, ':'))
			return NULL;
	}
	return name && *name && !strpbrk(name, MATCH_GLOB "{}") ? name : NULL;
}

/* What is written to where: "echo 4 > PATH", "echo 4 | sudo tee PATH". NULL: not known. */
static const char *target_of(const struct shell_words *words)
{
	for (size_t i = 1; i < words->count; i++)
		if (is(words, i, ">") || is(words, i, ">>") || is(words, i, "tee")) {
			i += 1 + is(words, i + 1, "-a");
			return word_at(words, i);
		}
	return "";
}

/* Whether a test for another number of VFs changes nothing about what is made of it: it is to have
 * that number, after none. */
static bool is_for_number(const struct shell *shell, bool is_number, const char *value)
{
	const char *unless = shell->unless_vfs;

	if (!unless)
		return true;
	if (is_number)
		return value && (!strcmp(value, unless) || !strcmp(value, "0"));
	return strcmp(unless, "0") != 0;
}

/* *ret is NULL, with a note, where the command may not be done for that PF. */
static int get_draft(struct conversion *conversion, const struct shell *shell, const char *pf,
		     const struct fact *fact, struct draft **ret)
{
	*ret = NULL;
	if (shell->only_pf && strcmp(shell->only_pf, pf) != 0)
		return conversion_note(conversion, fact,
				       "it is done only where a test of another device holds");
	return draft_get_named(conversion, pf, fact, ret);
}

static int write_attribute(struct conversion *conversion, const struct shell *shell,
			   const struct fact *fact, const char *path, const char *value)
{
	const bool is_number = text_has_suffix(path, "/sriov_numvfs");
	const char *pf = command_pf_of(conversion->arena, path);
	struct draft *draft;
	int r;

	if (!is_number && !text_has_suffix(path, "/sriov_drivers_autoprobe"))
		return conversion_note(conversion, fact, "no rule has what it writes");
	if (!pf)
		return conversion_note(conversion, fact, "which PF it is about is not known here");
	if (!is_for_number(shell, is_number, value))
		return conversion_note(conversion, fact, of_number);
	r = get_draft(conversion, shell, pf, fact, &draft);
	if (r < 0 || !draft)
		return r;
	if (!value)
		return draft_pf_max(conversion, draft, fact);
	return draft_pf(conversion, draft, fact, is_number ? PF_VFS : PF_DRIVERS_AUTOPROBE,
			is_number ? value : words_bool(value));
}

static int take_echo(struct conversion *conversion, const struct shell *shell,
		     const struct shell_words *words, const struct fact *fact)
{
	size_t value = 1 + is(words, 1, "-n");
	const char *target = target_of(words);

	if (!target || !word_at(words, value))
		return conversion_note(conversion, fact, unknown_word);
	if (!*target)
		return conversion_note(conversion, fact, "it only says something");
	return write_attribute(conversion, shell, fact, target, word_at(words, value));
}

/* "cat .../sriov_totalvfs > .../sriov_numvfs": as many as there can be. */
static int take_cat(struct conversion *conversion, const struct shell *shell,
		    const struct shell_words *words, const struct fact *fact)
{
	const char *source = word_at(words, 1), *target = target_of(words);

	if (!source || !target)
		return conversion_note(conversion, fact, unknown_word);
	if (!text_has_suffix(source, "/sriov_totalvfs") ||
	    !text_has_suffix(target, "/sriov_numvfs"))
		return conversion_note(conversion, fact, unknown_command);
	return write_attribute(conversion, shell, fact, target, NULL);
}

static const struct {
	const char *word;
	enum vf_setting setting;
} vf_words[] = {
	{ "mac", VF_MAC },
	{ "max_tx_rate", VF_MAX_TX_RATE },
	{ "min_tx_rate", VF_MIN_TX_RATE },
	{ "rate", VF_MAX_TX_RATE },
	{ "spoofchk", VF_SPOOF_CHECK },
	{ "trust", VF_TRUST },
	{ "state", VF_LINK_STATE },
	{ "query_rss", VF_QUERY_RSS },
	{ "node_guid", VF_NODE_GUID },
	{ "port_guid", VF_PORT_GUID },
};

static const struct {
	const char *word;
	enum vlan_part part;
} vlan_words[] = { { "vlan", VLAN_ID }, { "qos", VLAN_QOS }, { "proto", VLAN_PROTOCOL } };

/* Whether the command's own words end before i: what is behind goes to where it writes. */
static bool is_end(const struct shell_words *words, size_t i)
{
	return i >= words->count || is(words, i, ">") || is(words, i, ">>") ||
	       (is(words, i, "2") && (is(words, i + 1, ">") || is(words, i + 1, ">>")));
}

static int take_vf_word(struct conversion *conversion, struct draft *draft, const struct fact *fact,
			uint32_t vf, const char *word, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(vf_words); i++)
		if (!strcmp(word, vf_words[i].word))
			return draft_vf(conversion, draft, fact, vf, vf_words[i].setting,
					words_of_vf(vf_words[i].setting, value));
	for (size_t i = 0; i < ARRAY_SIZE(vlan_words); i++)
		if (!strcmp(word, vlan_words[i].word))
			return draft_vlan(conversion, draft, fact, vf, vlan_words[i].part, value);
	return conversion_note(
		conversion, fact,
		arena_printf(conversion->arena, "%s is not known here", DIAGNOSTIC_QUOTE(word)));
}

/* "vf 3 mac ... vlan 7", from behind "vf" on. */
static int take_vf_words(struct conversion *conversion, struct draft *draft,
			 const struct fact *fact, const struct shell_words *words, size_t i)
{
	const char *number = word_at(words, i);
	uint32_t vf;
	int r = 0;

	if (!number || !draft_read_vf(number, &vf))
		return conversion_note(conversion, fact, "which VF it is about is not known here");
	if (is_end(words, i + 1))
		return conversion_note(conversion, fact, "it says nothing of the VF");
	for (i++; r >= 0 && !is_end(words, i); i += 2) {
		const char *word = word_at(words, i), *value = word_at(words, i + 1);

		if (is(words, i, "vf"))
			return take_vf_words(conversion, draft, fact, words, i + 1);
		r = word && value ? take_vf_word(conversion, draft, fact, vf, word, value)
				  : conversion_note(conversion, fact, unknown_word);
	}
	return r;
}

/* "up mtu 9000 vf 3 ...", behind the name of a PF. How many words belong to one that is not known
 * is not known either. */
static int take_link_words(struct conversion *conversion, struct draft *draft,
			   const struct fact *fact, const struct shell_words *words, size_t i)
{
	int r = 0;

	if (is_end(words, i))
		return conversion_note(conversion, fact, "it says nothing of the interface");
	while (r >= 0 && !is_end(words, i)) {
		if (is(words, i, "vf"))
			return take_vf_words(conversion, draft, fact, words, i + 1);
		if (is(words, i, "up"))
			r = draft_pf(conversion, draft, fact, PF_UP, "true");
		else if (is(words, i, "mtu") && word_at(words, i + 1))
			r = draft_pf(conversion, draft, fact, PF_MTU, word_at(words, ++i));
		else
			return conversion_note(conversion, fact,
					       "of the interface itself: no rule has it");
		i++;
	}
	return r;
}

/* "ip link set dev DEV vf N ..."; "up" and "mtu" of a PF. */
static int take_ip(struct conversion *conversion, const struct shell *shell,
		   const struct shell_words *words, const struct fact *fact)
{
	const char *device;
	struct draft *draft;
	size_t i = 1;
	int r;

	while (word_at(words, i) && *word_at(words, i) == '-')
		i++;
	if (!(is(words, i, "link") || is(words, i, "l")) ||
	    !(is(words, i + 1, "set") || is(words, i + 1, "s")))
		return conversion_note(conversion, fact, "of the interface itself: no rule has it");
	i += 2 + is(words, i + 2, "dev");
	device = word_at(words, i++);
	if (!device || !*device)
		return conversion_note(conversion, fact, unknown_word);
	if (!is_for_number(shell, false, NULL))
		return conversion_note(conversion, fact, of_number);
	r = get_draft(conversion, shell, device, fact, &draft);
	return r < 0 || !draft ? r : take_link_words(conversion, draft, fact, words, i);
}

/* "devlink dev eswitch set pci/0000:3b:00.0 mode switchdev ..." */
static int take_devlink(struct conversion *conversion, const struct shell *shell,
			const struct shell_words *words, const struct fact *fact)
{
	static const struct {
		const char *word;
		enum pf_setting setting;
	} modes[] = { { "mode", PF_ESWITCH_MODE },
		      { "inline-mode", PF_ESWITCH_INLINE_MODE },
		      { "encap-mode", PF_ESWITCH_ENCAP_MODE } };
	const char *device = word_at(words, 4);
	struct draft *draft;
	int r;

	if (!is(words, 1, "dev") || !is(words, 2, "eswitch") || !is(words, 3, "set"))
		return conversion_note(conversion, fact, "no rule has what it sets");
	if (!device || strncmp(device, "pci/", 4) != 0)
		return conversion_note(conversion, fact, "which PF it is about is not known here");
	if (is_end(words, 5))
		return conversion_note(conversion, fact, "it says nothing of the eswitch");
	r = get_draft(conversion, shell, device + 4, fact, &draft);
	for (size_t i = 5; r >= 0 && !is_end(words, i); i += 2) {
		const char *word = word_at(words, i), *value = word_at(words, i + 1);
		size_t k = 0;

		while (word && k < ARRAY_SIZE(modes) && strcmp(word, modes[k].word) != 0)
			k++;
		r = word && value && k < ARRAY_SIZE(modes)
			    ? draft_pf(conversion, draft, fact, modes[k].setting, value)
			    : conversion_note(conversion, fact, unknown_word);
	}
	return r;
}

static const struct {
	const char *name;
	int (*take)(struct conversion *conversion, const struct shell *shell,
		    const struct shell_words *words, const struct fact *fact);
} commands[] = {
	{ "echo", take_echo }, { "printf", take_echo },	    { "cat", take_cat },
	{ "ip", take_ip },     { "devlink", take_devlink },
};

int command_take(struct conversion *conversion, struct shell *shell, const struct fact *fact)
{
	struct shell_words words;
	const char *name;
	int r = shell_expand(shell, fact->value, &words);

	if (r < 0)
		return r;
	if (is(&words, 0, "sudo")) {
		words.items++;
		words.count--;
	}
	name = word_at(&words, 0);
	if (!name)
		return conversion_note(conversion, fact, unknown_word);
	name = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].take(conversion, shell, &words, fact);
	return conversion_note(conversion, fact, unknown_command);
}

int command_finish(struct conversion *conversion)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		struct draft *draft = conversion->drafts[i];
		const char *name = draft->owner;

		r = draft_match(conversion, draft, NULL,
				strchr(name, ':') ? MATCH_PCI : MATCH_INTERFACE, false, name);
	}
	return r;
}
