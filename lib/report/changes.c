/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/changes.h"

#include <inttypes.h>
#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "util/text.h"

static struct json_object *get(struct json_object *object, const char *key)
{
	return json_object_object_get(object, key);
}

static const char *get_text(struct json_object *object, const char *key)
{
	return json_object_get_string(get(object, key));
}

static size_t length(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

static void add(struct json_object **list, const char *event, int64_t vf, struct text *text)
{
	struct json_object *change = json_object_new_object();

	build_set_text(&change, "event", event);
	if (vf >= 0)
		build_set_number(&change, "vf", vf);
	build_set_text(&change, "text", text->failed ? NULL : text_string(text));
	build_append(list, text->failed ? NULL : change);
	if (text->failed)
		json_object_put(change);
}

/* Who has the VF, as far as is told; NULL: nobody. */
static const char *user_of(struct json_object *vf)
{
	const char *holder = get_text(vf, "holder");

	return holder ? holder : get_text(vf, "use");
}

static void compare_vf(struct json_object **list, int64_t index, const char *before,
		       const char *now)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (now && (!before || strcmp(before, now) != 0)) {
		text_printf(&text, "VF %" PRIi64 " is in use: %s", index, now);
		add(list, "holder-came", index, &text);
	} else if (before && !now) {
		text_printf(&text, "VF %" PRIi64 " is no longer in use: %s", index, before);
		add(list, "holder-gone", index, &text);
	}
}

/* VFs that are no more have nobody; of a PF that was not looked at nobody knows. */
static void compare_vfs(struct json_object **list, struct json_object *before,
			struct json_object *now)
{
	struct json_object *old = get(before, "virtual-functions");
	struct json_object *new = get(now, "virtual-functions");
	size_t count = length(old) > length(new) ? length(old) : length(new);

	for (size_t i = 0; old && new &&i < count; i++)
		compare_vf(list, (int64_t)i,
			   i < length(old) ? user_of(json_object_array_get_idx(old, i)) : NULL,
			   i < length(new) ? user_of(json_object_array_get_idx(new, i)) : NULL);
}

/* By how much a count has grown. */
static int64_t grown(struct json_object *before, struct json_object *now, const char *key)
{
	struct json_object *old = get(get(before, "counts"), key);
	struct json_object *new = get(get(now, "counts"), key);
	int64_t by = old && new ? json_object_get_int64(new) - json_object_get_int64(old) : 0;

	return by > 0 ? by : 0;
}

static void add_done(struct json_object **list, struct json_object *before, struct json_object *now)
{
	int64_t done = grown(before, now, "steps-done");
	bool repaired = grown(before, now, "repairs") > 0;
	CLEANUP_TEXT struct text text = { 0 };

	if (!done && !repaired)
		return;
	text_append(&text, repaired ? "put back what somebody else had changed: " : "");
	text_printf(&text, "%" PRIi64 " step%s done", done, done == 1 ? "" : "s");
	add(list, repaired ? "repaired" : "done", -1, &text);
}

static bool has_refusal(struct json_object *pf, struct json_object *refusal)
{
	struct json_object *refusals = get(pf, "refusals");

	for (size_t i = 0; i < length(refusals); i++)
		if (json_object_equal(json_object_array_get_idx(refusals, i), refusal))
			return true;
	return false;
}

static size_t add_named_refusals(struct json_object **list, struct json_object *before,
				 struct json_object *now)
{
	struct json_object *refusals = get(now, "refusals");
	size_t count = 0;

	for (size_t i = 0; i < length(refusals); i++) {
		struct json_object *refusal = json_object_array_get_idx(refusals, i);
		const char *setting = get_text(refusal, "setting");
		const char *reason = get_text(refusal, "reason");
		CLEANUP_TEXT struct text text = { 0 };

		if (has_refusal(before, refusal))
			continue;
		text_printf(&text, "%s refused: %s", setting ? setting : "a step",
			    reason ? reason : "no reason is known");
		add(list, "refused", -1, &text);
		count++;
	}
	return count;
}

/* What it was is told to some, for good refusals; to the others that there were some. */
static void add_refused(struct json_object **list, struct json_object *before,
			struct json_object *now)
{
	int64_t refused = grown(before, now, "steps-refused");
	CLEANUP_TEXT struct text text = { 0 };

	if (add_named_refusals(list, before, now) || !refused)
		return;
	text_printf(&text, "%" PRIi64 " step%s refused", refused, refused == 1 ? "" : "s");
	add(list, "refused", -1, &text);
}

struct json_object *changes_find(struct json_object *before, struct json_object *now)
{
	struct json_object *list = json_object_new_array();

	compare_vfs(&list, before, now);
	add_done(&list, before, now);
	add_refused(&list, before, now);
	return list;
}
