/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/warnings.h"

#include <stdio.h>
#include <string.h>

#include "document/excerpt.h"
#include "memory.h"
#include "print/json.h"
#include "print/wrap.h"
#include "style.h"

/* What a line of a message says first, or after its place: "a.yaml:1:2: error: ..." */
static const struct {
	const char *word;
	enum style style;
} heads[] = {
	{ "error: ", STYLE_BAD },
	{ "warning: ", STYLE_WARN },
	{ "note: ", STYLE_FAINT },
	{ "  hint: ", STYLE_GOOD },
};

/* Where such a word begins in the line; NULL where there is none, as in what is quoted. */
static const char *find_head(const char *line, size_t length, const char *word)
{
	const char *place = memmem(line, length, word, strlen(word));

	if (!place || place == line)
		return place;
	return *line != ' ' && place - line >= 2 && !strncmp(place - 2, ": ", 2) ? place : NULL;
}

static void print_coloured(const char *line, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		const char *place = find_head(line, length, heads[i].word);
		size_t width = strlen(heads[i].word) - 1;

		if (!place)
			continue;
		(void)fprintf(stderr, "%.*s%s%.*s\033[0m%.*s\n", (int)(place - line), line,
			      style_sequence(heads[i].style), (int)width, place,
			      (int)(line + length - place - width), place + width);
		return;
	}
	(void)fprintf(stderr, "%.*s\n", (int)length, line);
}

/* "    2 | vfs: 8", and the mark below it, whose place counts. */
static bool is_excerpt(const char *line)
{
	const char *bar = line + strspn(line, " 0123456789");

	return *line == ' ' && *bar == '|';
}

static void print_line(const char *line, size_t length, size_t columns)
{
	CLEANUP_FREE char *lines = NULL;

	if (!is_excerpt(line)) {
		lines = wrap_line(line, length, columns, "    ");
		line = lines;
		length = strlen(lines);
	}
	if (style_enabled(stderr))
		print_coloured(line, length);
	else
		(void)fprintf(stderr, "%.*s\n", (int)length, line);
}

void warnings_print_diagnostics(const struct diagnostics *diagnostics)
{
	size_t columns = wrap_columns(stderr);
	CLEANUP_TEXT struct text text = { 0 };

	if (diagnostics->failed)
		memory_exhausted();
	diagnostics_format(diagnostics, &text);
	for (const char *line = memory_text(&text); *line;) {
		size_t length = strcspn(line, "\n");

		print_line(line, length, columns);
		line += length + (line[length] == '\n');
	}
}

/* A warning about the place that an object of the document has. */
static void add(struct diagnostics *diagnostics, struct json_object *object,
		const struct text *message)
{
	struct json_object *origin = json_get(object, "origin");
	const struct document document = { .name = json_get_text(origin, "file") };
	struct diagnostic item = { .severity = SEVERITY_WARNING,
				   .message = memory_text(message),
				   .excerpt = json_get_text(object, "excerpt") };

	if (origin)
		item.origin = (struct origin){ &document, (unsigned)json_get_number(origin, "line"),
					       (unsigned)json_get_number(origin, "column") };
	if (item.excerpt)
		item.caret = excerpt_bytes(item.excerpt, (size_t)json_get_number(object, "caret"));
	diagnostics_add(diagnostics, &item);
}

static void add_problems(struct diagnostics *diagnostics, struct json_object *pf)
{
	struct json_object *problems = json_get(pf, "problems");

	for (size_t i = 0; i < json_length(problems); i++) {
		struct json_object *problem = json_item(problems, i);
		CLEANUP_TEXT struct text message = { 0 };

		text_printf(&message, "%s: %s", json_get_text(pf, "name"),
			    json_get_text(problem, "message"));
		add(diagnostics, problem, &message);
	}
}

void warnings_print_problems(struct json_object *document)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct json_object *pfs = json_get(document, "pfs");

	for (size_t i = 0; i < json_length(pfs); i++)
		add_problems(&diagnostics, json_item(pfs, i));
	warnings_print_diagnostics(&diagnostics);
}

void warnings_print_left_out(struct json_object *document)
{
	struct json_object *files = json_get(document, "left-out");
	struct json_object *origin = json_get(json_item(files, 0), "origin");
	size_t count = json_length(files);
	CLEANUP_TEXT struct text text = { 0 };

	if (!count)
		return;
	text_printf(&text, "%zu file%s left out: %s", count, count == 1 ? " is" : "s are",
		    json_get_text(origin, "file"));
	if (json_get_number(origin, "line"))
		text_printf(&text, ":%u", (unsigned)json_get_number(origin, "line"));
	text_printf(&text, ": %s", json_get_text(json_item(files, 0), "reason"));
	if (count > 1)
		text_append(&text, "; 'sriovctl check' names all of them");
	wrap_print(stderr, STYLE_PLAIN, memory_text(&text));
}

void warnings_print_unmatched(struct json_object *document)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct json_object *rules = json_get(document, "unmatched-rules");

	for (size_t i = 0; i < json_length(rules); i++) {
		struct json_object *rule = json_item(rules, i);
		CLEANUP_TEXT struct text message = { 0 };

		text_printf(&message, "rule '%s' matches no PF: %s", json_get_text(rule, "name"),
			    json_get_text(rule, "reason"));
		add(&diagnostics, rule, &message);
	}
	warnings_print_diagnostics(&diagnostics);
}
