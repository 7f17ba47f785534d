/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* libvirt notes the settings that a VF had before it gave it to a guest in a file that is called by
 * the PF's network device and the VF's number (virHostdevManager in src/util/virhostdev.c,
 * virNetDevSaveNetConfig() in src/util/virnetdev.c). */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/holder/traces.h"
#include "util/directory.h"

#define RECORDS "/run/libvirt/hostdevmgr"

/* The name of the network device, and the number of the VF, that a record is called by; false for a
 * file that is no record. */
static bool parse_name(const char *record, char *ret_ifname, size_t size, unsigned long *ret_index)
{
	const char *mark = NULL;
	char *end;

	for (const char *p = record; (p = strstr(p, "_vf")); p++)
		mark = p;
	if (!mark || mark == record || (size_t)(mark - record) >= size)
		return false;
	*ret_index = strtoul(mark + strlen("_vf"), &end, 10);
	memcpy(ret_ifname, record, (size_t)(mark - record));
	ret_ifname[mark - record] = '\0';
	return end > mark + strlen("_vf") && !*end;
}

/* Of a card with several ports on one function it is that of any port. */
static bool is_port(const struct inquiry *inquiry, const char *ifname)
{
	const struct names *names = &inquiry->pf->other_names;

	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->items[i], ifname))
			return true;
	return false;
}

/* Whether it is of a VF of this PF. The PF keeps its record when it gets another name, and so one
 * that is of no network device which is here now may be of any. 1; 0; or -errno. */
static int is_ours(const struct inquiry *inquiry, const char *ifname)
{
	unsigned ifindex;
	int r;

	if (is_port(inquiry, ifname))
		return 1;
	r = rtnl_find_ifindex(inquiry->rtnl, ifname, &ifindex);
	if (r == -ENODEV)
		return 1;
	return r < 0 ? r : ifindex == inquiry->pf->ifindex;
}

static int hold(struct inquiry *inquiry, const struct trace *trace, unsigned long index,
		const char *record)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);

	while (candidate && candidate->vf->index != index)
		candidate = inquiry_next(inquiry, trace, candidate);
	if (!candidate)
		return 0;
	return inquiry_hold(
		candidate, "libvirt",
		arena_printf(inquiry->arena, "libvirt, as noted in " RECORDS "/%s", record));
}

int libvirt_find(struct inquiry *inquiry, const struct trace *trace)
{
	const char **records;
	char ifname[256];
	unsigned long index;
	size_t count = 0;
	int r = directory_list(AT_FDCWD, RECORDS, inquiry->arena, &records, &count);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (!parse_name(records[i], ifname, sizeof(ifname), &index))
			continue;
		r = is_ours(inquiry, ifname);
		if (r > 0)
			r = hold(inquiry, trace, index, records[i]);
	}
	return r;
}
