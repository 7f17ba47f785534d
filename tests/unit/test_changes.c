/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What has happened between two documents of a PF. */

#include "report/changes.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"

/* What follows is [event, vf, text] of each. */
static const struct {
	const char *before, *now, *changes;
} cases[] = {
	{ "{}", "{}", "" },
	{ "{'virtual-functions': [{}]}", "{'virtual-functions': [{'use': 'vfio'}]}",
	  "holder-came 0 VF 0 is in use: vfio\n" },
	/* Those who may know who it is are told so. */
	{ "{'virtual-functions': [{}, {}]}",
	  "{'virtual-functions': [{}, {'use': 'vfio', 'holder': 'vfio by qemu of web'}]}",
	  "holder-came 1 VF 1 is in use: vfio by qemu of web\n" },
	{ "{'virtual-functions': [{'use': 'vfio', 'holder': 'a'}]}",
	  "{'virtual-functions': [{'use': 'vfio', 'holder': 'b'}]}",
	  "holder-came 0 VF 0 is in use: b\n" },
	{ "{'virtual-functions': [{'use': 'vfio'}]}", "{'virtual-functions': [{}]}",
	  "holder-gone 0 VF 0 is no longer in use: vfio\n" },
	{ "{'virtual-functions': [{'use': 'vfio'}]}", "{'virtual-functions': []}",
	  "holder-gone 0 VF 0 is no longer in use: vfio\n" },
	{ "{'virtual-functions': [{'use': 'vfio'}]}", "{'virtual-functions': [{'use': 'vfio'}]}",
	  "" },
	/* It was not looked at. */
	{ "{'virtual-functions': [{'use': 'vfio'}]}", "{}", "" },
	{ "{'counts': {'steps-done': 2, 'repairs': 0}}",
	  "{'counts': {'steps-done': 3, 'repairs': 0}}", "done - 1 step done\n" },
	{ "{'counts': {'steps-done': 2, 'repairs': 0}}",
	  "{'counts': {'steps-done': 4, 'repairs': 1}}",
	  "repaired - put back what somebody else had changed: 2 steps done\n" },
	/* Another daemon, or a newer one. */
	{ "{'counts': {'steps-done': 2}}", "{'counts': {'steps-done': 1}}", "" },
	{ "{}", "{'counts': {'steps-done': 1}}", "" },
	{ "{'counts': {'steps-refused': 2}}", "{'counts': {'steps-refused': 4}}",
	  "refused - 2 steps refused\n" },
	{ "{'counts': {'steps-refused': 2}, 'refusals': [{'setting': 'vlan', 'reason': 'r'}]}",
	  "{'counts': {'steps-refused': 4}, 'refusals': [{'setting': 'vlan', 'reason': 'r'},"
	  "{'setting': 'trust', 'reason': 'it has none'}]}",
	  "refused - trust refused: it has none\n" },
};

static struct json_object *parse(const char *words)
{
	char *text = strdup(words);
	struct json_object *object;

	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	object = json_tokener_parse(text);
	ck_assert_ptr_nonnull(object);
	free(text);
	return object;
}

static const char *words_of(struct json_object *changes)
{
	static char words[500];

	*words = '\0';
	for (size_t i = 0; i < json_object_array_length(changes); i++) {
		struct json_object *change = json_object_array_get_idx(changes, i);
		struct json_object *vf = json_object_object_get(change, "vf");

		(void)snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s %s %s\n",
			       json_object_get_string(json_object_object_get(change, "event")),
			       vf ? json_object_get_string(vf) : "-",
			       json_object_get_string(json_object_object_get(change, "text")));
	}
	return words;
}

START_TEST(what_differs_is_what_has_happened)
{
	struct json_object *before = parse(cases[_i].before), *now = parse(cases[_i].now);
	struct json_object *changes = changes_find(before, now);

	ck_assert_str_eq(words_of(changes), cases[_i].changes);
	json_object_put(changes);
	json_object_put(before);
	json_object_put(now);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("changes");
	TCase *tests = tcase_create("changes");

	tcase_add_loop_test(tests, what_differs_is_what_has_happened, 0,
			    sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
