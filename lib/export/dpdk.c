/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/dpdk.h"

#include <string.h>

#include "model/driver.h"
#include "util/cleanup.h"

/* Whether a program can drive what that driver has. */
static bool may_drive(const char *driver)
{
	static const char *const drivers[] = { "uio_pci_generic", "igb_uio", "mlx4_core",
					       "mlx5_core" };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (strcmp(driver, drivers[i]) == 0)
			return true;
	return driver_is_vfio(driver);
}

/* Why not; NULL: it may be. */
static const char *find_reason(const struct vf *vf)
{
	const char *driver = exported_driver(vf);
	struct pci_address address;

	if (!exported_address(vf, &address))
		return "it has no PCI address";
	if (vf_is_held(vf))
		return "somebody uses it";
	if (!driver)
		return "no driver has it; DPDK needs vfio-pci on it";
	return may_drive(driver) ? NULL
				 : "a driver of the kernel has it; DPDK needs vfio-pci on it";
}

/* Appends those of the group to a line of which there is so much, and returns how much there is. */
static size_t append_group(const struct group *group, struct export *export, size_t count)
{
	for (size_t i = 0; i < group->count; i++) {
		const char *reason = find_reason(group->members[i].vf);

		if (reason)
			exported_note_vf(export, &group->members[i], reason);
		else
			text_printf(export->out, "%s-a %s", count++ ? " " : "",
				    group->members[i].vf->address);
	}
	return count;
}

static void end_line(struct export *export, size_t count)
{
	text_append(export->out, count ? "\n" : "");
	export->count += count;
}

void dpdk_write(const struct groups *groups, struct export *export)
{
	size_t count = 0;

	for (size_t i = 0; i < groups->count; i++)
		if (!groups->items[i].is_pool)
			count = append_group(&groups->items[i], export, count);
	end_line(export, count);
	for (size_t i = 0; i < groups->count; i++)
		if (groups->items[i].is_pool)
			end_line(export, append_group(&groups->items[i], export, 0));
}
