/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/segment.h"

#include "fixture.h"
#include "runner.h"

/* The layers of all rules, as one list. */
static struct layer *layers_of(const struct policy *policy, size_t *ret_count)
{
	struct layer *layers = calloc(100, sizeof(*layers));
	size_t count = 0;

	for (size_t i = 0; i < policy->n_rules; i++)
		for (size_t k = 0; k < policy->rules[i].n_entries; k++)
			layers[count++] =
				(struct layer){ &policy->rules[i], &policy->rules[i].entries[k] };
	*ret_count = count;
	return layers;
}

/* Segments as "0-3:100 4-7:-", with what is won for the VLAN. */
static void write_segments(const struct segments *segments, struct text *out)
{
	for (size_t i = 0; i < segments->count; i++) {
		const struct segment *segment = &segments->items[i];
		const struct value *vlan = segment_value(segment, VF_VLAN);

		text_printf(out, "%s%u-%u:", i ? " " : "", segment->first, segment->last);
		if (vlan)
			text_printf(out, "%u", vlan->vlan.id);
		else
			text_append(out, "-");
	}
}

static const struct {
	const char *entries;
	uint32_t n_vfs;
	const char *segments;
} cases[] = {
	{ "", 8, "0-7:-" },
	{ "{index: all, vlan: 1}", 8, "0-7:1" },
	{ "{index: all, vlan: 1}", 0, "" },
	{ "{index: all, vlan: 1}", 1, "0-0:1" },
	{ "{index: 0-3, vlan: 1}", 8, "0-3:1 4-7:-" },
	{ "{index: \"0-3,6\", vlan: 1}", 8, "0-3:1 4-5:- 6-6:1 7-7:-" },
	{ "{index: 4-7, vlan: 1}", 8, "0-3:- 4-7:1" },
	{ "{index: 4-20, vlan: 1}", 8, "0-3:- 4-7:1" },
	{ "{index: 9-20, vlan: 1}", 8, "0-7:-" },
	{ "{index: 0-5, vlan: 1}, {index: 2-3, vlan: 2}", 8, "0-1:1 2-3:2 4-5:1 6-7:-" },
	{ "{index: 2-3, vlan: 1}, {index: 0-5, vlan: 2}", 8, "0-1:2 2-3:2 4-5:2 6-7:-" },
	{ "{index: 0-4, vlan: 1}, {index: 3-6, vlan: 2}, {index: 5-7, vlan: 3}", 8,
	  "0-2:1 3-4:2 5-6:3 7-7:3" },
	{ "{index: 0-3, vlan: 1}, {index: 1, trust: true}", 4, "0-0:1 1-1:1 2-3:1" },
	{ "{index: 0, vlan: 1}, {index: 65534, vlan: 2}", 65535, "0-0:1 1-65533:- 65534-65534:2" },
};

START_TEST(the_last_entry_that_names_a_vf_decides)
{
	CLEANUP_TEXT struct text text = { 0 }, written = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_SEGMENTS struct segments segments = { 0 };
	CLEANUP_FREE struct layer *layers = NULL;
	size_t n_layers;

	text_printf(&text,
		    "physical-functions:\n  - name: a\n    match: {driver: ice}\n"
		    "    %s%s%s\n",
		    *cases[_i].entries ? "virtual-functions: [" : "vfs: 8", cases[_i].entries,
		    *cases[_i].entries ? "]" : "");
	policy = fixture_policy(text_string(&text));
	layers = layers_of(policy, &n_layers);
	ck_assert_int_eq(segments_make(layers, n_layers, cases[_i].n_vfs, &segments), 0);
	write_segments(&segments, &written);
	ck_assert_str_eq(text_string(&written), cases[_i].segments);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("segment");
	TCase *tests = tcase_create("segment");

	tcase_add_loop_test(tests, the_last_entry_that_names_a_vf_decides, 0, ARRAY_SIZE(cases));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
