/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define MEMBER(name) offsetof(struct options, name)

const struct option_row option_rows[OPTION_COUNT] = {
	[OPTION_POLICY] = { "policy", 0, "PATH",
			    "read this file or directory as the policy; repeatable",
			    OPTION_IS_STRINGS, MEMBER(policies) },
	[OPTION_ROOT] = { "root", 0, "DIR", "look for policy and facts of the host below DIR",
			  OPTION_IS_STRING, MEMBER(root) },
	[OPTION_INVENTORY] = { "inventory", 0, "PATH",
			       "take host and PFs from this file; plan: from a folder too",
			       OPTION_IS_STRING, MEMBER(inventory) },
	[OPTION_WAIT] = { "wait", 0, "TIME",
			  "how long to wait for what may come right; default 15s",
			  OPTION_IS_SECONDS, MEMBER(wait_s), .initial = 15, .max = 86400 },
	[OPTION_DISRUPTIVE] = { "disruptive", 0, NULL,
				"do also what waits for request (disruption: on-request)",
				OPTION_IS_FLAG, MEMBER(disruptive) },
	[OPTION_DIRECT] = { "direct", 0, NULL, "do not ask the daemon", OPTION_IS_FLAG,
			    MEMBER(direct) },
	[OPTION_ALL] = { "all", 0, NULL, "VFs one by one where each has a value of its own",
			 OPTION_IS_FLAG, MEMBER(all) },
	[OPTION_CAPABILITIES] = { "capabilities", 0, NULL, "what each PF can do, not how it is",
				  OPTION_IS_FLAG, MEMBER(capabilities) },
	[OPTION_WHAT_DIFFERS] = { "what-differs", 0, NULL,
				  "leave out what PFs and VFs are known to begin with",
				  OPTION_IS_FLAG, MEMBER(what_differs) },
	[OPTION_SEVERITY] = { "severity", 0, "LEVEL",
			      "only what is error, warning or note, and worse", OPTION_IS_SEVERITY,
			      MEMBER(severity), .initial = SEVERITY_NOTE },
	[OPTION_ANONYMISE] = { "anonymise", 0, NULL, "without what says whose host it is",
			       OPTION_IS_FLAG, MEMBER(anonymise) },
	[OPTION_VERBOSE] = { "verbose", 'v', NULL,
			     "say how it is known that a driver refuses something", OPTION_IS_FLAG,
			     MEMBER(verbose) },
	[OPTION_OUTPUT] = { "output", 'o', "FILE", "put it into this file, whole or not at all",
			    OPTION_IS_STRING, MEMBER(output) },
	[OPTION_OPENMETRICS] = { "openmetrics", 0, NULL,
				 "as OpenMetrics, not in the classic text format", OPTION_IS_FLAG,
				 MEMBER(openmetrics) },
	[OPTION_HTTP] = { "http", 0, NULL, "answer a request by HTTP on standard input",
			  OPTION_IS_FLAG, MEMBER(http) },
	[OPTION_ONCE] = { "once", 0, NULL, "print rates of one period, and end", OPTION_IS_FLAG,
			  MEMBER(once) },
	[OPTION_PERIOD] = { "period", 0, "TIME",
			    "how often to look; default 2s; 0 with --once: totals",
			    OPTION_IS_SECONDS, MEMBER(period_s), .initial = 2, .max = 3600 },
	[OPTION_SINCE] = { "since", 0, "TIME", "what happened since then, from the journal",
			   OPTION_IS_STRING, MEMBER(since) },
	[OPTION_SVG] = { "svg", 0, "FILE", "draw a picture into this file, whole or not at all",
			 OPTION_IS_STRING, MEMBER(svg) },
	[OPTION_DOT] = { "dot", 0, NULL, "print it for Graphviz", OPTION_IS_FLAG, MEMBER(dot) },
	[OPTION_JSON] = { "json", 0, NULL, "print JSON", OPTION_IS_FLAG, MEMBER(json) },
	[OPTION_HELP] = { "help", 'h', NULL, "print this text", OPTION_IS_FLAG, MEMBER(help) },
	[OPTION_VERSION] = { "version", 0, NULL, "print the version", OPTION_IS_FLAG,
			     MEMBER(version) },
};

static void *member_of(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

void options_init(struct options *options)
{
	*options = (struct options){ 0 };
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_rows[i].kind == OPTION_IS_SECONDS)
			*(unsigned *)member_of(options, &option_rows[i]) = option_rows[i].initial;
		else if (option_rows[i].kind == OPTION_IS_SEVERITY)
			*(enum severity *)member_of(options, &option_rows[i]) =
				option_rows[i].initial;
}

void options_clear(struct options *options)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_rows[i].kind == OPTION_IS_STRINGS)
			free(((struct option_strings *)member_of(options, &option_rows[i]))->items);
	*options = (struct options){ 0 };
}

static int take_flag(const struct option_row *row, const char *argument, void *member,
		     struct text *wrong)
{
	(void)row, (void)argument, (void)wrong;
	*(bool *)member = true;
	return 0;
}

static int take_string(const struct option_row *row, const char *argument, void *member,
		       struct text *wrong)
{
	(void)row, (void)wrong;
	*(const char **)member = argument;
	return 0;
}

static int take_strings(const struct option_row *row, const char *argument, void *member,
			struct text *wrong)
{
	struct option_strings *strings = member;

	(void)row, (void)wrong;
	strings->items = MEMORY_REQUIRE(
		reallocarray(strings->items, strings->count + 1, sizeof(*strings->items)));
	strings->items[strings->count++] = argument;
	return 0;
}

int options_read_seconds(const char *word, unsigned max, unsigned *ret)
{
	static const struct {
		const char *word;
		unsigned seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
	unsigned long number, seconds;
	char *end;

	errno = 0;
	number = strtoul(word, &end, 10);
	if (errno || *word < '0' || *word > '9')
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(end, units[i].word) != 0)
			continue;
		if (__builtin_mul_overflow(number, units[i].seconds, &seconds) || seconds > max)
			return -ERANGE;
		*ret = (unsigned)seconds;
		return 0;
	}
	return -EINVAL;
}

static int take_seconds(const struct option_row *row, const char *argument, void *member,
			struct text *wrong)
{
	int r = options_read_seconds(argument, row->max, member);

	if (r < 0)
		text_printf(wrong, "needs a time such as 60s, 5m or 1h, at most %us", row->max);
	return r < 0 ? -EINVAL : 0;
}

static int take_severity(const struct option_row *row, const char *argument, void *member,
			 struct text *wrong)
{
	(void)row;
	for (enum severity i = SEVERITY_ERROR; i <= SEVERITY_NOTE; i++) {
		if (strcmp(severity_name(i), argument) != 0)
			continue;
		*(enum severity *)member = i;
		return 0;
	}
	text_append(wrong, "needs error, warning or note");
	return -EINVAL;
}

int options_take(struct options *options, const struct option_row *row, const char *argument,
		 struct text *wrong)
{
	static int (*const take[])(const struct option_row *row, const char *argument, void *member,
				   struct text *wrong) = {
		[OPTION_IS_FLAG] = take_flag,	      [OPTION_IS_STRING] = take_string,
		[OPTION_IS_STRINGS] = take_strings,   [OPTION_IS_SECONDS] = take_seconds,
		[OPTION_IS_SEVERITY] = take_severity,
	};

	if (row->argument && !*argument) {
		text_append(wrong, "needs an argument");
		return -EINVAL;
	}
	return take[row->kind](row, argument, member_of(options, row), wrong);
}
