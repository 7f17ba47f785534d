/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/ini.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#define BLANKS " \t\n\r\v\f"

struct ini {
	enum ini_dialect dialect;
	struct arena *arena;
	const char *section;
	unsigned line, next; /* the line that is read, and the one behind it */
	struct ini_line *lines;
	size_t count, capacity;
};

/* Cuts the blanks off both ends, in place; returns where the string begins then. */
static char *strip(char *string)
{
	size_t length;

	string += strspn(string, BLANKS);
	for (length = strlen(string); length && strchr(BLANKS, string[length - 1]);)
		length--;
	string[length] = '\0';
	return string;
}

static bool is_comment(const struct ini *ini, const char *line)
{
	return *line == '#' || (*line == ';' && ini->dialect == INI_SYSTEMD);
}

static int add(struct ini *ini, const char *key, const char *value)
{
	int r = arena_grow(ini->arena, &ini->lines, ini->count, &ini->capacity,
			   sizeof(*ini->lines));

	if (r < 0)
		return r;
	ini->lines[ini->count++] = (struct ini_line){
		.section = ini->section, .key = key, .value = value, .line = ini->line
	};
	return 0;
}

static int read_section(struct ini *ini, char *line)
{
	size_t length = strlen(line);

	if (line[length - 1] != ']')
		return -EBADMSG;
	line[length - 1] = '\0';
	ini->section = line + 1;
	return add(ini, NULL, NULL);
}

/* line is stripped, and no comment. */
static int read_line(struct ini *ini, char *line)
{
	char *equals = strchr(line, '=');

	if (!*line)
		return 0;
	if (*line == '[')
		return read_section(ini, line);
	if (ini->dialect == INI_KEYFILE && (!equals || !ini->section))
		return -EBADMSG;
	if (!equals)
		return 0;
	*equals = '\0';
	return add(ini, strip(line), strip(equals + 1));
}

/* Whether the line, which ends at end, goes on in the next one; the backslash becomes a blank. */
static bool goes_on(const struct ini *ini, const char *line, char *end)
{
	size_t backslashes = 0;

	while (backslashes < (size_t)(end - line) && end[-1 - (ssize_t)backslashes] == '\\')
		backslashes++;
	if (ini->dialect != INI_SYSTEMD || backslashes % 2 == 0)
		return false;
	end[-1] = ' ';
	return true;
}

/* Takes the next line off *rest; NULL at the end. */
static char *take_line(struct ini *ini, char **rest)
{
	char *line = *rest, *end;

	if (!*line)
		return NULL;
	ini->next++;
	end = line + strcspn(line, "\n");
	*rest = *end ? end + 1 : end;
	*end = '\0';
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	return line;
}

/* The next line that is no comment, without blanks before it. */
static char *take_continuation(struct ini *ini, char **rest)
{
	char *line;

	do {
		line = take_line(ini, rest);
		line = line ? line + strspn(line, BLANKS) : NULL;
	} while (line && is_comment(ini, line));
	return line;
}

/* Joins a line with those that continue it, in place: they follow it, and all together are no
 * longer than they were. */
static void join(struct ini *ini, char *line, char **rest)
{
	char *end = line + strlen(line), *next;

	while (goes_on(ini, line, end) && (next = take_continuation(ini, rest))) {
		size_t length = strlen(next);

		memmove(end, next, length + 1);
		end += length;
	}
}

int ini_read(const struct document *document, enum ini_dialect dialect, struct arena *arena,
	     struct ini_line **ret, size_t *ret_count, unsigned *ret_bad)
{
	struct ini ini = { .dialect = dialect, .arena = arena };
	char *rest = arena_strndup(arena, document->text, document->length), *line;
	int r = rest ? 0 : -ENOMEM;

	while (r == 0 && (line = take_line(&ini, &rest))) {
		ini.line = ini.next;
		line += strspn(line, BLANKS);
		if (is_comment(&ini, line))
			continue;
		join(&ini, line, &rest);
		r = read_line(&ini, strip(line));
	}
	if (r == -EBADMSG && ret_bad)
		*ret_bad = ini.line;
	if (r < 0)
		return r;
	*ret = ini.lines;
	*ret_count = ini.count;
	return 0;
}

bool ini_is(const struct ini_line *line, const char *section, const char *key)
{
	return line->section && line->key && !strcmp(line->section, section) &&
	       !strcmp(line->key, key);
}
