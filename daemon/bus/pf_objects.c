/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/pf_objects.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "document/build.h"
#include "policy/named_pf.h"
#include "report/host.h"
#include "util/bus_names.h"

void pf_objects_clear(struct pf_objects *self)
{
	for (size_t i = 0; i < self->count; i++)
		pf_object_free(self->items[i]);
	free(self->items);
	self->items = NULL;
	self->count = 0;
}

struct pf_object *pf_objects_find(const struct pf_objects *self, const char *handle)
{
	for (size_t i = 0; i < self->count; i++)
		if (!strcmp(self->items[i]->handle, handle))
			return self->items[i];
	return NULL;
}

struct reconciler *pf_objects_reconciler(const struct pf_objects *self,
					 const struct pf_object *object)
{
	return reconcilers_find(manager_reconcilers(self->manager), object->handle);
}

static int add(struct pf_objects *self, const char *handle)
{
	/* One a device: the size does not overflow. */
	struct pf_object **items = realloc(self->items, (self->count + 1) * sizeof(*items));
	struct pf_object *object;
	int r;

	if (!items)
		return -ENOMEM;
	self->items = items;
	r = pf_object_new(handle, &object);
	if (r < 0)
		return r;
	object->objects = self;
	items[self->count++] = object;
	return 0;
}

static void forget(struct pf_objects *self, size_t index)
{
	struct pf_object *object = self->items[index];

	self->items[index] = self->items[--self->count];
	self->gone(self->context, object);
	pf_object_free(object);
}

void pf_objects_match(struct pf_objects *self)
{
	const struct reconcilers *reconcilers = manager_reconcilers(self->manager);

	for (size_t i = self->count; i > 0; i--)
		if (!reconcilers_find(reconcilers, self->items[i - 1]->handle))
			forget(self, i - 1);
	for (size_t i = 0; i < reconcilers->count; i++)
		if (!pf_objects_find(self, reconciler_handle(reconcilers->items[i])))
			(void)add(self, reconciler_handle(reconcilers->items[i]));
}

static int select_all(const struct pf_objects *self, const char **handles, size_t *ret_count)
{
	for (size_t i = 0; i < self->count; i++)
		handles[i] = self->items[i]->handle;
	*ret_count = self->count;
	return 0;
}

/* As far as a PF was not looked at yet it has no name but its handle. */
static void list_observed(const struct pf_objects *self, struct pf *unseen, struct pf **pfs)
{
	for (size_t i = 0; i < self->count; i++) {
		const struct pf_object *object = self->items[i];
		const struct pass *pass =
			pf_object_pass(object, pf_objects_reconciler(self, object));

		unseen[i] = (struct pf){ .handle = object->handle,
					 .address = pf_handle_address(object->handle) };
		pfs[i] = pass ? pass->observed : &unseen[i];
	}
}

static int select_words(const struct pf_objects *self, const char *const *words,
			const char **handles, size_t *ret_count, sd_bus_error *error)
{
	CLEANUP_FREE struct pf *unseen = calloc(self->count + 1, sizeof(*unseen));
	CLEANUP_FREE struct pf **pfs = calloc(self->count + 1, sizeof(*pfs));
	size_t count = 0, which;

	if (!unseen || !pfs)
		return -ENOMEM;
	list_observed(self, unseen, pfs);
	for (size_t i = 0; words[i]; i++) {
		CLEANUP_TEXT struct text complaint = { 0 };
		bool twice = false;

		if (!named_pf_find(pfs, self->count, words[i], &which, &complaint)) {
			sd_bus_error_set(error, BUS_ERROR_NO_SUCH_PF, text_string(&complaint));
			return -ENODEV;
		}
		for (size_t k = 0; k < count; k++)
			twice = twice || handles[k] == self->items[which]->handle;
		if (!twice)
			handles[count++] = self->items[which]->handle;
	}
	*ret_count = count;
	return 0;
}

int pf_objects_select(const struct pf_objects *self, const char *const *words, const char ***ret,
		      size_t *ret_count, sd_bus_error *error)
{
	CLEANUP_FREE const char **handles = calloc(self->count + 1, sizeof(*handles));
	int r;

	if (!handles)
		return -ENOMEM;
	if (words && words[0])
		r = select_words(self, words, handles, ret_count, error);
	else
		r = select_all(self, handles, ret_count);
	if (r >= 0)
		*ret = TAKE(handles);
	return r;
}

/* NULL when out of memory. */
static struct json_object *make_document(const struct pf_objects *self,
					 const struct report_source *source,
					 struct json_object *pfs, bool with_unmatched,
					 struct arena *arena)
{
	struct policy *policy = manager_policy(self->manager);
	struct json_object *document = json_object_new_object();
	struct unmatched_list unmatched = { 0 };
	struct left_out_list left_out = { 0 };

	if (policy && with_unmatched &&
	    reconcilers_unmatched(manager_reconcilers(self->manager), policy, arena, &unmatched) <
		    0)
		build_set(&document, "", NULL);
	if (policy && left_out_find(policy, &policy->host, arena, &left_out) < 0)
		build_set(&document, "", NULL);
	report_host(&document, source, pfs, &unmatched, &left_out);
	return document;
}

struct json_object *pf_objects_document(const struct pf_objects *self,
					const struct report_source *source, struct json_object *pfs,
					bool with_unmatched)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;

	if (arena_new(&arena) < 0) {
		json_object_put(pfs);
		return NULL;
	}
	return make_document(self, source, pfs, with_unmatched, arena);
}
