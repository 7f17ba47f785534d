/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl pause: nothing is written to a PF for a while. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/daemon_or_direct.h"
#include "host/pause_direct.h"
#include "kernel/note/pause.h"
#include "memory.h"
#include "model/pf_state.h"
#include "options.h"
#include "print/json.h"
#include "style.h"
#include "util/timestamp.h"
#include "verb.h"

#define DEFAULT_S 3600u
#define MAX_S	  ((unsigned)(PAUSE_MAX_MS / 1000))

/* "2026-01-31T23:59:59Z" as people are told it. */
static const char *time_in_words(const char *iso, char buffer[static TIMESTAMP_SIZE])
{
	time_t end;

	return timestamp_read_iso(iso, &end) < 0 ? iso : timestamp_words(end, buffer);
}

static enum verdict print_outcome(const char *name, const char *until)
{
	char words[TIMESTAMP_SIZE];

	style_print(stdout, STYLE_STRONG, name);
	if (until)
		(void)printf(": paused until %s\n", time_in_words(until, words));
	else
		(void)puts(": not paused");
	return VERDICT_OK;
}

/* The pass that runs may not end: after it nothing more is written. */
static enum verdict print_answer(struct json_object *document)
{
	struct json_object *pf = json_item(json_get(document, "pfs"), 0);
	const char *name = json_get_text(pf, "name"), *state = json_get_text(pf, "state");
	const char *until = json_get_text(pf, "paused-until");
	CLEANUP_TEXT struct text text = { 0 };

	if (!until || pf_state_by_name(state) != STATE_STUCK)
		return print_outcome(name, until);
	text_append_quoted(&text, name);
	text_append(&text, " is stuck, and paused only once this has returned: ");
	text_append_escaped(&text, json_get_text(pf, "reason"));
	(void)fprintf(stderr, "sriovctl pause: %s\n", memory_text(&text));
	return VERDICT_FAILED;
}

static enum verdict pause_as_root(const struct options *options, unsigned seconds)
{
	const char *name, *until;
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	enum verdict verdict;

	if (geteuid() != 0) {
		(void)fputs("sriovctl pause: only root can keep sriovd from a PF\n", stderr);
		return VERDICT_FAILED;
	}
	verdict = pause_direct(options, seconds, arena, &name, &until);
	return verdict == VERDICT_OK ? print_outcome(name, until) : verdict;
}

/* -EINVAL: it is no time, which was said. */
static int read_time(const struct options *options, unsigned *ret)
{
	const char *word = options->n_operands > 1 ? options->operands[1] : NULL;

	*ret = DEFAULT_S;
	if (!word)
		return 0;
	if (!strcmp(word, "off")) {
		*ret = 0;
		return 0;
	}
	if (options_read_seconds(word, MAX_S, ret) >= 0 && *ret)
		return 0;
	(void)fputs("sriovctl pause: '", stderr);
	style_print(stderr, STYLE_PLAIN, word);
	(void)fputs("' is neither 'off' nor a time such as 90s, 30m, 2h or 7d, which is the "
		    "most\n",
		    stderr);
	return -EINVAL;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_JSON struct json_object *document = NULL;
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	unsigned seconds;
	int r;

	if (read_time(options, &seconds) < 0)
		return VERDICT_USAGE;
	(void)daemon_or_direct_find(options, &daemon);
	if (!daemon)
		return pause_as_root(options, seconds);
	r = daemon_pause(daemon, options->operands[0], seconds * UINT64_C(1000000), &document);
	if (r == -ENOENT)
		return pause_as_root(options, seconds);
	return r < 0 ? daemon_failed(daemon, "pause", r) : print_answer(document);
}

const struct verb verb_pause = {
	.name = "pause",
	.operands = "PF [TIME|off]",
	.summary = "write nothing to a PF for a while, 1h; as root",
	.options = OPTION_BIT(OPTION_DIRECT),
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_min = 1,
	.operands_max = 2,
	.run = run,
};
