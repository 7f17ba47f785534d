/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/setting.h"

#include <linux/devlink.h>
#include <linux/if_link.h>
#include <string.h>

#define FORM(form) (1u << (form))

static const struct choice modes[] = {
	{ "enforce", MODE_ENFORCE },
	{ "observe", MODE_OBSERVE },
	{ "ignore", MODE_IGNORE },
	{ 0 },
};

static const struct choice resize_policies[] = {
	{ "refuse-in-use", RESIZE_REFUSE_IN_USE },
	{ "refuse", RESIZE_REFUSE },
	{ "force", RESIZE_FORCE },
	{ "force-open", RESIZE_FORCE_OPEN },
	{ 0 },
};

static const struct choice disruption_policies[] = {
	{ "auto", DISRUPTION_AUTO },
	{ "on-request", DISRUPTION_ON_REQUEST },
	{ 0 },
};

static const struct choice disrupt_policies[] = {
	{ "refuse-in-use", DISRUPT_REFUSE_IN_USE },
	{ "allow", DISRUPT_ALLOW },
	{ 0 },
};

static const struct choice eswitch_modes[] = {
	{ "legacy", DEVLINK_ESWITCH_MODE_LEGACY },
	{ "switchdev", DEVLINK_ESWITCH_MODE_SWITCHDEV },
	{ "switchdev-inactive", ESWITCH_MODE_SWITCHDEV_INACTIVE, .observed_only = true },
	{ 0 },
};

static const struct choice eswitch_inline_modes[] = {
	{ "none", DEVLINK_ESWITCH_INLINE_MODE_NONE },
	{ "link", DEVLINK_ESWITCH_INLINE_MODE_LINK },
	{ "network", DEVLINK_ESWITCH_INLINE_MODE_NETWORK },
	{ "transport", DEVLINK_ESWITCH_INLINE_MODE_TRANSPORT },
	{ 0 },
};

static const struct choice eswitch_encap_modes[] = {
	{ "none", DEVLINK_ESWITCH_ENCAP_MODE_NONE },
	{ "basic", DEVLINK_ESWITCH_ENCAP_MODE_BASIC },
	{ 0 },
};

static const struct choice link_states[] = {
	{ "auto", IFLA_VF_LINK_STATE_AUTO },
	{ "enable", IFLA_VF_LINK_STATE_ENABLE },
	{ "disable", IFLA_VF_LINK_STATE_DISABLE },
	{ 0 },
};

const struct setting pf_settings[PF_SETTING_COUNT] = {
	[PF_MODE] = { "mode", VALUE_CHOICE, .choices = modes, .when = SETTING_NEVER },
	[PF_VFS] = { "vfs", VALUE_COUNT, .max = 65535, .unit = "VFs",
		     .forms = FORM(VALUE_PERCENT) | FORM(VALUE_MAX), .when = SETTING_PLANNED,
		     .basis = true },
	[PF_AT_MOST] = { "at-most", VALUE_BOOL, .when = SETTING_NEVER },
	[PF_ON_RESIZE] = { "on-resize", VALUE_CHOICE, .choices = resize_policies,
			   .when = SETTING_NEVER },
	[PF_DISRUPTION] = { "disruption", VALUE_CHOICE, .choices = disruption_policies,
			    .when = SETTING_NEVER },
	[PF_ON_DISRUPT] = { "on-disrupt", VALUE_CHOICE, .choices = disrupt_policies,
			    .when = SETTING_NEVER },
	[PF_DRIVER_AFTER_BOND] = { "driver-after.bond", VALUE_NETDEV, .when = SETTING_NEVER,
				   .of_netdev = true },
	[PF_UP] = { "pf-up", VALUE_BOOL, .when = SETTING_BEFORE_VFS, .basis = true,
		    .of_netdev = true },
	/* 68: the least that IPv4 allows (RFC 791). 65535: ETH_MAX_MTU in linux/if_ether.h. */
	[PF_MTU] = { "mtu", VALUE_NUMBER, .min = 68, .max = 65535, .scale = 1,
		     .disrupts = DISRUPTS_PF, .when = SETTING_BEFORE_VFS, .of_netdev = true },
	[PF_DRIVERS_AUTOPROBE] = { "drivers-autoprobe", VALUE_BOOL, .when = SETTING_BEFORE_VFS,
				   .basis = true },
	[PF_ESWITCH_MODE] = { "eswitch.mode", VALUE_CHOICE, .choices = eswitch_modes,
			      .disrupts = DISRUPTS_PF, .when = SETTING_PLANNED, .from_driver = true,
			      .basis = true },
	[PF_ESWITCH_INLINE_MODE] = { "eswitch.inline-mode", VALUE_CHOICE,
				     .choices = eswitch_inline_modes, .when = SETTING_AFTER_VFS,
				     .from_driver = true },
	[PF_ESWITCH_ENCAP_MODE] = { "eswitch.encap-mode", VALUE_CHOICE,
				    .choices = eswitch_encap_modes, .when = SETTING_AFTER_VFS,
				    .from_driver = true },
};

const struct setting vf_settings[VF_SETTING_COUNT] = {
	[VF_MAC] = { "mac", VALUE_MAC, .disrupts = DISRUPTS_VF,
		     .forms = FORM(VALUE_STABLE) | FORM(VALUE_FROM), .before_driver = true },
	[VF_VLAN] = { "vlan", VALUE_VLAN, .disrupts = DISRUPTS_VF, .forms = FORM(VALUE_FROM),
		      .before_driver = true },
	/* ndo_set_vf_rate() in linux/netdevice.h takes an int: more would be less than nothing. */
	[VF_MIN_TX_RATE] = { "min-tx-rate", VALUE_RATE, .max = INT32_MAX, .unit = "Mbit/s",
			     .scale = 1000000, .forms = FORM(VALUE_PERCENT) },
	[VF_MAX_TX_RATE] = { "max-tx-rate", VALUE_RATE, .max = INT32_MAX, .unit = "Mbit/s",
			     .scale = 1000000, .forms = FORM(VALUE_PERCENT) },
	[VF_SPOOF_CHECK] = { "spoof-check", VALUE_BOOL, .before_driver = true },
	[VF_LINK_STATE] = { "link-state", VALUE_CHOICE, .choices = link_states,
			    .disrupts = DISRUPTS_VF },
	[VF_QUERY_RSS] = { "query-rss", VALUE_BOOL },
	[VF_TRUST] = { "trust", VALUE_BOOL, .before_driver = true },
	[VF_NODE_GUID] = { "node-guid", VALUE_GUID, .forms = FORM(VALUE_STABLE) | FORM(VALUE_FROM),
			   .before_driver = true },
	[VF_PORT_GUID] = { "port-guid", VALUE_GUID, .forms = FORM(VALUE_STABLE) | FORM(VALUE_FROM),
			   .before_driver = true },
	/* 2048: the largest MSI-X table (PCI Local Bus Specification 3.0, 6.8.2.3). */
	[VF_MSIX_VECTORS] = { "msix-vectors", VALUE_NUMBER, .min = 1, .max = 2048,
			      .layer = VF_LAYER_DEVICE, .unbinds = true },
	[VF_UNMANAGED] = { "unmanaged", VALUE_BOOL, .layer = VF_LAYER_DEVICE, .of_netdev = true },
	[VF_DRIVER] = { "driver", VALUE_NAME, .forms = FORM(VALUE_DEFAULT) | FORM(VALUE_NONE),
			.layer = VF_LAYER_DEVICE, .unbinds = true },
	[VF_ALTNAME] = { "altname", VALUE_TEMPLATE, .layer = VF_LAYER_NETDEV, .of_netdev = true },
	[VF_MTU] = { "mtu", VALUE_NUMBER, .min = 68, .max = 65535, .scale = 1,
		     .disrupts = DISRUPTS_VF, .layer = VF_LAYER_NETDEV, .of_netdev = true },
	[VF_POOL] = { "pool", VALUE_LABEL, .layer = VF_LAYER_NONE },
};

enum vf_setting vf_setting_find(const char *key)
{
	enum vf_setting i = 0;

	while (i < VF_SETTING_COUNT && strcmp(vf_settings[i].key, key) != 0)
		i++;
	return i;
}
