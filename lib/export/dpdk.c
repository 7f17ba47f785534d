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

void dpdk_write(const struct pf *const *pfs, size_t count, struct export *export)
{
	for (size_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < pfs[i]->n_vfs; k++) {
			const struct vf *vf = &pfs[i]->vfs[k];
			const char *reason = find_reason(vf);

			if (reason) {
				exported_note_vf(export, pfs[i], vf, reason);
				continue;
			}
			text_printf(export->out, "%s-a %s", export->count++ ? " " : "",
				    vf->address);
		}
	}
	if (export->count)
		text_append(export->out, "\n");
}
