/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/reading.h"

#include <json-c/json_object.h>
#include <string.h>

void reading_free(struct reading *self)
{
	if (!self)
		return;
	pf_list_clear(&self->pfs);
	text_clear(&self->problem);
	json_object_put(self->told);
	free(self->times);
	free(self);
}

long reading_find(const struct reading *self, const char *handle)
{
	for (size_t i = 0; i < self->pfs.count; i++)
		if (!strcmp(self->pfs.items[i]->handle, handle))
			return (long)i;
	return -1;
}

static const char *get_text(struct json_object *object, const char *key)
{
	return json_object_get_string(json_object_object_get(object, key));
}

/* Whether it is of the VFs that the PF has now. */
static bool is_of(struct json_object *told, const struct pf *pf)
{
	struct json_object *vfs = json_object_object_get(told, "vfs");
	struct json_object *actual = json_object_object_get(vfs, "actual");

	return !actual || json_object_get_int64(actual) == pf->n_vfs;
}

struct json_object *reading_told(const struct reading *self, const struct pf *pf)
{
	struct json_object *pfs = json_object_object_get(self->told, "pfs");
	size_t count = pfs ? json_object_array_length(pfs) : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *told = json_object_array_get_idx(pfs, i);
		const char *handle = get_text(told, "handle");

		if (handle && !strcmp(handle, pf->handle))
			return is_of(told, pf) ? told : NULL;
	}
	return NULL;
}

static void add_those_missing(const struct reading *from, const struct reading *in,
			      const char *words, struct text *out)
{
	for (size_t i = 0; i < from->pfs.count; i++) {
		const struct pf *pf = from->pfs.items[i];

		if (reading_find(in, pf->handle) >= 0)
			continue;
		text_append(out, out->length ? ", " : "");
		text_append_quoted(out, pf_name(pf));
		text_append(out, words);
	}
}

void reading_compare(const struct reading *before, const struct reading *now, struct text *out)
{
	if (!before)
		return;
	add_those_missing(before, now, " is gone", out);
	add_those_missing(now, before, " has come", out);
}
