/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command_line.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "document/diagnostic.h"
#include "memory.h"
#include "options.h"
#include "style.h"
#include "verb.h"

/* What getopt_long() returns for a long option: this and its id, apart from all letters. */
#define LONG_OPTION 256

/* Taken by every verb that does not say otherwise. */
#define OPTIONS_COMMON                                                                             \
	(OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT) | OPTION_BIT(OPTION_HELP) |           \
	 OPTION_BIT(OPTION_VERSION))

bool command_line_takes(const struct verb *verb, enum option_id id)
{
	return !verb || (((OPTIONS_COMMON & ~verb->without) | verb->options) & OPTION_BIT(id));
}

/* Here and below, verb is NULL before there is one. */
static void print_prefix(const struct verb *verb)
{
	(void)fprintf(stderr, "sriovctl%s%s: ", verb ? " " : "", verb ? verb->name : "");
}

static int usage_error(const struct verb *verb)
{
	(void)fprintf(stderr, "Try 'sriovctl%s%s --help'.\n", verb ? " " : "",
		      verb ? verb->name : "");
	return -EINVAL;
}

/* The options of the verb for getopt_long(), ended by an empty one. */
static void long_options(const struct verb *verb, struct option ret[static OPTION_COUNT + 1])
{
	size_t count = 0;

	for (int i = 0; i < OPTION_COUNT; i++)
		if (command_line_takes(verb, i))
			ret[count++] = (struct option){
				.name = option_rows[i].name,
				.has_arg =
					option_rows[i].argument ? required_argument : no_argument,
				.val = LONG_OPTION + i,
			};
	ret[count] = (struct option){ 0 };
}

#define LETTERS_SIZE (2 * OPTION_COUNT + 3)

/* The same of its letters. In front, a plus ends the options at the first operand, which is the
 * verb; after a colon a missing argument is another value than an unknown option. */
static void short_options(const struct verb *verb, char ret[static LETTERS_SIZE])
{
	if (!verb)
		*ret++ = '+';
	*ret++ = ':';
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (!option_rows[i].letter || !command_line_takes(verb, i))
			continue;
		*ret++ = option_rows[i].letter;
		if (option_rows[i].argument)
			*ret++ = ':';
	}
	*ret = '\0';
}

/* The row of what getopt_long() returned or has in optopt; NULL where it knows none. */
static const struct option_row *row_of(int value)
{
	if (value >= LONG_OPTION)
		return &option_rows[value - LONG_OPTION];
	for (int i = 0; value && i < OPTION_COUNT; i++)
		if (option_rows[i].letter == value)
			return &option_rows[i];
	return NULL;
}

/* The option that getopt_long() did not understand, as the user wrote it. */
static void refused_word(char *const *argv, struct text *ret)
{
	if (optopt)
		text_printf(ret, "-%c", optopt);
	else
		text_append_n(ret, argv[optind - 1], strcspn(argv[optind - 1], "="));
}

/* The option that is long for a letter; NULL if none begins with it. */
static const char *long_name(const struct verb *verb, int letter)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (command_line_takes(verb, i) && tolower(letter) == option_rows[i].name[0])
			return option_rows[i].name;
	return NULL;
}

static int unknown_option(const struct verb *verb, char *const *argv)
{
	const char *candidates[OPTION_COUNT];
	CLEANUP_TEXT struct text word = { 0 };
	const char *near = NULL;
	size_t count = 0;

	refused_word(argv, &word);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (command_line_takes(verb, i))
			candidates[count++] = option_rows[i].name;
	if (strncmp(memory_text(&word), "--", 2) == 0)
		near = diagnostic_suggest(text_string(&word) + 2, candidates, count);
	else
		near = long_name(verb, optopt);
	print_prefix(verb);
	(void)fputs("unknown option '", stderr);
	style_print(stderr, STYLE_PLAIN, text_string(&word));
	if (near)
		(void)fprintf(stderr, "'; did you mean '--%s'?\n", near);
	else
		(void)fputs("'\n", stderr);
	return usage_error(verb);
}

/* wrong follows the option's name: "takes no argument" */
static int bad_argument(const struct verb *verb, const struct option_row *row, const char *wrong)
{
	print_prefix(verb);
	(void)fprintf(stderr, "option '--%s' %s\n", row->name, wrong);
	return usage_error(verb);
}

/* What getopt_long() did not understand. */
static int refuse_option(const struct verb *verb, char *const *argv)
{
	if (optopt >= LONG_OPTION)
		return bad_argument(verb, row_of(optopt), "takes no argument");
	return unknown_option(verb, argv);
}

static int take_option(const struct verb *verb, const struct option_row *row,
		       struct options *options)
{
	CLEANUP_TEXT struct text wrong = { 0 };

	if (!verb && row->argument)
		return 0; /* the verb judges it */
	if (options_take(options, row, optarg, &wrong) < 0)
		return bad_argument(verb, row, memory_text(&wrong));
	return 0;
}

static int check_operands(const struct verb *verb, const struct options *options)
{
	if (options->help || options->version ||
	    (options->n_operands >= verb->operands_min &&
	     options->n_operands <= verb->operands_max))
		return 0;
	if (options->n_operands < verb->operands_min) {
		(void)fprintf(stderr, "sriovctl %s: %.*s is missing\n", verb->name,
			      (int)strcspn(verb->operands, " "), verb->operands);
	} else {
		(void)fprintf(stderr, "sriovctl %s: too many arguments: '", verb->name);
		style_print(stderr, STYLE_PLAIN, options->operands[verb->operands_max]);
		(void)fputs("'\n", stderr);
	}
	return usage_error(verb);
}

static int read_options(const struct verb *verb, int argc, char **argv, struct options *options)
{
	struct option names[OPTION_COUNT + 1];
	char letters[LETTERS_SIZE];
	int value, r;

	short_options(verb, letters);
	long_options(verb, names);
	optind = 0; /* makes glibc start anew, and with it the order of "-" and operands */
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		const struct option_row *row = row_of(value == ':' ? optopt : value);

		if (value == '?' || !row)
			return refuse_option(verb, argv);
		r = value == ':' ? bad_argument(verb, row, "needs an argument")
				 : take_option(verb, row, options);
		if (r < 0)
			return r;
	}
	options->operands = argv + optind;
	options->n_operands = (size_t)(argc - optind);
	return 0;
}

int command_line_parse(const struct verb *verb, int argc, char **argv, struct options *ret)
{
	CLEANUP_OPTIONS struct options options = { 0 };
	int r;

	options_init(&options);
	r = read_options(verb, argc, argv, &options);
	if (r == 0)
		r = check_operands(verb, &options);
	if (r < 0)
		return r;
	*ret = options;
	options = (struct options){ 0 };
	return 0;
}

/* Has the verb at argv[place] first, and what stands before it after it. */
static void move_verb(char **argv, size_t place)
{
	char *verb = argv[place];

	memmove(&argv[2], &argv[1], (place - 1) * sizeof(*argv));
	argv[1] = verb;
}

int command_line_parse_program(int argc, char **argv, struct options *ret)
{
	struct options options = { 0 };
	int r = read_options(NULL, argc, argv, &options);

	if (r < 0)
		return r;
	if (options.n_operands)
		move_verb(argv, (size_t)argc - options.n_operands);
	*ret = options;
	return 0;
}
