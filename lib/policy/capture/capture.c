/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/capture/capture.h"

#include <errno.h>
#include <linux/devlink.h>
#include <linux/if_ether.h>
#include <string.h>

#include "model/driver.h"
#include "model/netdev_lack.h"
#include "policy/capture/altname.h"
#include "policy/capture/note.h"
#include "policy/fold.h"
#include "policy/match.h"
#include "policy/write.h"

#define INDENT 2

/* One PF on the way to its rule. */
struct capturer {
	const struct pf *pf;
	const struct pf_list *host;
	bool what_differs;
	struct arena *arena;
	struct capture *capture;
	struct note_list notes;
	struct saying *vfs;
};

static int note(struct capturer *capturer, const char *words)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_append(&text, words);
	return note_add(&text, capturer->arena, &capturer->notes);
}

/* Whether it means itself, to match: and to those who read it. */
static bool is_literal(const char *name)
{
	return text_is_printable(name) && !strpbrk(name, MATCH_GLOB "\\|,{}/! ");
}

static const char *mac_of(const struct pf *pf, struct arena *arena)
{
	char buffer[MAC_STRING_SIZE];

	/* cxgb4's network device for VFs comes with them. */
	if (!pf->has_permanent_mac || mac_is_zero(&pf->permanent_mac) ||
	    mac_is_multicast(&pf->permanent_mac) ||
	    driver_does(driver_of(pf->driver), DRIVER_NETDEV_OF_VFS))
		return NULL;
	return arena_strdup(arena, mac_format(&pf->permanent_mac, buffer));
}

static const char *pci_of(const struct pf *pf, struct arena *arena)
{
	(void)arena;
	return strncmp(pf->handle, "pci/", strlen("pci/")) ? NULL : pf->address;
}

static const char *path_of(const struct pf *pf, struct arena *arena)
{
	(void)arena;
	return pf->id_path;
}

static const char *interface_of(const struct pf *pf, struct arena *arena)
{
	(void)arena;
	return pf->ifname;
}

/* The best first: an address stays with the card, a slot may get another number when a card is put
 * in, a name may be another with a new kernel. */
static const struct {
	enum match_key key;
	const char *(*get)(const struct pf *pf, struct arena *arena);
} identities[] = {
	{ MATCH_MAC, mac_of },
	{ MATCH_PCI, pci_of },
	{ MATCH_PATH, path_of },
	{ MATCH_INTERFACE, interface_of },
};

static bool is_for_it_alone(const struct capturer *capturer, const struct rule *rule)
{
	for (size_t i = 0; i < capturer->host->count; i++) {
		const struct pf *other = capturer->host->items[i];

		if (strcmp(other->handle, capturer->pf->handle) != 0 &&
		    rule_answer(rule, other, NULL) != MATCH_NO)
			return false;
	}
	return rule_matches(rule, capturer->pf, NULL);
}

/* False: nothing tells it from other PFs. */
static int find_match(struct capturer *capturer, struct rule *rule, bool *ret)
{
	const char **pattern = arena_array(capturer->arena, 1, sizeof(*pattern));

	*ret = false;
	if (!pattern)
		return -ENOMEM;
	for (size_t i = 0; !*ret && i < ARRAY_SIZE(identities); i++) {
		*pattern = identities[i].get(capturer->pf, capturer->arena);
		if (!*pattern || !is_literal(*pattern))
			continue;
		memset(rule->match, 0, sizeof(rule->match));
		rule->match[identities[i].key] = (struct match_patterns){ pattern, 1 };
		*ret = is_for_it_alone(capturer, rule);
	}
	return 0;
}

static bool is_any_set_by_pf(const struct capturer *capturer)
{
	for (uint32_t i = 0; i < capturer->pf->n_vfs; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if (vf_settings[k].layer == VF_LAYER_FUNCTION &&
			    (capturer->vfs[i].said.present & SETTING_BIT(k)))
				return true;
	return false;
}

/* sriovd takes no PF down, and "false" only says that others bring it up. It has to be said where
 * VFs would have it brought up else. */
static bool may_be_down(const struct capturer *capturer)
{
	return driver_does(driver_of(capturer->pf->driver), DRIVER_SETS_UP) &&
	       is_any_set_by_pf(capturer);
}

/* What a PF has as its driver takes it, where the driver does not decide. 1500: ether_setup() in
 * net/ethernet/eth.c. */
static bool starts_pf_with(const struct pf *pf, enum pf_setting setting, const struct value *value)
{
	switch (setting) {
	case PF_VFS:
	case PF_UP:
		return !value->number;
	case PF_MTU:
		return value->number == ETH_DATA_LEN && pf->has_permanent_mac;
	case PF_DRIVERS_AUTOPROBE:
		return value->number;
	case PF_ESWITCH_MODE:
		return value->number == DEVLINK_ESWITCH_MODE_LEGACY;
	default:
		return false;
	}
}

/* And what a VF has once a driver that came by itself has it. */
static bool starts_vf_with(const struct pf *pf, enum vf_setting setting, const struct value *value)
{
	switch (setting) {
	case VF_UNMANAGED:
		return !value->number;
	case VF_DRIVER:
		return value->form == VALUE_DEFAULT;
	case VF_MTU:
		return value->number == ETH_DATA_LEN;
	default:
		return driver_starts_with(driver_of(pf->driver), setting, value);
	}
}

static void leave_out(struct capturer *capturer)
{
	struct pf_values *settings = &capturer->capture->rule.settings;

	for (uint64_t rest = settings->present; rest;) {
		const enum pf_setting i = setting_take(&rest);

		if (starts_pf_with(capturer->pf, i, &settings->value[i]))
			settings->present &= ~SETTING_BIT(i);
	}
	for (uint32_t vf = 0; vf < capturer->pf->n_vfs; vf++) {
		struct vf_values *said = &capturer->vfs[vf].said;

		for (uint64_t rest = said->present; rest;) {
			const enum vf_setting i = setting_take(&rest);

			if (starts_vf_with(capturer->pf, i, &said->value[i]))
				said->present &= ~SETTING_BIT(i);
		}
	}
}

static int add_pf_settings(struct capturer *capturer)
{
	struct pf_values *settings = &capturer->capture->rule.settings;
	int r = 0;

	for (enum pf_setting i = 0; r >= 0 && i < PF_SETTING_COUNT; i++) {
		struct value value;
		bool there;
		enum lack lack = saying_of_pf(capturer->pf, i, capturer->arena, &value, &there);

		if (!there)
			continue;
		if (i == PF_UP && !value.number && !may_be_down(capturer))
			r = note(capturer, "the PF is down, which no policy can ask for");
		else if (lack == LACK_NOTHING)
			VALUES_SET(settings, i, value);
		else
			r = note_pf(capturer->pf, i, lack, &value, capturer->arena,
				    &capturer->notes);
	}
	return r;
}

static int note_state(struct capturer *capturer)
{
	const struct pf *pf = capturer->pf;
	int r = 0;

	if (!pf->ifindex && netdev_lack_of(pf) == NETDEV_LACK_NONE)
		r = note(capturer, "its network device is not here, and what is set by way of that "
				   "is not known");
	if (r >= 0 && pf->eswitch_silent)
		r = note(capturer, "devlink does not say now whether it has an eswitch");
	if (r >= 0 && pf->drivers_held)
		r = note(capturer, "sriovd keeps drivers off its VFs now; capture it again later");
	return r;
}

static const struct vf_values *said_of(const void *context, uint32_t vf)
{
	const struct capturer *capturer = context;

	return &capturer->vfs[vf].said;
}

static int fill_rule(struct capturer *capturer)
{
	const struct pf *pf = capturer->pf;
	struct rule *rule = &capturer->capture->rule;
	int r = saying_of_vfs(pf, capturer->arena, &capturer->vfs);

	if (r >= 0)
		r = add_pf_settings(capturer);
	if (r >= 0)
		r = note_state(capturer);
	if (r >= 0)
		r = note_vfs(pf, capturer->vfs, capturer->arena, &capturer->notes);
	if (r >= 0 && capturer->what_differs)
		leave_out(capturer);
	if (r >= 0)
		r = altname_fold(capturer->vfs, pf->n_vfs, capturer->arena);
	return r < 0 ? r
		     : fold_entries(said_of, capturer, pf->n_vfs, capturer->arena, &rule->entries,
				    &rule->n_entries);
}

static int capture(struct capturer *capturer)
{
	struct capture *ret = capturer->capture;
	int r;

	ret->rule.name = text_is_printable(pf_name(capturer->pf)) ? pf_name(capturer->pf)
								  : capturer->pf->address;
	if (!capturer->pf->driver)
		return note(capturer, "it has no driver, and so nothing of it is known");
	r = find_match(capturer, &ret->rule, &ret->has_rule);
	if (r < 0)
		return r;
	if (!ret->has_rule)
		return note(capturer, "no key of 'match' tells it from the other PFs");
	r = fill_rule(capturer);
	if (r < 0 || ret->rule.settings.present || ret->rule.n_entries)
		return r;
	ret->has_rule = false;
	return note(capturer, "nothing is known to differ from what it begins with");
}

int capture_pf(const struct pf *pf, const struct pf_list *host, bool what_differs,
	       struct arena *arena, struct capture *ret)
{
	struct capturer capturer = {
		.pf = pf, .host = host, .what_differs = what_differs, .arena = arena, .capture = ret
	};
	int r;

	*ret = (struct capture){ 0 };
	r = capture(&capturer);
	ret->notes = capturer.notes.items;
	ret->n_notes = capturer.notes.count;
	return r;
}

/* "ens1f0: ice at 0000:3b:00.0, 8086:1592, 4 of 128 VFs" */
static void write_title(const struct pf *pf, struct text *out)
{
	CLEANUP_TEXT struct text title = { 0 };

	text_append_quoted(&title, pf_name(pf));
	text_append(&title, ": ");
	text_append_quoted(&title, pf->driver ? pf->driver : "no driver");
	text_append(&title, " at ");
	text_append_quoted(&title, pf->address);
	if (pf->has_device_id)
		text_printf(&title, ", %04x:%04x", pf->vendor_id, pf->device_id);
	text_printf(&title, ", %u", pf->n_vfs);
	if (pf->totalvfs)
		text_printf(&title, " of %u", pf->totalvfs);
	text_append(&title, pf->n_vfs == 1 && !pf->totalvfs ? " VF" : " VFs");
	out->failed = out->failed || title.failed;
	write_comment(text_string(&title), INDENT, out);
}

static void write_notes(const struct capture *capture, struct text *out)
{
	if (capture->n_notes)
		write_comment(capture->has_rule ? "Not in this rule:" : "No rule:", INDENT, out);
	for (size_t i = 0; i < capture->n_notes; i++) {
		CLEANUP_TEXT struct text item = { 0 };

		text_printf(&item, "- %s", capture->notes[i]);
		out->failed = out->failed || item.failed;
		write_comment(text_string(&item), INDENT, out);
	}
}

void capture_write(const struct pf *const *pfs, const struct capture *captures, size_t count,
		   struct text *out)
{
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any = any || captures[i].has_rule;
	write_heading(any, out);
	for (size_t i = 0; i < count; i++) {
		if (i)
			text_append(out, "\n");
		write_title(pfs[i], out);
		write_notes(&captures[i], out);
		if (captures[i].has_rule)
			write_rule(&captures[i].rule, out);
	}
}
