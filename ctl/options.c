/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "style.h"
#include "util/diagnostic.h"
#include "verb.h"

/* What the option is to struct options. */
enum option_kind {
	KIND_FLAG,    /* bool */
	KIND_STRING,  /* const char * */
	KIND_STRINGS, /* struct option_strings */
	KIND_SECONDS, /* unsigned */
};

struct option_row {
	const char *name;
	char letter;	      /* the short name, or 0 */
	const char *argument; /* for the help; NULL: takes none */
	const char *help;
	enum option_kind kind;
	size_t offset;	       /* of its member in struct options */
	unsigned initial, max; /* of seconds */
};

#define MEMBER(name) offsetof(struct options, name)

static const struct option_row rows[OPTION_COUNT] = {
	[OPTION_POLICY] = { "policy", 0, "DIR",
			    "read policy from DIR, not from the standard directories; repeatable",
			    KIND_STRINGS, MEMBER(policies) },
	[OPTION_ROOT] = { "root", 0, "DIR", "look for policy and host facts below DIR", KIND_STRING,
			  MEMBER(root) },
	[OPTION_INVENTORY] = { "inventory", 0, "FILE",
			       "take host and PFs from FILE, not from this host; - is standard "
			       "input",
			       KIND_STRING, MEMBER(inventory) },
	[OPTION_WAIT] = { "wait", 0, "SECONDS",
			  "how long to wait for links, VFs and busy drivers; 15 if not given",
			  KIND_SECONDS, MEMBER(wait_s), .initial = 15, .max = 86400 },
	[OPTION_DIRECT] = { "direct", 0, NULL, "do not ask the daemon", KIND_FLAG, MEMBER(direct) },
	[OPTION_JSON] = { "json", 0, NULL, "print JSON", KIND_FLAG, MEMBER(json) },
	[OPTION_HELP] = { "help", 'h', NULL, "print this text", KIND_FLAG, MEMBER(help) },
	[OPTION_VERSION] = { "version", 0, NULL, "print the version", KIND_FLAG, MEMBER(version) },
};

/* What getopt_long() returns for a long option: this and its id, apart from all letters. */
#define LONG_OPTION 256

static void *member_of(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

void options_clear(struct options *options)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (rows[i].kind == KIND_STRINGS)
			free(((struct option_strings *)member_of(options, &rows[i]))->items);
	*options = (struct options){ 0 };
}

/* Taken by every verb that does not say otherwise. */
#define OPTIONS_COMMON                                                                             \
	(OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT) | OPTION_BIT(OPTION_HELP) |           \
	 OPTION_BIT(OPTION_VERSION))

/* Here and below, verb is NULL before there is one: what any verb takes may stand there. */
static bool takes(const struct verb *verb, enum option_id id)
{
	return !verb || (((OPTIONS_COMMON & ~verb->without) | verb->options) & OPTION_BIT(id));
}

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
		if (takes(verb, i))
			ret[count++] = (struct option){
				.name = rows[i].name,
				.has_arg = rows[i].argument ? required_argument : no_argument,
				.val = LONG_OPTION + i,
			};
	ret[count] = (struct option){ 0 };
}

#define LETTERS_SIZE (2 * OPTION_COUNT + 3)

/* The same of its letters. In front, a plus ends the options at the first operand, which is the
 * verb; a colon has a missing argument told from an unknown option. */
static void short_options(const struct verb *verb, char ret[static LETTERS_SIZE])
{
	if (!verb)
		*ret++ = '+';
	*ret++ = ':';
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (!rows[i].letter || !takes(verb, i))
			continue;
		*ret++ = rows[i].letter;
		if (rows[i].argument)
			*ret++ = ':';
	}
	*ret = '\0';
}

/* The row of what getopt_long() returned or has in optopt; NULL where it knows none. */
static const struct option_row *row_of(int value)
{
	if (value >= LONG_OPTION)
		return &rows[value - LONG_OPTION];
	for (int i = 0; value && i < OPTION_COUNT; i++)
		if (rows[i].letter == value)
			return &rows[i];
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

static int unknown_option(const struct verb *verb, char *const *argv)
{
	const char *candidates[OPTION_COUNT];
	CLEANUP_TEXT struct text word = { 0 };
	const char *near = NULL;
	size_t count = 0;

	refused_word(argv, &word);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (takes(verb, i))
			candidates[count++] = rows[i].name;
	if (strncmp(memory_text(&word), "--", 2) == 0)
		near = diagnostic_suggest(text_string(&word) + 2, candidates, count);
	print_prefix(verb);
	(void)fputs("unknown option '", stderr);
	style_print(stderr, STYLE_PLAIN, text_string(&word));
	if (near)
		(void)fprintf(stderr, "'; did you mean '--%s'?\n", near);
	else
		(void)fputs("'\n", stderr);
	return usage_error(verb);
}

static int bad_argument(const struct verb *verb, const struct option_row *row, const char *format,
			...) __attribute__((__format__(__printf__, 3, 4)));

static int bad_argument(const struct verb *verb, const struct option_row *row, const char *format,
			...)
{
	va_list arguments;

	print_prefix(verb);
	(void)fprintf(stderr, "option '--%s' ", row->name);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
	return usage_error(verb);
}

/* What getopt_long() did not understand. */
static int refuse_option(const struct verb *verb, char *const *argv)
{
	if (optopt >= LONG_OPTION)
		return bad_argument(verb, row_of(optopt), "takes no argument");
	return unknown_option(verb, argv);
}

static int take_flag(const struct option_row *row, const char *argument, void *member)
{
	(void)row, (void)argument;
	*(bool *)member = true;
	return 0;
}

static int take_string(const struct option_row *row, const char *argument, void *member)
{
	(void)row;
	*(const char **)member = argument;
	return 0;
}

static int take_strings(const struct option_row *row, const char *argument, void *member)
{
	struct option_strings *strings = member;

	(void)row;
	strings->items = MEMORY_REQUIRE(
		reallocarray(strings->items, strings->count + 1, sizeof(*strings->items)));
	strings->items[strings->count++] = argument;
	return 0;
}

static int take_seconds(const struct option_row *row, const char *argument, void *member)
{
	unsigned long seconds;
	char *end;

	errno = 0;
	seconds = strtoul(argument, &end, 10);
	if (errno || *argument < '0' || *argument > '9' || *end || seconds > row->max)
		return -EINVAL;
	*(unsigned *)member = (unsigned)seconds;
	return 0;
}

static const struct {
	/* Sets the member; -EINVAL if the argument is no such thing. */
	int (*take)(const struct option_row *row, const char *argument, void *member);
	const char *wanted; /* where there is a max */
} kinds[] = {
	[KIND_FLAG] = { take_flag },
	[KIND_STRING] = { take_string },
	[KIND_STRINGS] = { take_strings },
	[KIND_SECONDS] = { take_seconds, "a number of seconds" },
};

static int take_option(const struct verb *verb, const struct option_row *row,
		       struct options *options)
{
	if (!verb && row->argument)
		return 0; /* the verb judges it */
	if (row->argument && !*optarg)
		return bad_argument(verb, row, "needs an argument");
	if (kinds[row->kind].take(row, optarg, member_of(options, row)) < 0)
		return bad_argument(verb, row, "needs %s, at most %u", kinds[row->kind].wanted,
				    row->max);
	return 0;
}

static void set_initial(struct options *options)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (rows[i].kind == KIND_SECONDS)
			*(unsigned *)member_of(options, &rows[i]) = rows[i].initial;
}

static int check_operands(const struct verb *verb, const struct options *options)
{
	if (options->help || options->version ||
	    (options->n_operands >= verb->operands_min &&
	     options->n_operands <= verb->operands_max))
		return 0;
	if (options->n_operands < verb->operands_min) {
		(void)fprintf(stderr, "sriovctl %s: %s is missing\n", verb->name, verb->operands);
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
		if (value == ':')
			return bad_argument(verb, row_of(optopt), "needs an argument");
		if (value == '?')
			return refuse_option(verb, argv);
		r = take_option(verb, row_of(value), options);
		if (r < 0)
			return r;
	}
	options->operands = argv + optind;
	options->n_operands = (size_t)(argc - optind);
	return 0;
}

int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret)
{
	CLEANUP_OPTIONS struct options options = { 0 };
	int r;

	set_initial(&options);
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

int options_parse_program(int argc, char **argv, struct options *ret)
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

void options_print_help(const struct verb *verb)
{
	printf("sriovctl %s [OPTION...]%s%s\n\n%s\n\n", verb->name, verb->operands ? " " : "",
	       verb->operands ? verb->operands : "", verb->summary);
	for (int i = 0; i < OPTION_COUNT; i++) {
		CLEANUP_TEXT struct text option = { 0 };

		if (!takes(verb, i))
			continue;
		text_printf(&option, "--%s%s%s", rows[i].name, rows[i].argument ? " " : "",
			    rows[i].argument ? rows[i].argument : "");
		printf("  %-18s %s\n", memory_text(&option), rows[i].help);
	}
	printf("\nSee sriovctl(1).\n");
}
