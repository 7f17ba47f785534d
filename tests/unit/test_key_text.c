/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The manual has a text and an example for every key that a policy can have. */

#include "guide/key_text.h"

#include <string.h>

#include "runner.h"

static size_t n_sections(void)
{
	size_t count = 0;

	while (sections[count])
		count++;
	return count;
}

START_TEST(every_key_has_a_text)
{
	const char *names[SECTION_KEYS_MAX];
	size_t count = section_list_names(sections[_i], names);

	ck_assert_uint_gt(count, 0);
	for (size_t i = 0; i < count; i++) {
		const struct key_text *text = key_text_find(sections[_i], names[i]);

		ck_assert_msg(text, "sriovd.yaml(5), %s or %s, has nothing on '%s'",
			      sections[_i]->chapter, sections[_i]->settings_chapter, names[i]);
		ck_assert_msg(*text->text && *text->type, "'%s' has no text, or no type", names[i]);
	}
}
END_TEST

/* Each is begun with the key, or with the mapping that this is in. */
START_TEST(every_key_has_an_example)
{
	const char *names[SECTION_KEYS_MAX];
	size_t count = section_list_names(sections[_i], names);

	for (size_t i = 0; i < count; i++) {
		const struct key_text *text = key_text_find(sections[_i], names[i]);
		size_t length = strcspn(text->name, ".");

		ck_assert_msg(text->example, "sriovd.yaml(5), %s: '%s' has no 'Example: _%s: ..._'",
			      text->heading, text->name, text->name);
		ck_assert_int_eq(strncmp(text->example, text->name, length), 0);
		ck_assert_int_eq(text->example[length], ':');
	}
}
END_TEST

START_TEST(types_are_explained)
{
	ck_assert_ptr_nonnull(strstr(key_text_find_type("rate")->text, "2.5Gbit/s"));
	ck_assert_ptr_null(key_text_find_type("vlan"));
}
END_TEST

/* One word for two things, and a mapping in a mapping. */
START_TEST(a_key_is_that_of_its_section)
{
	ck_assert_str_eq(key_text_find(&match_section, "driver")->example, "driver: ice");
	ck_assert_str_eq(key_text_find(&vf_entry_section, "driver")->example, "driver: vfio-pci");
	ck_assert_str_eq(key_text_find(&eswitch_section, "mode")->type, "legacy | switchdev");
	ck_assert_str_eq(key_text_find(&rule_section, "mode")->type, "enforce | observe | ignore");
	ck_assert_ptr_null(key_text_find(&rule_section, "vlan"));
}
END_TEST

/* What stands in several lines, in paragraphs and in a listing. */
START_TEST(texts_have_no_markup)
{
	ck_assert_ptr_nonnull(strstr(key_text_find(&match_section, "not")->text,
				     "\n\tmatch:\n\t  driver: ice\n\t  not:\n"));
	ck_assert_str_eq(key_text_find(&match_section, "port")->text,
			 "The physical port's name, such as p0, as phys_port_name in "
			 "/sys/class/net.");
	for (const struct key_text *text = key_texts; text->name; text++)
		ck_assert_msg(!strpbrk(text->text, "_*\\") || strstr(text->text, "sriov_") ||
				      strstr(text->text, "ID_PATH") ||
				      strstr(text->text, "driver_override") ||
				      strstr(text->text, "phys_port") ||
				      strstr(text->text, "mlx5_core") || strchr(text->text, '"') ||
				      strstr(text->text, "fnmatch") || strstr(text->text, "R7*"),
			      "markup is left in '%s': %s", text->name, text->text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("key_text");
	TCase *tests = tcase_create("key_text");

	tcase_add_loop_test(tests, every_key_has_a_text, 0, (int)n_sections());
	tcase_add_loop_test(tests, every_key_has_an_example, 0, (int)n_sections());
	tcase_add_test(tests, types_are_explained);
	tcase_add_test(tests, a_key_is_that_of_its_section);
	tcase_add_test(tests, texts_have_no_markup);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
