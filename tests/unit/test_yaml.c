/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/yaml.h"

#include <errno.h>
#include <string.h>

#include "runner.h"

static struct arena *arena;
static struct diagnostics diagnostics;

static void set_up(void)
{
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	arena_free(arena);
	diagnostics_clear(&diagnostics);
}

static int read_bytes(const char *bytes, size_t length, struct yaml_node **ret)
{
	struct document *document = arena_alloc(arena, sizeof(*document));

	*document = (struct document){ "a.yaml", bytes, length };
	return yaml_read(document, arena, &diagnostics, ret);
}

static struct yaml_node *read_text(const char *text)
{
	struct yaml_node *root;

	ck_assert_int_eq(read_bytes(text, strlen(text), &root), 0);
	ck_assert_uint_eq(diagnostics.count, 0);
	return root;
}

/* The tree in one line: scalars with their quotes, if they had any. */
static void write_tree(const struct yaml_node *node, struct text *out)
{
	if (node->kind == YAML_SCALAR) {
		text_printf(out, node->plain ? "%s" : "'%s'", node->scalar);
		return;
	}
	text_append(out, node->kind == YAML_MAPPING ? "{" : "[");
	for (size_t i = 0; i < node->count; i++) {
		text_append(out, i ? ", " : "");
		if (node->kind == YAML_MAPPING)
			text_printf(out, "%s: ", node->keys[i]->scalar);
		write_tree(node->items[i], out);
	}
	text_append(out, node->kind == YAML_MAPPING ? "}" : "]");
}

static const struct {
	const char *text;
	const char *tree;
} trees[] = {
	{ "a: 1\nb: [x, 'y']\n", "{a: 1, b: [x, 'y']}" },
	{ "- a\n- - b\n  - c\n- {}\n- []\n", "[a, [b, c], {}, []]" },
	{ "a: \"q\"\nb: |\n  l\nc:\n", "{a: 'q', b: 'l\n', c: }" },
	{ "{\"a\": [1, 2.5, true, null]}", "{a: [1, 2.5, true, null]}" },
	{ "a: &x [1]\nb: *x\nc: *x\n", "{a: [1], b: [1], c: [1]}" },
	{ "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "{a: 1, b: 1, c: 2, d: 2}" },
	{ "&k key: 1\nother: *k\n", "{key: 1, other: key}" },
	{ "a: &x 1\n*x : y\n", "{a: 1, 1: y}" },
	{ "word", "word" },
	{ "--- word\n...\n", "word" },
	{ "%YAML 1.1\n---\na: 1\n", "{a: 1}" },
	{ "a: \"\\xfc\"", "{a: 'ü'}" },
};

START_TEST(a_text_becomes_a_tree)
{
	CLEANUP_TEXT struct text tree = { 0 };

	write_tree(read_text(trees[_i].text), &tree);
	ck_assert_str_eq(text_string(&tree), trees[_i].tree);
}
END_TEST

START_TEST(nodes_know_where_they_stand)
{
	const struct yaml_node *root = read_text("a:\n  - ü: {k: v}\n");
	const struct yaml_node *item = root->items[0]->items[0];
	const struct yaml_node *value = item->items[0]->items[0];

	ck_assert_uint_eq(root->origin.line, 1);
	ck_assert_uint_eq(root->origin.column, 1);
	ck_assert_uint_eq(item->keys[0]->origin.line, 2);
	ck_assert_uint_eq(item->keys[0]->origin.column, 5);
	ck_assert_uint_eq(value->origin.line, 2);
	ck_assert_uint_eq(value->origin.column, 12);
	ck_assert_str_eq(value->origin.document->name, "a.yaml");
}
END_TEST

START_TEST(an_alias_is_the_anchored_node_itself)
{
	const struct yaml_node *root = read_text("a: &x {k: v}\nb: *x\n");

	ck_assert_ptr_eq(root->items[0], root->items[1]);
}
END_TEST

static const char *const empty_texts[] = { "", "\n\n", "# comment\n", "---\n",
					   "--- # nothing\n...\n" };

START_TEST(a_document_without_content_has_no_tree)
{
	ck_assert_ptr_null(read_text(empty_texts[_i]));
}
END_TEST

START_TEST(null_is_plain)
{
	const struct yaml_node *root = read_text("- ~\n- null\n- Null\n- NULL\n-\n"
						 "- ''\n- 'null'\n- nULL\n- []\n- {}\n");

	for (size_t i = 0; i < root->count; i++)
		ck_assert_int_eq(yaml_is_null(root->items[i]), i < 5);
}
END_TEST

START_TEST(a_key_is_found_in_a_mapping)
{
	const struct yaml_node *root = read_text("a: 1\nb: 2\n");

	ck_assert_str_eq(yaml_get(root, "b")->scalar, "2");
	ck_assert_ptr_null(yaml_get(root, "c"));
	ck_assert_ptr_null(yaml_get(root->items[0], "a"));
}
END_TEST

static const struct {
	const char *text;
	size_t length; /* 0: strlen() */
	unsigned line, column;
	const char *message;
} refused[] = {
	{ "a: 1\na: 2\n", 0, 2, 1, "'a' is given twice, first in line 1" },
	{ "a: [b\n", 0, 2, 1,
	  "did not find expected ',' or ']' while parsing a flow sequence that begins in line 1" },
	{ "a: \"b\n", 0, 2, 1,
	  "found unexpected end of stream while scanning a quoted scalar that begins in line 1" },
	{ "a: 1\n\tb: 2\n", 0, 2, 1,
	  "found a tab character that violates indentation while scanning a plain scalar that "
	  "begins in line 1" },
	{ "a: *b\n", 0, 1, 4, "there is no anchor 'b' above" },
	{ "a: &x [*x]\n", 0, 1, 8, "an alias must not be inside of what it names" },
	{ "a: &x {k: *x}\n", 0, 1, 11, "an alias must not be inside of what it names" },
	{ "[a]: b\n", 0, 1, 1, "a key must be a word, not a list" },
	{ "{a: b}: c\n", 0, 1, 1, "a key must be a word, not a mapping" },
	{ "a: &x [1]\n*x : y\n", 0, 1, 4, "a key must be a word, not a list" },
	{ "<<: {a: 1}\n", 0, 1, 1, "merge keys are not supported" },
	{ "a: !!str b\n", 0, 1, 4, "tags are not supported" },
	{ "a: !local [b]\n", 0, 1, 4, "tags are not supported" },
	{ "a: !<tag:x> {b: c}\n", 0, 1, 4, "tags are not supported" },
	{ "a: ! b\n", 0, 1, 4, "tags are not supported" },
	{ "a: 1\n---\nb: 2\n", 0, 2, 1, "a second document begins here" },
	{ "a: 1\n...\n---\n", 0, 3, 1, "a second document begins here" },
	{ "a: \"\\0\"\n", 0, 1, 4, "a text must not have a NUL character in it" },
	{ "a: b\0c\n", 7, 1, 5, "the file has NUL bytes" },
	{ "a: \x01\n", 0, 1, 4, "the control character 0x01 is not allowed" },
	{ "ä: 1\nü: \x7f\n", 0, 2, 4, "the control character 0x7f is not allowed" },
	{ "a: \xff\n", 0, 1, 4, "the file is not in UTF-8: invalid leading UTF-8 octet" },
	{ "a: \xc3\n", 0, 1, 5, "the file is not in UTF-8: invalid trailing UTF-8 octet" },
	{ "a: \xe2\x82", 0, 1, 4, "the file is not in UTF-8: incomplete UTF-8 octet sequence" },
	{ "\xef\xbb\xbf"
	  "a: 1\n",
	  0, 1, 1, "the file begins with a byte order mark" },
	{ "\xff\xfe"
	  "a\0:\0",
	  6, 1, 1, "the file is in UTF-16" },
	{ "\xfe\xff\0a\0:", 6, 1, 1, "the file is in UTF-16" },
	{ "%YAML 1.1\n# c\n\n%TAG ! x\n---\na: 1\n", 0, 4, 1, "tags are not supported" },
	{ "%YAML 2.0\n---\na: 1\n", 0, 1, 1, "found incompatible YAML document" },
};

START_TEST(what_is_no_plain_yaml_is_refused_at_its_place)
{
	size_t length = refused[_i].length ? refused[_i].length : strlen(refused[_i].text);
	struct yaml_node *root = NULL;

	ck_assert_int_eq(read_bytes(refused[_i].text, length, &root), -EINVAL);
	ck_assert_ptr_null(root);
	ck_assert_uint_eq(diagnostics.count, 1);
	ck_assert_str_eq(diagnostics.items[0].message, refused[_i].message);
	ck_assert_uint_eq(diagnostics.items[0].origin.line, refused[_i].line);
	ck_assert_uint_eq(diagnostics.items[0].origin.column, refused[_i].column);
}
END_TEST

START_TEST(all_duplicate_keys_are_reported_in_order)
{
	static const char text[] = "b: 1\na: 1\nb: 2\nc: {d: 1, d: 2}\na: 3\nb: 3\n";
	struct yaml_node *root;

	ck_assert_int_eq(read_bytes(text, strlen(text), &root), -EINVAL);
	ck_assert_uint_eq(diagnostics.count, 4);
	ck_assert_str_eq(diagnostics.items[0].message, "'d' is given twice, first in line 4");
	ck_assert_str_eq(diagnostics.items[1].message, "'b' is given twice, first in line 1");
	ck_assert_str_eq(diagnostics.items[2].message, "'a' is given twice, first in line 2");
	ck_assert_str_eq(diagnostics.items[3].message, "'b' is given twice, first in line 1");
}
END_TEST

START_TEST(a_tolerant_read_reports_and_goes_on)
{
	static const char text[] = "a: !x 1\na: 2\n<<: {b: 1}\n[c]: 3\nd: 4\n";
	const struct document document = { "a.yaml", text, strlen(text) };
	CLEANUP_TEXT struct text tree = { 0 };
	struct yaml_node *root;

	ck_assert_int_eq(yaml_read_tolerant(&document, "use an anchor", arena, &diagnostics, &root),
			 0);
	ck_assert_uint_eq(diagnostics.errors, 4);
	ck_assert_str_eq(diagnostics.items[1].message, "merge keys are not supported");
	ck_assert_str_eq(diagnostics.items[1].hint, "use an anchor");
	write_tree(root, &tree);
	ck_assert_str_eq(text_string(&tree), "{a: 1, a: 2, d: 4}");
}
END_TEST

START_TEST(an_earlier_error_does_not_make_a_document_bad)
{
	struct yaml_node *root;

	diagnostics_report(&diagnostics, SEVERITY_ERROR, NULL, NULL, "elsewhere");
	ck_assert_int_eq(read_bytes("a: 1", 4, &root), 0);
}
END_TEST

static void repeat(struct text *text, const char *string, size_t times)
{
	for (size_t i = 0; i < times; i++)
		text_append(text, string);
}

/* text is read, and with one more piece of the same it is refused. */
static void assert_limit(const char *before, const char *piece, size_t times, const char *after,
			 const char *message)
{
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP_TEXT struct text text = { 0 };
		struct yaml_node *root;

		text_append(&text, before);
		repeat(&text, piece, times + extra);
		text_append(&text, after);
		ck_assert_int_eq(read_bytes(text_string(&text), text.length, &root),
				 extra ? -EINVAL : 0);
	}
	ck_assert_uint_eq(diagnostics.count, 1);
	ck_assert_str_eq(diagnostics.items[0].message, message);
}

START_TEST(the_number_of_aliases_is_bounded)
{
	assert_limit("a: &x 1\nb: [", "*x,", YAML_ALIAS_MAX, "]\n",
		     "the document has more than 1024 aliases");
}
END_TEST

START_TEST(the_number_of_anchors_is_bounded)
{
	assert_limit("[", "&x 1,", YAML_ALIAS_MAX, "]\n",
		     "the document has more than 1024 anchors");
}
END_TEST

START_TEST(depth_is_bounded)
{
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP_TEXT struct text text = { 0 };
		struct yaml_node *root;

		repeat(&text, "[", YAML_DEPTH_MAX + extra);
		repeat(&text, "]", YAML_DEPTH_MAX + extra);
		ck_assert_int_eq(read_bytes(text_string(&text), text.length, &root),
				 extra ? -EINVAL : 0);
	}
	ck_assert_str_eq(diagnostics.items[0].message, "values are nested deeper than 32 levels");
}
END_TEST

START_TEST(depth_counts_what_aliases_stand_for)
{
	static const char text[] = "a: &a [[[[[[[[[[x]]]]]]]]]]\n"
				   "b: &b [[[[[[[[[[*a]]]]]]]]]]\n"
				   "c: [[[[[[[[[[*b]]]]]]]]]]\n"
				   "d: [[[[[[[[[[[[*b]]]]]]]]]]]]\n";
	struct yaml_node *root;

	ck_assert_int_eq(read_bytes(text, strlen(text), &root), -EINVAL);
	ck_assert_uint_eq(diagnostics.items[0].origin.line, 4);
	ck_assert_str_eq(diagnostics.items[0].message,
			 "with the alias expanded, values are nested deeper than 32 levels");
}
END_TEST

START_TEST(many_small_aliases_do_not_grow_into_a_large_tree)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct yaml_node *root;

	text_append(&text, "a0: &a0 x\n");
	for (int i = 1; i <= 30; i++)
		text_printf(&text, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
	ck_assert_int_eq(read_bytes(text_string(&text), text.length, &root), -EINVAL);
	ck_assert_str_eq(diagnostics.items[0].message,
			 "the document has too many values with its aliases expanded");
}
END_TEST

START_TEST(size_is_bounded)
{
	const struct document document = { "a.yaml", "", YAML_SIZE_MAX + 1 };
	struct yaml_node *root;

	ck_assert_int_eq(yaml_read(&document, arena, &diagnostics, &root), -EINVAL);
	ck_assert_str_eq(diagnostics.items[0].message, "the file is larger than 16 MiB");
}
END_TEST

START_TEST(a_mapping_of_many_keys_is_read_without_delay)
{
	CLEANUP_TEXT struct text text = { 0 };
	const struct yaml_node *root;

	for (int i = 0; i < 50000; i++)
		text_printf(&text, "key-%d: %d\n", i, i);
	root = read_text(text_string(&text));
	ck_assert_uint_eq(root->count, 50000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yaml");
	TCase *tests = tcase_create("yaml");

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_text_becomes_a_tree, 0, ARRAY_SIZE(trees));
	tcase_add_test(tests, nodes_know_where_they_stand);
	tcase_add_test(tests, an_alias_is_the_anchored_node_itself);
	tcase_add_loop_test(tests, a_document_without_content_has_no_tree, 0,
			    ARRAY_SIZE(empty_texts));
	tcase_add_test(tests, null_is_plain);
	tcase_add_test(tests, a_key_is_found_in_a_mapping);
	tcase_add_loop_test(tests, what_is_no_plain_yaml_is_refused_at_its_place, 0,
			    ARRAY_SIZE(refused));
	tcase_add_test(tests, all_duplicate_keys_are_reported_in_order);
	tcase_add_test(tests, a_tolerant_read_reports_and_goes_on);
	tcase_add_test(tests, an_earlier_error_does_not_make_a_document_bad);
	tcase_add_test(tests, the_number_of_aliases_is_bounded);
	tcase_add_test(tests, the_number_of_anchors_is_bounded);
	tcase_add_test(tests, depth_is_bounded);
	tcase_add_test(tests, depth_counts_what_aliases_stand_for);
	tcase_add_test(tests, many_small_aliases_do_not_grow_into_a_large_tree);
	tcase_add_test(tests, size_is_bounded);
	tcase_add_test(tests, a_mapping_of_many_keys_is_read_without_delay);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
