/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of what guests need that have VFs by way of vfio. */

#include <string.h>

#include "doctor/check.h"

/* From here on it costs packets at 10 Gbit/s and more; a C6 of servers takes 100 us and more. */
#define LATENCY_US_MAX 50

static bool has_guests(struct examination *examination)
{
	struct examination each = *examination;

	for (size_t i = 0; i < examination->examined->n_pfs; i++) {
		each.subject = &examination->examined->pfs[i];
		for (uint32_t vf = 0; vf < check_vf_count(each.subject); vf++)
			if (check_is_for_guest(&each, vf))
				return true;
	}
	return false;
}

static enum check_answer find_no_vfio(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;

	if (!has_guests(examination))
		return CHECK_IDLE;
	if (facts->vfio == UNTOLD)
		return check_untold(examination, "the modules that are installed");
	if (facts->vfio == TOLD_NO)
		check_find(examination, "VFs are for vfio, and vfio-pci is not there",
			   check_format(examination,
					"/sys/bus/pci/drivers and /lib/modules/%s/modules.dep",
					facts->kernel ? facts->kernel : "RELEASE"),
			   "install the package of the kernel's modules that has vfio-pci, or a "
			   "kernel "
			   "with CONFIG_VFIO_PCI");
	return CHECK_MADE;
}

static enum check_answer find_no_virtualization(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;

	if (!has_guests(examination) || facts->virtualization == UNTOLD)
		return CHECK_IDLE;
	if (facts->virtualization == TOLD_NO)
		check_find(examination, "the processor's virtualization is off",
			   "'flags' in /proc/cpuinfo, which has neither vmx nor svm",
			   "turn on VT-x of Intel or SVM of AMD in the firmware's setup; nothing "
			   "is to "
			   "be done where only programs such as DPDK's use the VFs");
	return CHECK_MADE;
}

static enum check_answer find_no_hugepages(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;

	if (!has_guests(examination) || facts->hugepages_mb < 0)
		return CHECK_IDLE;
	if (!facts->hugepages_mb)
		check_find(examination, "no huge pages are set aside",
			   "nr_hugepages of all sizes in /sys/kernel/mm/hugepages",
			   "add 'default_hugepagesz=1G hugepagesz=1G hugepages=N' to the kernel's "
			   "command line, or write vm.nr_hugepages into /etc/sysctl.d");
	return CHECK_MADE;
}

/* Governor powersave keeps processors at their lowest frequency, but with these drivers, where it
 * goes by the load (Documentation/admin-guide/pm/intel_pstate.rst and amd-pstate.rst). */
static bool is_slow(const struct facts *facts)
{
	static const char *const by_load[] = { "intel_pstate", "amd-pstate-epp" };

	for (size_t i = 0; facts->frequency_driver && i < ARRAY_SIZE(by_load); i++)
		if (!strcmp(facts->frequency_driver, by_load[i]))
			return false;
	return facts->governor && !strcmp(facts->governor, "powersave");
}

static enum check_answer find_sleepy(struct examination *examination)
{
	const struct facts *facts = examination->examined->facts;
	bool slow = is_slow(facts);
	bool deep = facts->idle_latency_us > LATENCY_US_MAX;

	if (!has_guests(examination) || (!facts->governor && facts->idle_latency_us < 0))
		return CHECK_IDLE;
	if (slow || deep)
		check_find(
			examination,
			deep ? check_format(
				       examination,
				       "processors may sleep so deeply that they take %d us to "
				       "wake%s",
				       facts->idle_latency_us,
				       slow ? ", and their governor is powersave" : "")
			     : "the governor of the processors is powersave",
			"cpuidle/*/latency and cpufreq/scaling_governor of "
			"/sys/devices/system/cpu/cpu0",
			"'tuned-adm profile latency-performance' or 'cpupower idle-set -D 50; "
			"cpupower frequency-set -g performance', where latency matters more than "
			"power");
	return CHECK_MADE;
}

const struct check check_guests[] = {
	{ .name = "vfio-missing",
	  .severity = SEVERITY_ERROR,
	  .finds = "VFs have a driver of vfio's, or are to have one, and vfio-pci is neither there "
		   "nor "
		   "installed",
	  .why = "no guest and no program can have these VFs",
	  .by_facts = true,
	  .of_host = find_no_vfio },
	{ .name = "virtualization-off",
	  .severity = SEVERITY_NOTE,
	  .finds = "VFs are for vfio, and the processor's virtualization is off",
	  .why = "virtual machines are emulated then, which is slower by far than any VF",
	  .by_facts = true,
	  .of_host = find_no_virtualization },
	{ .name = "no-hugepages",
	  .severity = SEVERITY_NOTE,
	  .finds = "VFs are for vfio, and no huge pages are set aside",
	  .why = "guests and programs whose memory is in small pages lose throughput to the "
		 "IOMMU's "
		 "walks through its tables",
	  .by_facts = true,
	  .of_host = find_no_hugepages },
	{ .name = "deep-sleep",
	  .severity = SEVERITY_NOTE,
	  .finds = "VFs are for vfio, and processors may sleep deeply, or have governor powersave",
	  .why = "a processor that has to wake first is late for packets, and VFs have small "
		 "queues",
	  .by_facts = true,
	  .of_host = find_sleepy },
	{ 0 },
};
