/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/foreign_word.h"

#include <stdbool.h>
#include <stddef.h>

#include "policy/read/reader.h"
#include "util/cleanup.h"

static const char vlan_hint[] = "write vlan: {id: 100, qos: 3, protocol: 802.1ad}";
static const char eswitch_hint[] =
	"write eswitch: {mode: switchdev, inline-mode: transport, encap-mode: basic}";
static const char rules_hint[] = "rules are a list under 'physical-functions'";
static const char trunk_hint[] = "a VF has one VLAN: the kernel knows no trunks here";
static const char guid_hint[] = "write 'node-guid' and 'port-guid'";
static const char address_hint[] = "write 'mac' for the permanent address, 'pci' for that of PCI";
static const char device_hint[] = "write device: \"8086:1592\", vendor and device";

static const struct foreign_word words[] = {
	/* sysfs, systemd.link(5): SR-IOVVirtualFunctions=, netplan, nmstate */
	{ "numvfs", NULL, "vfs", NULL },
	{ "sriovnumvfs", NULL, "vfs", NULL },
	{ "sriovvirtualfunctions", NULL, "vfs", NULL },
	{ "virtualfunctioncount", NULL, "vfs", NULL },
	{ "totalvfs", NULL, "vfs", NULL },
	{ "sriovtotalvfs", NULL, "vfs", NULL },
	{ "vfcount", NULL, "vfs", NULL },
	{ "sriovdriversautoprobe", NULL, "drivers-autoprobe", NULL },
	{ "autoprobe", NULL, "drivers-autoprobe", NULL },
	{ "driveroverride", NULL, "driver", NULL },
	{ "sriovvfmsixcount", NULL, "msix-vectors", NULL },
	/* ip-link(8) */
	{ "up", NULL, "pf-up", NULL },
	{ "adminup", NULL, "pf-up", NULL },
	{ "mtubytes", NULL, "mtu", NULL },
	{ "vf", &vf_entry_section, "index", NULL },
	{ "vfid", &vf_entry_section, "index", NULL },
	{ "id", &vf_entry_section, "index", NULL },
	{ "number", &vf_entry_section, "index", NULL },
	{ "state", NULL, "link-state", NULL },
	{ "linkstate", NULL, "link-state", NULL },
	{ "spoofchk", NULL, "spoof-check", NULL },
	{ "spoofcheck", NULL, "spoof-check", NULL },
	{ "macspoofcheck", NULL, "spoof-check", NULL },
	{ "queryreceivesidescaling", NULL, "query-rss", NULL },
	{ "queryrss", NULL, "query-rss", NULL },
	{ "trusted", NULL, "trust", NULL },
	{ "promisc", NULL, "trust", "'trust: true' lets a VF ask its driver for that" },
	{ "promiscuous", NULL, "trust", "'trust: true' lets a VF ask its driver for that" },
	{ "allmulticast", NULL, "trust", "'trust: true' lets a VF ask its driver for that" },
	{ "hwaddr", NULL, "mac", NULL },
	{ "lladdr", NULL, "mac", NULL },
	{ "macaddress", NULL, "mac", NULL },
	{ "permanentmacaddress", NULL, "mac", NULL },
	{ "rate", NULL, "max-tx-rate", NULL },
	{ "txrate", NULL, "max-tx-rate", NULL },
	{ "maxrate", NULL, "max-tx-rate", NULL },
	{ "maxtxrate", NULL, "max-tx-rate", NULL },
	{ "minrate", NULL, "min-tx-rate", NULL },
	{ "mintxrate", NULL, "min-tx-rate", NULL },
	{ "bandwidth", NULL, "max-tx-rate", NULL },
	{ "guid", NULL, NULL, guid_hint },
	{ "nodeguid", NULL, "node-guid", NULL },
	{ "portguid", NULL, "port-guid", NULL },
	{ "alternativename", NULL, "altname", NULL },
	{ "setname", NULL, "altname", "nothing is renamed; 'altname' gives a VF one more name" },
	{ "hostdev", NULL, "driver", "write driver: vfio-pci" },
	{ "nmunmanaged", NULL, "unmanaged", NULL },
	{ "managed", NULL, "unmanaged", NULL },
	/* VLANs */
	{ "qos", NULL, NULL, vlan_hint },
	{ "qualityofservice", NULL, NULL, vlan_hint },
	{ "vlanqos", NULL, NULL, vlan_hint },
	{ "vlanid", NULL, NULL, vlan_hint },
	{ "vlanproto", NULL, NULL, vlan_hint },
	{ "vlanprotocol", NULL, NULL, vlan_hint },
	{ "proto", NULL, NULL, vlan_hint },
	{ "trunk", NULL, NULL, trunk_hint },
	{ "vlans", NULL, NULL, trunk_hint },
	/* devlink(8), netplan */
	{ "eswitchmode", NULL, NULL, eswitch_hint },
	{ "embeddedswitchmode", NULL, NULL, eswitch_hint },
	{ "eswitchinlinemode", NULL, NULL, eswitch_hint },
	{ "eswitchencapmode", NULL, NULL, eswitch_hint },
	{ "encap", NULL, NULL, eswitch_hint },
	{ "switchdev", NULL, NULL, eswitch_hint },
	{ "delayvirtualfunctionsrebind", NULL, NULL,
	  "delete it: drivers are always let at VFs only once these are configured" },
	/* which PF: netplan's match, [Match] of systemd.link(5), network operators */
	{ "name", &match_section, "interface", NULL },
	{ "interfaces", &match_section, "interface", NULL },
	{ "originalname", NULL, "interface", NULL },
	{ "ifname", NULL, "interface", NULL },
	{ "iface", NULL, "interface", NULL },
	{ "pfname", NULL, "interface", NULL },
	{ "pfnames", NULL, "interface", NULL },
	{ "link", NULL, "interface", NULL },
	{ "bdf", NULL, "pci", NULL },
	{ "slot", NULL, "pci", NULL },
	{ "pciaddress", NULL, "pci", NULL },
	{ "rootdevices", NULL, "pci", NULL },
	{ "address", NULL, NULL, address_hint },
	{ "vendor", NULL, NULL, device_hint },
	{ "vendorid", NULL, NULL, device_hint },
	{ "deviceid", NULL, NULL, device_hint },
	{ "physportname", NULL, "port", NULL },
	{ "numa", NULL, "numa-node", NULL },
	/* documents of others */
	{ "network", NULL, NULL, rules_hint },
	{ "ethernets", NULL, NULL, rules_hint },
	{ "interfaces", NULL, NULL, rules_hint },
	{ "rules", NULL, NULL, rules_hint },
	{ "pfs", NULL, NULL, rules_hint },
	{ "sriov", NULL, NULL, "its keys stand in the rule itself" },
};

/* Whether the key is the word but for case and what joins its parts. */
static bool is_word(const char *key, const char *word)
{
	for (; *key; key++) {
		char c = *key >= 'A' && *key <= 'Z' ? (char)(*key - 'A' + 'a') : *key;

		if (c == '-' || c == '_')
			continue;
		if (c != *word)
			return false;
		word++;
	}
	return !*word;
}

const struct foreign_word *foreign_word_find(const struct section *section, const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (is_word(key, words[i].word) &&
		    (!words[i].section || words[i].section == section))
			return &words[i];
	return NULL;
}
