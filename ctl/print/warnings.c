/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/warnings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "memory.h"
#include "print/json.h"

void warnings_print_diagnostics(const struct diagnostics *diagnostics)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (diagnostics->failed)
		memory_exhausted();
	diagnostics_format(diagnostics, &text);
	(void)fputs(memory_text(&text), stderr);
}

static void print_warning(struct json_object *origin, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

static void print_warning(struct json_object *origin, const char *format, ...)
{
	va_list arguments;

	if (origin)
		(void)fprintf(stderr, "%s:%" PRIi64 ":%" PRIi64 ": ", json_get_text(origin, "file"),
			      json_get_number(origin, "line"), json_get_number(origin, "column"));
	(void)fputs("warning: ", stderr);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
}

static void print_problems(struct json_object *pf)
{
	struct json_object *problems = json_get(pf, "problems");

	for (size_t i = 0; i < json_length(problems); i++) {
		struct json_object *problem = json_item(problems, i);

		print_warning(json_get(problem, "origin"), "%s: %s", json_get_text(pf, "name"),
			      json_get_text(problem, "message"));
	}
}

void warnings_print_problems(struct json_object *document)
{
	struct json_object *pfs = json_get(document, "pfs");

	for (size_t i = 0; i < json_length(pfs); i++)
		print_problems(json_item(pfs, i));
}

void warnings_print_unmatched(struct json_object *document)
{
	struct json_object *rules = json_get(document, "unmatched_rules");

	for (size_t i = 0; i < json_length(rules); i++) {
		struct json_object *rule = json_item(rules, i);

		print_warning(json_get(rule, "origin"), "rule '%s' matches no PF: %s",
			      json_get_text(rule, "name"), json_get_text(rule, "reason"));
	}
}
