/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/survey/survey.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"
#include "scratch.h"

static char root[] = "/tmp/test-survey-XXXXXX";
static struct arena *arena;

static void set_up(void)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	ck_assert_int_eq(arena_new(&arena), 0);
}

static void tear_down(void)
{
	scratch_remove(root);
	arena_free(arena);
}

/* The path below root, with the directories that lead to it. */
static char *make_way(const char *path)
{
	char *full = arena_printf(arena, "%s/%s", root, path);

	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		ck_assert(!mkdir(full, 0755) || errno == EEXIST);
		*slash = '/';
	}
	return full;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(make_way(path), "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void write_link(const char *path, const char *target)
{
	ck_assert_int_eq(symlink(target, make_way(path)), 0);
}

static const struct facts *survey(void)
{
	struct facts *facts;

	ck_assert_int_eq(survey_host(root, arena, &facts), 0);
	return facts;
}

START_TEST(what_is_not_there_to_be_read_is_untold)
{
	const struct facts *facts = survey();

	ck_assert_int_eq(facts->iommu_in_firmware, UNTOLD);
	ck_assert_int_eq(facts->iommu, UNTOLD);
	ck_assert_int_eq(facts->interrupt_remapping, UNTOLD);
	ck_assert_int_eq(facts->unsafe_interrupts, UNTOLD);
	ck_assert_int_eq(facts->virtualization, UNTOLD);
	ck_assert_int_eq(facts->vfio, UNTOLD);
	ck_assert_int_eq(facts->idle_latency_us, -1);
	ck_assert_int_eq(facts->hugepages_mb, -1);
	ck_assert_int_eq(facts->memlock_kb, -1);
	ck_assert_ptr_null(facts->kernel);
	ck_assert_ptr_null(facts->distribution);
	ck_assert_ptr_null(facts->cpus);
	ck_assert_uint_eq(facts->functions.count, 0);
}
END_TEST

START_TEST(an_iommu_is_in_the_firmware_and_in_use)
{
	const struct facts *facts;

	write_file("sys/firmware/acpi/tables/APIC", "");
	write_file("sys/class/net/lo", "");
	facts = survey();
	ck_assert_int_eq(facts->iommu_in_firmware, TOLD_NO);
	ck_assert_int_eq(facts->iommu, TOLD_NO);
	write_file("sys/firmware/acpi/tables/IVRS", "");
	ck_assert_int_eq(survey()->iommu_in_firmware, TOLD_YES);
	ck_assert_int_eq(survey()->iommu, TOLD_NO);
	write_file("sys/class/iommu/ivhd0", "");
	ck_assert_int_eq(survey()->iommu, TOLD_YES);
}
END_TEST

START_TEST(interrupts_are_remapped_where_a_chip_says_so)
{
	write_file("sys/kernel/irq/1/chip_name", "IO-APIC\n");
	ck_assert_int_eq(survey()->interrupt_remapping, UNTOLD);
	write_file("sys/kernel/irq/24/chip_name", "PCI-MSI-0000:00:1f.2\n");
	ck_assert_int_eq(survey()->interrupt_remapping, TOLD_NO);
	write_file("sys/kernel/irq/25/chip_name", "IR-PCI-MSI-0000:00:1f.2\n");
	ck_assert_int_eq(survey()->interrupt_remapping, TOLD_YES);
	write_file("sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "N\n");
	ck_assert_int_eq(survey()->unsafe_interrupts, TOLD_NO);
	write_file("sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "Y\n");
	ck_assert_int_eq(survey()->unsafe_interrupts, TOLD_YES);
}
END_TEST

START_TEST(the_system_says_what_it_is)
{
	const struct facts *facts;

	write_file("proc/sys/kernel/osrelease", "6.1.0-44-amd64\n");
	write_file("etc/os-release",
		   "PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID=12\nID=\"debian\"\n");
	write_file("proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n"
				   "flags\t\t: fpu vme xvmx vmxy\nvmx flags\t: vnmi\n");
	facts = survey();
	ck_assert_str_eq(facts->kernel, "6.1.0-44-amd64");
	ck_assert_str_eq(facts->distribution, "debian");
	ck_assert_str_eq(facts->cpu_vendor, "GenuineIntel");
	ck_assert_int_eq(facts->virtualization, TOLD_NO);
	write_file("proc/cpuinfo", "flags\t\t: fpu vmx\n");
	ck_assert_int_eq(survey()->virtualization, TOLD_YES);
	write_file("proc/cpuinfo", "flags\t\t: svm vme\n");
	ck_assert_int_eq(survey()->virtualization, TOLD_YES);
}
END_TEST

#define CPU "sys/devices/system/cpu/"

START_TEST(processors_and_memory_are_read)
{
	const struct facts *facts;

	write_file(CPU "online", "0-7\n");
	write_file(CPU "isolated", "\n");
	write_file(CPU "nohz_full", "(null)\n");
	write_file(CPU "cpu0/cpufreq/scaling_governor", "powersave\n");
	write_file(CPU "cpu0/cpufreq/scaling_driver", "acpi-cpufreq\n");
	write_file(CPU "cpu0/cpuidle/state0/latency", "0\n");
	write_file(CPU "cpu0/cpuidle/state1/latency", "85\n");
	write_file(CPU "cpu0/cpuidle/state2/latency", "200\n");
	write_file(CPU "cpu0/cpuidle/state2/disable", "1\n");
	write_file("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "3\n");
	write_file("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "2\n");
	write_file("sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "4\n");
	write_file("sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "0\n");
	write_file("proc/1/limits", "Limit    Soft Limit  Hard Limit  Units\n"
				    "Max locked memory         8388608   8388608   bytes\n");
	write_file("run/libvirt/x", "");
	facts = survey();
	ck_assert_str_eq(facts->cpus, "0-7");
	ck_assert_str_eq(facts->isolated_cpus, "");
	ck_assert_str_eq(facts->nohz_full_cpus, "");
	ck_assert_str_eq(facts->governor, "powersave");
	ck_assert_str_eq(facts->frequency_driver, "acpi-cpufreq");
	ck_assert_int_eq(facts->idle_latency_us, 85);
	ck_assert_int_eq(facts->hugepages_mb, 4 * 1024 + 3 * 2);
	ck_assert_int_eq(facts->hugepages_free_mb, 4);
	ck_assert_int_eq(facts->memlock_kb, 8192);
	ck_assert_uint_eq(facts->managers.count, 1);
	ck_assert_str_eq(facts->managers.items[0], "libvirt");
	write_file("proc/1/limits", "Max locked memory   unlimited   unlimited   bytes\n");
	ck_assert_int_eq(survey()->memlock_kb, -1);
}
END_TEST

#define BUS  "sys/bus/pci/devices/"
#define TREE "sys/devices/pci0000:00/"
#define CARD "0000:00:01.0/0000:01:00.0"
#define VF   "0000:00:01.0/0000:01:10.0"

static void make_functions(void)
{
	write_file(TREE "0000:00:01.0/class", "0x060400\n");
	write_file(TREE CARD "/class", "0x020000\n");
	write_file(TREE CARD "/vendor", "0x8086\n");
	write_file(TREE CARD "/device", "0x10c9\n");
	write_file(TREE CARD "/subsystem_vendor", "0x8086\n");
	write_file(TREE CARD "/subsystem_device", "nonsense\n");
	write_file(TREE CARD "/numa_node", "-1\n");
	write_file(TREE CARD "/current_link_speed", "2.5 GT/s PCIe\n");
	write_file(TREE CARD "/max_link_speed", "16.0 GT/s PCIe\n");
	write_file(TREE CARD "/current_link_width", "4\n");
	write_file(TREE CARD "/max_link_width", "255\n");
	write_link(TREE CARD "/driver", "../../../../bus/pci/drivers/igb");
	write_link(TREE CARD "/iommu_group", "../../../../kernel/iommu_groups/12");
	write_file("sys/kernel/iommu_groups/12/type", "DMA-FQ\n");
	write_file(TREE VF "/class", "0x020000\n");
	write_file(TREE VF "/numa_node", "1\n");
	write_file(TREE VF "/current_link_speed", "Unknown\n");
	write_file(TREE VF "/modalias", "pci:v00008086d000010CAsv00008086sd0000A04Cbc02sc00i00\n");
	write_link(TREE VF "/physfn", "../0000:01:00.0");
	write_link(BUS "0000:00:01.0", "../../../devices/pci0000:00/0000:00:01.0");
	write_link(BUS "0000:01:00.0", "../../../devices/pci0000:00/" CARD);
	write_link(BUS "0000:01:10.0", "../../../devices/pci0000:00/" VF);
}

START_TEST(pci_functions_are_read_with_the_way_to_them)
{
	const struct facts *facts;
	const struct pci_function *function;

	make_functions();
	facts = survey();
	ck_assert_uint_eq(facts->functions.count, 3);
	function = facts_function(facts, "0000:00:01.0");
	ck_assert(pci_function_is_bridge(function));
	ck_assert_ptr_null(function->upstream);
	ck_assert_int_eq(function->iommu_group, -1);
	function = facts_function(facts, "0000:01:00.0");
	ck_assert(!pci_function_is_bridge(function));
	ck_assert_str_eq(function->upstream, "0000:00:01.0");
	ck_assert_str_eq(function->id, "8086:10c9");
	ck_assert_ptr_null(function->subsystem_id);
	ck_assert_str_eq(function->driver, "igb");
	ck_assert_int_eq(function->iommu_group, 12);
	ck_assert_str_eq(function->iommu_type, "DMA-FQ");
	ck_assert_int_eq(function->numa_node, -1);
	ck_assert_uint_eq(function->speed, 2500);
	ck_assert_uint_eq(function->speed_max, 16000);
	ck_assert_uint_eq(function->width, 4);
	ck_assert_uint_eq(function->width_max, 0);
	ck_assert_int_eq(function->module, UNTOLD);
	function = facts_function(facts, "0000:01:10.0");
	ck_assert_ptr_null(function->id);
	ck_assert_uint_eq(function->speed, 0);
	ck_assert_int_eq(function->numa_node, 1);
	ck_assert_ptr_null(facts_function(facts, "0000:02:00.0"));
}
END_TEST

/* Lines of "resource" before those of VFs, and behind. */
#define BAR   "0x00000000fe000000 0x00000000fe01ffff 0x0000000000040200\n"
#define NONE  "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
#define LOST  "0x0000000000000000 0x000000000001ffff 0x0000000020040200\n"
#define SEVEN BAR NONE NONE NONE NONE NONE NONE

static const struct pci_function *survey_resources(const char *resources)
{
	write_file(TREE CARD "/resource", resources);
	return facts_function(survey(), "0000:01:00.0");
}

START_TEST(how_vfs_lie_behind_a_pf_is_read)
{
	const struct pci_function *function;
	unsigned id;

	make_functions();
	write_file(TREE "0000:00:01.0/subordinate_bus_number", "2\n");
	ck_assert_int_eq(survey_resources(SEVEN NONE NONE NONE NONE NONE NONE)->vf_space, UNTOLD);
	write_file(TREE CARD "/sriov_totalvfs", "7\n");
	write_file(TREE CARD "/sriov_offset", "128\n");
	write_file(TREE CARD "/sriov_stride", "2\n");
	function = survey_resources(SEVEN BAR NONE NONE BAR NONE NONE);
	ck_assert_int_eq(function->vf_space, TOLD_YES);
	ck_assert_uint_eq(function->vf_offset, 128);
	ck_assert_uint_eq(function->vf_stride, 2);
	ck_assert_int_eq(pci_function_routing_id(function, &id), 0);
	ck_assert_uint_eq(id, 0x100);
	ck_assert_int_eq(function->last_bus, -1);
	ck_assert_int_eq(facts_function(survey(), "0000:00:01.0")->last_bus, 2);
	ck_assert_int_eq(survey_resources(SEVEN NONE NONE NONE NONE NONE NONE)->vf_space, TOLD_NO);
	ck_assert_int_eq(survey_resources(SEVEN BAR NONE NONE LOST NONE NONE)->vf_space, TOLD_NO);
}
END_TEST

#define MODULES "lib/modules/6.1/"

START_TEST(modules_are_there_or_not_or_nobody_knows)
{
	const struct facts *facts;

	make_functions();
	write_file("proc/sys/kernel/osrelease", "6.1\n");
	ck_assert_int_eq(survey()->vfio, UNTOLD);
	ck_assert_int_eq(facts_function(survey(), "0000:01:10.0")->module, UNTOLD);
	write_file(MODULES "modules.dep", "kernel/drivers/vfio/pci/vfio-pci-core.ko: a.ko\n"
					  "kernel/b.ko: kernel/drivers/vfio/pci/vfio-pci.ko\n");
	write_file(MODULES "modules.alias",
		   "alias pci:v00008086d000010C9sv*sd*bc*sc*i* igb\nalias x igbvf\n");
	facts = survey();
	ck_assert_int_eq(facts->vfio, TOLD_NO);
	ck_assert_int_eq(facts_function(facts, "0000:01:10.0")->module, TOLD_NO);
	ck_assert_int_eq(facts_function(facts, "0000:01:00.0")->module, UNTOLD);
	write_file(MODULES "modules.dep", "kernel/drivers/vfio/pci/vfio_pci.ko.xz:\n");
	write_file(MODULES "modules.builtin", "kernel/drivers/iommu/iommufd.ko\n");
	write_file(MODULES "modules.alias", "alias pci:v00008086d000010CAsv*sd*bc*sc*i* igbvf\n");
	facts = survey();
	ck_assert_int_eq(facts->vfio, TOLD_YES);
	ck_assert_int_eq(facts->iommufd, TOLD_YES);
	ck_assert_int_eq(facts_function(facts, "0000:01:10.0")->module, TOLD_YES);
	write_link(TREE VF "/driver", "../../../../bus/pci/drivers/igbvf");
	ck_assert_int_eq(facts_function(survey(), "0000:01:10.0")->module, UNTOLD);
}
END_TEST

START_TEST(a_driver_that_is_there_needs_no_module)
{
	write_file("sys/bus/pci/drivers/vfio-pci/bind", "");
	ck_assert_int_eq(survey()->vfio, TOLD_YES);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("survey");
	TCase *tests = tcase_create("survey");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, what_is_not_there_to_be_read_is_untold);
	tcase_add_test(tests, an_iommu_is_in_the_firmware_and_in_use);
	tcase_add_test(tests, interrupts_are_remapped_where_a_chip_says_so);
	tcase_add_test(tests, the_system_says_what_it_is);
	tcase_add_test(tests, processors_and_memory_are_read);
	tcase_add_test(tests, pci_functions_are_read_with_the_way_to_them);
	tcase_add_test(tests, how_vfs_lie_behind_a_pf_is_read);
	tcase_add_test(tests, modules_are_there_or_not_or_nobody_knows);
	tcase_add_test(tests, a_driver_that_is_there_needs_no_module);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
