/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The options of all verbs, by one table. An option is an id, a member of struct options and a row
 * in options.c; verbs list the ids of those that they take. */

#include <stdbool.h>
#include <stddef.h>

#include "document/diagnostic.h"
#include "util/cleanup.h"
#include "util/text.h"

enum option_id {
	OPTION_POLICY,
	OPTION_ROOT,
	OPTION_INVENTORY,
	OPTION_WAIT,
	OPTION_DISRUPTIVE,
	OPTION_DIRECT,
	OPTION_ALL,
	OPTION_CAPABILITIES,
	OPTION_WHAT_DIFFERS,
	OPTION_SEVERITY,
	OPTION_ANONYMISE,
	OPTION_OUTPUT,
	OPTION_OPENMETRICS,
	OPTION_HTTP,
	OPTION_ONCE,
	OPTION_PERIOD,
	OPTION_SINCE,
	OPTION_SVG,
	OPTION_DOT,
	OPTION_JSON,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_VERBOSE, /* behind it: who tries -V means that one */
	OPTION_COUNT,
};

#define OPTION_BIT(id) (1u << (id))

/* Of an option that may be given several times, in the order in which they were. */
struct option_strings {
	const char **items;
	size_t count;
};

struct options {
	struct option_strings policies; /* files and directories, in place of the standard ones */
	const char *root;		/* or NULL */
	const char *inventory;		/* file, "-" for standard input, or NULL */
	unsigned wait_s;
	bool disruptive;	/* also what is done on request only */
	bool direct;		/* do not ask the daemon */
	bool all;		/* VFs one by one where their values differ */
	bool anonymise;		/* without what says whose host it is */
	enum severity severity; /* of this and worse */
	bool capabilities;	/* what PFs can do, not how they are */
	bool what_differs;	/* from what PFs and VFs begin with */
	bool verbose;		/* from where it is known what a driver refuses */
	const char *output;	/* file, or NULL: standard output */
	bool openmetrics;	/* in that format */
	bool http;		/* answer a request on standard input */
	bool once;		/* print once, and end */
	unsigned period_s;	/* between two readings */
	const char *since;	/* when it was, or NULL */
	const char *svg;	/* file for a picture, "-" for standard output, or NULL */
	bool dot;		/* in the words of Graphviz */
	bool json;
	bool help;
	bool version;
	char *const *operands; /* what is left, in argv */
	size_t n_operands;
};

/* What the option is to struct options. */
enum option_kind {
	OPTION_IS_FLAG,	    /* bool */
	OPTION_IS_STRING,   /* const char * */
	OPTION_IS_STRINGS,  /* struct option_strings */
	OPTION_IS_SECONDS,  /* unsigned */
	OPTION_IS_SEVERITY, /* enum severity */
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

/* By id. */
extern const struct option_row option_rows[OPTION_COUNT];

/* What holds without any option. */
void options_init(struct options *options);
void options_clear(struct options *options);
#define CLEANUP_OPTIONS CLEANUP(options_clear)

/* Reads a time: 60s, 5m, 1h or 2d, or a bare number, which is seconds. 0; -ERANGE: more than max;
 * or -EINVAL. */
int options_read_seconds(const char *word, unsigned max, unsigned *ret);
/* Sets the member of an option; argument, which is not copied, is NULL where it takes none. Returns
 * 0, or -EINVAL with what is wrong appended to a text: "needs an argument". */
int options_take(struct options *options, const struct option_row *row, const char *argument,
		 struct text *wrong);
