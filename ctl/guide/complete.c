/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl complete: what can stand in the place of a word that is being typed, for shells: a line
 * each, the word and after a tab what it is. A line that begins with a tab says that files or
 * folders can. What begins otherwise than the word is among them: shells have opinions on that. It
 * asks no daemon, prints no errors, and does not wait for who hangs. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command_line.h"
#include "guide/keys.h"
#include "guide/synopsis.h"
#include "guide/typed.h"
#include "host/inputs.h"
#include "kernel/linux.h"
#include "memory.h"
#include "options.h"
#include "policy/named_pf.h"
#include "util/clock.h"
#include "util/fd.h"
#include "util/text.h"
#include "verb.h"

/* How long the kernel may take to say which PFs there are. */
#define LOOK_MS 1000

/* The word with what stands before it in the one that is typed: "--severity=". */
static void print(const struct typed *typed, const char *word, const char *what)
{
	if (!text_is_printable(word))
		return;
	printf("%.*s%s\t%s\n", (int)(typed->argument - typed->word), typed->word, word,
	       what && text_is_printable(what) ? what : "");
}

/* Runs print_all() for a second at most: a look at a PF hangs while its driver does. */
static void print_in_time(void (*print_all)(const struct typed *typed), const struct typed *typed)
{
	uint64_t end = clock_ms() + LOOK_MS, now;
	int ends[2];
	pid_t child;

	(void)fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	child = fork();
	if (child == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		print_all(typed);
		(void)fflush(stdout);
		_exit(0);
	}
	(void)close(ends[1]);
	while (child > 0 && (now = clock_ms()) < end) {
		struct pollfd look = { .fd = ends[0], .events = POLLIN };
		char buffer[4096];
		ssize_t n = 0;

		if (poll(&look, 1, (int)(end - now)) > 0)
			n = read(ends[0], buffer, sizeof(buffer));
		if (n <= 0)
			break;
		(void)fwrite(buffer, 1, (size_t)n, stdout);
	}
	(void)close(ends[0]);
	if (child > 0)
		(void)kill(child, SIGKILL);
}

/* Shows see() the PFs of the inventory that is named. */
static void see_inventory(const struct typed *typed,
			  void (*see)(const struct typed *typed, struct pf *pf))
{
	struct diagnostics diagnostics = { 0 };
	struct inventory host = { 0 };

	if (strcmp(typed->inventory, "-") != 0)
		(void)inputs_read_inventory(NULL, typed->inventory, &diagnostics, &host);
	for (size_t i = 0; i < host.pfs.count; i++)
		see(typed, host.pfs.items[i]);
}

/* Shows it those of the host, each once it was looked at: the next may take too long. Who uses them
 * is not asked. */
static void see_host(const struct typed *typed,
		     void (*see)(const struct typed *typed, struct pf *pf))
{
	struct arena *arena = memory_arena();
	const char **handles;
	struct kernel *kernel;
	struct pf *pf;
	size_t count;

	if (kernel_linux_new(&kernel) < 0 || kernel->list(kernel, arena, &handles, &count) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (kernel->observe(kernel, handles[i], &pf) < 0)
			continue;
		see(typed, pf);
		(void)fflush(stdout);
	}
}

static void see_pfs(const struct typed *typed,
		    void (*see)(const struct typed *typed, struct pf *pf))
{
	if (typed->inventory)
		see_inventory(typed, see);
	else
		see_host(typed, see);
}

static bool is_meant(struct pf *pf, const char *word)
{
	CLEANUP_TEXT struct text complaint = { 0 };
	size_t which;

	return named_pf_find(&pf, 1, word, &which, &complaint);
}

/* By its interface; by its address too for who has begun to type one. One that is named already is
 * left out. */
static void print_pf(const struct typed *typed, struct pf *pf)
{
	CLEANUP_TEXT struct text what = { 0 };

	for (size_t i = 0; i < typed->n_operands; i++)
		if (is_meant(pf, typed->operands[i]))
			return;
	text_printf(&what, "%s, %s, %u VFs", pf->address, pf->driver ? pf->driver : "no driver",
		    pf->n_vfs);
	print(typed, pf_name(pf), memory_text(&what));
	if (typed->argument[0] >= '0' && typed->argument[0] <= '9' &&
	    strcmp(pf_name(pf), pf->address) != 0)
		print(typed, pf->address, pf_name(pf));
}

/* Those of the PF that is the operand before them. */
static void print_vfs_of(const struct typed *typed, struct pf *pf)
{
	if (!typed->n_operands || !is_meant(pf, typed->operands[typed->n_operands - 1]))
		return;
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		CLEANUP_TEXT struct text number = { 0 };

		text_printf(&number, "%u", i);
		print(typed, memory_text(&number),
		      pf->vfs[i].ifname ? pf->vfs[i].ifname : pf->vfs[i].address);
	}
}

static void print_pfs_now(const struct typed *typed)
{
	see_pfs(typed, print_pf);
}

static void print_vfs_now(const struct typed *typed)
{
	see_pfs(typed, print_vfs_of);
}

static void print_pfs(const struct typed *typed)
{
	print_in_time(print_pfs_now, typed);
}

static void print_vfs(const struct typed *typed)
{
	print_in_time(print_vfs_now, typed);
}

static void print_verbs(const struct typed *typed)
{
	for (size_t i = 0; verbs[i]; i++)
		print(typed, verbs[i]->name, verbs[i]->summary);
}

static void print_keys(const struct typed *typed)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	const struct key *keys;
	size_t count = keys_list(arena, &keys);

	for (size_t i = 0; i < count; i++)
		print(typed, keys[i].name, keys[i].place);
}

/* The words of the verb's table. */
static void print_words(const struct typed *typed)
{
	struct verb_word word;

	for (size_t i = 0; typed->verb->word && typed->verb->word(i, &word); i++)
		print(typed, word.name, word.summary);
}

static void print_severities(const struct typed *typed)
{
	for (enum severity i = SEVERITY_ERROR; i <= SEVERITY_NOTE; i++)
		print(typed, severity_name(i), NULL);
}

static void print_files(const struct typed *typed)
{
	(void)typed;
	printf("\tfiles\n");
}

static void print_folders(const struct typed *typed)
{
	(void)typed;
	printf("\tfolders\n");
}

static void print_times(const struct typed *typed)
{
	static const char *const times[] = { "30s", "5m", "1h" };

	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		print(typed, times[i], NULL);
}

/* What stands for something in a synopsis, or as the argument of an option. All else is a word. */
static const struct {
	const char *name;
	void (*print)(const struct typed *typed);
} places[] = {
	{ "DIR", print_folders },      { "FILE", print_files }, { "FORMAT", print_words },
	{ "KEY", print_keys },	       { "PATH", print_files }, { "PF", print_pfs },
	{ "LEVEL", print_severities }, { "TIME", print_times }, { "VERB", print_verbs },
	{ "VF", print_vfs },
};

static void print_place(const struct typed *typed, const char *name, size_t length)
{
	CLEANUP_FREE char *word = MEMORY_REQUIRE(strndup(name, length));

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strcmp(places[i].name, word) == 0) {
			places[i].print(typed);
			return;
		}
	if (*word >= 'a' && *word <= 'z')
		print(typed, word, NULL);
}

static void print_operands(const struct typed *typed)
{
	struct synopsis_part part;
	const char *word;
	size_t length;

	if (!synopsis_part(typed->verb->operands, typed->n_operands, &part))
		return;
	while (synopsis_word(&part, &word, &length))
		print_place(typed, word, length);
}

static void print_options(const struct typed *typed)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		CLEANUP_TEXT struct text option = { 0 };

		if (!command_line_takes(typed->verb, i))
			continue;
		text_printf(&option, "--%s", option_rows[i].name);
		print(typed, memory_text(&option), option_rows[i].help);
	}
}

static enum verdict run(const struct options *options)
{
	struct typed typed;

	if (!freopen("/dev/null", "w", stderr))
		return VERDICT_OK;
	typed_read(options->operands, options->n_operands, &typed);
	if (typed.lost)
		return VERDICT_OK;
	if (typed.row)
		print_place(&typed, typed.row->argument ? typed.row->argument : "",
			    typed.row->argument ? strlen(typed.row->argument) : 0);
	else if (typed.word[0] == '-' && !typed.ended)
		print_options(&typed);
	else if (!typed.verb)
		print_verbs(&typed);
	else
		print_operands(&typed);
	return VERDICT_OK;
}

const struct verb verb_complete = {
	.name = "complete",
	.operands = "WORD...",
	.summary = "what can stand in the place of the last word",
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_max = SIZE_MAX,
	.run = run,
};
