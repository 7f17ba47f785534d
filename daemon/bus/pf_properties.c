/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/pf_properties.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "bus/pf_objects.h"
#include "bus/request_notice.h"

static const struct pass *pass_of(const struct pf_object *object)
{
	return pf_object_pass(object, pf_objects_reconciler(object->objects, object));
}

static int get_in_use(sd_bus *bus, const char *path, const char *interface, const char *property,
		      sd_bus_message *reply, void *context, sd_bus_error *error)
{
	struct pf_object *object = context;
	const struct pass *pass = pass_of(object);
	const struct reconciler *reconciler = pf_objects_reconciler(object->objects, object);
	int r = sd_bus_message_open_container(reply, 'a', "(us)");

	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	for (uint32_t i = 0; r >= 0 && pass && i < pass->observed->n_vfs; i++) {
		struct holder holder = pf_object_holder(object, reconciler, i);

		if (holder.details)
			r = sd_bus_message_append(reply, "(us)", i,
						  holder.use ? holder.use : "in use");
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int get_request(sd_bus *bus, const char *path, const char *interface, const char *property,
		       sd_bus_message *reply, void *context, sd_bus_error *error)
{
	(void)bus, (void)path, (void)interface, (void)property, (void)error;
	return request_notice_append(pass_of(context), reply);
}

static bool is_same_text(const void *a, const void *b)
{
	const char *text_a = *(char *const *)a, *text_b = *(char *const *)b;

	/* NULL: there was no snapshot yet. */
	return text_a && text_b && !strcmp(text_a, text_b);
}

static bool is_same_u32(const void *a, const void *b)
{
	return *(const uint32_t *)a == *(const uint32_t *)b;
}

static bool is_same_u64(const void *a, const void *b)
{
	return *(const uint64_t *)a == *(const uint64_t *)b;
}

#define MEMBER(name) offsetof(struct snapshot, name)
#define CHANGES	     SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE

/* In the order in which introspection shows them. */
static const struct property {
	const char *name, *type;
	sd_bus_property_get_t get; /* NULL: it is the member of the snapshot */
	size_t member;		   /* of the snapshot, which changes when the property does */
	bool (*is_same)(const void *a, const void *b); /* of two such members */
	uint64_t flags : 56;			       /* as wide as in sd_bus_vtable */
} properties[PF_PROPERTIES_COUNT] = {
	{ "Interface", "s", NULL, MEMBER(interface), is_same_text, CHANGES },
	{ "Driver", "s", NULL, MEMBER(driver), is_same_text, CHANGES },
	{ "State", "s", NULL, MEMBER(state), is_same_text, CHANGES },
	{ "Reason", "s", NULL, MEMBER(reason), is_same_text, CHANGES },
	{ "VFs", "u", NULL, MEMBER(n_vfs), is_same_u32, CHANGES },
	{ "LinkSpeed", "u", NULL, MEMBER(speed), is_same_u32, CHANGES },
	{ "InUse", "a(us)", get_in_use, MEMBER(uses), is_same_u64, CHANGES },
	{ "Corrections", "u", NULL, MEMBER(corrections), is_same_u32, CHANGES },
	{ "CallSince", "t", NULL, MEMBER(call_since.usec), is_same_u64, CHANGES },
	{ "NextRetry", "t", NULL, MEMBER(next_retry.usec), is_same_u64, CHANGES },
	{ "PausedUntil", "t", NULL, MEMBER(paused_until), is_same_u64, CHANGES },
	{ "PendingDisruption", "(sau)", get_request, MEMBER(request), is_same_u64, CHANGES },
	{ "Revision", "t", NULL, MEMBER(revision), is_same_u64, CHANGES },
};

void pf_properties_fill(sd_bus_vtable rows[static PF_PROPERTIES_COUNT])
{
	for (size_t i = 0; i < PF_PROPERTIES_COUNT; i++) {
		const struct property *property = &properties[i];
		size_t member = offsetof(struct pf_object, snapshot) + property->member;

		/* sd-bus adds the offset to what it gives a getter, too. */
		rows[i] = (sd_bus_vtable)SD_BUS_PROPERTY(property->name, property->type,
							 property->get, property->get ? 0 : member,
							 property->flags);
	}
}

uint32_t pf_properties_compare(const struct snapshot *a, const struct snapshot *b)
{
	uint32_t which = 0;

	for (size_t i = 0; i < PF_PROPERTIES_COUNT; i++) {
		const struct property *property = &properties[i];

		if (!property->is_same((const char *)a + property->member,
				       (const char *)b + property->member))
			which |= UINT32_C(1) << i;
	}
	return which;
}

void pf_properties_names(uint32_t which, char *ret_names[static PF_PROPERTIES_COUNT + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < PF_PROPERTIES_COUNT; i++)
		if (which & (UINT32_C(1) << i))
			ret_names[count++] = (char *)properties[i].name;
	ret_names[count] = NULL;
}
