/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "policy/patterns.h"
#include "policy/section.h"

static const char *hostname(const struct host *host)
{
	return host->hostname;
}

static const char *machine_id(const struct host *host)
{
	return host->machine_id;
}

static const char *kernel_command_line(const struct host *host)
{
	return host->kernel_command_line;
}

static const char *product_name(const struct host *host)
{
	return host->product_name;
}

static int text_holds(struct reader *reader, const char *text, const char *pattern, bool *ret)
{
	(void)reader;
	*ret = fnmatch(pattern, text, 0) == 0;
	return 0;
}

/* Whether one word of the text is what the pattern means. */
static int word_holds(struct reader *reader, const char *text, const char *pattern, bool *ret)
{
	char *rest = arena_strdup(reader->arena, text);
	const char *word;
	bool holds = false;

	if (!rest)
		return -ENOMEM;
	while (!holds && (word = strsep(&rest, " \t\n")))
		holds = *word && fnmatch(pattern, word, 0) == 0;
	*ret = holds;
	return 0;
}

enum fact { FACT_HOSTNAME, FACT_MACHINE_ID, FACT_COMMAND_LINE, FACT_PRODUCT, FACT_COUNT };

static const char *const fact_names[FACT_COUNT] = {
	[FACT_HOSTNAME] = "hostname",
	[FACT_MACHINE_ID] = "machine-id",
	[FACT_COMMAND_LINE] = "kernel-command-line",
	[FACT_PRODUCT] = "product-name",
};

static const struct {
	const char *(*get)(const struct host *host);
	int (*holds)(struct reader *reader, const char *text, const char *pattern, bool *ret);
} facts[FACT_COUNT] = {
	[FACT_HOSTNAME] = { hostname, text_holds },
	[FACT_MACHINE_ID] = { machine_id, text_holds },
	[FACT_COMMAND_LINE] = { kernel_command_line, word_holds },
	[FACT_PRODUCT] = { product_name, text_holds },
};

/* Reads one key of host: and notes in *target, a bool, where it does not hold. */
static int read_fact(struct reader *reader, size_t fact, const struct yaml_node *node, void *target)
{
	struct match_patterns patterns;
	bool *fits = target, any = false;
	const char *text;
	int r;

	r = patterns_read(reader, node, fact_names[fact], pattern_read_glob, &patterns);
	if (r < 0 || !reader->host)
		return r;
	text = facts[fact].get(reader->host);
	for (size_t i = 0; text && i < patterns.count && !any; i++) {
		r = facts[fact].holds(reader, text, patterns.patterns[i], &any);
		if (r < 0)
			return r;
	}
	*fits = *fits && any;
	return 0;
}

const struct section host_section = {
	.noun = "'host'",
	.expected = "a mapping such as {hostname: \"compute-*\"}",
	.place = "under 'host'",
	.names = fact_names,
	.n_names = FACT_COUNT,
	.read_name = read_fact,
};

int host_read(struct reader *reader, const struct yaml_node *node, bool *ret_fits)
{
	bool fits = true;
	int r;

	r = section_read(reader, &host_section, "host", node, &fits);
	if (r < 0)
		return r;
	if (!node->count)
		return diagnostics_error(reader->diagnostics, &node->origin,
					 "delete it: a file without 'host' is for every host",
					 "'host' is empty");
	*ret_fits = fits;
	return 0;
}
