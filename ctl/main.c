/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl: the face of sriovd. */

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command_line.h"
#include "document/diagnostic.h"
#include "options.h"
#include "style.h"
#include "usage.h"
#include "util/cleanup.h"
#include "util/directory.h"
#include "verb.h"

/* All that verb.h declares, in the order in which one comes to need them. */
const struct verb *const verbs[] = {
	&verb_check,	 &verb_plan,   &verb_apply,    &verb_status,  &verb_wait,    &verb_explain,
	&verb_doctor,	 &verb_list,   &verb_topology, &verb_capture, &verb_convert, &verb_export,
	&verb_inventory, &verb_reload, &verb_resync,   &verb_pause,   &verb_monitor, &verb_top,
	&verb_metrics,	 &verb_help,   NULL,
};

static void print_version(void)
{
	printf("sriovctl %s\n", SRIOVD_VERSION);
}

/* For programs: no help lists them. */
static const struct verb *const hidden[] = { &verb_complete, &verb_schema, NULL };

static const struct verb *find(const struct verb *const *list, const char *name)
{
	while (*list && strcmp(name, (*list)->name) != 0)
		list++;
	return *list;
}

const struct verb *verb_find(const char *name)
{
	const struct verb *verb = find(verbs, name);

	return verb ? verb : find(hidden, name);
}

static bool is_option(const char *word)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strcmp(word, option_rows[i].name) == 0)
			return true;
	return false;
}

static enum verdict unknown_verb(const char *word)
{
	const char *names[ARRAY_SIZE(verbs)], *near;
	size_t count = 0;

	for (; verbs[count]; count++)
		names[count] = verbs[count]->name;
	near = diagnostic_suggest(word, names, count);
	(void)fputs("sriovctl: unknown verb '", stderr);
	style_print(stderr, STYLE_PLAIN, word);
	if (near)
		(void)fprintf(stderr, "'; did you mean '%s'?\n", near);
	else if (is_option(word))
		(void)fprintf(stderr, "'; did you mean '--%s'?\n", word);
	else
		(void)fputs("'\n", stderr);
	(void)fputs("Try 'sriovctl --help'.\n", stderr);
	return VERDICT_USAGE;
}

/* What is named must be there: below what is not, there would be no policy, and all be well. */
static bool is_root_there(const struct options *options)
{
	int r = options->root ? directory_check(options->root) : 0;

	if (r >= 0)
		return true;
	(void)fputs("sriovctl: --root ", stderr);
	style_print(stderr, STYLE_PLAIN, options->root);
	(void)fprintf(stderr, ": %s\n", strerror(-r));
	return false;
}

static enum verdict run_verb(const struct verb *verb, int argc, char **argv)
{
	CLEANUP_OPTIONS struct options options = { 0 };

	if (command_line_parse(verb, argc, argv, &options) < 0)
		return VERDICT_USAGE;
	if (options.help) {
		usage_print_verb(verb);
		return VERDICT_OK;
	}
	if (options.version) {
		print_version();
		return VERDICT_OK;
	}
	return is_root_there(&options) ? verb->run(&options) : VERDICT_USAGE;
}

static enum verdict run_program(const struct options *options)
{
	if (options->help) {
		usage_print_program();
		return VERDICT_OK;
	}
	if (options->version) {
		print_version();
		return VERDICT_OK;
	}
	(void)fputs("sriovctl: a verb is missing\nTry 'sriovctl --help'.\n", stderr);
	return VERDICT_USAGE;
}

static enum verdict run(int argc, char **argv)
{
	struct options options = { 0 };
	const struct verb *verb;

	if (command_line_parse_program(argc, argv, &options) < 0)
		return VERDICT_USAGE;
	if (!options.n_operands)
		return run_program(&options);
	verb = verb_find(argv[1]);
	return verb ? run_verb(verb, argc - 1, argv + 1) : unknown_verb(argv[1]);
}

int main(int argc, char **argv)
{
	enum verdict verdict;

	(void)setlocale(LC_ALL, "");
	verdict = run(argc, argv);
	if (fflush(stdout) < 0 || ferror(stdout)) {
		(void)fprintf(stderr, "sriovctl: cannot write the output: %s\n", strerror(errno));
		return VERDICT_FAILED;
	}
	return verdict;
}
