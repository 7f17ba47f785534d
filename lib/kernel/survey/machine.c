/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/survey/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/survey/glance.h"

#define CPUS "sys/devices/system/cpu/"

/* The value of "key   : value" or "key=value", from the first line that begins so; NULL: there is
 * none. */
static int find_value(const struct survey *survey, const char *text, const char *key,
		      const char **ret)
{
	size_t length = strlen(key);

	*ret = NULL;
	for (const char *line = text; line && *line;) {
		const char *end = line + strcspn(line, "\n");
		const char *value = line + length;

		if (!strncmp(line, key, length) && strchr("=: \t", *value)) {
			value += strspn(value, "=: \t\"");
			*ret = arena_strndup(survey->arena, value,
					     value < end ? (size_t)(end - value) : 0);
			return *ret ? 0 : -ENOMEM;
		}
		line = *end ? end + 1 : end;
	}
	return 0;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += length)
		if ((p == words || p[-1] == ' ') && (!p[length] || p[length] == ' '))
			return true;
	return false;
}

/* Flags that the kernel takes away where the firmware has locked it (init_ia32_feat_ctl() in
 * arch/x86/kernel/cpu/feat_ctl.c). */
static int read_processor(const struct survey *survey)
{
	struct facts *facts = survey->facts;
	const char *text, *flags;
	int r = glance_read(survey, "proc/cpuinfo", &text);

	if (r >= 0)
		r = find_value(survey, text, "vendor_id", &facts->cpu_vendor);
	if (r >= 0)
		r = find_value(survey, text, "flags", &flags);
	if (r < 0 || !flags)
		return r;
	facts->virtualization =
		has_word(flags, "vmx") || has_word(flags, "svm") ? TOLD_YES : TOLD_NO;
	return 0;
}

static int read_system(const struct survey *survey)
{
	struct facts *facts = survey->facts;
	const char *text, *id;
	int r = glance_read(survey, "proc/sys/kernel/osrelease", &facts->kernel);

	if (r >= 0)
		r = glance_read_all(survey, "etc/os-release", &text);
	if (r >= 0)
		r = find_value(survey, text, "ID", &id);
	if (r < 0 || !id)
		return r;
	facts->distribution = arena_strndup(survey->arena, id, strcspn(id, "\""));
	return facts->distribution ? 0 : -ENOMEM;
}

/* Tables of ACPI that describe an IOMMU: of Intel, AMD, Arm, virtio and RISC-V. */
static int read_tables(const struct survey *survey)
{
	static const char *const wanted[] = { "DMAR", "IVRS", "IORT", "VIOT", "RIMT" };
	struct names tables;
	bool known;
	int r = glance_list(survey, "sys/firmware/acpi/tables", &tables, &known);

	if (r < 0 || !known)
		return r;
	survey->facts->iommu_in_firmware = TOLD_NO;
	for (size_t i = 0; i < tables.count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(wanted); k++)
			if (!strcmp(tables.items[i], wanted[k]))
				survey->facts->iommu_in_firmware = TOLD_YES;
	return 0;
}

/* Those in use are there: intel_iommu_init() in drivers/iommu/intel/iommu.c and its like. */
static int read_iommus(const struct survey *survey)
{
	struct names classes, iommus;
	bool known;
	int r = glance_list(survey, "sys/class", &classes, &known);

	if (r < 0 || !known)
		return r;
	r = glance_list(survey, "sys/class/iommu", &iommus, &known);
	if (r >= 0)
		survey->facts->iommu = iommus.count ? TOLD_YES : TOLD_NO;
	return r;
}

/* Remapped interrupts have a chip whose name begins with IR: "IR-PCI-MSI-0000:00:1f.2". */
static int read_interrupts(const struct survey *survey)
{
	struct names interrupts;
	bool known;
	int r = glance_list(survey, "sys/kernel/irq", &interrupts, &known);

	for (size_t i = 0; r >= 0 && i < interrupts.count; i++) {
		const char *path = arena_printf(survey->arena, "sys/kernel/irq/%s/chip_name",
						interrupts.items[i]);
		const char *chip;

		r = path ? glance_read(survey, path, &chip) : -ENOMEM;
		if (r < 0 || !chip)
			continue;
		if (!strncmp(chip, "IR-", 3)) {
			survey->facts->interrupt_remapping = TOLD_YES;
			return 0;
		}
		if (!strncmp(chip, "PCI-MSI", strlen("PCI-MSI")))
			survey->facts->interrupt_remapping = TOLD_NO;
	}
	return r;
}

static int read_unsafe(const struct survey *survey)
{
	const char *text;
	int r = glance_read(
		survey, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", &text);

	if (r >= 0 && text)
		survey->facts->unsafe_interrupts = *text == 'Y' ? TOLD_YES : TOLD_NO;
	return r;
}

/* The kernel writes "(null)" for no list. */
static int read_list(const struct survey *survey, const char *path, const char **ret)
{
	int r = glance_read(survey, path, ret);

	if (r >= 0 && *ret && !strcmp(*ret, "(null)"))
		*ret = "";
	return r;
}

static int read_lists(const struct survey *survey)
{
	struct facts *facts = survey->facts;
	int r = read_list(survey, CPUS "online", &facts->cpus);

	if (r >= 0)
		r = read_list(survey, CPUS "isolated", &facts->isolated_cpus);
	if (r >= 0)
		r = read_list(survey, CPUS "nohz_full", &facts->nohz_full_cpus);
	if (r >= 0)
		r = glance_read(survey, CPUS "cpu0/cpufreq/scaling_governor", &facts->governor);
	if (r >= 0)
		r = glance_read(survey, CPUS "cpu0/cpufreq/scaling_driver",
				&facts->frequency_driver);
	return r;
}

/* Of the first processor; all are alike mostly. */
static int read_idle(const struct survey *survey)
{
	struct names states;
	bool known;
	int r = glance_list(survey, CPUS "cpu0/cpuidle", &states, &known);

	for (size_t i = 0; r >= 0 && i < states.count; i++) {
		const char *directory =
			arena_printf(survey->arena, CPUS "cpu0/cpuidle/%s", states.items[i]);
		const char *disable = arena_printf(survey->arena, "%s/disable", directory);
		const char *latency = arena_printf(survey->arena, "%s/latency", directory);
		int us;

		if (!directory || !disable || !latency)
			return -ENOMEM;
		us = glance_number(survey, disable) == 1 ? 0 : glance_number(survey, latency);
		if (us > survey->facts->idle_latency_us)
			survey->facts->idle_latency_us = us;
	}
	return r;
}

/* "hugepages-2048kB" */
static int add_hugepages(const struct survey *survey, const char *size)
{
	struct facts *facts = survey->facts;
	const char *all =
		arena_printf(survey->arena, "sys/kernel/mm/hugepages/%s/nr_hugepages", size);
	const char *free =
		arena_printf(survey->arena, "sys/kernel/mm/hugepages/%s/free_hugepages", size);
	int mb = atoi(size + strcspn(size, "0123456789")) / 1024, n;

	if (!all || !free)
		return -ENOMEM;
	n = glance_number(survey, all);
	if (n >= 0)
		facts->hugepages_mb = (facts->hugepages_mb < 0 ? 0 : facts->hugepages_mb) + n * mb;
	n = glance_number(survey, free);
	if (n >= 0)
		facts->hugepages_free_mb =
			(facts->hugepages_free_mb < 0 ? 0 : facts->hugepages_free_mb) + n * mb;
	return 0;
}

static int read_hugepages(const struct survey *survey)
{
	struct names sizes;
	bool known;
	int r = glance_list(survey, "sys/kernel/mm/hugepages", &sizes, &known);

	for (size_t i = 0; r >= 0 && i < sizes.count; i++)
		r = add_hugepages(survey, sizes.items[i]);
	return r;
}

/* "Max locked memory         8388608              8388608              bytes" */
static int read_memlock(const struct survey *survey)
{
	const char *text, *limit;
	int r = glance_read(survey, "proc/1/limits", &text);

	if (r >= 0)
		r = find_value(survey, text, "Max locked memory", &limit);
	if (r >= 0 && limit && *limit >= '0' && *limit <= '9')
		survey->facts->memlock_kb = (int)(strtoull(limit, NULL, 10) / 1024);
	return r;
}

/* Who may set up networks, VFs or what they need: by what it leaves while it runs, or by files
 * that it goes by. */
static const struct {
	const char *name, *path;
} managers[] = {
	{ "NetworkManager", "run/NetworkManager" },
	{ "driverctl", "etc/driverctl.d" },
	{ "ifupdown", "etc/network/interfaces" },
	{ "incus", "var/lib/incus" },
	{ "irqbalance", "run/irqbalance" },
	{ "kubelet", "var/lib/kubelet" },
	{ "libvirt", "run/libvirt" },
	{ "lxd", "var/snap/lxd" },
	{ "netplan", "etc/netplan" },
	{ "openvswitch", "run/openvswitch" },
	{ "sriov-network-operator", "etc/sriov-operator" },
	{ "systemd-networkd", "run/systemd/netif/state" },
	{ "tuned", "run/tuned" },
};

static int read_managers(const struct survey *survey)
{
	struct names *found = &survey->facts->managers;

	found->items = arena_array(survey->arena, ARRAY_SIZE(managers), sizeof(*found->items));
	if (!found->items)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(managers); i++)
		if (glance_exists(survey, managers[i].path) == TOLD_YES)
			found->items[found->count++] = managers[i].name;
	return 0;
}

int machine_survey(const struct survey *survey)
{
	static int (*const parts[])(const struct survey *survey) = {
		read_system,	 read_processor, read_tables,	read_iommus,
		read_interrupts, read_unsafe,	 read_lists,	read_idle,
		read_hugepages,	 read_memlock,	 read_managers,
	};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](survey);
	return r;
}
