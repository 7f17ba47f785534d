/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "topology/palette.h"

#include "topology/words.h"

/* Of those that are in use fill and stroke are the same, whose VF stands out for it. */
const struct paint_row paints[PAINT_COUNT] = {
	[PAINT_PAGE] = { "page",
			 { "#ffffff", "#818b98", "#1f2328" },
			 { "#0d1117", "#6e7681", "#e6edf3" } },
	[PAINT_NUMA_NODE] = { "numa-node",
			      { "#f6f8fa", "#d1d9e0", "#59636e" },
			      { "#151b23", "#3d444d", "#9198a1" } },
	[PAINT_PORT] = { "port",
			 { "#e6eaef", "#818b98", "#1f2328" },
			 { "#2a313c", "#6e7681", "#e6edf3" } },
	[PAINT_PF] = { "pf",
		       { "#ddf4ff", "#0969da", "#1f2328" },
		       { "#12304f", "#4493f8", "#e6edf3" } },
	[PAINT_KERNEL] = { "kernel",
			   { "#dafbe1", "#1a7f37", "#1f2328" },
			   { "#14361f", "#3fb950", "#e6edf3" },
			   "driver of the kernel" },
	[PAINT_KERNEL_USED] = { "kernel-used",
				{ "#1a7f37", "#1a7f37", "#ffffff" },
				{ "#3fb950", "#3fb950", "#0d1117" },
				"driver of the kernel, in use" },
	[PAINT_VFIO] = { "vfio",
			 { "#f0e8ff", "#8250df", "#1f2328" },
			 { "#2c2150", "#ab8bf5", "#e6edf3" },
			 "vfio" },
	[PAINT_VFIO_USED] = { "vfio-used",
			      { "#8250df", "#8250df", "#ffffff" },
			      { "#ab8bf5", "#ab8bf5", "#0d1117" },
			      "vfio, in use" },
	[PAINT_NO_DRIVER] = { "no-driver",
			      { "#ffffff", "#818b98", "#1f2328" },
			      { "#0d1117", "#6e7681", "#e6edf3" },
			      "no driver" },
	[PAINT_NO_DRIVER_USED] = { "no-driver-used",
				   { "#59636e", "#59636e", "#ffffff" },
				   { "#9198a1", "#9198a1", "#0d1117" },
				   "no driver, in use" },
	[PAINT_UNTOLD] = { "untold",
			   { "#fff8c5", "#9a6700", "#1f2328" },
			   { "#3b2f0b", "#d29922", "#e6edf3" },
			   "cannot be told",
			   .dashed = true },
};

enum paint paint_of_vf(const struct vf *vf)
{
	const struct value *driver = VALUES_GET(&vf->settings, VF_DRIVER);
	enum paint paint = PAINT_NO_DRIVER;

	if (!driver || words_is_untold(&vf->holder))
		return PAINT_UNTOLD;
	if (vf_has_vfio(vf))
		paint = PAINT_VFIO;
	else if (vf_is_bound(vf))
		paint = PAINT_KERNEL;
	return paint + vf_is_held(vf);
}
