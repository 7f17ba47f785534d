/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/diagnostic.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/excerpt.h"
#include "util/spelling.h"

/* Width of the line number before an excerpt. */
#define GUTTER 5

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_NOTE] = "note",
	};

	return names[severity];
}

void diagnostics_clear(struct diagnostics *list)
{
	arena_free(list->arena);
	*list = (struct diagnostics){ 0 };
}

static bool equal_strings(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_place(const struct origin *a, const struct origin *b)
{
	if (a->line != b->line || a->column != b->column)
		return false;
	return equal_strings(a->document ? a->document->name : NULL,
			     b->document ? b->document->name : NULL);
}

static bool is_known(const struct diagnostics *list, const struct origin *origin,
		     const char *message)
{
	for (size_t i = 0; i < list->count; i++)
		if (same_place(&list->items[i].origin, origin) &&
		    strcmp(list->items[i].message, message) == 0)
			return true;
	return false;
}

/* A document that has only the name; the last diagnostic's where it is the same. */
static const struct document *copy_document(struct diagnostics *list,
					    const struct document *document)
{
	const struct diagnostic *last = list->count ? &list->items[list->count - 1] : NULL;
	struct document *copy;

	if (last && last->origin.document &&
	    equal_strings(last->origin.document->name, document->name))
		return last->origin.document;
	copy = arena_alloc(list->arena, sizeof(*copy));
	if (!copy)
		return NULL;
	copy->text = "";
	copy->name = arena_strdup(list->arena, document->name ? document->name : "");
	return copy->name ? copy : NULL;
}

/* A text that is no longer than it may be; NULL stays NULL. */
static int copy_text(struct diagnostics *list, const char *text, const char **ret)
{
	if (text) {
		text = arena_strndup(list->arena, text, strnlen(text, DIAGNOSTIC_MESSAGE_MAX));
		if (!text)
			return -ENOMEM;
	}
	*ret = text;
	return 0;
}

/* The place, with the line that it is in: the item's own, or else as it stands in the document. */
static int copy_place(struct diagnostics *list, const struct diagnostic *item,
		      struct diagnostic *ret)
{
	ret->origin = item->origin;
	if (!item->origin.document)
		return 0;
	ret->origin.document = copy_document(list, item->origin.document);
	if (!ret->origin.document)
		return -ENOMEM;
	if (item->excerpt) {
		if (copy_text(list, item->excerpt, &ret->excerpt) < 0)
			return -ENOMEM;
		ret->caret = strnlen(ret->excerpt, item->caret);
		return 0;
	}
	return excerpt_make(&item->origin, list->arena, &ret->excerpt, &ret->caret);
}

static int append(struct diagnostics *list, const struct diagnostic *item)
{
	struct diagnostic copy = { .severity = item->severity };
	int r = list->arena ? 0 : arena_new(&list->arena);

	if (r >= 0)
		r = copy_text(list, item->message, &copy.message);
	if (r >= 0)
		r = copy_text(list, item->hint, &copy.hint);
	if (r >= 0)
		r = copy_place(list, item, &copy);
	if (r >= 0)
		r = arena_grow(list->arena, &list->items, list->count, &list->capacity,
			       sizeof(copy));
	if (r < 0)
		return r;
	list->items[list->count++] = copy;
	return 0;
}

/* Drops the last that is no error, so that others never hide errors. Whether there was one. */
static bool drop_other(struct diagnostics *list)
{
	for (size_t i = list->count; i-- > 0;) {
		if (list->items[i].severity == SEVERITY_ERROR)
			continue;
		list->count--;
		memmove(&list->items[i], &list->items[i + 1],
			(list->count - i) * sizeof(*list->items));
		list->dropped++;
		return true;
	}
	return false;
}

void diagnostics_add(struct diagnostics *list, const struct diagnostic *item)
{
	bool error = item->severity == SEVERITY_ERROR;

	if (list->count < DIAGNOSTICS_MAX || (error && drop_other(list))) {
		if (is_known(list, &item->origin, item->message))
			return;
		if (append(list, item) < 0)
			list->failed = true;
	} else {
		list->dropped++;
	}
	if (error)
		list->errors++;
}

__attribute__((__format__(__printf__, 5, 0))) static void report(
	struct diagnostics *list, enum severity severity, const struct origin *origin,
	const char *hint, const char *format, va_list arguments)
{
	char message[DIAGNOSTIC_MESSAGE_MAX + 1];
	struct diagnostic item = { .severity = severity, .message = message, .hint = hint };

	if (origin)
		item.origin = *origin;
	(void)vsnprintf(message, sizeof(message), format, arguments);
	diagnostics_add(list, &item);
}

void diagnostics_report(struct diagnostics *list, enum severity severity,
			const struct origin *origin, const char *hint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(list, severity, origin, hint, format, arguments);
	va_end(arguments);
}

int diagnostics_error(struct diagnostics *list, const struct origin *origin, const char *hint,
		      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(list, SEVERITY_ERROR, origin, hint, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

bool diagnostics_are_enough(const struct diagnostics *list)
{
	return list->errors >= DIAGNOSTICS_ERRORS_MAX;
}

size_t diagnostics_count(const struct diagnostics *list, enum severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].severity == severity;
	return count;
}

void diagnostics_remove(struct diagnostics *list, enum severity severity)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].severity != severity)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

/* The position of the first report about the document. */
static size_t document_rank(const struct diagnostics *list, const struct document *document)
{
	size_t i = 0;

	while (document && !(list->items[i].origin.document &&
			     equal_strings(list->items[i].origin.document->name, document->name)))
		i++;
	return document ? i + 1 : 0;
}

struct ranked {
	size_t rank, position;
	struct diagnostic item;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	const struct origin *l = &left->item.origin, *r = &right->item.origin;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	if (l->line != r->line)
		return l->line < r->line ? -1 : 1;
	if (l->column != r->column)
		return l->column < r->column ? -1 : 1;
	return left->position < right->position ? -1 : 1;
}

void diagnostics_sort(struct diagnostics *list)
{
	struct ranked ranked[DIAGNOSTICS_MAX];

	for (size_t i = 0; i < list->count; i++) {
		ranked[i].item = list->items[i];
		ranked[i].rank = document_rank(list, list->items[i].origin.document);
		ranked[i].position = i;
	}
	qsort(ranked, list->count, sizeof(*ranked), compare_ranked);
	for (size_t i = 0; i < list->count; i++)
		list->items[i] = ranked[i].item;
}

static void format_excerpt(const struct diagnostic *diagnostic, struct text *out)
{
	text_printf(out, "%*u | ", GUTTER, diagnostic->origin.line);
	text_append_escaped(out, diagnostic->excerpt);
	text_printf(out, "\n%*s | ", GUTTER, "");
	text_printf(out, "%*s^\n", (int)excerpt_width(diagnostic->excerpt, diagnostic->caret), "");
}

static void format_item(const struct diagnostic *diagnostic, struct text *out)
{
	const struct origin *origin = &diagnostic->origin;

	if (origin->document) {
		text_append_quoted(out, origin->document->name);
		if (origin->line)
			text_printf(out, ":%u:%u", origin->line, origin->column);
		text_append(out, ": ");
	}
	text_printf(out, "%s: ", severity_name(diagnostic->severity));
	text_append_escaped(out, diagnostic->message);
	text_append(out, "\n");
	if (diagnostic->excerpt)
		format_excerpt(diagnostic, out);
	if (diagnostic->hint) {
		text_append(out, "  hint: ");
		text_append_escaped(out, diagnostic->hint);
		text_append(out, "\n");
	}
}

void diagnostics_format(const struct diagnostics *list, struct text *out)
{
	for (size_t i = 0; i < list->count; i++)
		format_item(&list->items[i], out);
	if (list->dropped)
		text_printf(out, "%zu more not shown\n", list->dropped);
}

const char *diagnostic_quote(const char *string, char buffer[static DIAGNOSTIC_QUOTE_SIZE])
{
	static const char ending[] = "...'";
	const size_t room = DIAGNOSTIC_QUOTE_SIZE - sizeof(ending) - 1;
	size_t length = strnlen(string, room + 1);
	bool whole = length <= room;

	if (!whole)
		length = excerpt_boundary(string, room);
	buffer[0] = '\'';
	memcpy(buffer + 1, string, length);
	strcpy(buffer + 1 + length, whole ? "'" : ending);
	return buffer;
}

const char *diagnostic_suggest(const char *word, const char *const *candidates, size_t count)
{
	const char *nearest = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t distance = spelling_distance(word, candidates[i]);
		size_t length =
			strlen(word) > strlen(candidates[i]) ? strlen(word) : strlen(candidates[i]);

		/* A third of the letters may be wrong, in a short word one. */
		if (distance < least && distance <= (length < 6 ? 1 : length / 3)) {
			nearest = candidates[i];
			least = distance;
		}
	}
	return nearest;
}
