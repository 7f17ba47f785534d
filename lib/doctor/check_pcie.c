/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of the way from a card to the processor. */

#include "doctor/check.h"

/* "8.0 GT/s x8"; speed is in millions of transfers a second. */
static const char *describe_link(struct examination *examination, uint32_t speed, uint32_t width)
{
	return check_format(examination, "%u.%u GT/s x%u", speed / 1000, speed % 1000 / 100, width);
}

static enum check_answer find_narrow(struct examination *examination, const struct examined_pf *pf)
{
	const struct facts *facts = examination->examined->facts;
	const struct pci_function *card = facts_function(facts, pf->pf->address), *port;

	if (!card || !card->upstream)
		return CHECK_IDLE;
	if (!card->speed || !card->speed_max || !card->width || !card->width_max)
		return CHECK_IDLE;
	if (card->speed >= card->speed_max && card->width >= card->width_max)
		return CHECK_MADE;
	port = facts_function(facts, card->upstream);
	check_find(
		examination,
		check_format(examination, "its link to the host is %s, and the card can have %s",
			     describe_link(examination, card->speed, card->width),
			     describe_link(examination, card->speed_max, card->width_max)),
		check_format(examination,
			     "current_link_speed, max_link_speed and the widths of %s, in "
			     "/sys/bus/pci/devices",
			     pf->pf->address),
		port && port->width_max && port->speed_max &&
				(port->width_max < card->width_max ||
				 port->speed_max < card->speed_max)
			? check_format(examination,
				       "put it into another slot: port %s can have %s at most",
				       port->address,
				       describe_link(examination, port->speed_max, port->width_max))
			: "seat the card anew, and look at the slot's settings in the firmware's "
			  "setup");
	return CHECK_MADE;
}

static bool wants_vfs(const struct examined_pf *pf)
{
	return check_vf_count(pf) + pf->pf->n_vfs;
}

static enum check_answer find_no_space(struct examination *examination,
				       const struct examined_pf *pf)
{
	const struct pci_function *card =
		facts_function(examination->examined->facts, pf->pf->address);

	if (!card || !wants_vfs(pf))
		return CHECK_IDLE;
	if (card->vf_space == UNTOLD)
		return check_untold(examination, "where the memory of its VFs is");
	if (card->vf_space == TOLD_NO)
		check_find(examination,
			   "it can have no VF: the bridges above it have no room for their memory",
			   check_format(examination,
					"lines 8 to 13 of /sys/bus/pci/devices/%s/resource, those "
					"of VFs",
					pf->pf->address),
			   check_format(examination,
					"turn on SR-IOV and 'Above 4G Decoding' in the firmware's "
					"setup; or add 'pci=realloc' to the kernel's command line, "
					"%s, and boot",
					check_how_to_boot(examination->examined->facts)));
	return CHECK_MADE;
}

/* So many VFs have a number of their own up to the last bus (pci_iov_virtfn_bus() in
 * drivers/pci/iov.c). */
static uint32_t room_on_buses(const struct pci_function *card, unsigned id, int last_bus)
{
	const unsigned first = id + card->vf_offset, end = ((unsigned)last_bus + 1) << 8;

	if (first >= end)
		return 0;
	return card->vf_stride ? (end - 1 - first) / card->vf_stride + 1 : 1;
}

static enum check_answer find_no_buses(struct examination *examination,
				       const struct examined_pf *pf)
{
	const struct facts *facts = examination->examined->facts;
	const struct pci_function *card = facts_function(facts, pf->pf->address);
	const struct pci_function *port = card ? facts_function(facts, card->upstream) : NULL;
	unsigned id;
	uint32_t room;

	if (!port || port->last_bus < 0 || !card->vf_offset || !check_vf_count(pf) ||
	    pci_function_routing_id(card, &id) < 0)
		return CHECK_IDLE;
	room = room_on_buses(card, id, port->last_bus);
	if (room >= check_vf_count(pf))
		return CHECK_MADE;
	check_find(
		examination,
		check_format(examination,
			     "there are bus numbers for %u of its VFs, and it is to have %u", room,
			     check_vf_count(pf)),
		check_format(examination,
			     "sriov_offset and sriov_stride of %s, subordinate_bus_number of %s",
			     card->address, port->address),
		check_format(examination,
			     "put the card into a slot whose port forwards ARI; or turn on SR-IOV "
			     "in the firmware's setup, or add 'pci=assign-busses' to the kernel's "
			     "command line, %s, and boot",
			     check_how_to_boot(facts)));
	return CHECK_MADE;
}

const struct check check_pcie[] = {
	{ .name = "vfs-without-space",
	  .severity = SEVERITY_ERROR,
	  .finds = "a PF has VFs or is to have some, and the bridges above it have no room for "
		   "their "
		   "memory",
	  .why = "the kernel makes no VF then: a write to sriov_numvfs gives ENOMEM",
	  .by_facts = true,
	  .of_pf = find_no_space },
	{ .name = "vfs-without-bus",
	  .severity = SEVERITY_ERROR,
	  .finds = "a PF is to have more VFs than there are bus numbers for behind the bridge "
		   "above it",
	  .why = "the kernel makes none of them then: a write to sriov_numvfs gives ENOMEM",
	  .by_facts = true,
	  .of_pf = find_no_buses },
	{ .name = "pcie-link",
	  .severity = SEVERITY_WARNING,
	  .finds = "a PF's link to the host has fewer lanes, or a lower speed, than its card can "
		   "have",
	  .why = "all VFs of the card share that link",
	  .by_facts = true,
	  .of_pf = find_narrow },
	{ 0 },
};
