/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A script to commands. */

#include <errno.h>
#include <string.h>

#include "convert/shell.h"

#define BLANKS " \t\r"

struct splitter {
	const struct document *document;
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct fact_list *list;
	const char *p;
	unsigned line;
	const char *kind; /* of the next command */
	/* Of the here-document that begins in the next line: the word that ends it. NULL: none. */
	const char *here;
	size_t here_length;
	bool here_tabs; /* blanks in front of the word do not count */
};

bool shell_is_line(const struct fact *fact)
{
	static const char *const kinds[] = { SHELL_COMMAND, SHELL_AND, SHELL_CONDITIONAL,
					     SHELL_TEXT };

	for (size_t i = 0; fact->depth && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(fact->path[0], kinds[i]))
			return true;
	return false;
}

/* What stands in front of a command on the same line. */
static size_t keyword_length(const char *text, size_t length)
{
	static const char *const keywords[] = { "do", "then", "else", "{" };

	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++) {
		size_t size = strlen(keywords[i]);

		if (length >= size && !strncmp(text, keywords[i], size) &&
		    (length == size || strchr(BLANKS "\n", text[size])))
			return size;
	}
	return 0;
}

static int add_one(struct splitter *splitter, const char *kind, const char *text, size_t length,
		   unsigned line)
{
	const char **path = arena_array(splitter->arena, 1, sizeof(*path));
	const char *value = arena_strndup(splitter->arena, text, length);

	if (!path || !value)
		return -ENOMEM;
	*path = kind;
	return fact_add(&(struct fact){ .origin = { splitter->document, line, 1 },
					.path = path,
					.depth = 1,
					.value = value },
			splitter->arena, splitter->diagnostics, splitter->list);
}

/* Without blanks around it; keywords are commands of their own. */
static int add(struct splitter *splitter, const char *text, size_t length, unsigned line)
{
	const char *kind = splitter->kind;
	size_t keyword;
	int r = 0;

	for (;;) {
		while (length && strchr(BLANKS "\n", *text)) {
			line += *text == '\n';
			text++;
			length--;
		}
		while (length && strchr(BLANKS "\n", text[length - 1]))
			length--;
		keyword = keyword_length(text, length);
		if (r < 0 || !length || !keyword || keyword == length)
			break;
		r = add_one(splitter, kind, text, keyword, line);
		text += keyword;
		length -= keyword;
	}
	return r < 0 || !length ? r : add_one(splitter, kind, text, length, line);
}

/* "<<WORD", "<<-WORD", the word with quotes or without, at p. */
static void note_here(struct splitter *splitter, const char *p)
{
	p += strlen("<<");
	splitter->here_tabs = *p == '-';
	p += splitter->here_tabs;
	p += strspn(p, BLANKS "\\");
	splitter->here = p + (*p == '\'' || *p == '"');
	splitter->here_length = splitter->here > p ? strcspn(splitter->here, "'\"\n")
						   : strcspn(p, BLANKS "\n;&|<>()");
}

static bool ends_here(const struct splitter *splitter, const char *line, size_t length)
{
	size_t tabs = splitter->here_tabs ? strspn(line, "\t") : 0;

	return length == tabs + splitter->here_length &&
	       !strncmp(line + tabs, splitter->here, splitter->here_length);
}

/* The lines of a here-document, with the one that ends it. */
static int add_here(struct splitter *splitter)
{
	bool ended = false;
	int r = 0;

	while (r >= 0 && *splitter->p && !ended) {
		const char *line = splitter->p;
		size_t length = strcspn(line, "\n");

		ended = ends_here(splitter, line, length);
		if (line[strspn(line, BLANKS)] != '\n')
			r = add_one(splitter, SHELL_TEXT, line, length, splitter->line);
		splitter->p += length + (line[length] != '\0');
		splitter->line += line[length] != '\0';
	}
	splitter->here = NULL;
	return r;
}

/* Steps over quotes, and over parentheses and what is in them. */
static void skip_group(struct splitter *splitter)
{
	const char open = *splitter->p, close = open == '(' ? ')' : open;
	unsigned depth = 0;

	for (; *splitter->p; splitter->p++) {
		splitter->line += *splitter->p == '\n';
		if (*splitter->p == '\\' && open != '\'' && splitter->p[1]) {
			splitter->line += *++splitter->p == '\n';
			continue;
		}
		if (open == '(' && *splitter->p == '(')
			depth++;
		else if (*splitter->p == close && (open != '(' ? depth++ : --depth == 0))
			break;
	}
	splitter->p += *splitter->p != '\0';
}

/* Steps over the next part of a command. False: it has ended. */
static bool step(struct splitter *splitter, const char *start)
{
	const char *p = splitter->p;

	if (*p == '#' && (p == start || strchr(BLANKS "\n", p[-1])))
		return false;
	if (!*p || *p == '\n' || *p == ';' || (*p == '&' && p[1] == '&') ||
	    (*p == '|' && p[1] == '|'))
		return false;
	if (*p == '&' && !(p > start && p[-1] == '>') && p[1] != '>')
		return false;
	if (strchr("'\"`(", *p)) {
		skip_group(splitter);
		return true;
	}
	if (!strncmp(p, "<<", 2)) {
		if (p[2] != '<')
			note_here(splitter, p);
		splitter->p += strspn(p, "<");
		return true;
	}
	if (*p == '\\' && p[1]) {
		splitter->line += p[1] == '\n';
		splitter->p++;
	}
	splitter->p++;
	return true;
}

/* Whether "&&" behind the command is no question: what a script does to get on with. */
static bool is_done(const char *start, const char *end)
{
	static const char *const words[] = { "sudo",	"echo",	    "printf", "ip",
					     "devlink", "modprobe", "cd",     "sleep",
					     "cat",	"udevadm",  "true",   ":" };
	const char *word = start + strspn(start, BLANKS "\n");
	size_t length = strcspn(word, BLANKS "\n;&|");

	for (const char *p = start; p < end; p++)
		if (!strncmp(p, "grep", 4))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (length == strlen(words[i]) && !strncmp(word, words[i], length))
			return true;
	return memchr(word, '=', length) != NULL;
}

/* Steps over what ends a command, and notes what that means for the next one: it depends on a test,
 * or on a failure. */
static void end(struct splitter *splitter, const char *start)
{
	const char *p = splitter->p;
	if (*p == '#')
		splitter->p += strcspn(p, "\n");
	if (*p == '|')
		splitter->kind = SHELL_CONDITIONAL;
	else if (!(*p == '&' && p[1] == '&'))
		splitter->kind = SHELL_COMMAND;
	else if (!strcmp(splitter->kind, SHELL_COMMAND) && !is_done(start, p))
		splitter->kind = SHELL_AND;
	if (*p == '|' || *p == '&')
		splitter->p += p[1] == *p ? 2 : 1;
	else if (*p == ';')
		splitter->p += strspn(p, ";");
	else if (*splitter->p == '\n') {
		splitter->p++;
		splitter->line++;
	}
}

int shell_split(const struct document *document, const char *text, unsigned line,
		struct arena *arena, struct diagnostics *diagnostics, struct fact_list *list)
{
	struct splitter splitter = {
		.document = document,
		.arena = arena,
		.diagnostics = diagnostics,
		.list = list,
		.p = text,
		.line = line,
		.kind = SHELL_COMMAND,
	};
	int r = 0;

	while (r >= 0 && *splitter.p) {
		const char *start = splitter.p;
		const unsigned first = splitter.line;

		while (step(&splitter, start)) {
		}
		r = add(&splitter, start, (size_t)(splitter.p - start), first);
		end(&splitter, start);
		if (r >= 0 && splitter.here && splitter.p > text && splitter.p[-1] == '\n')
			r = add_here(&splitter);
	}
	return r;
}
