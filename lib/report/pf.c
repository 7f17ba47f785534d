/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/pf.h"

#include <json-c/json_object.h>

#include "document/build.h"
#include "policy/desired.h"
#include "report/compare.h"
#include "report/once.h"

static struct json_object *problems_json(const struct desired *desired)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < desired->n_problems; i++) {
		struct json_object *object = json_object_new_object();

		build_set_text(&object, "message", desired->problems[i].message);
		build_set_bool(&object, "remark", desired->problems[i].remark);
		build_set_origin(&object, "origin", &desired->problems[i].origin);
		build_set_excerpt(&object, &desired->problems[i].origin);
		build_append(&array, object);
	}
	return array;
}

static struct json_object *rules_json(const struct desired *desired)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < desired->n_rules; i++)
		build_append(&array, build_text(desired->rules[i]->name));
	return array;
}

static struct json_object *names_json(const struct names *names)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < names->count; i++)
		build_append(&array, build_name(names->items[i]));
	return array;
}

static struct json_object *vfs_json(const struct pass *pass)
{
	const struct value *desired = VALUES_GET(&pass->desired->pf->settings, PF_VFS);
	struct json_object *object = json_object_new_object();

	build_set_number(&object, "actual", pass->observed->n_vfs);
	if (desired)
		build_set_number(&object, "desired", (int64_t)desired->number);
	if (pass->observed->totalvfs)
		build_set_number(&object, "most", pass->observed->totalvfs);
	return object;
}

static const char *mode_of(const struct desired *desired)
{
	if (desired->ignored_by)
		return "ignore";
	return desired_is_observe_only(desired) ? "observe" : "enforce";
}

void report_blocker(struct json_object **object, const struct pass *pass, enum pf_state state)
{
	if (state == STATE_BLOCKED && pass->remaining)
		build_set_text(object, "blocked-by", blocker_word(plan_blocker(pass->remaining)));
}

struct json_object *report_pf(const struct pass *pass, enum pf_state state, const char *reason)
{
	const struct pf *pf = pass->observed;
	struct json_object *object = json_object_new_object();

	build_set_text(&object, "handle", pf->handle);
	build_set_name(&object, "name", pf_name(pf));
	if (pf->altnames.count)
		build_set(&object, "altnames", names_json(&pf->altnames));
	build_set_text(&object, "address", pf->address);
	build_set_name(&object, "driver", pf->driver);
	build_set(&object, "rules", rules_json(pass->desired));
	build_set_text(&object, "mode", mode_of(pass->desired));
	build_set_text(&object, "state", pf_state_name(state));
	build_set_text(&object, "reason", *reason ? reason : NULL);
	build_set_text(&object, "paused-until", pf->pause.iso);
	report_blocker(&object, pass, state);
	build_set(&object, "vfs", vfs_json(pass));
	build_set(&object, "problems", problems_json(pass->desired));
	if (once_count_changed(pass->remaining))
		build_set_number(&object, "changed-since-creation",
				 (int64_t)once_count_changed(pass->remaining));
	return object;
}

struct json_object *report_unseen_pf(const char *handle, enum pf_state state, const char *reason)
{
	struct json_object *object = json_object_new_object();
	const char *address = pf_handle_address(handle);

	build_set_text(&object, "handle", handle);
	build_set_name(&object, "name", address);
	build_set_text(&object, "address", address);
	build_set(&object, "rules", json_object_new_array());
	build_set_text(&object, "state", pf_state_name(state));
	build_set_text(&object, "reason", reason);
	return object;
}

void report_settings(struct json_object **object, const struct pass *pass)
{
	build_set(object, "settings", compare_pf(pass));
	build_set(object, "virtual-functions", compare_vfs(pass));
}

void report_rivals(struct json_object **object, const struct pass *pass, const struct names *rivals)
{
	if (!desired_is_enforced(pass->desired))
		build_set(object, "rivals", json_object_new_array());
	else if (rivals)
		build_set(object, "rivals", names_json(rivals));
}
