/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of a card and its driver: what they can have of what is asked for. */

#include <string.h>

#include "doctor/check.h"
#include "model/driver.h"

/* What drivers want the PF up for, the weightiest first. */
static const struct {
	enum driver_habit habit;
	const char *what;
} wants_up[] = {
	{ DRIVER_CREATES_UP, "makes VFs only while it is up" },
	{ DRIVER_SETS_UP, "takes settings of VFs only while it is up" },
	{ DRIVER_BINDS_UP, "gives VFs' drivers their addresses only while it is up" },
	{ DRIVER_DESTROYS_UP, "takes VFs away only while it is up" },
};

static const char *up_for(const struct driver *driver)
{
	for (size_t i = 0; i < ARRAY_SIZE(wants_up); i++)
		if (driver_does(driver, wants_up[i].habit))
			return wants_up[i].what;
	return NULL;
}

static bool is_planned(const struct examined_pf *pf, enum pf_setting setting)
{
	const struct step_target target = step_target_of_pf(setting);

	return pf->plan && plan_find(pf->plan, &target);
}

static enum check_answer find_down(struct examination *examination, const struct examined_pf *pf)
{
	const struct driver *driver = driver_of(pf->pf->driver);
	const char *what = up_for(driver);

	if (!what || !pf->pf->ifname || !(check_vf_count(pf) + pf->pf->n_vfs))
		return CHECK_IDLE;
	if (!(pf->pf->settings.present & SETTING_BIT(PF_UP)))
		return check_untold(examination, "whether it is up");
	if (!pf_is_down(pf->pf))
		return CHECK_MADE;
	check_find(examination,
		   check_format(examination, "it is down, and %s %s", driver->name, what),
		   check_format(examination, "IFF_UP of %s; Linux, drivers/%s",
				check_name(examination, pf), driver->source),
		   is_planned(pf, PF_UP)
			   ? check_format(examination, "'sriovctl apply %s' brings it up",
					  check_name(examination, pf))
			   : check_format(examination, "%s, or 'ip link set %s up'",
					  check_write(examination, pf, "pf-up: true"),
					  check_name(examination, pf)));
	return CHECK_MADE;
}

/* Other buses than PCI have no such number. */
static bool is_pci(const struct pf *pf)
{
	return !strncmp(pf->handle, "pci/", strlen("pci/"));
}

static enum check_answer find_switched_off(struct examination *examination,
					   const struct examined_pf *pf)
{
	if (!is_pci(pf->pf))
		return CHECK_IDLE;
	if (pf->pf->totalvfs || pf->pf->n_vfs)
		return CHECK_MADE;
	check_find(examination, "it can have no VF: SR-IOV is off in its firmware",
		   check_format(examination, "sriov_totalvfs of %s", pf->pf->address),
		   "turn SR-IOV on in the firmware's setup, of the host and of the card (for "
		   "mlx5: 'mlxconfig -d DEVICE set SRIOV_EN=1 NUM_OF_VFS=N'), and boot");
	return CHECK_MADE;
}

/* What the last rule that says so asks for; resolving it may have left it out. */
static const struct value *asked_count(const struct desired *desired)
{
	const struct value *vfs = NULL;

	for (size_t i = 0; desired_is_managed(desired) && i < desired->n_rules; i++)
		if (VALUES_GET(&desired->rules[i]->settings, PF_VFS))
			vfs = VALUES_GET(&desired->rules[i]->settings, PF_VFS);
	return vfs;
}

static enum check_answer find_too_many(struct examination *examination,
				       const struct examined_pf *pf)
{
	const struct value *vfs = asked_count(pf->desired);
	const uint32_t total = pf->pf->totalvfs;

	if (!vfs || !total || vfs->form != VALUE_PLAIN)
		return CHECK_IDLE;
	if (vfs->number <= total || check_pf_has(pf, PF_AT_MOST))
		return CHECK_MADE;
	check_find(examination,
		   check_format(examination, "%llu VFs are asked for, and the card can have %u",
				(unsigned long long)vfs->number, total),
		   check_format(examination, "'vfs' at %s; sriov_totalvfs of %s",
				check_place(examination, vfs->origin), pf->pf->address),
		   check_format(examination,
				"write 'vfs: %u', or 'at-most: true' beside it; some cards can "
				"have more by a setting of their firmware",
				total));
	return CHECK_MADE;
}

static uint64_t guaranteed(const struct examined_pf *pf)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < check_vf_count(pf); i++) {
		const struct value *rate = check_value(pf, i, VF_MIN_TX_RATE);

		if (rate && rate->form == VALUE_PLAIN)
			sum += rate->number;
	}
	return sum;
}

static enum check_answer find_overbooked(struct examination *examination,
					 const struct examined_pf *pf)
{
	const uint64_t sum = guaranteed(pf);

	if (!sum)
		return CHECK_IDLE;
	if (!pf->pf->speed)
		return check_untold(examination, "the speed of its link");
	if (sum <= pf->pf->speed)
		return CHECK_MADE;
	check_find(examination,
		   check_format(examination,
				"%llu Mbit/s are guaranteed to its VFs together, and its link has "
				"%u",
				(unsigned long long)sum, pf->pf->speed),
		   "'min-tx-rate' of all VFs, as wanted or else as it is; the link's speed, of "
		   "ethtool",
		   check_write(examination, pf, "min-tx-rate: LESS"));
	return CHECK_MADE;
}

/* What most operators stay below; the card's queues and interrupts are shared by them all. */
#define MANY_VFS 16

static enum check_answer find_many(struct examination *examination, const struct examined_pf *pf)
{
	const uint32_t count = check_vf_count(pf);

	if (!count || !pf->pf->ifindex)
		return CHECK_IDLE;
	if (count <= MANY_VFS)
		return CHECK_MADE;
	check_find(examination,
		   check_format(examination,
				"it has, or is to have, %u VFs, and most stay at 8 to %u a port",
				count, MANY_VFS),
		   "'vfs' as wanted, else sriov_numvfs", check_write(examination, pf, "vfs: LESS"));
	return CHECK_MADE;
}

/* One for a queue, and one for what its PF tells it. */
#define VECTORS_OF_ONE_QUEUE 2

static bool has_one_queue(const struct examination *examination, uint32_t i)
{
	const struct pci_function *function = check_function(examination, i);
	const struct value *wanted = check_value(examination->subject, i, VF_MSIX_VECTORS);

	return function && function->msix > 0 && function->msix <= VECTORS_OF_ONE_QUEUE &&
	       !(wanted && wanted->number > VECTORS_OF_ONE_QUEUE);
}

static bool is_counted(const struct examination *examination, uint32_t i)
{
	const struct pci_function *function = check_function(examination, i);

	return function && function->msix >= 0;
}

static enum check_answer find_one_queue(struct examination *examination,
					const struct examined_pf *pf)
{
	const char *which;

	if (!pf->pf->n_vfs || !pf->pf->ifindex)
		return CHECK_IDLE;
	which = check_which(examination, has_one_queue);
	if (!which)
		return check_which(examination, is_counted) ? CHECK_MADE : CHECK_IDLE;
	check_find(examination,
		   check_format(examination, "%s: at most two interrupts, and so one queue", which),
		   "the size of the MSI-X table in each VF's configuration space",
		   pf->pf->msix_vectors
			   ? check_write(examination, pf, "msix-vectors: N")
			   : "have fewer VFs where the card deals its interrupts out among them; "
			     "else this is what its VFs are");
	return CHECK_MADE;
}

const struct check check_card[] = {
	{ .name = "sriov-off",
	  .severity = SEVERITY_ERROR,
	  .finds = "a card can have no VF, since its firmware has SR-IOV turned off",
	  .why = "the card has the capability, and its firmware offers no VF: nothing that a "
		 "policy says changes that",
	  .of_pf = find_switched_off },
	{ .name = "pf-down",
	  .severity = SEVERITY_ERROR,
	  .finds = "a PF is down that has VFs or is to have some, and its driver needs it up",
	  .why = "what the driver does only with the PF up is refused, or done wrong without a "
		 "word",
	  .of_pf = find_down },
	{ .name = "vfs-over-total",
	  .severity = SEVERITY_ERROR,
	  .finds = "more VFs are asked for than the card can have",
	  .why = "the kernel refuses more than sriov_totalvfs, and no VF is made",
	  .of_pf = find_too_many },
	{ .name = "rates-over-link",
	  .severity = SEVERITY_WARNING,
	  .finds = "the rates that VFs are guaranteed come to more than the link's speed",
	  .why = "more cannot be guaranteed than there is: some drivers refuse it, others keep to "
		 "none of it",
	  .of_pf = find_overbooked },
	{ .name = "many-vfs",
	  .severity = SEVERITY_NOTE,
	  .finds = "a port has, or is to have, more than 16 VFs",
	  .why = "all VFs share the port's queues, interrupts and bandwidth, and each makes "
		 "looking at them dearer",
	  .of_pf = find_many },
	{ .name = "one-queue",
	  .severity = SEVERITY_NOTE,
	  .finds = "a VF's MSI-X table has no more than two interrupts",
	  .why = "a guest with several processors has its VF's packets on one of them",
	  .by_facts = true,
	  .of_pf = find_one_queue },
	{ 0 },
};
