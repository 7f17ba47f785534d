/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/foreign_word.h"

#include <stdbool.h>
#include <stddef.h>

#include "model/foreign_value.h"
#include "policy/read/reader.h"
#include "util/cleanup.h"

static const char rules_hint[] = "rules are a list under 'physical-functions'";
static const char trust_hint[] = "'trust: true' lets a VF ask its driver for that";
static const char device_hint[] =
	"'device' is vendor and device, four digits each, such as \"8086:1592\"";
static const char vendor_hint[] = "'device' is vendor and device: \"8086:*\" is all of a vendor";
static const char address_hint[] =
	"'mac' is the permanent address of the interface, 'pci' that of the card";

static const struct foreign_sense opposite[] = {
	{ "true", "false" }, { "yes", "false" },  { "on", "false" },
	{ "1", "false" },    { "false", "true" }, { "no", "true" },
	{ "off", "true" },   { "0", "true" },	  { NULL, NULL },
};

static const struct foreign_sense switchdev_senses[] = {
	{ "true", "switchdev" }, { "yes", "switchdev" }, { "on", "switchdev" },
	{ "1", "switchdev" },	 { "false", "legacy" },	 { "no", "legacy" },
	{ "off", "legacy" },	 { "0", "legacy" },	 { NULL, NULL },
};

/* devlink-dev(8): encap was { disable | enable } first. */
static const struct foreign_sense encap_senses[] = {
	{ "enable", "basic" }, { "true", "basic" },   { "yes", "basic" },
	{ "on", "basic" },     { "disable", "none" }, { "false", "none" },
	{ "no", "none" },      { "off", "none" },     { NULL, NULL },
};

static const struct foreign_sense protocol_senses[] = {
	{ "8021q", "802.1q" },	 { "0x8100", "802.1q" }, { "8021ad", "802.1ad" },
	{ "0x88a8", "802.1ad" }, { NULL, NULL },
};

const struct foreign_word foreign_words[] = {
	/* sysfs, systemd.link(5): SR-IOVVirtualFunctions=, netplan, nmstate, modules */
	{ "numvfs", 0, "vfs", NULL, NULL },
	{ "nvfs", 0, "vfs", NULL, NULL },
	{ "maxvfs", 0, "vfs", NULL, NULL },
	{ "sriovnumvfs", 0, "vfs", NULL, NULL },
	{ "sriovvirtualfunctions", 0, "vfs", NULL, NULL },
	{ "numvirtualfunctions", 0, "vfs", NULL, NULL },
	{ "virtualfunctioncount", 0, "vfs", NULL, NULL },
	{ "totalvfs", 0, "vfs", NULL, NULL },
	{ "sriovtotalvfs", 0, "vfs", NULL, NULL },
	{ "vfcount", 0, "vfs", NULL, NULL },
	{ "sriovdriversautoprobe", 0, "drivers-autoprobe", NULL, NULL },
	{ "autoprobe", 0, "drivers-autoprobe", NULL, NULL },
	{ "autoprobedrivers", 0, "drivers-autoprobe", NULL, NULL },
	{ "driveroverride", 0, "driver", NULL, NULL },
	{ "sriovvfmsixcount", 0, "msix-vectors", NULL, NULL },
	{ "msix", 0, "msix-vectors", NULL, NULL },
	{ "vectors", 0, "msix-vectors", NULL, NULL },
	/* ip-link(8) */
	{ "up", 0, "pf-up", NULL, NULL },
	{ "adminup", 0, "pf-up", NULL, NULL },
	{ "mtubytes", 0, "mtu", NULL, NULL },
	{ "vf", FOREIGN_ENTRY, "index", NULL, NULL },
	{ "vfid", FOREIGN_ENTRY, "index", NULL, NULL },
	{ "id", FOREIGN_ENTRY, "index", NULL, NULL },
	{ "number", FOREIGN_ENTRY, "index", NULL, NULL },
	{ "virtualfunction", FOREIGN_ENTRY, "index", NULL, NULL },
	{ "link", FOREIGN_VF, "link-state", NULL, NULL },
	{ "state", 0, "link-state", NULL, NULL },
	{ "linkstate", 0, "link-state", NULL, NULL },
	{ "spoofchk", 0, "spoof-check", NULL, NULL },
	{ "spoofcheck", 0, "spoof-check", NULL, NULL },
	{ "macspoofchk", 0, "spoof-check", NULL, NULL },
	{ "macspoofcheck", 0, "spoof-check", NULL, NULL },
	{ "queryreceivesidescaling", 0, "query-rss", NULL, NULL },
	{ "queryrss", 0, "query-rss", NULL, NULL },
	{ "trusted", 0, "trust", NULL, NULL },
	{ "promisc", 0, NULL, trust_hint, NULL },
	{ "promiscuous", 0, NULL, trust_hint, NULL },
	{ "allmulticast", 0, NULL, trust_hint, NULL },
	{ "address", FOREIGN_VF, "mac", NULL, NULL },
	{ "hwaddr", 0, "mac", NULL, NULL },
	{ "lladdr", 0, "mac", NULL, NULL },
	{ "macaddress", 0, "mac", NULL, NULL },
	{ "permmac", 0, "mac", NULL, NULL },
	{ "permaddr", 0, "mac", NULL, NULL },
	{ "permanentmacaddress", 0, "mac", NULL, NULL },
	{ "rate", 0, "max-tx-rate", NULL, NULL },
	{ "txrate", 0, "max-tx-rate", NULL, NULL },
	{ "maxrate", 0, "max-tx-rate", NULL, NULL },
	{ "maxtxrate", 0, "max-tx-rate", NULL, NULL },
	{ "minrate", 0, "min-tx-rate", NULL, NULL },
	{ "mintxrate", 0, "min-tx-rate", NULL, NULL },
	{ "bandwidth", 0, "max-tx-rate", NULL, NULL },
	{ "guid", 0, NULL, "a VF has a 'node-guid' and a 'port-guid'", NULL },
	{ "nodeguid", 0, "node-guid", NULL, NULL },
	{ "portguid", 0, "port-guid", NULL, NULL },
	{ "resourcename", 0, "pool", NULL, NULL },
	{ "alternativename", 0, "altname", NULL, NULL },
	{ "setname", 0, NULL, "nothing is renamed; 'altname' gives a VF one more name", NULL },
	{ "hostdev", 0, NULL, "VFs for guests have 'driver: vfio-pci'", NULL },
	{ "nmunmanaged", 0, "unmanaged", NULL, NULL },
	{ "managed", 0, "unmanaged", "'unmanaged' is its opposite", opposite },
	{ "nmmanaged", 0, "unmanaged", "'unmanaged' is its opposite", opposite },
	/* VLANs */
	{ "qos", 0, "vlan.qos", NULL, NULL },
	{ "priority", 0, "vlan.qos", NULL, NULL },
	{ "qualityofservice", 0, "vlan.qos", NULL, NULL },
	{ "vlanqos", 0, "vlan.qos", NULL, NULL },
	{ "vlanid", 0, "vlan.id", NULL, NULL },
	{ "vlanproto", 0, "vlan.protocol", NULL, protocol_senses },
	{ "vlanprotocol", 0, "vlan.protocol", NULL, protocol_senses },
	{ "proto", 0, "vlan.protocol", NULL, protocol_senses },
	{ "trunk", 0, NULL, foreign_value_trunk, NULL },
	{ "vlans", 0, NULL, foreign_value_trunk, NULL },
	/* devlink(8), netplan */
	{ "eswitchmode", 0, "eswitch.mode", NULL, NULL },
	{ "embeddedswitchmode", 0, "eswitch.mode", NULL, NULL },
	{ "eswitchinlinemode", 0, "eswitch.inline-mode", NULL, NULL },
	{ "eswitchencapmode", 0, "eswitch.encap-mode", NULL, encap_senses },
	{ "encap", 0, "eswitch.encap-mode", NULL, encap_senses },
	{ "switchdev", 0, "eswitch.mode", NULL, switchdev_senses },
	{ "delayvirtualfunctionsrebind", 0, NULL,
	  "delete it: drivers are always let at VFs only once these are configured", NULL },
	/* which PF: netplan's match, [Match] of systemd.link(5), udev, network operators */
	{ "name", FOREIGN_MATCH, "interface", NULL, NULL },
	{ "interfaces", FOREIGN_MATCH, "interface", NULL, NULL },
	{ "kernel", FOREIGN_MATCH, "interface", NULL, NULL },
	{ "interfacename", 0, "interface", NULL, NULL },
	{ "originalname", 0, "interface", NULL, NULL },
	{ "ifname", 0, "interface", NULL, NULL },
	{ "iface", 0, "interface", NULL, NULL },
	{ "pfname", 0, "interface", NULL, NULL },
	{ "pfnames", 0, "interface", NULL, NULL },
	{ "link", 0, "interface", NULL, NULL },
	{ "bdf", 0, "pci", NULL, NULL },
	{ "slot", 0, "pci", NULL, NULL },
	{ "pciaddress", 0, "pci", NULL, NULL },
	{ "rootdevices", 0, "pci", NULL, NULL },
	{ "idpath", 0, "path", NULL, NULL },
	{ "address", 0, NULL, address_hint, NULL },
	{ "vendor", 0, NULL, vendor_hint, NULL },
	{ "vendorid", 0, NULL, vendor_hint, NULL },
	{ "deviceid", 0, NULL, device_hint, NULL },
	{ "physportname", 0, "port", NULL, NULL },
	{ "numa", 0, "numa-node", NULL, NULL },
	{ "pciclass", 0, "class", NULL, NULL },
	{ "firmwareversion", 0, "firmware", NULL, NULL },
	{ "serialnumber", 0, "serial", NULL, NULL },
	{ "except", FOREIGN_MATCH, "not", NULL, NULL },
	{ "exclude", FOREIGN_MATCH, "not", NULL, NULL },
	{ "excludes", FOREIGN_MATCH, "not", NULL, NULL },
	/* documents of others */
	{ "network", 0, NULL, rules_hint, NULL },
	{ "ethernets", 0, NULL, rules_hint, NULL },
	{ "interfaces", 0, NULL, rules_hint, NULL },
	{ "rules", 0, NULL, rules_hint, NULL },
	{ "pfs", 0, NULL, rules_hint, NULL },
	{ "sriov", 0, NULL, "its keys stand in the rule itself", NULL },
	{ NULL, 0, NULL, NULL, NULL },
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

static bool is_there(const struct section *section, unsigned places)
{
	static const struct {
		const struct section *section;
		unsigned places;
	} sections_of[] = {
		{ &match_section, FOREIGN_MATCH },
		{ &not_section, FOREIGN_MATCH },
		{ &vf_defaults_section, FOREIGN_VF },
		{ &vf_entry_section, FOREIGN_VF | FOREIGN_ENTRY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sections_of); i++)
		if (sections_of[i].section == section && sections_of[i].places & places)
			return true;
	return !places;
}

const struct foreign_word *foreign_word_find(const struct section *section, const char *key)
{
	for (const struct foreign_word *word = foreign_words; word->word; word++)
		if (is_word(key, word->word) && is_there(section, word->places))
			return word;
	return NULL;
}
