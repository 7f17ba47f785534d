/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host: which hosts a file is for. */

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "policy/read/patterns.h"
#include "policy/read/read_section.h"

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

static int text_holds(const char *text, const char *pattern, bool *ret)
{
	*ret = fnmatch(pattern, text, 0) == 0;
	return 0;
}

/* Whether one word of the text is what the pattern means. */
static int word_holds(const char *text, const char *pattern, bool *ret)
{
	CLEANUP_FREE char *copy = strdup(text);
	char *rest = copy;
	const char *word;
	bool holds = false;

	if (!copy)
		return -ENOMEM;
	while (!holds && (word = strsep(&rest, " \t\n")))
		holds = *word && fnmatch(pattern, word, 0) == 0;
	*ret = holds;
	return 0;
}

static const char *const fact_names[HOST_FACT_COUNT] = {
	[HOST_HOSTNAME] = "hostname",
	[HOST_MACHINE_ID] = "machine-id",
	[HOST_KERNEL_COMMAND_LINE] = "kernel-command-line",
	[HOST_PRODUCT_NAME] = "product-name",
};

static const struct {
	const char *(*get)(const struct host *host);
	int (*holds)(const char *text, const char *pattern, bool *ret);
} facts[HOST_FACT_COUNT] = {
	[HOST_HOSTNAME] = { hostname, text_holds },
	[HOST_MACHINE_ID] = { machine_id, text_holds },
	[HOST_KERNEL_COMMAND_LINE] = { kernel_command_line, word_holds },
	[HOST_PRODUCT_NAME] = { product_name, text_holds },
};

static int read_fact(struct policy_reader *reader, size_t fact, const struct yaml_node *node,
		     void *target)
{
	struct host_selector *selector = target;

	selector->origins[fact] = node->origin;
	return patterns_read(reader, node, fact_names[fact], pattern_read_glob,
			     &selector->facts[fact]);
}

static int fact_fits(enum host_fact fact, const struct match_patterns *patterns,
		     const struct host *host, bool *ret)
{
	const char *text = facts[fact].get(host);
	bool any = !patterns->count;
	int r = 0;

	for (size_t i = 0; text && r == 0 && i < patterns->count && !any; i++)
		r = facts[fact].holds(text, patterns->patterns[i], &any);
	*ret = any;
	return r;
}

int host_selector_fits(const struct host_selector *selector, const struct host *host, bool *ret)
{
	bool fits = true;
	int r = 0;

	for (enum host_fact fact = 0; r == 0 && fits && fact < HOST_FACT_COUNT; fact++)
		r = fact_fits(fact, &selector->facts[fact], host, &fits);
	*ret = fits;
	return r;
}

static void describe(enum host_fact fact, const struct match_patterns *patterns,
		     const struct host *host, struct text *out)
{
	const char *text = facts[fact].get(host);

	text_append(out, fact_names[fact]);
	if (!text) {
		text_append(out, " is not known, wanted ");
	} else if (facts[fact].holds == word_holds) {
		text_append(out, " does not have ");
	} else {
		text_append(out, " is ");
		text_append_quoted(out, text);
		text_append(out, ", wanted ");
	}
	match_patterns_describe(patterns, out);
}

const struct origin *host_selector_explain(const struct host_selector *selector,
					   const struct host *host, struct text *out)
{
	for (enum host_fact fact = 0; fact < HOST_FACT_COUNT; fact++) {
		bool fits;

		if (fact_fits(fact, &selector->facts[fact], host, &fits) < 0)
			return NULL;
		if (fits)
			continue;
		describe(fact, &selector->facts[fact], host, out);
		return &selector->origins[fact];
	}
	return NULL;
}

const struct section host_section = {
	.noun = "'host'",
	.expected = "a mapping such as {hostname: \"compute-*\"}",
	.place = "under 'host'",
	.chapter = "HOSTS",
	.if_empty = "delete it: a file without 'host' is for every host",
	.names = fact_names,
	.n_names = HOST_FACT_COUNT,
	.read_name = read_fact,
};

int host_selector_read(struct policy_reader *reader, const struct yaml_node *node,
		       struct host_selector *ret)
{
	struct host_selector selector = { 0 };
	int r;

	r = section_read(reader, &host_section, "host", node, &selector);
	if (r < 0)
		return r;
	*ret = selector;
	return 0;
}
