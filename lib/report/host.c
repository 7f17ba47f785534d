/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/host.h"

#include <json-c/json_object.h>

#include "document/build.h"

static struct json_object *unmatched_json(const struct unmatched *unmatched, bool is_public)
{
	struct json_object *object = json_object_new_object();

	if (is_public) {
		build_set_text(&object, "reason", "a rule matches no PF");
		return object;
	}
	build_set_text(&object, "name", unmatched->rule->name);
	build_set_text(&object, "reason", unmatched->reason);
	build_set_origin(&object, "origin", &unmatched->rule->origin);
	build_set_excerpt(&object, &unmatched->rule->origin);
	return object;
}

static struct json_object *left_out_json(const struct left_out *file)
{
	struct json_object *object = json_object_new_object();

	build_set_text(&object, "reason", file->reason);
	build_set_origin(&object, "origin", &file->origin);
	return object;
}

static struct json_object *refused_json(const struct report_policy *policy)
{
	struct json_object *object = json_object_new_object();

	build_set_text(&object, "since", policy->refused_since);
	build_set_text(&object, "at", policy->refused_at);
	build_set_number(&object, "errors", (int64_t)policy->errors);
	return object;
}

static struct json_object *policy_json(const struct report_policy *policy)
{
	struct json_object *object = json_object_new_object();

	build_set_text(&object, "standing", policy->standing);
	build_set_text(&object, "sha256", policy->sha256);
	build_set_text(&object, "since", policy->since);
	if (policy->refused_since)
		build_set(&object, "refused", refused_json(policy));
	build_set_text(&object, "summary", *policy->summary ? policy->summary : NULL);
	return object;
}

void report_host(struct json_object **document, const struct report_source *source,
		 struct json_object *pfs, const struct unmatched_list *unmatched,
		 const struct left_out_list *left_out)
{
	struct json_object *rules = json_object_new_array();
	struct json_object *files = json_object_new_array();

	for (size_t i = 0; unmatched && i < unmatched->count; i++)
		build_append(&rules, unmatched_json(&unmatched->items[i], source->is_public));
	for (size_t i = 0; left_out && !source->is_public && i < left_out->count; i++)
		build_append(&files, left_out_json(&left_out->items[i]));
	build_set_text(document, "source", source->name);
	build_set_text(document, "version", source->version);
	if (source->version)
		build_set_bool(document, "policy-in-force", source->policy_in_force);
	if (source->is_under_way)
		build_set_bool(document, "under-way", true);
	if (source->is_public)
		build_set_text(document, "view", "public");
	if (source->policy)
		build_set(document, "policy", policy_json(source->policy));
	build_set(document, "pfs", pfs);
	build_set(document, "unmatched-rules", rules);
	build_set(document, "left-out", files);
}
