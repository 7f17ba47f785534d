/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/libvirt.h"

#include <linux/if_ether.h>
#include <string.h>

/* In an attribute, or between tags. */
static void append_xml(const char *string, struct text *out)
{
	for (const char *p = string; *p; p++) {
		const unsigned char byte = (unsigned char)*p;

		if (strchr("&<>'\"", byte))
			text_printf(out, "&#%u;", byte);
		else
			text_append_n(out, p, 1);
	}
}

/* No program of libvirt's takes what is not printable. */
static bool is_nameable(const struct group *group)
{
	return text_is_printable(group->name) && !strchr(group->name, '/');
}

static void write_address(const struct pci_address *address, const char *indent, struct text *out)
{
	text_printf(out,
		    "%s<address type='pci' domain='0x%04x' bus='0x%02x' slot='0x%02x' "
		    "function='0x%x'/>\n",
		    indent, address->domain, address->bus, address->slot, address->function);
}

/* Those of the VFs, where they are not all of a PF that has a name to find them by. */
static void write_addresses(const struct group *group, struct export *export)
{
	struct pci_address address;

	for (size_t i = 0; i < group->count; i++)
		if (exported_address(group->members[i].vf, &address))
			write_address(&address, "    ", export->out);
}

static bool has_addresses(const struct group *group)
{
	struct pci_address address;

	for (size_t i = 0; i < group->count; i++)
		if (exported_address(group->members[i].vf, &address))
			return true;
	return false;
}

/* VFs of a drive are no interfaces of a domain. */
static bool is_of_networks(const struct group *group)
{
	for (size_t i = 0; i < group->count; i = group_next_pf(group, i))
		if (!exported_is_network(group->members[i].pf))
			return false;
	return true;
}

static void write_network(const struct group *group, struct export *export)
{
	struct text *out = export->out;

	text_append(out, "<network>\n  <name>");
	append_xml(group->name, out);
	text_append(out, "</name>\n  <forward mode='hostdev' managed='yes'>\n");
	if (group_is_whole(group) && group->pf->ifname) {
		text_append(out, "    <pf dev='");
		append_xml(group->pf->ifname, out);
		text_append(out, "'/>\n");
	} else {
		write_addresses(group, export);
	}
	text_append(out, "  </forward>\n</network>\n");
	export->count++;
}

void libvirt_write_networks(const struct groups *groups, struct export *export)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];

		if (!is_of_networks(group))
			exported_note_group(export, group,
					    "it has VFs that are no network devices");
		else if (!has_addresses(group))
			exported_note_group(export, group, "no VF of it has a PCI address");
		else if (!is_nameable(group))
			exported_note_group(export, group, "its name cannot be that of a network");
		else
			write_network(group, export);
	}
}

/* 802.1ad and a priority are nothing that libvirt could ask for. */
static void write_vlan(const struct member *member, struct export *export)
{
	const struct value *vlan = VALUES_GET(&member->vf->settings, VF_VLAN);

	if (!vlan || !vlan->vlan.id)
		return;
	text_printf(export->out, "  <vlan>\n    <tag id='%u'/>\n  </vlan>\n", vlan->vlan.id);
	if (vlan->vlan.qos || vlan->vlan.protocol != ETH_P_8021Q)
		exported_note_vf(export, member,
				 "libvirt sets its VLAN as one of 802.1Q without a priority");
}

/* The name by which the two of a pair know each other; libvirt wants "ua-" before names of users.
 */
static void append_alias(const struct member *member, struct text *out)
{
	text_append(out, "ua-");
	for (const char *p = pf_name(member->pf); *p; p++) {
		const bool known = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
				   (*p >= '0' && *p <= '9');

		text_append_n(out, known ? p : "_", 1);
	}
	text_printf(out, "-vf%u", member->vf->index);
}

static void write_interface(const struct member *member, const struct pci_address *address,
			    bool has_partner, struct export *export)
{
	const struct value *mac = VALUES_GET(&member->vf->settings, VF_MAC);
	char buffer[MAC_STRING_SIZE];

	text_append(export->out, "<interface type='hostdev' managed='yes'>\n");
	if (mac && !mac_is_zero(&mac->mac))
		text_printf(export->out, "  <mac address='%s'/>\n", mac_format(&mac->mac, buffer));
	else
		exported_note_vf(export, member, "it has no address, and libvirt makes one up");
	text_append(export->out, "  <source>\n");
	write_address(address, "    ", export->out);
	text_append(export->out, "  </source>\n");
	write_vlan(member, export);
	if (has_partner) {
		text_append(export->out, "  <teaming type='transient' persistent='");
		append_alias(member, export->out);
		text_append(export->out, "'/>\n");
	}
	text_append(export->out, "</interface>\n");
	export->count++;
}

/* Why libvirt cannot give it to a domain as an interface; NULL: it can. */
static const char *find_reason(const struct member *member, struct pci_address *ret_address)
{
	if (!member->pf->ifindex)
		return "its PF has no network device, by which libvirt sets it up";
	return exported_address(member->vf, ret_address) ? NULL : "it has no PCI address";
}

static void write_single(const struct member *member, struct export *export)
{
	struct pci_address address;
	const char *reason = find_reason(member, &address);

	if (reason)
		exported_note_vf(export, member, reason);
	else
		write_interface(member, &address, false, export);
}

static void for_members(const struct groups *groups, struct export *export,
			void (*write)(const struct member *member, struct export *export))
{
	for (size_t i = 0; i < groups->count; i++)
		for (size_t k = 0; k < groups->items[i].count; k++)
			write(&groups->items[i].members[k], export);
}

void libvirt_write_interfaces(const struct groups *groups, struct export *export)
{
	for_members(groups, export, write_single);
}

static void write_partner(const struct member *member, struct text *out)
{
	const struct value *mac = VALUES_GET(&member->vf->settings, VF_MAC);
	char buffer[MAC_STRING_SIZE];

	text_printf(out, "<interface type='direct'>\n  <mac address='%s'/>\n  <source dev='",
		    mac_format(&mac->mac, buffer));
	append_xml(pf_name(member->pf), out);
	text_append(out, "' mode='bridge'/>\n  <model type='virtio'/>\n"
			 "  <teaming type='persistent'/>\n  <alias name='");
	append_alias(member, out);
	text_append(out, "'/>\n</interface>\n");
}

static const char *find_pair_reason(const struct member *member, struct pci_address *ret_address)
{
	const struct value *mac = VALUES_GET(&member->vf->settings, VF_MAC);
	const struct value *vlan = VALUES_GET(&member->vf->settings, VF_VLAN);
	const char *reason = find_reason(member, ret_address);

	if (reason)
		return reason;
	if (!mac || mac_is_zero(&mac->mac))
		return "it has no address that both of a pair could have";
	if (!vlan || vlan->vlan.id)
		return "it is in a VLAN, or may be, which the other of a pair is not";
	return NULL;
}

static void write_pair(const struct member *member, struct export *export)
{
	struct pci_address address;
	const char *reason = find_pair_reason(member, &address);

	if (reason) {
		exported_note_vf(export, member, reason);
		return;
	}
	write_partner(member, export->out);
	write_interface(member, &address, true, export);
}

void libvirt_write_pairs(const struct groups *groups, struct export *export)
{
	for_members(groups, export, write_pair);
}
