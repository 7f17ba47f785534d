/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of the IOMMU, without which no VF can be given to a guest. */

#include <string.h>

#include "doctor/check.h"

/* Whether anybody has VFs here, or is to have some. */
static bool has_vfs(const struct examined *examined)
{
	for (size_t i = 0; i < examined->n_pfs; i++)
		if (check_vf_count(&examined->pfs[i]) + examined->pfs[i].pf->n_vfs)
			return true;
	return false;
}

static enum check_answer find_off_in_firmware(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;

	if (!has_vfs(examination->examined))
		return CHECK_IDLE;
	if (facts->iommu == TOLD_YES)
		return CHECK_MADE;
	if (facts->iommu_in_firmware == UNTOLD)
		return check_untold(examination, "the tables of ACPI");
	if (facts->iommu_in_firmware == TOLD_NO)
		check_find(examination, "the firmware offers no IOMMU",
			   "/sys/firmware/acpi/tables, which has neither DMAR nor IVRS",
			   "turn it on in the firmware's setup: VT-d of Intel, AMD-Vi or IOMMU of "
			   "AMD; of a virtual machine, have it given one");
	return CHECK_MADE;
}

/* Arguments that turn it off (Documentation/admin-guide/kernel-parameters.txt). */
static const char *find_off_argument(const struct host *host)
{
	static const char *const words[] = { "intel_iommu=off", "amd_iommu=off", "iommu=off" };
	const char *line = host->kernel_command_line;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (const char *p = line; p && (p = strstr(p, words[i])); p++)
			if ((p == line || p[-1] == ' ') && strchr(" ", p[strlen(words[i])]))
				return words[i];
	return NULL;
}

/* By whose processor it is: of a vendor that is not known no argument is named as if it were. */
static const char *how_to_turn_on(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;
	const char *off = find_off_argument(examination->examined->host);
	const char *vendor = facts->cpu_vendor ? facts->cpu_vendor : "";
	const char *how = check_how_to_boot(facts);

	if (off)
		return check_format(examination,
				    "take '%s' off the kernel's command line, %s, and boot", off,
				    how);
	/* It has no "on" (parse_amd_iommu_options() in drivers/iommu/amd/init.c). */
	if (!strcmp(vendor, "AuthenticAMD"))
		return "the kernel uses an AMD IOMMU by itself; why it does not is in 'journalctl "
		       "-b -k --grep AMD-Vi'; see that it is on in the firmware's setup";
	return check_format(examination,
			    "%sadd 'intel_iommu=on iommu=pt' to the kernel's command line, %s, and "
			    "boot",
			    !strcmp(vendor, "GenuineIntel")
				    ? ""
				    : "see that it is on in the firmware's setup; if the processor "
				      "is one of Intel, ",
			    how);
}

static enum check_answer find_off(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;

	if (!has_vfs(examination->examined) || facts->iommu_in_firmware == TOLD_NO)
		return CHECK_IDLE;
	if (facts->iommu == UNTOLD)
		return check_untold(examination, "/sys/class/iommu");
	if (facts->iommu == TOLD_YES)
		return CHECK_MADE;
	check_find(examination,
		   facts->iommu_in_firmware == TOLD_YES
			   ? "the firmware has an IOMMU, and the kernel does not use it"
			   : "the kernel uses no IOMMU, whether or not the firmware has one",
		   facts->iommu_in_firmware == TOLD_YES
			   ? "/sys/class/iommu, which is empty; DMAR or IVRS in "
			     "/sys/firmware/acpi/tables; the kernel's command line"
			   : "/sys/class/iommu, which is empty; the kernel's command line",
		   how_to_turn_on(examination));
	return CHECK_MADE;
}

static enum check_answer find_unmapped_interrupts(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;

	if (!has_vfs(examination->examined) || facts->iommu != TOLD_YES)
		return CHECK_IDLE;
	if (facts->interrupt_remapping == UNTOLD)
		return check_untold(examination, "the chips of interrupts");
	if (facts->interrupt_remapping == TOLD_NO)
		check_find(
			examination,
			facts->unsafe_interrupts == TOLD_YES
				? "interrupts are not remapped, and vfio is told to do without"
				: "interrupts are not remapped",
			"/sys/kernel/irq/*/chip_name, of which none begins with IR",
			"turn on x2APIC and interrupt remapping in the firmware's setup, and take "
			"'intremap=off' and 'nointremap' off the kernel's command line");
	return CHECK_MADE;
}

/* Whether somebody who is no bridge is in the group of the function, besides it. */
static const struct pci_function *find_companion(const struct facts *facts,
						 const struct pci_function *function)
{
	for (size_t i = 0; i < facts->functions.count; i++) {
		const struct pci_function *other = &facts->functions.items[i];

		if (other != function && other->iommu_group == function->iommu_group &&
		    !pci_function_is_bridge(other))
			return other;
	}
	return NULL;
}

static bool shares_group(const struct examination *examination, uint32_t i)
{
	const struct pci_function *function = check_function(examination, i);

	return function && function->iommu_group >= 0 &&
	       find_companion(examination->examined->facts, function);
}

static bool is_in_group(const struct examination *examination, uint32_t i)
{
	const struct pci_function *function = check_function(examination, i);

	return function && function->iommu_group >= 0;
}

static const struct pci_function *first_companion(const struct examination *examination)
{
	uint32_t i = 0;

	while (!shares_group(examination, i))
		i++;
	return find_companion(examination->examined->facts, check_function(examination, i));
}

/* The bridge nearest to the function that is known not to keep apart what is behind it, or NULL;
 * the function may be NULL. */
static const struct pci_function *find_leak(const struct facts *facts,
					    const struct pci_function *function)
{
	const struct pci_function *bridge =
		function ? facts_function(facts, function->upstream) : NULL;

	/* What an inventory says may go round in circles. */
	for (size_t i = 0; bridge && bridge->acs != TOLD_NO && i < facts->functions.count; i++)
		bridge = facts_function(facts, bridge->upstream);
	return bridge && bridge->acs == TOLD_NO ? bridge : NULL;
}

static const char *how_to_part(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;
	const struct pci_function *leak =
		find_leak(facts, facts_function(facts, examination->subject->pf->address));

	return check_format(examination,
			    "%s%s%s and turn ACS on in the firmware's setup; or give all that is "
			    "in the group to the same guest",
			    leak ? "port " : "put the card into a slot whose port has ACS,",
			    leak ? leak->address : "",
			    leak ? " has no ACS, or it is off: put the card into another slot,"
				 : "");
}

static enum check_answer find_shared(struct examination *examination, const struct examined_pf *pf)
{
	const char *which;

	(void)pf;
	if (!check_which(examination, is_in_group))
		return CHECK_IDLE;
	which = check_which(examination, shares_group);
	if (which)
		check_find(examination,
			   check_format(examination,
					"%s: not alone in the IOMMU group, but with %s", which,
					first_companion(examination)->address),
			   "iommu_group of each PCI function in /sys/bus/pci/devices; ACS in the "
			   "configuration space of ports",
			   how_to_part(examination));
	return CHECK_MADE;
}

const struct check check_iommu[] = {
	{ .name = "iommu-off-in-firmware",
	  .severity = SEVERITY_WARNING,
	  .finds = "there are VFs, or are to be, and the firmware offers no IOMMU",
	  .why = "VFs cannot be given to guests: vfio takes none without an IOMMU",
	  .by_facts = true,
	  .of_host = find_off_in_firmware },
	{ .name = "iommu-off",
	  .severity = SEVERITY_WARNING,
	  .finds = "the firmware has an IOMMU, or may have one, and the kernel does not use it",
	  .why = "VFs cannot be given to guests: vfio takes none without an IOMMU",
	  .by_facts = true,
	  .of_host = find_off },
	{ .name = "interrupts-not-remapped",
	  .severity = SEVERITY_WARNING,
	  .finds = "there is an IOMMU, and interrupts are not remapped by it",
	  .why = "a guest with a VF could send interrupts to the host: vfio gives it none, unless "
		 "it "
		 "is told to do so all the same (allow_unsafe_interrupts)",
	  .by_facts = true,
	  .of_host = find_unmapped_interrupts },
	{ .name = "iommu-group-shared",
	  .severity = SEVERITY_WARNING,
	  .finds = "a VF is in an IOMMU group with another function that is no bridge",
	  .why = "vfio gives a group away as a whole: while the host uses one of it, no guest can "
		 "have another",
	  .by_facts = true,
	  .of_pf = find_shared },
	{ 0 },
};
