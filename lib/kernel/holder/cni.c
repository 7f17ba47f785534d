/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sriov-cni notes a VF that it gives to a pod, in its default directory
 * (pkg/utils/pci_allocator.go): first in an empty file, which is locked while the plugin is at
 * work, and then by the path of the pod's network namespace in it. A record whose namespace is
 * gone, as after a boot, is void for the plugin, and here. */

#include <errno.h>

#include "kernel/holder/traces.h"
#include "kernel/privileged/cni_record.h"
#include "kernel/privileged/lookup.h"

static bool is_void(const struct query *record)
{
	return !(record->number & CNI_RECORD_LOCKED) &&
	       record->number & (CNI_RECORD_EMPTY | CNI_RECORD_GONE);
}

/* The plugin takes it away when it wants the VF next. */
static int note_void(struct inquiry *inquiry, struct candidate *candidate,
		     const struct query *record)
{
	const char *why = record->number & CNI_RECORD_EMPTY ? "it is empty, and not locked"
							    : "its network namespace is gone";

	candidate->holder->remark = arena_printf(inquiry->arena, CNI_RECORDS "/%s is void, as %s",
						 candidate->address, why);
	return candidate->holder->remark ? 0 : -ENOMEM;
}

static int judge(struct inquiry *inquiry, const struct trace *trace, struct candidate *candidate,
		 const struct query *record)
{
	if (record->error)
		return inquiry_hold_unknown(inquiry, candidate, trace, record->error);
	if (!record->there)
		return 0;
	if (is_void(record))
		return note_void(inquiry, candidate, record);
	return inquiry_hold(
		candidate, "a container",
		arena_printf(inquiry->arena, "a container at %s, as noted in " CNI_RECORDS "/%s",
			     record->text ? record->text : "an unknown place", candidate->address));
}

int cni_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *first = inquiry_next(inquiry, trace, NULL), *candidate;
	struct query *records = arena_array(inquiry->arena, inquiry->count, sizeof(*records));
	size_t count = 0;
	int r = records ? 0 : -ENOMEM;

	for (candidate = first; r >= 0 && candidate;
	     candidate = inquiry_next(inquiry, trace, candidate)) {
		records[count].kind = QUERY_CNI_RECORD;
		r = query_of_address(candidate->address, &records[count++].of);
	}
	if (r >= 0)
		r = lookup(records, count, inquiry->arena);
	count = 0;
	for (candidate = first; r >= 0 && candidate;
	     candidate = inquiry_next(inquiry, trace, candidate))
		r = judge(inquiry, trace, candidate, &records[count++]);
	return r;
}
