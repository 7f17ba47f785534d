/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/given_note.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "model/given_record.h"
#include "util/file.h"
#include "util/paths.h"
#include "util/runtime.h"

#define DIRECTORY RUNTIME_DIRECTORY "/given"
#define HEADING	  "sriovd given 1"
#define ENDING	  "end"
/* All settings of as many VFs as there can be. */
#define SIZE_LIMIT ((size_t)64 << 20)

/* The notes of one PF. */
struct notes {
	uint64_t instance, vf_instance;
	uint32_t n_vfs;
	struct given_record *records; /* n_vfs */
};

static char *path_of(const char *handle)
{
	return runtime_path(DIRECTORY, handle, "");
}

static int make_records(struct notes *notes, struct arena *arena)
{
	notes->records = arena_array(arena, notes->n_vfs, sizeof(*notes->records));
	return notes->records ? 0 : -ENOMEM;
}

static uint64_t vf_instance_of(const struct pf *pf)
{
	return pf->n_vfs ? pf->vfs[0].instance : 0;
}

static bool are_of(const struct notes *notes, const struct pf *pf)
{
	return notes->instance == pf->instance && notes->vf_instance == vf_instance_of(pf) &&
	       notes->n_vfs == pf->n_vfs;
}

/* "+vlan", "?trust=0123456789abcdef". */
static bool parse_word(char *word, struct given_record *record)
{
	char *hash = word + 1;
	const char *key = strsep(&hash, "=");
	enum vf_setting setting;
	uint64_t before = 0, bit;
	int end = 0;

	if (!strchr("+-?", *word) ||
	    (hash &&
	     (*word != '?' || sscanf(hash, "%16" SCNx64 "%n", &before, &end) != 1 || hash[end])))
		return false;
	setting = vf_setting_find(key);
	if (setting == VF_SETTING_COUNT)
		return true;
	bit = SETTING_BIT(setting);
	*(*word == '+' ? &record->done : *word == '-' ? &record->due : &record->tried) |= bit;
	record->before[setting] = before;
	if (hash)
		record->told |= bit;
	return true;
}

/* "3 +mac +vlan". */
static bool parse_vf(char *line, struct notes *notes)
{
	char *rest = NULL, *word = strtok_r(line, " ", &rest), *end;
	unsigned long vf = word ? strtoul(word, &end, 10) : ULONG_MAX;

	if (!word || *end || end == word || vf >= notes->n_vfs)
		return false;
	while ((word = strtok_r(NULL, " ", &rest)))
		if (!parse_word(word, &notes->records[vf]))
			return false;
	return true;
}

static int parse(char *text, struct arena *arena, struct notes *ret)
{
	char *rest = NULL, *line = strtok_r(text, "\n", &rest);
	int end = 0;

	if (!line || strcmp(line, HEADING) != 0)
		return -EBADMSG;
	line = strtok_r(NULL, "\n", &rest);
	if (!line ||
	    sscanf(line, "%20" SCNu64 " %20" SCNu64 " %5" SCNu32 "%n", &ret->instance,
		   &ret->vf_instance, &ret->n_vfs, &end) != 3 ||
	    line[end] || ret->n_vfs > PF_VFS_MAX)
		return -EBADMSG;
	if (make_records(ret, arena) < 0)
		return -ENOMEM;
	while ((line = strtok_r(NULL, "\n", &rest)) && strcmp(line, ENDING) != 0)
		if (!parse_vf(line, ret))
			return -EBADMSG;
	return line && !strtok_r(NULL, "\n", &rest) ? 0 : -EBADMSG;
}

/* -ENOENT: there are none. */
static int load(const char *handle, struct arena *arena, struct notes *ret)
{
	CLEANUP_FREE char *path = path_of(handle);
	const char *text = NULL;
	char *copy;
	int r = path ? file_read(AT_FDCWD, path, SIZE_LIMIT, arena, &text) : -ENOMEM;

	if (r < 0)
		return r;
	if (!text)
		return -ENOENT;
	copy = arena_strdup(arena, text);
	return copy ? parse(copy, arena, ret) : -ENOMEM;
}

static void format_words(const struct given_record *record, uint64_t mask, char sign,
			 struct text *out)
{
	while (mask) {
		const enum vf_setting i = setting_take(&mask);

		text_printf(out, " %c%s", sign, vf_settings[i].key);
		if (sign == '?' && (record->told & SETTING_BIT(i)))
			text_printf(out, "=%016" PRIx64, record->before[i]);
	}
}

static bool is_anything(const struct given_record *record)
{
	return record->done || record->due || record->tried;
}

static void format(const struct notes *notes, struct text *out)
{
	text_printf(out, HEADING "\n%" PRIu64 " %" PRIu64 " %" PRIu32 "\n", notes->instance,
		    notes->vf_instance, notes->n_vfs);
	for (uint32_t i = 0; i < notes->n_vfs; i++) {
		const struct given_record *record = &notes->records[i];

		if (!is_anything(record))
			continue;
		text_printf(out, "%" PRIu32, i);
		format_words(record, record->done, '+', out);
		format_words(record, record->due, '-', out);
		format_words(record, record->tried, '?', out);
		text_append(out, "\n");
	}
	text_append(out, ENDING "\n");
}

static int replace(const char *handle, const struct text *text)
{
	CLEANUP_FREE char *path = path_of(handle);
	int r = path ? runtime_make(RUNTIME_DIRECTORY) : -ENOMEM;

	if (r >= 0)
		r = runtime_make(DIRECTORY);
	return r < 0 ? r : runtime_replace(path, text->data, text->length);
}

/* The notes of the VFs that pf has, empty where there are none of them. */
static int load_of(const struct pf *pf, struct arena *arena, struct notes *ret)
{
	int r = load(pf->handle, arena, ret);

	if (r < 0 && r != -ENOENT)
		return r;
	if (r >= 0 && are_of(ret, pf))
		return 0;
	*ret = (struct notes){ pf->instance, vf_instance_of(pf), pf->n_vfs, NULL };
	return make_records(ret, arena);
}

int given_note_write(const struct pf *pf, const struct given_note *notes, size_t n_notes)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text text = { 0 };
	struct notes all;
	bool any = false;
	int r = pf->n_vfs ? arena_new(&arena) : given_note_forget(pf->handle);

	if (r >= 0 && !pf->n_vfs)
		return 0;
	if (r >= 0)
		r = load_of(pf, arena, &all);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n_notes; i++)
		if (notes[i].vf < all.n_vfs)
			given_record_note(&all.records[notes[i].vf], &notes[i], pf);
	for (uint32_t i = 0; i < all.n_vfs; i++)
		any = any || is_anything(&all.records[i]);
	if (!any)
		return given_note_forget(pf->handle);
	format(&all, &text);
	return text.failed ? -ENOMEM : replace(pf->handle, &text);
}

int given_note_forget(const char *handle)
{
	CLEANUP_FREE char *path = path_of(handle);

	return path ? runtime_remove(path) : -ENOMEM;
}

int given_note_read(struct pf *pf, bool has_vf_devices)
{
	struct notes notes;
	int r = load(pf->handle, pf->arena, &notes);
	bool untold =
		(r < 0 && r != -ENOENT) || (pf->n_vfs && has_vf_devices && !vf_instance_of(pf));

	if (r == -ENOMEM)
		return r;
	pf->given_stale = pf->n_vfs ? !untold && r >= 0 && !are_of(&notes, pf) : r != -ENOENT;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (untold)
			pf->vfs[i].given.untold = true;
		else if (r >= 0 && !pf->given_stale)
			given_record_read(&notes.records[i], pf, &pf->vfs[i]);
	return 0;
}
