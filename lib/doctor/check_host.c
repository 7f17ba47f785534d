/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of the host, and of what it is told to do with its PFs. */

#include <string.h>

#include "doctor/check.h"
#include "model/pci_class.h"

/* The most cards that a finding names. */
#define CARDS_MAX 4

/* Whether the function is a PF, or a VF of one. */
static bool has_sriov(const struct examined *examined, const char *address)
{
	for (size_t i = 0; i < examined->n_pfs; i++) {
		const struct pf *pf = examined->pfs[i].pf;

		if (!strcmp(pf->address, address))
			return true;
		for (uint32_t k = 0; k < pf->n_vfs; k++)
			if (pf->vfs[k].address && !strcmp(pf->vfs[k].address, address))
				return true;
	}
	return false;
}

/* The network cards that the kernel offers no VFs of: which of them a rule means cannot be told. */
static const char *list_bare_cards(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;
	const char *list = "";
	unsigned count = 0;

	for (size_t i = 0; facts && i < facts->functions.count; i++) {
		const struct pci_function *function = &facts->functions.items[i];

		if (function->class >> 16 != PCI_CLASS_NETWORK ||
		    has_sriov(examination->examined, function->address) || ++count > CARDS_MAX)
			continue;
		list = check_format(examination, "%s%s%s%s%s%s", list, *list ? ", " : "",
				    function->address, function->name ? " (" : "",
				    function->name ? function->name : "",
				    function->name ? ")" : "");
	}
	if (count > CARDS_MAX)
		list = check_format(examination, "%s and %u more", list, count - CARDS_MAX);
	return count ? check_format(examination,
				    "; network cards without SR-IOV, or with it off, "
				    "are %s",
				    list)
		     : "";
}

static enum check_answer find_unmatched(struct examination *examination)
{
	const struct unmatched_list *unmatched = examination->examined->unmatched;

	for (size_t i = 0; i < unmatched->count; i++) {
		const struct unmatched *item = &unmatched->items[i];
		const char *place = check_place(examination, &item->rule->origin);

		check_find(examination,
			   check_format(examination, "rule '%s' matches no PF: %s",
					check_quote(examination, item->rule->name), item->reason),
			   check_format(examination, "'match' of the rule at %s, against all PFs",
					place),
			   check_format(examination,
					"correct 'match' at %s; where the PF is meant to be there, "
					"look at its slot, its driver and SR-IOV in the firmware%s",
					place, list_bare_cards(examination)));
	}
	return CHECK_MADE;
}

static enum check_answer find_rivals(struct examination *examination, const struct examined_pf *pf)
{
	if (!pf->rivals)
		return CHECK_IDLE;
	for (size_t i = 0; i < pf->rivals->count; i++)
		check_find(examination, pf->rivals->items[i],
			   "udev's database and .link files, profiles of NetworkManager, neutron's "
			   "sriov_agent.ini, udev's rules, scripts",
			   "take it out of that file, or have sriovd leave the PF alone "
			   "('mode: ignore')");
	return CHECK_MADE;
}

const struct check check_host[] = {
	{ .name = "rule-unmatched",
	  .severity = SEVERITY_WARNING,
	  .finds = "a rule matches no PF; the PF that comes nearest is named",
	  .why = "nothing of what the rule asks for is there",
	  .of_host = find_unmatched },
	{ .name = "rival",
	  .severity = SEVERITY_WARNING,
	  .finds = "another program is told to set up the PF's VFs, by a file that is named",
	  .why = "two programs that set up the same VFs undo what the other does, and a write to "
		 "sriov_numvfs may find the device busy",
	  .of_pf = find_rivals },
	{ 0 },
};
