/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "style.h"
#include "util/diagnostic.h"
#include "verb.h"

struct option_row {
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *help;
};

static const struct option_row rows[OPTION_COUNT] = {
	[OPTION_POLICY] = { "policy", "DIR",
			    "read policy from DIR, not from the standard directories; repeatable" },
	[OPTION_ROOT] = { "root", "DIR", "look for policy and host facts below DIR" },
	[OPTION_INVENTORY] = { "inventory", "FILE",
			       "take host and PFs from FILE, not from this host; - is standard "
			       "input" },
	[OPTION_WAIT] = { "wait", "SECONDS",
			  "how long to wait for links, VFs and busy drivers; 15 if not given" },
	[OPTION_DIRECT] = { "direct", NULL, "do not ask the daemon" },
	[OPTION_JSON] = { "json", NULL, "print JSON" },
	[OPTION_HELP] = { "help", NULL, "print this text" },
	[OPTION_VERSION] = { "version", NULL, "print the version" },
};

void options_clear(struct options *options)
{
	free(options->policies);
	*options = (struct options){ 0 };
}

/* Taken by every verb that does not say otherwise. */
#define OPTIONS_COMMON                                                                             \
	(OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT) | OPTION_BIT(OPTION_HELP) |           \
	 OPTION_BIT(OPTION_VERSION))

static bool takes(const struct verb *verb, enum option_id id)
{
	return ((OPTIONS_COMMON & ~verb->without) | verb->options) & OPTION_BIT(id);
}

static int usage_error(const struct verb *verb)
{
	(void)fprintf(stderr, "Try 'sriovctl %s --help'.\n", verb->name);
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
				.val = i,
			};
	ret[count] = (struct option){ 0 };
}

/* The option that getopt_long() did not understand, as the user wrote it. */
static void refused_word(char *const *argv, struct text *ret)
{
	if (optopt > OPTION_COUNT)
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

	if (optopt > 0 && optopt < OPTION_COUNT) {
		(void)fprintf(stderr, "sriovctl %s: option '--%s' takes no argument\n", verb->name,
			      rows[optopt].name);
		return usage_error(verb);
	}
	refused_word(argv, &word);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (takes(verb, i))
			candidates[count++] = rows[i].name;
	if (strncmp(memory_text(&word), "--", 2) == 0)
		near = diagnostic_suggest(text_string(&word) + 2, candidates, count);
	(void)fprintf(stderr, "sriovctl %s: unknown option '", verb->name);
	style_print(stderr, STYLE_PLAIN, text_string(&word));
	if (near)
		(void)fprintf(stderr, "'; did you mean '--%s'?\n", near);
	else
		(void)fputs("'\n", stderr);
	return usage_error(verb);
}

static int bad_argument(const struct verb *verb, enum option_id id, const char *wanted)
{
	(void)fprintf(stderr, "sriovctl %s: option '--%s' needs %s\n", verb->name, rows[id].name,
		      wanted);
	return usage_error(verb);
}

static int parse_wait(const char *string, unsigned *ret)
{
	unsigned long seconds;
	char *end;

	errno = 0;
	seconds = strtoul(string, &end, 10);
	if (errno || *string < '0' || *string > '9' || *end || seconds > WAIT_MAX_S)
		return -EINVAL;
	*ret = (unsigned)seconds;
	return 0;
}

static int take_option(const struct verb *verb, enum option_id id, struct options *options)
{
	if (rows[id].argument && !*optarg)
		return bad_argument(verb, id, "an argument");
	switch (id) {
	case OPTION_POLICY:
		options->policies[options->n_policies++] = optarg;
		break;
	case OPTION_ROOT:
		options->root = optarg;
		break;
	case OPTION_INVENTORY:
		options->inventory = optarg;
		break;
	case OPTION_WAIT:
		if (parse_wait(optarg, &options->wait_s) < 0)
			return bad_argument(verb, id, "a number of seconds, at most 86400");
		break;
	case OPTION_DIRECT:
		options->direct = true;
		break;
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_VERSION:
		options->version = true;
		break;
	case OPTION_HELP:
	default:
		options->help = true;
	}
	return 0;
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

int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret)
{
	CLEANUP_OPTIONS struct options options = { .wait_s = WAIT_DEFAULT_S };
	struct option table[OPTION_COUNT + 1];
	int id, r;

	options.policies = MEMORY_REQUIRE(calloc((size_t)argc, sizeof(*options.policies)));
	long_options(verb, table);
	optind = 0; /* makes glibc start anew, and with it the order of "-" and operands */
	opterr = 0;
	while ((id = getopt_long(argc, argv, ":h", table, NULL)) != -1) {
		if (id == ':')
			return bad_argument(verb, optopt, "an argument");
		if (id == '?')
			return unknown_option(verb, argv);
		r = take_option(verb, id == 'h' ? OPTION_HELP : (enum option_id)id, &options);
		if (r < 0)
			return r;
	}
	options.operands = argv + optind;
	options.n_operands = (size_t)(argc - optind);
	r = check_operands(verb, &options);
	if (r < 0)
		return r;
	*ret = options;
	options = (struct options){ 0 };
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
