/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/conversion.h"

#include <errno.h>

#include "util/text.h"

struct fate *conversion_fate(const struct conversion *conversion, const struct fact *fact)
{
	return &conversion->fates[fact - conversion->facts.items];
}

bool conversion_is_told(const struct conversion *conversion, const struct fact *fact)
{
	const struct fate *fate = conversion_fate(conversion, fact);

	return fate->carried || fate->noted;
}

void conversion_carry(struct conversion *conversion, const struct fact *fact)
{
	conversion_fate(conversion, fact)->carried = true;
}

void conversion_claim(struct conversion *conversion, struct draft *draft)
{
	const struct document *document = draft->first->origin.document;

	for (size_t i = 0; i < conversion->facts.count; i++)
		if (!conversion->fates[i].draft &&
		    conversion->facts.items[i].origin.document == document)
			conversion->fates[i].draft = draft;
}

int conversion_note(struct conversion *conversion, const struct fact *fact, const char *words)
{
	const char *copy = words ? text_make_printable(words, conversion->arena) : NULL;
	int r = arena_grow(conversion->arena, &conversion->notes, conversion->n_notes,
			   &conversion->notes_capacity, sizeof(*conversion->notes));

	if (r < 0 || !copy)
		return -ENOMEM;
	conversion->notes[conversion->n_notes++] = (struct note){ fact, copy };
	conversion_fate(conversion, fact)->noted = true;
	return 0;
}

static int take(struct conversion *conversion, const struct fact *fact, size_t base,
		const struct key_row *rows)
{
	struct fact below = *fact;

	below.path += base;
	below.depth -= base;
	for (const struct key_row *row = rows; row->path; row++) {
		if (!fact_fits(&below, row->path))
			continue;
		if (row->take)
			return row->take(conversion, fact, row);
		return conversion_note(conversion, fact, row->why);
	}
	return conversion_note(conversion, fact, "sriovctl does not know the key");
}

int conversion_take_below(struct conversion *conversion, const struct key_row *rows,
			  size_t (*base_of)(const struct conversion *conversion,
					    const struct fact *fact))
{
	const struct fact_list *facts = &conversion->facts;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (!conversion_is_told(conversion, fact))
			r = take(conversion, fact, base_of ? base_of(conversion, fact) : 0, rows);
		if (r >= 0 && !conversion_is_told(conversion, fact))
			r = conversion_note(conversion, fact, "nothing came of it");
	}
	return r;
}

int conversion_take(struct conversion *conversion, const struct key_row *rows)
{
	return conversion_take_below(conversion, rows, NULL);
}

const char *conversion_place(struct conversion *conversion, const struct fact *fact)
{
	const char *place = arena_printf(conversion->arena, "%s:%u", fact->origin.document->name,
					 fact->origin.line);

	return place ? text_quote(place, conversion->arena) : NULL;
}
