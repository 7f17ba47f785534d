/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile.h"

#include <errno.h>
#include <linux/if_link.h>
#include <string.h>

#include "util/cleanup.h"

#define BIT(setting) SETTING_BIT(VF_##setting)
#define RATES	     (BIT(MIN_TX_RATE) | BIT(MAX_TX_RATE))
#define GUIDS	     (BIT(NODE_GUID) | BIT(PORT_GUID))
/* What every driver reports: rtnl_fill_vfinfo() in net/core/rtnetlink.c fills in the rest with
 * what reads as "not reported", but the link state, which reads as auto. */
#define COMMON (BIT(MAC) | BIT(VLAN) | RATES | BIT(LINK_STATE))

/* do_setvfinfo() in net/core/rtnetlink.c */
const struct refusal_row rtnetlink_refusals[RTNETLINK_REFUSALS] = {
	{ RATES, IF_MIN_OVER_MAX, -EINVAL },
	{ GUIDS, IF_INFINIBAND, -EOPNOTSUPP },
};

/* Of Linux 6.1; the paths that the facts are from are below drivers/net/. */
const struct profile profiles[] = {
	/* ethernet/intel/igb/igb_main.c */
	{
		.driver = "igb",
		.vf_driver = "igbvf",
		.totalvfs = 7,
		.limit = 7,
		.limit_error = -ERANGE,
		.bounces_carrier = true,
		.create_ms = 700,
		.destroy_ms = 2600,
		.speed = 1000,
		.mtu_max = 9216,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST),
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			{ RATES, IF_NO_CARRIER, -EINVAL },
			{ RATES, IF_OVER_SPEED, -EINVAL },
		},
		.mac_at_bind = true,
		.mac_while_up = true,
		.lapses = {
			/* igb_vmm_control() */
			{ BIT(SPOOF_CHECK), LAPSE_LINK_UP, 1 },
			/* igb_check_vf_rate_limit() */
			{ BIT(MAX_TX_RATE), LAPSE_OTHER_SPEED, 0 },
		},
	},
	/* ethernet/intel/ixgbe/ixgbe_sriov.c */
	{
		.driver = "ixgbe",
		.vf_driver = "ixgbevf",
		.totalvfs = 16,
		.limit = 12, /* the rest is taken by traffic classes */
		.limit_error = -EPERM,
		.bounces_carrier = true,
		.create_ms = 300,
		.destroy_ms = 500,
		.speed = 10000,
		.mtu_max = 9710,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST) | BIT(QUERY_RSS),
		/* ixgbe_ndo_set_vf_link_state(), ixgbe_ndo_set_vf_trust() */
		.resets = BIT(LINK_STATE) | BIT(TRUST),
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			{ RATES, IF_NO_CARRIER, -EINVAL },
			{ RATES, IF_OVER_SPEED, -EINVAL },
		},
		.mac_at_bind = true,
		.mac_while_up = true,
		.lapses = {
			/* ixgbe_ndo_set_vf_link_state() */
			{ BIT(LINK_STATE), LAPSE_WRITTEN, IFLA_VF_LINK_STATE_ENABLE },
			/* ixgbe_check_vf_rate_limit() */
			{ BIT(MAX_TX_RATE), LAPSE_OTHER_SPEED, 0 },
		},
	},
	/* ethernet/intel/i40e/i40e_virtchnl_pf.c */
	{
		.driver = "i40e",
		.vf_driver = "iavf",
		.netdev_ms = 200,
		.totalvfs = 8,
		.limit = 8,
		.limit_error = -ERANGE,
		.create_ms = 200,
		.destroy_ms = 150,
		.speed = 40000,
		.mtu_max = 9702,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST),
		.resets = BIT(MAC) | BIT(VLAN) | BIT(LINK_STATE) | BIT(TRUST),
		.resets_even_unchanged = BIT(MAC) | BIT(LINK_STATE),
		/* i40e_ndo_get_vf_config() answers EAGAIN while __I40E_VIRTCHNL_OP_PENDING is set,
		 * which is of the PF. */
		.hides_resetting = HIDES_ALL,
		.reset_ms = 300,
		.refusals = {
			{ UINT32_MAX, IF_RESETTING, -EAGAIN },
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			{ RATES, IF_OVER_SPEED, -EINVAL },
		},
	},
	/* ethernet/intel/ice/ice_sriov.c, ice_eswitch.c */
	{
		.driver = "ice",
		.vf_driver = "iavf",
		.netdev_ms = 200,
		.totalvfs = 8,
		.limit = 8,
		.limit_error = -ERANGE,
		.create_ms = 250,
		.destroy_ms = 200,
		.speed = 100000,
		.mtu_max = 9728,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST),
		.reset_ms = 400,
		.resets = BIT(MAC) | BIT(VLAN) | BIT(TRUST),
		.hides_resetting = HIDES_VF,
		.msix_total = 64,
		.eswitch = ESWITCH_WITHOUT_ANY,
		.refusals = {
			{ UINT32_MAX, IF_RESETTING, -EBUSY },
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
		},
		/* ice_eswitch_cfg_vsi() */
		.lapses = { { BIT(SPOOF_CHECK) | BIT(TRUST), LAPSE_IN_SWITCHDEV, 0 } },
		/* ice_sriov_set_msix_vec_count() */
		.readings = { { VF_MSIX_VECTORS, READ_MORE, 1 } },
	},
	/* ethernet/mellanox/mlx5/core/esw/legacy.c, eswitch.c, sriov.c */
	{
		.driver = "mlx5_core",
		.vf_driver = "mlx5_core",
		.netdev_ms = 200,
		.totalvfs = 8,
		.limit = 8,
		.limit_error = -ERANGE,
		.create_ms = 400,
		.destroy_ms = 300,
		.speed = 100000,
		.mtu_max = 9978,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST),
		.msix_total = 128,
		.eswitch = ESWITCH_WHILE_UNBOUND,
		.never_error = -EPERM, /* mlx5_eswitch_get_vport() */
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
		},
		.mac_at_bind = true,
		/* The ACLs are of legacy mode (esw/acl/ingress_lgcy.c), and so is the link's state. */
		.lapses = { { BIT(SPOOF_CHECK) | BIT(TRUST) | BIT(LINK_STATE), LAPSE_IN_SWITCHDEV,
			      0 } },
	},
	/* ethernet/broadcom/bnxt/bnxt_sriov.c, bnxt_vfr.c */
	{
		.driver = "bnxt_en",
		.vf_driver = "bnxt_en",
		.netdev_ms = 200,
		.totalvfs = 16,
		.limit = 16,
		.limit_error = -ERANGE,
		.makes_at_most = 10, /* for want of rings */
		.needs_up = true,
		.create_ms = 500,
		.destroy_ms = 200,
		.speed = 25000,
		.mtu_max = 9500,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST),
		.eswitch = ESWITCH_WITH_ANY,
		.legacy_without_vfs = true,
		.same_mode_error = -EINVAL,
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			{ RATES, IF_OVER_SPEED, -EINVAL },
		},
		/* bnxt_set_vf_vlan() */
		.lapses = { { BIT(VLAN), LAPSE_SAME_TAG, 0 } },
		/* bnxt_get_vf_config() */
		.readings = { { VF_VLAN, READ_NO_PROTOCOL, 0 } },
	},
	/* ethernet/mellanox/mlx4/cmd.c, main.c: without a sriov_configure sriov_numvfs_store()
	 * answers ENOENT; VFs are there from when the driver is loaded. */
	{
		.driver = "mlx4_core",
		.vf_driver = "mlx4_core",
		.netdev_ms = 200,
		.totalvfs = 16,
		.limit_error = -ENOENT,
		.vfs_at_load = 4,
		.speed = 10000,
		.mtu_max = 9978,
		.settings = COMMON | BIT(SPOOF_CHECK),
		.mac_at_bind = true,
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			/* mlx4_valid_vf_state_change() */
			{ BIT(VLAN), IF_RATE_HOLDS, -EPERM },
		},
		/* mlx4_is_vf_vst_and_prio_qos(); mlx4_set_default_port_qos() has limits for
		 * priority 0 alone. */
		.lapses = { { BIT(MAX_TX_RATE), LAPSE_OFF_VLAN, 0 } },
		/* MLX4_VGT in mlx4.h */
		.readings = { { VF_VLAN, READ_NO_VLAN, 4095 } },
	},
	/* mlx5_core again, of a card with more VFs than rtnl_vfinfo_cap() of Linux 7.3 in
	 * net/core/rtnetlink.c lets into one message; and there is nobody who would read the VFs'
	 * configuration past byte 64 for the daemon. */
	{
		.driver = "mlx5_core",
		.vf_driver = "mlx5_core",
		.netdev_ms = 200,
		.totalvfs = 260,
		.limit = 260,
		.limit_error = -ERANGE,
		.create_ms = 2000,
		.destroy_ms = 1500,
		.speed = 100000,
		.mtu_max = 9978,
		.lists_at_most = 256,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST),
		.msix_total = 128,
		.unread = BIT(MSIX_VECTORS),
		.never_error = -EPERM,
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
		},
		.mac_at_bind = true,
	},
	/* ethernet/intel/ixgbe/ixgbe_sriov.c again, of an X550: no ixgbe_ndo_set_vf_rss_query_en()
	 * from there on. */
	{
		.driver = "ixgbe",
		.vf_driver = "ixgbevf",
		.totalvfs = 16,
		.limit = 12,
		.limit_error = -EPERM,
		.bounces_carrier = true,
		.create_ms = 300,
		.destroy_ms = 500,
		.speed = 10000,
		.mtu_max = 9710,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST) | BIT(QUERY_RSS),
		.resets = BIT(LINK_STATE) | BIT(TRUST),
		.mac_at_bind = true,
		.mac_while_up = true,
		.refusals = {
			{ BIT(QUERY_RSS), IF_EVER, -EOPNOTSUPP },
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			{ RATES, IF_NO_CARRIER, -EINVAL },
			{ RATES, IF_OVER_SPEED, -EINVAL },
		},
		.lapses = {
			{ BIT(LINK_STATE), LAPSE_WRITTEN, IFLA_VF_LINK_STATE_ENABLE },
			{ BIT(MAX_TX_RATE), LAPSE_OTHER_SPEED, 0 },
		},
	},
	/* ethernet/emulex/benet/be_main.c: be_set_vf_tx_rate() asks be_cmd_link_status_query(), by
	 * which the link may be down for as long as it likes while there is a carrier. */
	{
		.driver = "be2net",
		.vf_driver = "be2net",
		.netdev_ms = 200,
		.totalvfs = 8,
		.limit = 8,
		.limit_error = -ERANGE,
		.create_ms = 300,
		.destroy_ms = 300,
		.speed = 10000,
		.mtu_max = 9000,
		.settings = COMMON | BIT(SPOOF_CHECK),
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			{ RATES, IF_EVER, -ENETDOWN },
		},
	},
	/* ethernet/qlogic/qed/qed_sriov.c: qed_get_vf_config() says nothing of trust, and of a VF
	 * without a limit the speed of the link. */
	{
		.driver = "qede",
		.vf_driver = "qede",
		.netdev_ms = 200,
		.totalvfs = 8,
		.limit = 8,
		.limit_error = -ERANGE,
		.create_ms = 400,
		.destroy_ms = 300,
		.speed = 10000,
		.mtu_max = 9600,
		.settings = COMMON | BIT(SPOOF_CHECK),
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
			/* qed_init_wfq_param() in qed_dev.c */
			{ BIT(MIN_TX_RATE), IF_OVER_SPEED, -EINVAL },
			{ BIT(MIN_TX_RATE), IF_UNDER_PERCENT, -EINVAL },
		},
		.lapses = {
			/* qed_set_vf_rate() */
			{ RATES, LAPSE_WRITTEN, 0 },
			/* qed_inform_vf_link_state() */
			{ BIT(MAX_TX_RATE), LAPSE_OVER_SPEED, 0 },
			/* qed_sriov_pf_set_vlan() */
			{ BIT(VLAN), LAPSE_NO_QOS, 0 },
		},
		.readings = { { VF_MAX_TX_RATE, READ_AS_SPEED, 0 } },
	},
	/* ethernet/freescale/enetc/enetc_pf.c */
	{
		.driver = "fsl_enetc",
		.vf_driver = "fsl_enetc_vf",
		.netdev_ms = 50,
		.totalvfs = 2,
		.limit = 2,
		.limit_error = -ERANGE,
		.create_ms = 20,
		.destroy_ms = 20,
		.speed = 2500,
		.mtu_max = 9578,
		.lists_none = true,
		.settings = COMMON | BIT(SPOOF_CHECK),
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EADDRNOTAVAIL },
		},
	},
	/* adf_sriov_configure() in crypto/qat/qat_common/adf_sriov.c of Linux 6.1 makes all VFs of
	 * the card, and answers EINVAL to 0. */
	{
		.driver = "4xxx",
		.vf_driver = "4xxxvf",
		.class = 0x0b4000,
		.totalvfs = 16,
		.limit = 16,
		.makes_all = 16,
		.none_error = -EINVAL,
		.create_ms = 300,
		.destroy_ms = 300,
		.speed = UINT32_MAX,
		.mtu_max = 1500,
	},
	/* Of later versions, which destroy them; and of a card that lib/model/driver_table.c does not
	 * know. */
	{
		.driver = "6xxx",
		.vf_driver = "6xxxvf",
		.class = 0x0b4000,
		.totalvfs = 12,
		.limit = 12,
		.makes_all = 12,
		.create_ms = 300,
		.destroy_ms = 300,
		.speed = UINT32_MAX,
		.mtu_max = 1500,
	},
	/* netdevsim/netdev.c, bus.c */
	{
		.driver = "netdevsim",
		.limit = 4,
		.limit_error = -ENOMEM,
		.keeps_settings = true,
		.create_ms = 2,
		.destroy_ms = 2,
		.speed = UINT32_MAX,
		.mtu_max = 65535,
		.settings = COMMON | BIT(SPOOF_CHECK) | BIT(TRUST) | BIT(QUERY_RSS),
		.eswitch = ESWITCH_ALWAYS,
		.legacy_without_vfs = true,
		.refusals = {
			{ BIT(MAC), IF_MULTICAST, -EINVAL },
		},
	},
};

const size_t n_profiles = ARRAY_SIZE(profiles);

const struct profile *profile_find(const char *driver)
{
	for (size_t i = 0; i < n_profiles; i++)
		if (!strcmp(profiles[i].driver, driver))
			return &profiles[i];
	return NULL;
}
