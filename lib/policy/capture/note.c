/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/capture/note.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/fold.h"

/* Behind the value; %s is the PF's driver. */
static const char *const reasons[LACK_COUNT] = {
	[LACK_UNREAD] = "%s does not report it",
	[LACK_UNREPORTED] = "nothing is reported of the VF now",
	[LACK_RANGE] = "no policy can ask for that",
	[LACK_IGNORED] = "%s accepts it and does nothing",
	[LACK_REFUSED] = "%s is known to refuse it",
	[LACK_IDLE] = "not in force in switchdev mode of %s",
	[LACK_DOWN] =
		("with %s no driver of a VF gets it while the PF is down; it can be asked for "
		 "beside 'pf-up: true'"),
	[LACK_UNTAKEN] = "the VF's driver goes on with another until it is bound anew",
	[LACK_TAKEN_UNTOLD] = "it cannot be told whether the VF's driver goes on with it",
	[LACK_SHARED] = "another VF has the same",
	[LACK_CROSSED] = "it is over max-tx-rate",
	[LACK_TOO_MANY] = "all VFs together have more than the card is said to have",
	[LACK_UNRESERVED] = "it is not reserved, and gets the next driver that takes it",
	[LACK_RESERVED] = "it is reserved for a driver that it does not have",
	[LACK_OWED] = "drivers are kept off it for a moment",
	[LACK_PROTOCOL] = "%s does not tell 802.1ad from 802.1q, which this takes it for",
};

/* Those of a kind whose setting has no value, or the same. */
struct group {
	enum lack lack;
	uint64_t settings;
	const struct value *value; /* NULL: none */
	uint32_t *vfs;
	size_t count;
};

int note_add(struct text *text, struct arena *arena, struct note_list *list)
{
	int r = arena_grow(arena, &list->items, list->count, &list->capacity, sizeof(*list->items));
	const char *copy = text->failed ? NULL : arena_strdup(arena, text_string(text));

	if (r < 0 || !copy)
		return -ENOMEM;
	list->items[list->count++] = copy;
	return 0;
}

static void append_reason(const struct pf *pf, enum lack lack, struct text *out)
{
	const char *driver = pf->driver ? pf->driver : "its driver";
	const char *reason = reasons[lack], *place = strstr(reason, "%s");

	if (!place) {
		text_append(out, reason);
		return;
	}
	text_append_n(out, reason, (size_t)(place - reason));
	text_append_quoted(out, driver);
	text_append(out, place + strlen("%s"));
}

static void append_keys(uint64_t settings, struct text *out)
{
	for (const char *before = ""; settings; before = ", ")
		text_printf(out, "%s%s", before, vf_settings[setting_take(&settings)].key);
}

static void append_vfs(const struct pf *pf, const struct group *group, const struct index_set *set,
		       struct text *out)
{
	if (group->count == pf->n_vfs && pf->n_vfs > 1)
		text_append(out, "all VFs");
	else
		text_append(out, index_set_is_single(set) ? "VF " : "VFs ");
	if (group->count != pf->n_vfs || pf->n_vfs == 1)
		index_set_format(set, out);
}

static int describe(const struct pf *pf, const struct group *group, struct arena *arena,
		    struct note_list *list)
{
	struct index_set *sets;
	size_t n_sets;
	int r = fold_indices(group->vfs, group->count, arena, &sets, &n_sets);

	for (size_t i = 0; r >= 0 && i < n_sets; i++) {
		CLEANUP_TEXT struct text text = { 0 };
		uint64_t rest = group->settings;

		append_vfs(pf, group, &sets[i], &text);
		text_append(&text, ": ");
		append_keys(group->settings, &text);
		if (group->value) {
			text_append(&text, " ");
			value_describe(&vf_settings[setting_take(&rest)], group->value, &text);
		}
		text_append(&text, ": ");
		append_reason(pf, group->lack, &text);
		r = note_add(&text, arena, list);
	}
	return r;
}

static const struct value *value_of(const struct saying *vf, enum vf_setting setting)
{
	const struct value *value = VALUES_GET(&vf->unsaid, setting);

	return value ? value : VALUES_GET(&vf->said, setting);
}

static bool has_lack(const struct saying *vf, enum vf_setting setting, enum lack lack)
{
	return vf->lacks[setting] == lack;
}

/* Moves the VFs that have that value, or none, as the first of them, to the front, in order. */
static size_t part(const struct saying *vfs, enum vf_setting setting, uint32_t *left, size_t count,
		   uint32_t *room)
{
	const struct value *first = value_of(&vfs[left[0]], setting);
	size_t same = 0, others = 0;

	for (size_t i = 0; i < count; i++) {
		const struct value *value = value_of(&vfs[left[i]], setting);
		bool equal = first && value ? value_equal(&vf_settings[setting], first, value)
					    : !first && !value;

		if (equal)
			left[same++] = left[i];
		else
			room[others++] = left[i];
	}
	memcpy(left + same, room, others * sizeof(*room));
	return same;
}

/* Settings of which nothing but the lack is known, of the same VFs, are told together. */
static bool goes_with(const struct group *group, const struct group *next)
{
	return group->settings && group->lack == next->lack && !group->value && !next->value &&
	       group->count == next->count &&
	       !memcmp(group->vfs, next->vfs, next->count * sizeof(*next->vfs));
}

static int flush(const struct pf *pf, struct group *group, struct arena *arena,
		 struct note_list *list)
{
	int r = group->settings ? describe(pf, group, arena, list) : 0;

	group->settings = 0;
	return r;
}

/* What of one setting has that lack. pending is of the settings before. */
static int note_setting(const struct pf *pf, const struct saying *vfs, enum vf_setting setting,
			enum lack lack, struct group *pending, struct arena *arena,
			struct note_list *list)
{
	uint32_t *left = arena_array(arena, pf->n_vfs, sizeof(*left));
	uint32_t *room = arena_array(arena, pf->n_vfs, sizeof(*room));
	size_t count = 0;
	int r = 0;

	if (!left || !room)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (has_lack(&vfs[i], setting, lack))
			left[count++] = i;
	for (size_t same; r >= 0 && count; left += same, count -= same) {
		struct group group = { lack, SETTING_BIT(setting), NULL, left, 0 };

		same = group.count = part(vfs, setting, left, count, room);
		group.value = value_of(&vfs[left[0]], setting);
		if (goes_with(pending, &group)) {
			pending->settings |= group.settings;
			continue;
		}
		r = flush(pf, pending, arena, list);
		*pending = group;
	}
	return r;
}

static bool is_any(const struct pf *pf, const struct saying *vfs, enum vf_setting setting,
		   enum lack lack)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (has_lack(&vfs[i], setting, lack))
			return true;
	return false;
}

int note_vfs(const struct pf *pf, const struct saying *vfs, struct arena *arena,
	     struct note_list *list)
{
	struct group pending = { 0 };
	int r = 0;

	for (enum lack lack = LACK_NOTHING + 1; r >= 0 && lack < LACK_COUNT; lack++) {
		for (enum vf_setting i = 0; r >= 0 && i < VF_SETTING_COUNT; i++)
			if (is_any(pf, vfs, i, lack))
				r = note_setting(pf, vfs, i, lack, &pending, arena, list);
	}
	return r < 0 ? r : flush(pf, &pending, arena, list);
}

int note_pf(const struct pf *pf, enum pf_setting setting, enum lack lack, const struct value *value,
	    struct arena *arena, struct note_list *list)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s ", pf_settings[setting].key);
	value_describe(&pf_settings[setting], value, &text);
	text_append(&text, ": ");
	append_reason(pf, lack, &text);
	return note_add(&text, arena, list);
}
