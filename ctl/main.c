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
#include "util/cleanup.h"
#include "util/directory.h"
#include "verb.h"

/* All that verb.h declares, in the order in which one comes to need them. */
static const struct verb *const verbs[] = {
	&verb_check,  &verb_plan,  &verb_apply,	  &verb_status,	 &verb_wait,	  &verb_explain,
	&verb_doctor, &verb_list,  &verb_capture, &verb_export,	 &verb_inventory, &verb_reload,
	&verb_resync, &verb_pause, &verb_monitor, &verb_metrics,
};

static void print_help(void)
{
	printf("sriovctl [OPTION...] VERB [OPTION...]\n\n"
	       "Checks, previews, applies and explains what the policy in /etc/sriovd says of\n"
	       "the SR-IOV network cards of this host.\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		printf("  %-9s %-13s %s\n", verbs[i]->name,
		       verbs[i]->operands ? verbs[i]->operands : "", verbs[i]->summary);
	printf("\n  -h, --help    print this text; sriovctl VERB --help prints the verb's\n"
	       "  --version     print the version\n\n"
	       "See sriovctl(1), and sriovd.yaml(5) for the policy.\n");
}

static void print_version(void)
{
	printf("sriovctl %s\n", SRIOVD_VERSION);
}

static const struct verb *find_verb(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strcmp(word, verbs[i]->name) == 0)
			return verbs[i];
	return NULL;
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

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		names[i] = verbs[i]->name;
	near = diagnostic_suggest(word, names, ARRAY_SIZE(names));
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
		command_line_print_help(verb);
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
		print_help();
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
	verb = find_verb(argv[1]);
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
