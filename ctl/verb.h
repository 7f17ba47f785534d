/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a word on the command line does: one file a verb, each with one of these. */

#include <stdbool.h>
#include <stddef.h>

#include "verdict.h"

struct options;

struct verb_word {
	const char *name, *summary;
};

struct verb {
	const char *name;
	const char *operands; /* for the synopsis: "[PF...]", or NULL */
	const char *summary;  /* what is to follow a capital letter and have a full stop */
	/* Gives the words that the first operand can be, one after the other; false: no more. NULL
	 * where it is no word of a table. */
	bool (*word)(size_t number, struct verb_word *ret);
	unsigned options; /* OPTION_BIT of each, besides those that all verbs take */
	unsigned without; /* of those that all take: not this one */
	size_t operands_min, operands_max;
	enum verdict (*run)(const struct options *options);
};

/* A new verb is named twice besides its file: here, as what other files see of it, and in main.c,
 * where its place is that in the help. The linker knows neither order nor a list of its own. */
extern const struct verb verb_apply, verb_capture, verb_check, verb_convert, verb_doctor,
	verb_explain, verb_export, verb_help, verb_inventory, verb_list, verb_metrics, verb_monitor,
	verb_pause, verb_plan, verb_reload, verb_resync, verb_status, verb_top, verb_topology,
	verb_wait;

/* For programs: no help lists them. */
extern const struct verb verb_complete, verb_schema;

/* All that a help lists, ended by NULL. */
extern const struct verb *const verbs[];
/* One for programs as well. NULL: there is none of that name. */
const struct verb *verb_find(const char *name);
