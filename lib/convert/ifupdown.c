/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/ifupdown.h"

#include <errno.h>
#include <string.h>

#include "convert/command.h"
#include "convert/draft.h"
#include "convert/script.h"
#include "convert/shell.h"

#define BLANKS	" \t\r"
#define OPTIONS "iface"

/* Of the path of what is run: how, for which interface, when. */
enum { PLACE_INTERFACE = 1, PLACE_WHEN = 2 };

struct reader {
	const struct document *document;
	struct conversion *conversion;
	const char *interface; /* of the stanza, "" before the first */
};

/* A line, joined with those that continue it. */
static const char *take_line(struct reader *reader, size_t *offset, unsigned *line)
{
	const char *text = reader->document->text + *offset;
	size_t length = strcspn(text, "\n");

	*line += 1;
	while (length && text[length] && text[length - 1] == '\\') {
		length += 1 + strcspn(text + length + 1, "\n");
		*line += 1;
	}
	*offset += length + (text[length] != '\0');
	return arena_strndup(reader->conversion->arena, text, length);
}

static bool is_run(const char *key)
{
	static const char *const keys[] = { "pre-up", "up",	  "post-up",
					    "down",   "pre-down", "post-down" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

static bool begins_stanza(const char *key)
{
	static const char *const keys[] = { "auto",	  "source", "source-directory",
					    "mapping",	  "rename", "no-auto-down",
					    "no-scripts", "iface",  "template" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return !strncmp(key, "allow-", 6);
}

/* Makes the commands, which are the facts from first on, those of the interface. */
static int place_commands(struct reader *reader, size_t first, const char *when)
{
	struct fact_list *facts = &reader->conversion->facts;

	for (size_t i = first; i < facts->count; i++) {
		const char **path = arena_array(reader->conversion->arena, 3, sizeof(*path));

		if (!path)
			return -ENOMEM;
		path[0] = facts->items[i].path[0];
		path[PLACE_INTERFACE] = reader->interface;
		path[PLACE_WHEN] = when;
		facts->items[i].path = path;
		facts->items[i].depth = 3;
	}
	return 0;
}

static int read_line(struct reader *reader, const char *text, unsigned line)
{
	struct arena *arena = reader->conversion->arena;
	const char *word = text + strspn(text, BLANKS);
	const char *key = arena_strndup(arena, word, strcspn(word, BLANKS));
	const char *value = word + strcspn(word, BLANKS);
	const char **path = arena_array(arena, 3, sizeof(*path));
	size_t first = reader->conversion->facts.count;
	int r;

	if (!key || !path)
		return -ENOMEM;
	if (!*key || *key == '#')
		return 0;
	value += strspn(value, BLANKS);
	if (is_run(key)) {
		r = shell_split(reader->document, value, line, arena,
				reader->conversion->diagnostics, &reader->conversion->facts);
		return r < 0 ? r : place_commands(reader, first, key);
	}
	if (begins_stanza(key))
		reader->interface = arena_strndup(arena, value, strcspn(value, BLANKS));
	if (!reader->interface)
		return -ENOMEM;
	path[0] = OPTIONS;
	path[PLACE_INTERFACE] = reader->interface;
	path[PLACE_WHEN] = key;
	return fact_add(&(struct fact){ .origin = { reader->document, line, 1 },
					.path = path,
					.depth = 3,
					.value = value },
			arena, reader->conversion->diagnostics, &reader->conversion->facts);
}

int ifupdown_read(const struct document *document, struct conversion *conversion)
{
	struct reader reader = { document, conversion, "" };
	unsigned line = 0;
	int r = 0;

	for (size_t offset = 0; r >= 0 && document->text[offset];) {
		const unsigned first = line + 1;
		const char *text = take_line(&reader, &offset, &line);

		r = text ? read_line(&reader, text, first) : -ENOMEM;
	}
	return r;
}

static int take_mtu(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row)
{
	struct draft *draft;
	int r;

	(void)row;
	for (size_t i = 0; i < conversion->n_drafts; i++) {
		draft = conversion->drafts[i];
		if (!strcmp(draft->owner, fact->path[PLACE_INTERFACE]))
			return draft_pf(conversion, draft, fact, PF_MTU, fact->value);
	}
	r = conversion_note(conversion, fact, "of the interface itself: leave it to ifupdown");
	return r;
}

static int take_down(struct conversion *conversion, const struct fact *fact,
		     const struct key_row *row)
{
	(void)row;
	return conversion_note(conversion, fact,
			       "sriovd keeps the VFs, whether or not the interface is up");
}

/* interfaces(5); what is run is taken before */
static const struct key_row rows[] = {
	{ "iface/*/mtu", take_mtu, NULL, 0 },
	{ "iface/*/*", NULL, "of the interface itself: leave it to ifupdown", 0 },
	{ "*/*/*down", take_down, NULL, 0 },
	{ 0 },
};

static bool is_for_up(const struct fact *fact)
{
	return strcmp(fact->path[0], OPTIONS) != 0 && !strstr(fact->path[PLACE_WHEN], "down");
}

/* The commands of an interface are one script. */
int ifupdown_take(struct conversion *conversion)
{
	const struct fact_list *facts = &conversion->facts;
	int r = 0;

	for (size_t i = 0, end; r >= 0 && i < facts->count; i = end) {
		const char *interface = facts->items[i].path[PLACE_INTERFACE];

		end = i + 1;
		if (!is_for_up(&facts->items[i]))
			continue;
		while (end < facts->count && is_for_up(&facts->items[end]) &&
		       facts->items[end].path[PLACE_INTERFACE] == interface)
			end++;
		r = script_run(conversion, "IFACE", interface, i, end);
	}
	if (r >= 0)
		r = conversion_take(conversion, rows);
	return r < 0 ? r : command_finish(conversion);
}
