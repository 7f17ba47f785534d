/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row each driver. Facts are of Linux 6.1 to 7.3 unless a version is named; each comment names
 * the function, in the row's file unless another is named, that a fact is from. */

#include <errno.h>
#include <linux/if_link.h>
#include <stddef.h>

#include "model/driver.h"
#include "model/pf.h"
#include "util/cleanup.h"

#define BIT(setting) SETTING_BIT(VF_##setting)
/* What most can set; the rest of the letters of ip-link(8) stand beside it. */
#define M    BIT(MAC)
#define V    BIT(VLAN)
#define R    BIT(MAX_TX_RATE)
#define MIN  (BIT(MIN_TX_RATE) | BIT(MAX_TX_RATE))
#define S    BIT(SPOOF_CHECK)
#define L    BIT(LINK_STATE)
#define T    BIT(TRUST)
#define Q    BIT(QUERY_RSS)
#define G    (BIT(NODE_GUID) | BIT(PORT_GUID))
#define MSIX BIT(MSIX_VECTORS)
/* What is counted of a VF: traffic, what was for many, drops. */
#define C(counter) VF_COUNTER_BIT(VF_##counter)
#define TRAFFIC	   (C(RX_PACKETS) | C(TX_PACKETS) | C(RX_BYTES) | C(TX_BYTES))
#define MANY	   (C(RX_BROADCAST) | C(RX_MULTICAST))
#define DROPS	   (C(RX_DROPPED) | C(TX_DROPPED))
/* A habit. */
#define H(habit)  (1u << DRIVER_##habit)

#define LIST(...) ((const struct driver_exception[]){ __VA_ARGS__, { 0 } })
/* ndo_set_vf_mac asks is_valid_ether_addr(), which the zero address is not. */
#define NO_ZERO_MAC(error)                                                                         \
	{                                                                                          \
		M, WHEN_NONE, error, 0                                                             \
	}
#define QOS(error)                                                                                 \
	{                                                                                          \
		V, WHEN_QOS, error, 0                                                              \
	}

/* In order of name. */
static const struct driver drivers[] = {
	/* adf_sriov_configure() makes all VFs that the card offers whatever number it is given. */
	{ .name = "420xx",
	  .source = "crypto/intel/qat/qat_common/adf_sriov.c",
	  .habits = H(MAKES_ALL) | H(NO_NETDEV) },
	{ .name = "4xxx",
	  .source = "crypto/intel/qat/qat_common/adf_sriov.c",
	  .habits = H(MAKES_ALL) | H(NO_NETDEV) },
	/* be_set_vf_mac(), be_set_vf_tx_rate(), be_cmd_config_qos(). */
	{ .name = "be2net",
	  .source = "net/ethernet/emulex/benet/be_main.c",
	  .sets = M | V | R | S | L,
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL), { R, WHEN_UNDER, -EINVAL, 100 }),
	  .note = "On some cards *max-tx-rate* has to be a whole per cent of the link's speed." },
	/* bnx2x_sriov_configure() and bnx2x_vf_op_prep() want the PF up, bnx2x_set_vf_mac() an
	 * address; bnx2x_set_vf_vlan() drops the priority; bnx2x_get_vf_config() always says
	 * 10000 Mbit/s. */
	{ .name = "bnx2x",
	  .source = "net/ethernet/broadcom/bnx2x/bnx2x_sriov.c",
	  .sets = M | V | S | L,
	  .constant = MIN,
	  .habits = H(CREATES_UP) | H(SETS_UP),
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL), QOS(0)) },
	/* bnxt_sriov_configure() answers 0 and makes, or destroys, no VF while the network device
	 * is not running; bnxt_set_vf_vlan() of 6.1 refuses any priority, later ones one on VLAN 0;
	 * bnxt_set_vf_attr() begins with zeros, which bnxt_get_vf_config() reports, but for the
	 * trust, of which bnxt_is_trusted_vf() asks the card; of spoof-check the card is told
	 * nothing before bnxt_set_vf_spoofchk();
	 * bnxt_dl_eswitch_mode_set() of 6.1, in bnxt_vfr.c, wants VFs for switchdev; it adds
	 * network devices for ports of VFs, and leaves the PF's. */
	{ .name = "bnxt_en",
	  .source = "net/ethernet/broadcom/bnxt/bnxt_sriov.c",
	  .sets = M | V | MIN | S | L | T,
	  .starts_off = M | V | MIN | L,
	  .eswitch = ESWITCH_AFTER_VFS,
	  .habits = H(CREATES_UP) | H(DESTROYS_UP) | H(TAKES_AD) | H(KEEPS_NETDEV),
	  .exceptions = LIST({ V, WHEN_QOS_ALONE, -EINVAL, 0 }),
	  .note = "802.1ad and *qos* only with later kernels and firmware; the kernel does not "
		  "tell 802.1ad from 802.1Q, and a VF with the one does not get the other: "
		  "sriovd writes another *qos* in between." },
	/* adf_sriov_configure(), as of 4xxx. */
	{ .name = "c3xxx",
	  .source = "crypto/intel/qat/qat_common/adf_sriov.c",
	  .habits = H(MAKES_ALL) | H(NO_NETDEV) },
	{ .name = "c6xx",
	  .source = "crypto/intel/qat/qat_common/adf_sriov.c",
	  .habits = H(MAKES_ALL) | H(NO_NETDEV) },
	/* cxgb4_mgmt_set_vf_mac(), cxgb4_mgmt_set_vf_vlan(), of the device that
	 * cxgb4_iov_configure() makes and ends. */
	{ .name = "cxgb4",
	  .source = "net/ethernet/chelsio/cxgb4/cxgb4_main.c",
	  .sets = M | V | R | L,
	  .habits = H(NETDEV_OF_VFS),
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL), QOS(-EPROTONOSUPPORT)),
	  .note = "Its network device for settings of VFs comes with the VFs and goes with them: "
		  "match it by _pci_." },
	{ .name = "dh895xcc",
	  .source = "crypto/intel/qat/qat_common/adf_sriov.c",
	  .habits = H(MAKES_ALL) | H(NO_NETDEV) },
	/* ena_netdev_ops has none of the VF operations. */
	{ .name = "ena",
	  .source = "net/ethernet/amazon/ena/ena_netdev.c",
	  .habits = H(NEVER_TELLS) },
	/* enic_set_vf_mac() alone. */
	{ .name = "enic",
	  .source = "net/ethernet/cisco/enic/enic_main.c",
	  .sets = M,
	  .habits = H(NEVER_TELLS) },
	/* fm10k_ndo_set_vf_mac() and fm10k_ndo_set_vf_vlan() reset the VF; the latter takes no
	 * priority; fm10k_ndo_set_vf_bw() does not look at the guarantee, and takes
	 * FM10K_VF_TC_MIN on. */
	{ .name = "fm10k",
	  .source = "net/ethernet/intel/fm10k/fm10k_iov.c",
	  .counts = TRAFFIC | C(RX_DROPPED), /* fm10k_ndo_get_vf_stats() */
	  .sets = M | V | R,
	  .resets_vf = M | V,
	  .exceptions = LIST(QOS(-EINVAL), { BIT(MIN_TX_RATE), WHEN_NOT_ZERO, 0, 0 },
			     { R, WHEN_UNDER, -EINVAL, 1 }) },
	/* enetc_pf_set_vf_mac(); enetc_ndev_ops has no ndo_get_vf_config. */
	{ .name = "fsl_enetc",
	  .source = "net/ethernet/freescale/enetc/enetc_pf.c",
	  .sets = M | V | S,
	  .habits = H(NEVER_TELLS),
	  .exceptions = LIST(NO_ZERO_MAC(-EADDRNOTAVAIL)) },
	/* fun_set_vf_vlan() takes 802.1ad; fun_get_vf_config() zeroes the flags. */
	{
		.name = "funeth",
		.source = "net/ethernet/fungible/funeth/funeth_main.c",
		.sets = M | V | R,
		.habits = H(TAKES_AD),
	},
	/* hinic_ndo_set_vf_mac(); hinic_ndo_set_vf_bw() of a VF that a driver has. */
	{ .name = "hinic",
	  .source = "net/ethernet/huawei/hinic/hinic_sriov.c",
	  .sets = M | V | MIN | S | L | T,
	  .taken_at_bind = M,
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL)) },
	/* hclge_set_vf_mac() in hns3pf/hclge_main.c has an alive VF start over. */
	{ .name = "hns3",
	  .source = "net/ethernet/hisilicon/hns3/hns3_enet.c",
	  .sets = M | V | R | S | L | T,
	  .resets_vf = M },
	/* i40e_ndo_set_vf_mac() and i40e_ndo_set_vf_port_vlan() reset the VF, the former also for
	 * the address that it has; i40e_ndo_set_vf_link_state() does up to 7.1, of a VF that takes
	 * no notice of the change (i40e_vc_reset_vf()), and i40e_ndo_set_vf_trust(), in 7.3 only
	 * where there is something to take back; i40e_alloc_vfs() begins with zeros, but turns
	 * spoof-check on, and i40e_add_vsi() in i40e_main.c with no VLAN. */
	{ .name = "i40e",
	  .source = "net/ethernet/intel/i40e/i40e_virtchnl_pf.c",
	  .counts = TRAFFIC | MANY | DROPS, /* i40e_get_vf_stats() */
	  .sets = M | V | R | S | L | T,
	  .starts_off = M | V | R | L | T,
	  .starts_on = S,
	  .resets_vf = M | V | L | T,
	  .note = "It limits rates in steps of 50 Mbit/s, the least being 50." },
	/* ice_eswitch_mode_set() in ice_eswitch.c answers EOPNOTSUPP while there are VFs;
	 * ice_set_vf_mac(), ice_set_vf_port_vlan() and ice_set_vf_trust(), in 7.3 where there is
	 * something to take back, reset the VF; ice_set_vf_trust() refuses in switchdev mode, and
	 * ice_eswitch_cfg_vsi() turns the anti-spoof filter off there; ice_eswitch_mode_set()
	 * leaves the PF's own network device; ice_devlink_rate_init_tx_topology() shows the card's
	 * own tree as rate nodes; ice_create_vf_entries() begins with zeros, but turns spoof-check
	 * on, as ice_initialize_vf_entry() in ice_vf_lib.c does in later versions;
	 * ice_min_tx_rate_oversubscribed(); ice_get_vf_stats() has tx_discards for drops, which
	 * ice_update_eth_stats() in ice_lib.c does not read. */
	{ .name = "ice",
	  .source = "net/ethernet/intel/ice/ice_sriov.c",
	  .counts = TRAFFIC | MANY | C(RX_DROPPED),
	  .sets = M | V | MIN | S | L | T | MSIX,
	  .starts_off = M | V | MIN | L | T,
	  .starts_on = S,
	  .resets_vf = M | V | T,
	  .eswitch = ESWITCH_WITHOUT_VFS,
	  .habits = H(TAKES_AD) | H(SHARES_MIN) | H(KEEPS_NETDEV) | H(MAKES_RATES),
	  .idle_in_switchdev = S | T,
	  .fixed_in_switchdev = T,
	  .note = "802.1ad in some modes of the card only; *min-tx-rate* not while DCB is on; "
		  "*msix-vectors* by Linux 6.12." },
	/* idpf_netdev_ops has none of the VF operations. */
	{ .name = "idpf",
	  .source = "net/ethernet/intel/idpf/idpf_lib.c",
	  .habits = H(NEVER_TELLS) },
	/* igb_vmm_control() turns the anti-spoof filter on for every VF when the PF is reset, as at
	 * each up, whatever spoofchk was set to and reads as; igb_check_vf_rate_limit();
	 * igbvf_probe() in igbvf/netdev.c; igb_enable_sriov() begins with zeros, and
	 * igb_vf_configure() turns spoof-check on. */
	{ .name = "igb",
	  .source = "net/ethernet/intel/igb/igb_main.c",
	  .sets = M | V | R | S | T,
	  .starts_off = M | V | R | T,
	  .starts_on = S,
	  .lost_with_link = S,
	  .zeroed_with_speed = R,
	  .taken_at_bind = M,
	  .habits = H(BINDS_UP),
	  .note = "*max-tx-rate* can be set only while the link is up, and on the 82576 only." },
	/* ionic_set_vf_vlan(), ionic_set_vf_rate(); ionic_get_vf_stats() has unicast alone for
	 * traffic. */
	{ .name = "ionic",
	  .source = "net/ethernet/pensando/ionic/ionic_lif.c",
	  .counts = TRAFFIC | MANY | DROPS,
	  .sets = M | V | R | S | L | T,
	  .exceptions = LIST(QOS(-EINVAL)) },
	/* ixgbe_ndo_set_vf_link_state() restarts the VF, and so does ixgbe_ndo_set_vf_trust();
	 * "enable" is what "auto" is; ixgbe_ndo_set_vf_bw() wants 10 Gbit/s and more than
	 * 10 Mbit/s; ixgbe_check_vf_rate_limit() in ixgbe_main.c; ixgbe_set_vf_macvlan_msg();
	 * __ixgbe_enable_sriov() begins with zeros, but turns spoof-check on, and
	 * ixgbe_vf_configuration() zeroes the address;
	 * ixgbe_set_vf_lpe() has an 82599 stop what a VF receives. */
	{ .name = "ixgbe",
	  .source = "net/ethernet/intel/ixgbe/ixgbe_sriov.c",
	  .counts = TRAFFIC | C(RX_MULTICAST), /* ixgbe_ndo_get_vf_stats() in ixgbe_main.c */
	  .sets = M | V | R | S | L | T | Q,
	  .starts_off = M | V | R | L | T | Q,
	  .starts_on = S,
	  .resets_vf = L | T,
	  .zeroed_with_speed = R,
	  .taken_at_bind = M,
	  .habits = H(BINDS_UP),
	  .exceptions = LIST({ L, WHEN_IS, 0, IFLA_VF_LINK_STATE_ENABLE },
			     { R, WHEN_UNDER, -EINVAL, 11 }),
	  .spoof_without_mac = "a guest that makes a MACVLAN turns it off, unseen",
	  .note = "*max-tx-rate* only with a link of 10 Gbit/s. No *query-rss* from X550 on. With "
		  "an 82599 an *mtu* of the PF over 1500 stops VFs whose drivers have not asked "
		  "for large frames, as they do for an *mtu* of their own over 1500." },
	/* liquidio_set_vf_mac(); liquidio_get_vf_config() says the link's speed for a rate;
	 * liquidio_get_vf_stats() has what get_vf_stats() in octeon_mailbox.c counted in the VF's
	 * driver, which leaves what was for many at 0. */
	{ .name = "LiquidIO",
	  .source = "net/ethernet/cavium/liquidio/lio_main.c",
	  .counts = TRAFFIC,
	  .sets = M | V | S | L | T,
	  .constant = MIN,
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL)),
	  .note = "One VF can be trusted." },
	{ .name = "mana",
	  .source = "net/ethernet/microsoft/mana/mana_en.c",
	  .habits = H(NEVER_TELLS) },
	/* mlx4_set_vf_mac(), mlx4_set_vf_rate(): a rate is in force on a VLAN with a priority that
	 * may have one, which is 0 (mlx4_set_default_port_qos()), and reads 0 else
	 * (mlx4_get_vf_config()); mlx4_valid_vf_state_change(); mlx4_multi_func_init() begins with
	 * zeros and no VLAN. mlx4_en is its network device's; sysfs has this one. */
	{ .name = "mlx4_core",
	  .source = "net/ethernet/mellanox/mlx4/cmd.c",
	  .counts = TRAFFIC, /* mlx4_get_vf_stats() */
	  .sets = M | V | R | S | L,
	  .starts_off = M | V | R | S | L,
	  .taken_at_bind = M,
	  .habits = H(TAKES_AD) | H(LIMIT_HOLDS_VLAN),
	  .exceptions = LIST({ BIT(MIN_TX_RATE), WHEN_NOT_ZERO, -EPROTONOSUPPORT, 0 }),
	  .note = "VFs come with its module parameter _num_vfs_ only: no *vfs*. *max-tx-rate* "
		  "is in force on a *vlan* without *qos* only. *mac: none* is refused while "
		  "*spoof-check* is on." },
	/* Its maker's way to switchdev, which holds for the oldest cards too: create the VFs,
	 * unbind their drivers, set the mode, bind them again. There
	 * mlx5_eswitch_set_vport_vlan(), ..._spoofchk(), ..._trust() and ..._state() refuse, and
	 * mlx5_eswitch_get_vport_config() in eswitch.c says what was set before; the ACLs are of
	 * legacy mode (esw/acl/ingress_lgcy.c), a VLAN stays (esw_vport_setup()). Older kernels
	 * make another network device of the PF in another mode (mlx5e_vport_rep_load() in
	 * en_rep.c); later ones keep it (mlx5e_vport_uplink_rep_load()), and make another RDMA
	 * device of it (mlx5_rescan_drivers_locked() in dev.c). mlx5_esw_vport_alloc() in eswitch.c
	 * begins with zeros and a link that is the PF's, and so does
	 * mlx5_eswitch_clear_vf_vports_info() there once the VFs are gone. The drops are from
	 * mlx5_esw_query_vport_drop_stats(). */
	{ .name = "mlx5_core",
	  .source = "net/ethernet/mellanox/mlx5/core/esw/legacy.c",
	  .counts = TRAFFIC | MANY | DROPS, /* mlx5_eswitch_get_vport_stats() in eswitch.c */
	  .sets = M | V | MIN | S | L | T | G | MSIX,
	  .starts_off = M | V | MIN | S | L | T,
	  .taken_at_bind = M | G,
	  .idle_in_switchdev = S | L | T,
	  .fixed_in_switchdev = V | S | L | T,
	  .spoof_without_mac = "what the card does then is not known",
	  .note = "Every change of the number of VFs clears their settings; sriovd sets them "
		  "again." },
	/* nsim_set_vf_rate() in netdev.c refuses in switchdev mode; nsim_devlink_eswitch_mode_set()
	 * in dev.c makes and ends ports of VFs alone; nsim_drv_probe() there begins with zeros, and
	 * nsim_drv_configure_vfs() leaves VFs that come later what those before them had. */
	{ .name = "netdevsim",
	  .source = "net/netdevsim/netdev.c",
	  .sets = M | V | MIN | S | L | T | Q,
	  .starts_off = M | V | MIN | S | L | T | Q,
	  .eswitch = ESWITCH_ANY_TIME,
	  .habits = H(TAKES_AD) | H(KEEPS_NETDEV),
	  .fixed_in_switchdev = MIN,
	  .note = "The kernel's simulation. No percentage and no _max_ for *vfs*, since it does "
		  "not tell how many it offers." },
	/* nfp_app_set_vf_mac() and others ask the firmware what it can; nfp_app_set_vf_rate();
	 * nfp_abm_eswitch_mode_set() in nfp/abm/main.c leaves the PF's own network device. */
	{ .name = "nfp",
	  .source = "net/ethernet/netronome/nfp/nfp_net_sriov.c",
	  .sets = M | V | MIN | S | L | T,
	  .taken_at_bind = M,
	  .habits = H(TAKES_AD) | H(KEEPS_NETDEV),
	  .exceptions = LIST({ MIN, WHEN_OVER, -EINVAL, 65534 }),
	  .note = "What else it takes depends on its firmware." },
	/* pci_sriov_configure_simple(). */
	{ .name = "nvme",
	  .source = "nvme/host/pci.c",
	  .habits = H(NEVER_TELLS) | H(NO_NETDEV) | H(VFS_OFFLINE),
	  .note = "A VF has to be given resources and be set online before a driver can have it, "
		  "which sriovd does not do." },
	/* octep_set_vf_mac(); octep_get_vf_config() says constants. */
	{ .name = "octeon_ep",
	  .source = "net/ethernet/marvell/octeon_ep/octep_main.c",
	  .sets = M,
	  .constant = S | T | L,
	  .exceptions = LIST(NO_ZERO_MAC(-EADDRNOTAVAIL)) },
	{ .name = "pci-pf-stub",
	  .source = "pci/pci-pf-stub.c",
	  .habits = H(NEVER_TELLS) | H(NO_NETDEV) },
	{ .name = "pds_core",
	  .source = "net/ethernet/amd/pds_core/main.c",
	  .habits = H(NEVER_TELLS) | H(NO_NETDEV) },
	/* qede_set_vf_mac() in qede/qede_main.c; qed_sriov_pf_set_vlan() has no priority;
	 * qed_set_vf_rate() passes over 0, qed_get_vf_config() says the link's speed. */
	{ .name = "qede",
	  .source = "net/ethernet/qlogic/qed/qed_sriov.c",
	  .sets = M | V | MIN | S | L | T,
	  .habits = H(MAX_IS_SPEED),
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL), QOS(0)),
	  .note = "A limit of rates, once set, can be changed and not be lifted; where there is "
		  "none the kernel reports the speed of the link." },
	/* qlcnic_sriov_set_vf_mac(), qlcnic_sriov_set_vf_tx_rate(). */
	{ .name = "qlcnic",
	  .source = "net/ethernet/qlogic/qlcnic/qlcnic_sriov_pf.c",
	  .sets = M | V | MIN | S,
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL), { MIN, WHEN_UNDER, -EINVAL, 100 },
			     { MIN, WHEN_OVER, -EINVAL, 9999 }),
	  .note = "*mac* and *vlan* only while no driver has the VF; rates in steps of 100 "
		  "Mbit/s." },
	/* otx2_set_vf_mac(), otx2_set_vf_vlan() and otx2_get_vf_config() answer EAGAIN while the PF
	 * is down. */
	{ .name = "rvu_nicpf",
	  .source = "net/ethernet/marvell/octeontx2/nic/otx2_pf.c",
	  .sets = M | V | T,
	  .taken_at_bind = M,
	  .habits = H(SETS_UP),
	  .exceptions = LIST(NO_ZERO_MAC(-EINVAL), QOS(-EINVAL)) },
	/* efx_ef10_sriov_set_vf_mac() and efx_ef10_sriov_set_vf_vlan() detach the VF;
	 * efx_sriov_set_vf_vlan() in sriov.c takes no priority. */
	{ .name = "sfc",
	  .source = "net/ethernet/sfc/ef10_sriov.c",
	  .sets = M | V | S | L,
	  .resets_vf = M | V,
	  .exceptions = LIST(QOS(-EINVAL)) },
	{ .name = "vfio-pci",
	  .source = "vfio/pci/vfio_pci.c",
	  .habits = H(NEVER_TELLS) | H(NO_NETDEV),
	  .note = "Makes VFs only where its module parameter _enable_sriov_ is set." },
	{ .name = "virtio-pci", .source = "virtio/virtio_pci_common.c", .habits = H(NEVER_TELLS) },
};

const struct driver *driver_row(unsigned i)
{
	return i < ARRAY_SIZE(drivers) ? &drivers[i] : NULL;
}
