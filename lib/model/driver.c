/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/driver.h"

#include <stddef.h>
#include <string.h>

#include "model/setting.h"
#include "util/cleanup.h"

/* Each row with its source, of Linux 6.1 unless another is named; paths are below
 * drivers/net/ethernet/. */
static const struct driver drivers[] = {
	/* bnxt_sriov_configure() in broadcom/bnxt/bnxt_sriov.c answers 0 and makes no VF while the
	 * network device is not running. */
	{ .name = "bnxt_en", .vfs_need_up = true },
	/* i40e_ndo_set_vf_mac() and i40e_ndo_set_vf_port_vlan() in intel/i40e/i40e_virtchnl_pf.c
	 * reset the VF, and so does i40e_ndo_set_vf_trust(), through i40e_vc_reset_vf(). */
	{ .name = "i40e",
	  .resets_vf = SETTING_BIT(VF_MAC) | SETTING_BIT(VF_VLAN) | SETTING_BIT(VF_TRUST) },
	/* ice_eswitch_mode_set() in intel/ice/ice_eswitch.c answers EOPNOTSUPP while there are VFs;
	 * ice_set_vf_mac(), ice_set_vf_port_vlan() and ice_set_vf_trust() in intel/ice/ice_sriov.c
	 * reset the VF. */
	{ .name = "ice",
	  .eswitch = ESWITCH_WITHOUT_VFS,
	  .resets_vf = SETTING_BIT(VF_MAC) | SETTING_BIT(VF_VLAN) | SETTING_BIT(VF_TRUST) },
	/* igb_vmm_control() in intel/igb/igb_main.c turns the anti-spoof filter on for every VF
	 * when the PF is reset, as at each up, whatever spoofchk was set to and reads as. */
	{ .name = "igb", .lost_with_link = SETTING_BIT(VF_SPOOF_CHECK) },
	/* Its maker's way to switchdev, which holds for the oldest cards too: create the VFs,
	 * unbind their drivers, set the mode, bind them again. */
	{ .name = "mlx5_core", .eswitch = ESWITCH_UNBOUND_VFS },
};

const struct driver *driver_of(const char *name)
{
	static const struct driver unknown;

	for (size_t i = 0; name && i < ARRAY_SIZE(drivers); i++)
		if (!strcmp(drivers[i].name, name))
			return &drivers[i];
	return &unknown;
}
