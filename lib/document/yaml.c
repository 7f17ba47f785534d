/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/yaml.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

#include "document/excerpt.h"
#include "document/slip.h"
#include "document/yaml_tree.h"

struct reader {
	yaml_parser_t parser;
	const struct document *document;
	struct yaml_tree tree;
	bool started; /* the document's start was seen */
};

static void reader_clear(struct reader *reader)
{
	yaml_parser_delete(&reader->parser);
}

static struct origin origin_of(const struct reader *reader, const yaml_mark_t *mark)
{
	return (struct origin){
		.document = reader->document,
		.line = (unsigned)mark->line + 1,
		.column = (unsigned)mark->column + 1,
	};
}

static int report(const struct reader *reader, const struct origin *origin, const char *hint,
		  const char *message)
{
	return diagnostics_error(reader->tree.diagnostics, origin, hint, "%s", message);
}

/* What to do about the parser's complaints. */
static const char *syntax_hint(const char *problem, const struct origin *origin)
{
	static const struct {
		const char *problem;
		int shift; /* the place, or the character before it, */
		char at;   /* is this, or NUL for any */
		const char *hint;
	} hints[] = {
		{ "found character that cannot start any token", 0, '\t',
		  "indent with blanks, not with tabs" },
		{ "found a tab character", 0, 0, "indent with blanks, not with tabs" },
		{ "found character that cannot start any token", 0, 0,
		  "a text that begins with this character needs quotes" },
		{ "did not find expected alphabetic or numeric character", 0, 0,
		  "a text that begins with '*' or '&' needs quotes" },
		{ "mapping values are not allowed", 0, 0,
		  "a text with ': ' in it needs quotes; else check the indentation" },
		{ "block sequence entries are not allowed", 0, 0,
		  "a list begins on the line below its key; a text that begins with '- ' needs "
		  "quotes" },
		{ "did not find expected key", -1, '}',
		  "a text that begins with '{' needs quotes" },
		{ "did not find expected key", -1, ']',
		  "a text that begins with '[' needs quotes" },
		{ "did not find expected key", 0, 0,
		  "check the indentation of this line and of those above" },
		{ "did not find expected '-' indicator", 0, 0,
		  "check the indentation of this line and of those above" },
		{ "could not find expected ':'", 0, 0, "a key is followed by ': ' and its value" },
		{ "did not find expected ',' or ']'", 0, 0, "is a '[' not closed?" },
		{ "did not find expected ',' or '}'", 0, 0, "is a '{' not closed?" },
		{ "found unexpected end of stream", 0, 0, "is a quote not closed?" },
		{ "found unknown escape character", 0, 0,
		  "use single quotes, in which a backslash is nothing special" },
		{ "did not find expected <document start>", 0, 0,
		  "a file holds one document only" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (strncmp(problem, hints[i].problem, strlen(hints[i].problem)) == 0 &&
		    (!hints[i].at || hints[i].at == excerpt_character(origin, hints[i].shift)))
			return hints[i].hint;
	return NULL;
}

/* Whether the complaint may be about a line before. */
static bool is_late(const char *problem)
{
	static const char *const problems[] = {
		"mapping values are not allowed",
		"could not find expected ':'",
		"did not find expected key",
		"did not find expected '-' indicator",
	};

	for (size_t i = 0; i < ARRAY_SIZE(problems); i++)
		if (strncmp(problem, problems[i], strlen(problems[i])) == 0)
			return true;
	return false;
}

static int report_syntax(const struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	struct origin origin = origin_of(reader, &parser->problem_mark);
	const char *problem = parser->problem ? parser->problem : "no valid YAML";
	CLEANUP_TEXT struct text message = { 0 };
	struct slip slip;

	if (is_late(problem) && slip_find(reader->document, origin.line, &slip))
		return report(reader, &slip.origin, slip.hint, slip.message);
	if (strstr(problem, "<document start>") && slip_is_ini(reader->document))
		return report(reader, &origin,
			      "a policy is YAML, as sriovd.yaml(5) has it: it begins with "
			      "'version: 1'",
			      "this is a file of sections, as those of systemd.link(5) are");
	text_append(&message, problem);
	if (parser->context) {
		text_printf(&message, " %s", parser->context);
		if (parser->context_mark.line != parser->problem_mark.line)
			text_printf(&message, " that begins in line %zu",
				    parser->context_mark.line + 1);
	}
	if (message.failed)
		return -ENOMEM;
	return report(reader, &origin, syntax_hint(problem, &origin), text_string(&message));
}

/* Bytes that are no text. */
static int report_bytes(const struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	struct origin origin = excerpt_origin(reader->document, parser->problem_offset);
	bool control = strncmp(parser->problem, "control", strlen("control")) == 0;

	if (control && parser->problem_value == 0)
		return report(reader, &origin, "save it as text, in UTF-8",
			      "the file has NUL bytes");
	if (control)
		return diagnostics_error(reader->tree.diagnostics, &origin,
					 "delete it, or write it as an escape in a quoted text",
					 "the control character 0x%02x is not allowed",
					 (unsigned)parser->problem_value);
	return diagnostics_error(reader->tree.diagnostics, &origin, "save the file in UTF-8",
				 "the file is not in UTF-8: %s", parser->problem);
}

static int report_failure(const struct reader *reader)
{
	switch (reader->parser.error) {
	case YAML_MEMORY_ERROR:
		return -ENOMEM;
	case YAML_READER_ERROR:
		return report_bytes(reader);
	default:
		return report_syntax(reader);
	}
}

static void check_tag(const struct reader *reader, const struct origin *origin,
		      const yaml_char_t *tag)
{
	if (tag)
		(void)report(reader, origin, "delete the word that begins with '!'",
			     "tags are not supported");
}

static int handle_document(struct reader *reader, const struct origin *origin)
{
	if (reader->started)
		return report(reader, origin, "a file holds one document only",
			      "a second document begins here");
	reader->started = true;
	return 0;
}

static int handle_scalar(struct reader *reader, const struct origin *origin,
			 const yaml_event_t *event)
{
	check_tag(reader, origin, event->data.scalar.tag);
	return yaml_tree_scalar(&reader->tree, origin, (const char *)event->data.scalar.anchor,
				(const char *)event->data.scalar.value, event->data.scalar.length,
				event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE);
}

static int handle(struct reader *reader, const yaml_event_t *event)
{
	struct origin origin = origin_of(reader, &event->start_mark);

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return handle_document(reader, &origin);
	case YAML_SCALAR_EVENT:
		return handle_scalar(reader, &origin, event);
	case YAML_ALIAS_EVENT:
		return yaml_tree_alias(&reader->tree, &origin,
				       (const char *)event->data.alias.anchor);
	case YAML_SEQUENCE_START_EVENT:
		check_tag(reader, &origin, event->data.sequence_start.tag);
		return yaml_tree_open(&reader->tree, &origin,
				      (const char *)event->data.sequence_start.anchor,
				      YAML_SEQUENCE);
	case YAML_MAPPING_START_EVENT:
		check_tag(reader, &origin, event->data.mapping_start.tag);
		return yaml_tree_open(&reader->tree, &origin,
				      (const char *)event->data.mapping_start.anchor, YAML_MAPPING);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return yaml_tree_close(&reader->tree);
	default:
		return 0;
	}
}

static int read_events(struct reader *reader)
{
	bool ended = false;
	int r = 0;

	while (r == 0 && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&reader->parser, &event))
			return report_failure(reader);
		r = handle(reader, &event);
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return r;
}

static bool begins_with(const struct document *document, const char *bytes)
{
	size_t length = strlen(bytes);

	return document->length >= length && memcmp(document->text, bytes, length) == 0;
}

/* The parser compares each %TAG directive with all before, in time that grows with the square of
 * their number. */
static int check_directives(const struct reader *reader)
{
	static const char directive[] = "%TAG";
	const struct document *document = reader->document;
	const char *end = document->text + document->length, *p = document->text;

	for (; (p = memmem(p, (size_t)(end - p), directive, strlen(directive))); p++) {
		struct origin origin;

		/* The last bytes of LF, CR, NEL, LS and PS. */
		if (p > document->text && !memchr("\n\r\x85\xa8\xa9", p[-1], 5))
			continue;
		origin = excerpt_origin(document, (size_t)(p - document->text));
		return report(reader, &origin, "delete the line", "tags are not supported");
	}
	return 0;
}

/* What can be seen of the text without parsing it. */
static int check_text(const struct reader *reader)
{
	const struct document *document = reader->document;
	const struct origin whole = { .document = document }, start = { document, 1, 1 };

	if (document->length > YAML_SIZE_MAX)
		return diagnostics_error(reader->tree.diagnostics, &whole, NULL,
					 "the file is larger than %u MiB", YAML_SIZE_MAX >> 20);
	if (begins_with(document, "\xff\xfe") || begins_with(document, "\xfe\xff"))
		return report(reader, &start, "save the file in UTF-8", "the file is in UTF-16");
	if (begins_with(document, "\xef\xbb\xbf"))
		return report(reader, &start, "save the file in UTF-8 without it",
			      "the file begins with a byte order mark");
	return check_directives(reader);
}

int yaml_read_tolerant(const struct document *document, const char *merge_hint, struct arena *arena,
		       struct diagnostics *diagnostics, struct yaml_node **ret)
{
	CLEANUP(reader_clear)
	struct reader reader = {
		.document = document,
		.tree = { .arena = arena, .diagnostics = diagnostics, .merge_hint = merge_hint },
	};
	int r;

	r = check_text(&reader);
	if (r < 0)
		return r;
	if (!yaml_parser_initialize(&reader.parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)document->text,
				     document->length);
	r = read_events(&reader);
	if (r < 0)
		return r;
	if (reader.tree.root && yaml_is_null(reader.tree.root) && !reader.tree.root->scalar[0])
		reader.tree.root = NULL;
	*ret = reader.tree.root;
	return 0;
}

int yaml_read(const struct document *document, struct arena *arena, struct diagnostics *diagnostics,
	      struct yaml_node **ret)
{
	size_t errors = diagnostics->errors;
	struct yaml_node *root;
	int r;

	r = yaml_read_tolerant(document, "repeat the keys", arena, diagnostics, &root);
	if (r < 0)
		return r;
	if (diagnostics->errors > errors)
		return -EINVAL;
	*ret = root;
	return 0;
}
