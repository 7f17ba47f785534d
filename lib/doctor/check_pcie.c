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

const struct check check_pcie[] = {
	{ .name = "pcie-link",
	  .severity = SEVERITY_WARNING,
	  .finds = "a PF's link to the host has fewer lanes, or a lower speed, than its card can "
		   "have",
	  .why = "all VFs of the card share that link",
	  .by_facts = true,
	  .of_pf = find_narrow },
	{ 0 },
};
