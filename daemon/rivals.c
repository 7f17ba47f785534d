/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rivals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "foreign/rival.h"
#include "policy/desired.h"

/* Strings in the order in which they came; freed with it. */
struct strings {
	char **items;
	size_t count;
};

struct rivals {
	const char *root;
	struct log *log;
	struct strings looked; /* handles of PFs */
	struct strings told;   /* a handle and a message each */
};

static void strings_clear(struct strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		free(strings->items[i]);
	free(strings->items);
	*strings = (struct strings){ 0 };
}

static bool strings_contain(const struct strings *strings, const char *string)
{
	for (size_t i = 0; i < strings->count; i++)
		if (!strcmp(strings->items[i], string))
			return true;
	return false;
}

/* Whether it is new. Without memory it is: better said twice than never. */
static bool strings_add(struct strings *strings, const char *string)
{
	char **items, *copy;

	if (strings_contain(strings, string))
		return false;
	items = reallocarray(strings->items, strings->count + 1, sizeof(*items));
	if (!items)
		return true;
	strings->items = items;
	copy = strdup(string);
	if (copy)
		strings->items[strings->count++] = copy;
	return true;
}

int rivals_new(const char *root, struct log *log, struct rivals **ret)
{
	struct rivals *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	self->root = root;
	self->log = log;
	*ret = self;
	return 0;
}

void rivals_free(struct rivals *self)
{
	if (!self)
		return;
	strings_clear(&self->looked);
	strings_clear(&self->told);
	free(self);
}

static bool is_enforced(const struct desired *desired)
{
	return desired->n_rules && !desired_is_observe_only(desired);
}

static void tell(struct rivals *self, const struct pf *pf, const char *rival)
{
	const struct log_fields fields = { .pf = pf_name(pf) };
	CLEANUP_TEXT struct text key = { 0 };

	text_printf(&key, "%s %s", pf->handle, rival);
	if (!key.failed && strings_add(&self->told, text_string(&key)))
		log_message(self->log, LOG_WARNING, &fields, "%s: %s", fields.pf, rival);
}

void rivals_look(struct rivals *self, const struct pass *pass)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	const struct pf *pf = pass->observed;
	const char **found;
	size_t count = 0;

	/* udev has to be done with the network device to tell of its file. */
	if (!is_enforced(pass->desired) || pf->settling || !pf->ifname ||
	    !strings_add(&self->looked, pf->handle))
		return;
	if (arena_new(&arena) < 0 || rival_find(self->root, pf, arena, &found, &count) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		tell(self, pf, found[i]);
}

void rivals_look_again(struct rivals *self)
{
	strings_clear(&self->looked);
}
