/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/journal.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "memory.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(sd_journal *, sd_journal_close);

#define UNIT "sriovd.service"

/* As journalctl -u: the unit's own messages, and those that root has sent for it. */
static int match_unit(sd_journal *journal)
{
	int r = sd_journal_add_match(journal, "_SYSTEMD_UNIT=" UNIT, 0);

	if (r >= 0)
		r = sd_journal_add_disjunction(journal);
	if (r >= 0)
		r = sd_journal_add_match(journal, "OBJECT_SYSTEMD_UNIT=" UNIT, 0);
	if (r >= 0)
		r = sd_journal_add_match(journal, "_UID=0", 0);
	return r;
}

/* Its value, in arena; NULL: there is none. */
static const char *read_field(sd_journal *journal, const char *name, struct arena *arena)
{
	const void *data;
	size_t length, begin = strlen(name) + 1;

	if (sd_journal_get_data(journal, name, &data, &length) < 0 || length < begin)
		return NULL;
	return MEMORY_REQUIRE(arena_strndup(arena, (const char *)data + begin, length - begin));
}

static void read_line(sd_journal *journal, struct arena *arena, struct journal_line *ret)
{
	const struct {
		const char *name, **value;
	} fields[] = {
		{ "MESSAGE", &ret->message }, { "PF", &ret->pf },     { "VF", &ret->vf },
		{ "RULE", &ret->rule },	      { "STEP", &ret->step }, { "EVENT", &ret->event },
	};

	*ret = (struct journal_line){ 0 };
	(void)sd_journal_get_realtime_usec(journal, &ret->usec);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		*fields[i].value = read_field(journal, fields[i].name, arena);
}

/* Whether some of the journal can be read at all: what may not be is passed over without a word. */
static bool has_any(sd_journal *journal)
{
	sd_journal_flush_matches(journal);
	return sd_journal_seek_head(journal) >= 0 && sd_journal_next(journal) > 0;
}

int journal_read(uint64_t since_usec, void (*each)(void *context, const struct journal_line *line),
		 void *context)
{
	CLEANUP(sd_journal_close_cleanup) sd_journal *journal = NULL;
	int r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY), count = 0;

	if (r >= 0)
		r = match_unit(journal);
	if (r >= 0)
		r = sd_journal_seek_realtime_usec(journal, since_usec);
	while (r >= 0 && (r = sd_journal_next(journal)) > 0) {
		CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
		struct journal_line line;

		read_line(journal, arena, &line);
		/* Where the clock was set back entries are not in order of time. */
		if (!line.message || line.usec < since_usec)
			continue;
		each(context, &line);
		count++;
	}
	if (r >= 0 && !count && !has_any(journal))
		return -EACCES;
	return r < 0 ? r : count;
}
