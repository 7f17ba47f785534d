/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A VF that a process has open by a device node. What may change at any time is looked at last: the
 * driver anew, and "enable", which vfio_pci_core_enable() in drivers/vfio/pci/vfio_pci_core.c
 * leaves at 1 while the VF is open, so that it tells of a process that is not to be seen, too. It
 * does not tell of who has the group open and no device of it yet, as a virtual machine that is
 * starting: without who has the nodes open a VF is not free. */

#include <errno.h>
#include <string.h>

#include "kernel/device/sysfs.h"
#include "kernel/holder/traces.h"
#include "kernel/holder/vf_openers.h"
#include "model/driver.h"
#include "util/fd.h"

/* 1; 0; or -errno. */
static int is_enabled_by_vfio(const struct inquiry *inquiry, const struct candidate *candidate)
{
	CLEANUP_FD int fd = inquiry_open(inquiry, candidate);
	const char *driver, *enabled = NULL;
	int r = fd < 0 ? fd : sysfs_read_link(fd, "driver", inquiry->arena, &driver);

	if (r >= 0 && driver && driver_is_vfio(driver))
		r = sysfs_read(fd, "enable", inquiry->arena, &enabled);
	if (r < 0)
		return inquiry_is_absent(r) ? 0 : r;
	return enabled && strcmp(enabled, "0") != 0;
}

static int hold_opened(struct inquiry *inquiry, const struct vf_openers *openers,
		       struct candidate *candidate)
{
	static const struct {
		enum vf_node_kind kind;
		const char *use;
	} kinds[] = {
		{ VF_NODE_VFIO, "vfio" },
		{ VF_NODE_UIO, "uio" },
	};
	const char *opener = NULL;
	int r = 0;

	for (size_t i = 0; r >= 0 && !opener && i < ARRAY_SIZE(kinds); i++) {
		r = vf_openers_get(openers, candidate->vf->index, kinds[i].kind, inquiry->arena,
				   &opener);
		if (r >= 0 && opener)
			r = inquiry_hold(
				candidate, kinds[i].use,
				arena_printf(inquiry->arena, "%s, by %s", kinds[i].use, opener));
	}
	return r;
}

static int judge(struct inquiry *inquiry, const struct vf_openers *openers,
		 struct candidate *candidate)
{
	int r = hold_opened(inquiry, openers, candidate);

	if (r < 0 || candidate_is_held(candidate))
		return r;
	r = is_enabled_by_vfio(inquiry, candidate);
	return r <= 0 ? r
		      : inquiry_hold(candidate, "vfio",
				     "vfio, by a process that is not seen from here");
}

int nodes_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct vf_openers openers;
	int r = vf_openers_find(inquiry->device, inquiry->first, inquiry->n, inquiry->arena,
				&openers);

	for (; r >= 0 && candidate; candidate = inquiry_next(inquiry, trace, candidate))
		r = judge(inquiry, &openers, candidate);
	return r;
}
