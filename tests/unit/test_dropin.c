/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/dropin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/document_file.h"
#include "runner.h"
#include "scratch.h"
#include "util/fd.h"

#define SIZE_MAX_OF_FILE 1000

static char root[] = "/tmp/test-dropin-XXXXXX";
static struct arena *arena;
static struct diagnostics diagnostics;
static struct document *documents;
static size_t n_documents;

static const char *const directories[] = { "/etc/x", "/run/x", "/usr/lib/x" };
static struct dropin_options options;

static const char *path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", root, name);
}

static void make_directory(const char *name)
{
	ck_assert_int_eq(mkdir(path_of(name), 0755), 0);
}

static void set_up(void)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	ck_assert_int_eq(arena_new(&arena), 0);
	options = (struct dropin_options){
		.root = root,
		.suffix = ".yaml",
		.size_max = SIZE_MAX_OF_FILE,
	};
	make_directory("etc");
	make_directory("etc/x");
	make_directory("run");
	make_directory("run/x");
}

static void tear_down(void)
{
	scratch_remove(root);
	arena_free(arena);
	diagnostics_clear(&diagnostics);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path_of(name), 0644), 0);
}

static void link_file(const char *name, const char *target)
{
	ck_assert_int_eq(symlink(target, path_of(name)), 0);
}

static int read_all(void)
{
	documents = NULL;
	n_documents = 0;
	return dropin_read(directories, ARRAY_SIZE(directories), &options, arena, &diagnostics,
			   &documents, &n_documents);
}

/* The texts of what is read, joined. */
static void assert_read(const char *expected)
{
	CLEANUP_TEXT struct text texts = { 0 };

	ck_assert_int_eq(read_all(), 0);
	for (size_t i = 0; i < n_documents; i++)
		text_append_n(&texts, documents[i].text, documents[i].length);
	ck_assert_str_eq(text_string(&texts), expected);
	ck_assert_uint_eq(diagnostics.errors, 0);
}

/* The one thing that was said; %s stands for the paths. */
static void assert_told(const char *format, const char *first, const char *second)
{
	CLEANUP_TEXT struct text expected = { 0 }, reported = { 0 };
	const char *paths[] = { path_of(first), second ? path_of(second) : "" };

	for (size_t i = 0; *format; format++) {
		if (*format == '%')
			text_append(&expected, paths[i++]);
		else
			text_append_n(&expected, format, 1);
	}
	diagnostics_format(&diagnostics, &reported);
	ck_assert_str_eq(text_string(&reported), text_string(&expected));
	diagnostics_clear(&diagnostics);
}

/* Nothing is read, and the one error is this, of this file. */
static void assert_refused(const char *name, const char *message, const char *remedy)
{
	CLEANUP_TEXT struct text expected = { 0 }, reported = { 0 };

	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_ptr_null(documents);
	text_printf(&expected, "%s: error: %s\n", path_of(name), message);
	if (remedy)
		text_printf(&expected, "  hint: %s %s\n", remedy, path_of(name));
	diagnostics_format(&diagnostics, &reported);
	ck_assert_str_eq(text_string(&reported), text_string(&expected));
}

/* Refused because of another path, which stands for %s. */
static void assert_refused_for(const char *name, const char *format, const char *remedy,
			       const char *other)
{
	CLEANUP_TEXT struct text message = { 0 }, hint = { 0 };

	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_uint_eq(diagnostics.count, 1);
	text_append(&message, "is refused: ");
	text_append_n(&message, format, strcspn(format, "%"));
	text_append(&message, path_of(other));
	text_append(&message, strchr(format, '%') + 2);
	text_printf(&hint, "%s %s", remedy, path_of(other));
	ck_assert_str_eq(diagnostics.items[0].origin.document->name, path_of(name));
	ck_assert_str_eq(diagnostics.items[0].message, text_string(&message));
	ck_assert_str_eq(diagnostics.items[0].hint, text_string(&hint));
}

static const struct {
	struct dropin_entry given[5];
	size_t n_given;
	struct dropin_entry ordered[5];
	size_t n_ordered;
} orders[] = {
	{ .n_given = 0, .n_ordered = 0 },
	{ { { "b", 0 }, { "a", 0 } }, 2, { { "a", 0 }, { "b", 0 } }, 2 },
	{ { { "a", 2 }, { "a", 0 }, { "a", 1 } }, 3, { { "a", 0 } }, 1 },
	{ { { "10", 1 }, { "9", 0 }, { "10", 0 }, { "20", 2 }, { "9", 2 } },
	  5,
	  { { "10", 0 }, { "20", 2 }, { "9", 0 } },
	  3 },
};

START_TEST(names_are_sorted_and_the_earliest_directory_wins)
{
	struct dropin_entry entries[5];
	size_t count;

	memcpy(entries, orders[_i].given, sizeof(entries));
	count = dropin_order(entries, orders[_i].n_given);
	ck_assert_uint_eq(count, orders[_i].n_ordered);
	for (size_t i = 0; i < count; i++) {
		ck_assert_str_eq(entries[i].name, orders[_i].ordered[i].name);
		ck_assert_uint_eq(entries[i].directory, orders[_i].ordered[i].directory);
	}
}
END_TEST

START_TEST(no_directory_is_no_file)
{
	scratch_remove(root);
	assert_read("");
}
END_TEST

START_TEST(files_are_read_in_order_of_their_names)
{
	write_file("etc/x/20-b.yaml", "b");
	write_file("run/x/10-a.yaml", "a");
	write_file("etc/x/30-c.yaml", "c");
	assert_read("abc");
	ck_assert_str_eq(documents[0].name, path_of("run/x/10-a.yaml"));
	ck_assert_str_eq(documents[1].name, path_of("etc/x/20-b.yaml"));
}
END_TEST

START_TEST(an_earlier_directory_masks_a_later_one)
{
	write_file("etc/x/a.yaml", "mine ");
	write_file("run/x/a.yaml", "theirs");
	write_file("run/x/b.yaml", "too");
	assert_read("mine too");
	assert_told("%: note: masked by %\n", "run/x/a.yaml", "etc/x/a.yaml");
}
END_TEST

START_TEST(a_link_to_dev_null_masks_wholly)
{
	link_file("etc/x/a.yaml", "/dev/null");
	write_file("run/x/b.yaml", "b");
	assert_read("b");
	assert_told("%: note: masked by a link to /dev/null\n", "etc/x/a.yaml", NULL);
	write_file("run/x/a.yaml", "theirs");
	assert_read("b");
}
END_TEST

START_TEST(hidden_files_and_other_suffixes_are_passed_over)
{
	write_file("etc/x/.a.yaml", "hidden");
	write_file("etc/x/a.yaml~", "backup");
	write_file("etc/x/a.yml", "other");
	write_file("etc/x/.yaml", "only a suffix");
	write_file("etc/x/a.yaml", "a");
	assert_read("a");
}
END_TEST

/* The loss of a whole policy is one letter away. */
START_TEST(a_misspelt_suffix_is_warned_of)
{
	static const char *const names[] = { "etc/x/a.yml", "etc/x/a.YAML", "run/x/a.Yml" };

	options.misspelt = ".yml";
	write_file(names[_i], "a");
	write_file("etc/x/README", "no policy");
	write_file("etc/x/.b.yml", "hidden");
	write_file("etc/x/b.yaml.rpmsave", "old");
	assert_read("");
	assert_told("%: warning: is passed over: its name does not end in '.yaml'\n"
		    "  hint: rename it\n",
		    names[_i], NULL);
}
END_TEST

/* Half of a file is no policy. Whoever only reads it is no obstacle. */
START_TEST(a_file_that_is_being_written_is_not_read_yet)
{
	CLEANUP_FD int fd = -1;

	write_file("etc/x/a.yaml", "a");
	write_file("etc/x/b.yaml", "b");
	fd = open(path_of("etc/x/a.yaml"), O_WRONLY | O_APPEND | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read_all(), -EAGAIN);
	ck_assert_ptr_null(documents);
	assert_told("%: error: is being written\n", "etc/x/a.yaml", NULL);
	link_file("etc/x/c.yaml", "nowhere");
	ck_assert_int_eq(read_all(), -EINVAL);
	diagnostics_clear(&diagnostics);
	ck_assert_int_eq(unlink(path_of("etc/x/c.yaml")), 0);
	fd_cleanup(&fd);
	fd = open(path_of("etc/x/a.yaml"), O_RDONLY | O_CLOEXEC);
	assert_read("ab");
}
END_TEST

START_TEST(a_link_to_a_file_is_followed)
{
	write_file("etc/real", "real");
	link_file("etc/x/a.yaml", "../real");
	assert_read("real");
}
END_TEST

START_TEST(an_empty_file_is_a_document)
{
	write_file("etc/x/a.yaml", "");
	assert_read("");
	ck_assert_uint_eq(n_documents, 1);
	ck_assert_uint_eq(documents[0].length, 0);
}
END_TEST

START_TEST(nul_bytes_are_kept)
{
	FILE *file = fopen(path_of("etc/x/a.yaml"), "we");

	ck_assert_uint_eq(fwrite("a\0b", 1, 3, file), 3);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(read_all(), 0);
	ck_assert_uint_eq(documents[0].length, 3);
	ck_assert_mem_eq(documents[0].text, "a\0b", 4);
}
END_TEST

START_TEST(a_dangling_link_is_an_error)
{
	link_file("etc/x/a.yaml", "nowhere");
	assert_refused("etc/x/a.yaml", "cannot be read: No such file or directory", NULL);
}
END_TEST

START_TEST(a_directory_for_a_file_is_refused)
{
	make_directory("etc/x/a.yaml");
	assert_refused("etc/x/a.yaml", "is refused: it is no regular file", NULL);
}
END_TEST

START_TEST(a_fifo_is_refused_and_not_waited_for)
{
	ck_assert_int_eq(mkfifo(path_of("etc/x/a.yaml"), 0644), 0);
	assert_refused("etc/x/a.yaml", "is refused: it is no regular file", NULL);
}
END_TEST

START_TEST(a_file_for_a_directory_is_an_error)
{
	make_directory("usr");
	make_directory("usr/lib");
	write_file("usr/lib/x", "");
	assert_refused("usr/lib/x", "cannot be read: Not a directory", NULL);
}
END_TEST

START_TEST(a_large_file_is_refused)
{
	CLEANUP_TEXT struct text text = { 0 };

	for (int i = 0; i < SIZE_MAX_OF_FILE; i++)
		text_append(&text, "x");
	write_file("etc/x/a.yaml", text_string(&text));
	assert_read(text_string(&text));
	text_append(&text, "x");
	write_file("etc/x/a.yaml", text_string(&text));
	assert_refused("etc/x/a.yaml", "cannot be read: it has more than 1000 bytes", NULL);
}
END_TEST

START_TEST(all_bad_files_are_reported)
{
	link_file("etc/x/a.yaml", "nowhere");
	write_file("etc/x/b.yaml", "b");
	make_directory("run/x/c.yaml");
	ck_assert_int_eq(read_all(), -EINVAL);
	ck_assert_uint_eq(diagnostics.count, 2);
}
END_TEST

START_TEST(a_file_that_others_can_write_to_is_refused_where_trust_matters)
{
	static const mode_t modes[] = { 0664, 0646, 0666 };

	write_file("etc/x/a.yaml", "a");
	ck_assert_int_eq(chmod(path_of("etc/x/a.yaml"), modes[_i]), 0);
	assert_read("a");
	options.trusted_only = true;
	if (geteuid() == 0)
		assert_refused("etc/x/a.yaml", "is refused: others than root can write to it",
			       "chmod go-w");
	else
		ck_assert_int_eq(read_all(), -EINVAL);
}
END_TEST

START_TEST(a_directory_that_others_can_write_to_is_refused_where_trust_matters)
{
	write_file("etc/x/a.yaml", "a");
	ck_assert_int_eq(chmod(path_of("etc/x"), 0777), 0);
	assert_read("a");
	options.trusted_only = true;
	if (geteuid() == 0)
		assert_refused("etc/x", "is refused: others than root can write to it",
			       "chmod go-w");
	else
		ck_assert_int_eq(read_all(), -EINVAL);
}
END_TEST

START_TEST(a_file_of_another_owner_is_refused_where_trust_matters)
{
	write_file("etc/x/a.yaml", "a");
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path_of("etc/x/a.yaml"), 12345, 12345), 0);
	assert_read("a");
	options.trusted_only = true;
	if (geteuid() == 0)
		assert_refused("etc/x/a.yaml", "is refused: it is not owned by root", "chown root");
	else
		ck_assert_int_eq(read_all(), -EINVAL);
}
END_TEST

START_TEST(a_link_is_trusted_as_what_it_leads_to)
{
	if (geteuid() != 0)
		return;
	options.trusted_only = true;
	write_file("etc/real", "real");
	link_file("etc/x/a.yaml", "../real");
	link_file("etc/x/b.yaml", "/dev/null");
	assert_read("real");
	diagnostics_remove(&diagnostics, SEVERITY_NOTE);
	ck_assert_int_eq(unlink(path_of("etc/x/b.yaml")), 0);
	ck_assert_int_eq(chmod(path_of("etc/real"), 0666), 0);
	assert_refused_for("etc/x/a.yaml", "others than root can write to %s", "chmod go-w",
			   "etc/x/../real");
}
END_TEST

/* Whoever can write to a directory can put another one in the place of what is in it. */
START_TEST(a_directory_on_the_way_that_others_can_write_to_is_refused)
{
	if (geteuid() != 0)
		return;
	options.trusted_only = true;
	write_file("etc/x/a.yaml", "a");
	ck_assert_int_eq(chmod(path_of("etc"), 0775), 0);
	assert_refused_for("etc/x", "others than root can write to %s", "chmod go-w", "etc");
	diagnostics_clear(&diagnostics);
	ck_assert_int_eq(chmod(path_of("etc"), 01777), 0);
	assert_read("a");
	ck_assert_int_eq(chmod(path_of("etc"), 0755), 0);
	ck_assert_int_eq(chown(path_of("etc"), 12345, 0), 0);
	assert_refused_for("etc/x", "%s is not owned by root", "chown root", "etc");
}
END_TEST

START_TEST(a_link_is_as_good_as_the_directories_that_it_leads_through)
{
	const char *theirs;

	if (geteuid() != 0)
		return;
	options.trusted_only = true;
	make_directory("theirs");
	make_directory("theirs/deep");
	write_file("theirs/deep/a.yaml", "a");
	theirs = path_of("theirs");
	link_file("etc/x/a.yaml", path_of("theirs/deep/a.yaml"));
	assert_read("a");
	ck_assert_int_eq(chown(theirs, 12345, 0), 0);
	assert_refused_for("etc/x/a.yaml", "%s is not owned by root", "chown root", "theirs");
}
END_TEST

START_TEST(a_link_of_another_owner_is_refused)
{
	if (geteuid() != 0)
		return;
	options.trusted_only = true;
	write_file("etc/real", "real");
	link_file("etc/x/a.yaml", "../real");
	ck_assert_int_eq(lchown(path_of("etc/x/a.yaml"), 12345, 0), 0);
	assert_refused("etc/x/a.yaml", "is refused: it is not owned by root", "chown -h root");
}
END_TEST

/* Who made it could else have shown, by the messages about it, what only others may read. */
START_TEST(a_link_of_another_user_shows_no_more_than_is_that_users)
{
	struct document document;

	if (geteuid() != 0)
		return;
	write_file("etc/real", "real");
	link_file("etc/x/a.yaml", "../real");
	assert_read("real");
	ck_assert_int_eq(lchown(path_of("etc/x/a.yaml"), 12345, 0), 0);
	assert_refused("etc/x/a.yaml",
		       "is refused: it is another user's link to what is somebody else's; name "
		       "that itself",
		       NULL);
	ck_assert_int_eq(document_file_read(path_of("etc/x/a.yaml"), SIZE_MAX_OF_FILE, arena,
					    &diagnostics, &document),
			 -EINVAL);
	diagnostics_clear(&diagnostics);
	ck_assert_int_eq(chown(path_of("etc/real"), 12345, 0), 0);
	assert_read("real");
}
END_TEST

START_TEST(a_directory_may_be_a_link)
{
	options.trusted_only = geteuid() == 0;
	make_directory("usr");
	make_directory("srv");
	make_directory("srv/x");
	write_file("srv/x/a.yaml", "a");
	link_file("usr/lib", "../srv");
	assert_read("a");
	ck_assert_str_eq(documents[0].name, path_of("usr/lib/x/a.yaml"));
}
END_TEST

START_TEST(links_that_lead_in_circles_are_an_error)
{
	options.trusted_only = _i && geteuid() == 0;
	link_file("etc/x/a.yaml", "b");
	link_file("etc/x/b", "a.yaml");
	assert_refused("etc/x/a.yaml", "cannot be read: Too many levels of symbolic links", NULL);
}
END_TEST

START_TEST(a_device_is_refused)
{
	options.trusted_only = _i && geteuid() == 0;
	link_file("etc/x/a.yaml", "/dev/zero");
	assert_refused("etc/x/a.yaml", "is refused: it is no regular file", NULL);
}
END_TEST

START_TEST(a_file_that_the_disk_does_not_give_is_an_error)
{
	link_file("etc/x/a.yaml", "/proc/self/mem");
	assert_refused("etc/x/a.yaml", "cannot be read: Input/output error", NULL);
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_an_error)
{
	uid_t me = geteuid();

	write_file("etc/x/a.yaml", "a");
	ck_assert_int_eq(chmod(path_of("etc/x/a.yaml"), 0), 0);
	ck_assert_int_eq(chmod(root, 0755), 0);
	if (me == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	assert_refused("etc/x/a.yaml", "cannot be read: Permission denied", NULL);
	ck_assert_int_eq(seteuid(me), 0);
}
END_TEST

START_TEST(one_file_is_read_whoever_owns_it)
{
	struct document document;

	write_file("a", "text");
	ck_assert_int_eq(chmod(path_of("a"), 0666), 0);
	ck_assert_int_eq(
		document_file_read(path_of("a"), SIZE_MAX_OF_FILE, arena, &diagnostics, &document),
		0);
	ck_assert_str_eq(document.text, "text");
	ck_assert_str_eq(document.name, path_of("a"));
}
END_TEST

START_TEST(one_file_that_cannot_be_read_is_reported)
{
	struct document document;

	ck_assert_int_eq(document_file_read(path_of("none"), SIZE_MAX_OF_FILE, arena, &diagnostics,
					    &document),
			 -EINVAL);
	ck_assert_str_eq(diagnostics.items[0].message, "cannot be read: No such file or directory");
	ck_assert_int_eq(document_file_read(path_of("etc"), SIZE_MAX_OF_FILE, arena, &diagnostics,
					    &document),
			 -EINVAL);
	ck_assert_str_eq(diagnostics.items[1].message, "is refused: it is no regular file");
}
END_TEST

START_TEST(a_dash_is_standard_input)
{
	struct document document;
	int saved = dup(STDIN_FILENO), file;

	write_file("a", "piped");
	file = open(path_of("a"), O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(dup2(file, STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(document_file_read("-", SIZE_MAX_OF_FILE, arena, &diagnostics, &document),
			 0);
	(void)dup2(saved, STDIN_FILENO);
	(void)close(file);
	(void)close(saved);
	ck_assert_str_eq(document.name, "<stdin>");
	ck_assert_str_eq(document.text, "piped");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dropin");
	TCase *tests = tcase_create("dropin");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, names_are_sorted_and_the_earliest_directory_wins, 0,
			    ARRAY_SIZE(orders));
	tcase_add_test(tests, no_directory_is_no_file);
	tcase_add_test(tests, files_are_read_in_order_of_their_names);
	tcase_add_test(tests, an_earlier_directory_masks_a_later_one);
	tcase_add_test(tests, a_link_to_dev_null_masks_wholly);
	tcase_add_test(tests, hidden_files_and_other_suffixes_are_passed_over);
	tcase_add_loop_test(tests, a_misspelt_suffix_is_warned_of, 0, 3);
	tcase_add_test(tests, a_file_that_is_being_written_is_not_read_yet);
	tcase_add_test(tests, a_link_to_a_file_is_followed);
	tcase_add_test(tests, an_empty_file_is_a_document);
	tcase_add_test(tests, nul_bytes_are_kept);
	tcase_add_test(tests, a_dangling_link_is_an_error);
	tcase_add_test(tests, a_directory_for_a_file_is_refused);
	tcase_add_test(tests, a_fifo_is_refused_and_not_waited_for);
	tcase_add_test(tests, a_file_for_a_directory_is_an_error);
	tcase_add_test(tests, a_large_file_is_refused);
	tcase_add_test(tests, all_bad_files_are_reported);
	tcase_add_loop_test(tests, a_file_that_others_can_write_to_is_refused_where_trust_matters,
			    0, 3);
	tcase_add_test(tests, a_directory_that_others_can_write_to_is_refused_where_trust_matters);
	tcase_add_test(tests, a_file_of_another_owner_is_refused_where_trust_matters);
	tcase_add_test(tests, a_link_is_trusted_as_what_it_leads_to);
	tcase_add_test(tests, a_directory_on_the_way_that_others_can_write_to_is_refused);
	tcase_add_test(tests, a_link_is_as_good_as_the_directories_that_it_leads_through);
	tcase_add_test(tests, a_link_of_another_owner_is_refused);
	tcase_add_test(tests, a_link_of_another_user_shows_no_more_than_is_that_users);
	tcase_add_test(tests, a_directory_may_be_a_link);
	tcase_add_loop_test(tests, links_that_lead_in_circles_are_an_error, 0, 2);
	tcase_add_loop_test(tests, a_device_is_refused, 0, 2);
	tcase_add_test(tests, a_file_that_the_disk_does_not_give_is_an_error);
	tcase_add_test(tests, a_file_that_may_not_be_read_is_an_error);
	tcase_add_test(tests, one_file_is_read_whoever_owns_it);
	tcase_add_test(tests, one_file_that_cannot_be_read_is_reported);
	tcase_add_test(tests, a_dash_is_standard_input);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
