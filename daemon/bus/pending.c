/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/pending.h"

#include <errno.h>
#include <json-c/json_object.h>

void pending_init(struct pending *self, const struct pending_type *type,
		  struct access_request *request)
{
	self->type = type;
	self->request = request;
}

void pending_free(struct pending *self)
{
	sd_event_source_disable_unref(self->timer);
	self->type->free(self);
}

static void end(struct pending *self)
{
	access_request_free(self->request);
	pending_free(self);
}

static void unlink_from_list(struct pending *self)
{
	struct pending **place = self->list;

	while (*place != self)
		place = &(*place)->next;
	*place = self->next;
}

static void answer(struct pending *self)
{
	struct json_object *document = self->type->document(self);
	int r = -ENOMEM;

	unlink_from_list(self);
	if (document)
		r = sd_bus_reply_method_return(
			self->request->message, "s",
			json_object_to_json_string_ext(
				document, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	/* Whoever asks is to hear of it: it would wait for its time to be over. */
	if (r < 0)
		(void)sd_bus_reply_method_errno(self->request->message, r, NULL);
	json_object_put(document);
	end(self);
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *context)
{
	struct pending *self = context;

	(void)source;
	(void)usec;
	self->over = true;
	if (self->type->update(self))
		answer(self);
	return 0;
}

int pending_set_timer(struct pending *self, sd_event *event, uint64_t time_us, uint64_t accuracy_us)
{
	return sd_event_add_time_relative(event, &self->timer, CLOCK_MONOTONIC, time_us,
					  accuracy_us, on_timeout, self);
}

void pending_add(struct pending **list, struct pending *self)
{
	self->list = list;
	self->next = *list;
	*list = self;
	pending_check(list);
}

void pending_check(struct pending **list)
{
	struct pending *next;

	for (struct pending *self = *list; self; self = next) {
		next = self->next;
		if (self->type->update(self))
			answer(self);
	}
}

void pending_clear(struct pending **list, sd_bus *bus)
{
	struct pending *next;

	for (struct pending *self = *list; self; self = next) {
		next = self->next;
		if (sd_bus_message_get_bus(self->request->message) != bus)
			continue;
		unlink_from_list(self);
		end(self);
	}
}
