/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/rival.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/ini.h"
#include "foreign/search.h"
#include "runner.h"
#include "scratch.h"

static char root[] = "/tmp/test-rival-XXXXXX";
static struct arena *arena;
static struct pf *pf;
static struct rival_sources sources;

#define LINK_FILE "/etc/systemd/network/10-a.link"
#define ETC	  "/etc/NetworkManager/system-connections/"
#define RUN	  "/run/NetworkManager/system-connections/"
#define LIB	  "/usr/lib/NetworkManager/system-connections/"

static void set_up(void)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	ck_assert_int_eq(arena_new(&arena), 0);
	ck_assert_int_eq(pf_new(&pf), 0);
	pf->handle = "pci/0000:3b:00.0";
	pf->address = "0000:3b:00.0";
	/* A name that no interface of the machine can have: udev knows nothing of it. */
	pf->ifname = "no/such0";
	pf->has_permanent_mac = true;
	ck_assert_int_eq(mac_parse("52:54:00:00:01:0a", &pf->permanent_mac), 0);
	sources = (struct rival_sources){ .root = root, .link_file = LINK_FILE };
}

static void tear_down(void)
{
	scratch_remove(root);
	pf_free(pf);
	arena_free(arena);
}

static void write_file(const char *path, const char *text)
{
	char *full = arena_printf(arena, "%s%s", root, path);
	FILE *file;

	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		ck_assert(!mkdir(full, 0755) || errno == EEXIST);
		*slash = '/';
	}
	file = fopen(full, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* The rivals, one a line. */
static void assert_rivals(const char *expected)
{
	CLEANUP_TEXT struct text told = { 0 };
	struct names found;

	ck_assert_int_eq(rival_find_in(&sources, pf, arena, &found), 0);
	for (size_t i = 0; i < found.count; i++)
		text_printf(&told, "%s\n", found.items[i]);
	ck_assert_str_eq(text_string(&told), expected);
}

#define UDEV(file, what) "systemd-udevd sets up its VFs too: " file " has " what "\n"
#define NM(file)	 "NetworkManager sets up its VFs too: " file " has [sriov]\n"

/* One .link file and what it means. */
static const struct {
	const char *text, *expected;
} links[] = {
	{ "[Match]\nDriver=igb\n[Link]\nName=a\n", "" },
	{ "[Link]\nSR-IOVVirtualFunctions=4\n", UDEV(LINK_FILE, "SR-IOVVirtualFunctions=") },
	{ "[Link]\nSR-IOVVirtualFunctions = 0\n", UDEV(LINK_FILE, "SR-IOVVirtualFunctions=") },
	{ "[Link]\nSR-IOVVirtualFunctions=4\nSR-IOVVirtualFunctions=\n", "" },
	{ "[Link]\n#SR-IOVVirtualFunctions=4\n  ; SR-IOVVirtualFunctions=4\n", "" },
	{ "[Match]\nSR-IOVVirtualFunctions=4\n", "" },
	{ "[link]\nSR-IOVVirtualFunctions=4\n", "" },
	{ "[Link]\nsr-iovvirtualfunctions=4\n", "" },
	{ "[Link]\nDescription=a \\\nSR-IOVVirtualFunctions=4\n", "" },
	{ "[Link]\nDescription=a \\\n# comment\nSR-IOVVirtualFunctions=4\n", "" },
	{ "[Link]\nDescription=a \\\\\nSR-IOVVirtualFunctions=4\n",
	  UDEV(LINK_FILE, "SR-IOVVirtualFunctions=") },
	{ "[Link]\r\nSR-IOVVirtualFunctions=4\r\n", UDEV(LINK_FILE, "SR-IOVVirtualFunctions=") },
	{ "  [Link]  \n  SR-IOVVirtualFunctions=4", UDEV(LINK_FILE, "SR-IOVVirtualFunctions=") },
	{ "[SR-IOV]\nVirtualFunction=0\nTrust=yes\n", UDEV(LINK_FILE, "[SR-IOV]") },
	{ "[SR-IOV]\nTrust=yes\n", "" },
	{ "nonsense\n[SR-IOV]\nmore nonsense\nVirtualFunction=0\n", UDEV(LINK_FILE, "[SR-IOV]") },
	{ "[SR-IOV\nVirtualFunction=0\n", "" },
	{ "[Link]\nSR-IOVVirtualFunctions=2\n[SR-IOV]\nVirtualFunction=0\n[SR-IOV]\n"
	  "VirtualFunction=1\n",
	  UDEV(LINK_FILE, "SR-IOVVirtualFunctions=") UDEV(LINK_FILE, "[SR-IOV]") },
	{ "", "" },
};

START_TEST(a_link_file_is_read_as_systemd_does)
{
	write_file(LINK_FILE, links[_i].text);
	assert_rivals(links[_i].expected);
}
END_TEST

START_TEST(a_link_file_that_is_not_there_is_no_rival)
{
	assert_rivals("");
	sources.link_file = NULL;
	assert_rivals("");
}
END_TEST

START_TEST(drop_ins_that_udev_tells_of_are_read)
{
	write_file(LINK_FILE, "[Link]\nSR-IOVVirtualFunctions=4\n");
	write_file("/etc/a.conf", "[Link]\nSR-IOVVirtualFunctions=\n");
	write_file("/etc/b:c.conf", "[SR-IOV]\nVirtualFunction=0\n");
	sources.link_dropins = "/etc/a.conf:/etc/b\\x3ac.conf";
	assert_rivals(UDEV("/etc/b:c.conf", "[SR-IOV]"));
	sources.link_dropins = "";
	assert_rivals(UDEV(LINK_FILE, "SR-IOVVirtualFunctions="));
}
END_TEST

START_TEST(drop_ins_that_udev_does_not_tell_of_are_found)
{
	write_file(LINK_FILE, "[Link]\nName=a\n");
	write_file("/run/systemd/network/10-a.link.d/10-x.conf",
		   "[Link]\nSR-IOVVirtualFunctions=4\n");
	write_file("/usr/lib/systemd/network/10-a.link.d/10-x.conf",
		   "[SR-IOV]\nVirtualFunction=0\n");
	write_file("/usr/lib/systemd/network/10-a.link.d/notes", "[SR-IOV]\nVirtualFunction=0\n");
	write_file("/usr/lib/systemd/network/20-b.link.d/a.conf", "[SR-IOV]\nVirtualFunction=0\n");
	assert_rivals(
		UDEV("/run/systemd/network/10-a.link.d/10-x.conf", "SR-IOVVirtualFunctions="));
	write_file("/etc/systemd/network/10-a.link.d/10-x.conf", "");
	assert_rivals("");
}
END_TEST

/* One profile and whether it is a rival. */
static const struct {
	const char *text;
	bool is_rival;
} profiles[] = {
	{ "[connection]\ninterface-name=no/such0\n[sriov]\ntotal-vfs=4\n", true },
	{ "[connection]\ninterface-name=no/such0\n[sriov]\n", true },
	{ "[connection]\ninterface-name=no/such0\n", false },
	{ "[connection]\ninterface-name=other\n[sriov]\ntotal-vfs=4\n", false },
	{ "[connection]\nid=any\n[sriov]\ntotal-vfs=4\n", false },
	{ "[ethernet]\nmac-address=52:54:00:00:01:0A\n[sriov]\ntotal-vfs=4\n", true },
	{ "[802-3-ethernet]\nmac-address=52:54:00:00:01:0a\n[sriov]\ntotal-vfs=4\n", true },
	{ "[ethernet]\nmac-address=52:54:00:00:01:0b\n[sriov]\ntotal-vfs=4\n", false },
	{ "[ethernet]\nmac-address=nonsense\n[sriov]\ntotal-vfs=4\n", false },
	{ "[connection]\ninterface-name=no/such0\n[ethernet]\nmac-address=52:54:00:00:01:0b\n"
	  "[sriov]\n",
	  false },
	{ "#a\n\n [connection] \n interface-name = no/such0\n[sriov]\n", true },
	{ "[connection]\n#interface-name=no/such0\n[sriov]\n", false },
	{ "[connection]\ninterface-name=no/such0\n[SRIOV]\n", false },
	{ "[connection]\ninterface-name=no/such0\n;a\n[sriov]\n", false },
	{ "a=b\n[connection]\ninterface-name=no/such0\n[sriov]\n", false },
	{ "[connection]\ninterface-name=no/such0\n[sriov\n", false },
};

START_TEST(a_profile_is_read_as_network_manager_does)
{
	write_file(ETC "a.nmconnection", profiles[_i].text);
	assert_rivals(profiles[_i].is_rival ? NM(ETC "a.nmconnection") : "");
}
END_TEST

START_TEST(profiles_are_of_three_directories)
{
	write_file(ETC "without extension", profiles[0].text);
	write_file(ETC "backup~", profiles[0].text);
	write_file(ETC ".hidden", profiles[0].text);
	write_file(ETC "a.swp", profiles[0].text);
	write_file(RUN "netplan-a.nmconnection", profiles[0].text);
	write_file(RUN "no", profiles[0].text);
	write_file(LIB "c.nmconnection", profiles[0].text);
	assert_rivals(NM(RUN "netplan-a.nmconnection") NM(ETC "without extension")
			      NM(LIB "c.nmconnection"));
}
END_TEST

START_TEST(a_profile_shadows_another_of_its_uuid)
{
	write_file(LIB "a.nmconnection",
		   "[connection]\nuuid=1\ninterface-name=no/such0\n[sriov]\n");
	write_file(ETC "b.nmconnection", "[connection]\nuuid=1\ninterface-name=no/such0\n");
	write_file(LIB "c.nmconnection",
		   "[connection]\nuuid=2\ninterface-name=no/such0\n[sriov]\n");
	assert_rivals(NM(LIB "c.nmconnection"));
}
END_TEST

#define RULES		  "/etc/udev/rules.d/10-a.rules"
#define BY(who, at, what) who " sets up its VFs too: " at " has " what "\n"

/* A file of somebody's own, and who is a rival by it. */
static const struct {
	const char *path, *text, *expected;
} scripts[] = {
	/* What ArchLinux' and Red Hat's manuals tell to write, and what other programs install. */
	{ RULES,
	  "# VFs\nACTION==\"add\", SUBSYSTEM==\"net\", ENV{ID_NET_DRIVER}==\"ice\", \\\n"
	  "  ATTR{device/sriov_numvfs}=\"4\"\n",
	  BY("udev", RULES ":3", "sriov_numvfs") },
	{ RULES,
	  "KERNEL==\"pf\", RUN+=\"/bin/sh -c 'echo 4 > /sys$devpath/device/sriov_numvfs'\"\n",
	  BY("udev", RULES ":1", "sriov_numvfs") },
	{ RULES, "KERNEL==\"eth9\", ATTR{device/sriov_numvfs}=\"4\"\n", "" },
	{ RULES, "KERNEL==\"eth*\", ATTR{device/sriov_numvfs}=\"4\"\n",
	  BY("udev", RULES ":1", "sriov_numvfs") },
	{ RULES, "KERNELS==\"0000:3b:00.0\", ATTR{device/sriov_numvfs}=\"4\"\n",
	  BY("udev", RULES ":1", "sriov_numvfs") },
	{ RULES, "KERNELS==\"0000:3b:00.1\", ATTR{device/sriov_numvfs}=\"4\"\n", "" },
	{ RULES, "ATTR{sriov_numvfs}==\"*\", TAG+=\"a\"\nTEST==\"sriov_numvfs\", TAG+=\"b\"\n",
	  "" },
	{ RULES, " # ATTR{device/sriov_numvfs}=\"4\"\n", "" },
	/* lxc/incus#2465, Juniper/contrail-charms#162 */
	{ "/etc/network/interfaces",
	  "iface pf inet manual\n  pre-up echo 4 > /sys/class/net/pf/device/sriov_numvfs\n",
	  BY("ifupdown", "/etc/network/interfaces:2", "sriov_numvfs") },
	{ "/etc/network/interfaces.d/eth9", "up echo 4 > /sys/class/net/eth9/device/sriov_numvfs\n",
	  "" },
	{ "/etc/network/if-pre-up.d/sriov",
	  "#!/bin/sh\necho 4 >/sys/class/net/$IFACE/device/sriov_numvfs\n",
	  BY("ifupdown", "/etc/network/if-pre-up.d/sriov:2", "sriov_numvfs") },
	{ "/etc/rc.local", "echo 2 > /sys/bus/pci/devices/0000:3b:00.0/sriov_numvfs\nexit 0\n",
	  BY("rc.local", "/etc/rc.local:1", "sriov_numvfs") },
	{ "/etc/rc.local", "echo 2 > /sys/bus/pci/devices/0000:5e:00.0/sriov_numvfs\n", "" },
	{ "/etc/systemd/system/sriov.service",
	  "[Service]\nExecStart=sh -c 'echo 4 > /sys/class/net/pf/device/sriov_numvfs'\n",
	  BY("systemd", "/etc/systemd/system/sriov.service:2", "sriov_numvfs") },
	{ "/etc/NetworkManager/dispatcher.d/50-vfs", "echo 1 >$d/sriov_numvfs",
	  BY("NetworkManager", "/etc/NetworkManager/dispatcher.d/50-vfs:1", "sriov_numvfs") },
	{ "/etc/modprobe.d/igb.conf", "blacklist a\noptions igb max_vfs=7\n",
	  BY("modprobe", "/etc/modprobe.d/igb.conf:2", "max_vfs") },
	{ "/etc/modprobe.d/igb.conf", "options ixgbe max_vfs=7\noptions igb_uio max_vfs=7\n", "" },
	{ "/etc/driverctl.d/0000:3b:10.1", "vfio-pci\n",
	  BY("driverctl", "/etc/driverctl.d/0000:3b:10.1", "vfio-pci") },
	{ "/etc/driverctl.d/0000:5e:10.1", "vfio-pci\n", "" },
};

START_TEST(scripts_and_rules_that_set_up_vfs_are_rivals)
{
	struct vf vfs[] = { { .index = 0 }, { .index = 1, .address = "0000:3b:10.1" } };

	pf->ifname = "pf";
	pf->driver = "igb";
	pf->vfs = vfs;
	pf->n_vfs = ARRAY_SIZE(vfs);
	write_file(scripts[_i].path, scripts[_i].text);
	assert_rivals(scripts[_i].expected);
}
END_TEST

#define OTHER_LINK   "/etc/systemd/network/05-b.link"
#define NEXT(who)    "systemd-udevd, when it sees it " who ", sets up its VFs too: " OTHER_LINK " has "
#define AGAIN(what)  NEXT("again") what "\n"
#define BY_NAME	     NEXT("by the name that it has now") "SR-IOVVirtualFunctions=\n"
#define MATCH(lines) "[Match]\n" lines "\n[Link]\nSR-IOVVirtualFunctions=3\n"

/* A file that udev has not gone by yet, and whether it will. */
static const struct {
	const char *text, *expected;
} next_links[] = {
	{ MATCH("MACAddress=52:54:00:00:01:0A"), AGAIN("SR-IOVVirtualFunctions=") },
	{ MATCH("MACAddress=52-54-00-00-01-0b 52:54:00:00:01:0a"),
	  AGAIN("SR-IOVVirtualFunctions=") },
	{ MATCH("PermanentMACAddress=52:54:00:00:01:0a"), AGAIN("SR-IOVVirtualFunctions=") },
	{ MATCH("MACAddress=52:54:00:00:01:0b"), "" },
	{ MATCH("Driver=ixgbe igb"), AGAIN("SR-IOVVirtualFunctions=") },
	{ MATCH("Driver=ig?"), AGAIN("SR-IOVVirtualFunctions=") },
	{ MATCH("Driver=!igb"), "" },
	{ MATCH("Driver=ixgbe"), "" },
	{ MATCH("Path=pci-0000:3b:*"), AGAIN("SR-IOVVirtualFunctions=") },
	{ MATCH("Path=pci-0000:5e:*"), "" },
	{ MATCH("Driver=igb\nPath=pci-0000:5e:*"), "" },
	{ MATCH("Driver=igb\nPath=pci-0000:3b:00.0"), AGAIN("SR-IOVVirtualFunctions=") },
	{ "[Match]\nDriver=igb\n[SR-IOV]\nVirtualFunction=0\n", AGAIN("[SR-IOV]") },
	/* The kernel gave it another name first. */
	{ MATCH("OriginalName=enp1s0"), BY_NAME },
	{ MATCH("OriginalName=enp2s0"), "" },
	{ MATCH("OriginalName=*"), AGAIN("SR-IOVVirtualFunctions=") },
	/* What is not known. */
	{ MATCH("Driver=igb\nFirmware=4.*"), "" },
	{ "[Link]\nSR-IOVVirtualFunctions=3\n", "" },
	{ MATCH("Driver="), "" },
};

START_TEST(a_link_file_that_udev_will_go_by_is_a_rival)
{
	pf->ifname = "enp1s0";
	pf->driver = "igb";
	pf->id_path = "pci-0000:3b:00.0";
	write_file(OTHER_LINK, next_links[_i].text);
	assert_rivals(next_links[_i].expected);
	/* As soon as it has, it is the one. */
	sources.link_file = OTHER_LINK;
	write_file("/etc/systemd/network/04-first.link", "[Match]\nDriver=other\n");
	ck_assert_int_eq(unlink(arena_printf(arena, "%s" OTHER_LINK, root)), 0);
	assert_rivals("");
}
END_TEST

START_TEST(a_link_file_is_one_by_both_its_names)
{
	static const char text[] = MATCH("Driver=igb");

	pf->driver = "igb";
	write_file("/usr/lib/systemd/network/10-a.link", text);
	write_file("/lib/systemd/network/10-a.link", text);
	sources.link_file = "/lib/systemd/network/10-a.link";
	assert_rivals(UDEV("/lib/systemd/network/10-a.link", "SR-IOVVirtualFunctions="));
}
END_TEST

START_TEST(only_the_first_link_file_that_matches_counts)
{
	pf->ifname = "enp1s0";
	pf->driver = "igb";
	write_file(OTHER_LINK, MATCH("Driver=igb"));
	write_file("/run/systemd/network/04-first.link",
		   "[Match]\nDriver=igb\n[Link]\nMTUBytes=9000\n");
	assert_rivals("");
	/* Nor can one be told behind one that cannot be told. */
	write_file("/run/systemd/network/04-first.link", "[Match]\nKernelVersion=6\n");
	assert_rivals("");
	write_file("/run/systemd/network/04-first.link",
		   "[Match]\nDriver=ixgbe\nKernelVersion=6\n");
	assert_rivals(AGAIN("SR-IOVVirtualFunctions="));
}
END_TEST

/* What neutron's agent is told, and whether it has the PF by that. */
static const struct {
	const char *text;
	bool has;
} agents[] = {
	{ "[sriov_nic]\nphysical_device_mappings = physnet2:pf\n", true },
	{ "[sriov_nic]\nphysical_device_mappings=physnet1:other, physnet2: pf ,c:d\n", true },
	{ "[sriov_nic]\nphysical_device_mappings = physnet2:pf0,pf:other,apf:x\n", false },
	{ "[sriov_nic]\n#physical_device_mappings = physnet2:pf\n", false },
	{ "[sriov_nic]\nexclude_devices = pf:0000:3b:10.1\n", false },
	{ "[ovs]\nphysical_device_mappings = physnet2:pf\n", false },
	{ "[sriov_nic]\nphysical_device_mappings = a:pf\nphysical_device_mappings = a:b\n", false },
};

START_TEST(neutrons_agent_is_a_rival_where_it_has_the_pf)
{
	pf->ifname = "pf";
	write_file("/etc/neutron/plugins/ml2/sriov_agent.ini", agents[_i].text);
	assert_rivals(agents[_i].has ? "neutron's SR-IOV agent sets up its VFs too: "
				       "/etc/neutron/plugins/ml2/sriov_agent.ini has it in "
				       "physical_device_mappings\n"
				     : "");
	pf->ifname = NULL;
	assert_rivals("");
}
END_TEST

START_TEST(a_rule_of_udev_masks_another_of_its_name)
{
	write_file("/usr/lib/udev/rules.d/10-a.rules", "ATTR{device/sriov_numvfs}=\"4\"\n");
	assert_rivals(BY("udev", "/usr/lib/udev/rules.d/10-a.rules:1", "sriov_numvfs"));
	write_file(RULES, "");
	assert_rivals("");
}
END_TEST

START_TEST(what_cannot_be_read_is_no_rival_and_does_not_hang)
{
	write_file(ETC "a.nmconnection", profiles[0].text);
	ck_assert_int_eq(mkfifo(arena_printf(arena, "%s" ETC "b.nmconnection", root), 0644), 0);
	ck_assert_int_eq(mkdir(arena_printf(arena, "%s" ETC "c.nmconnection", root), 0755), 0);
	ck_assert_int_eq(symlink("nowhere", arena_printf(arena, "%s" ETC "d", root)), 0);
	assert_rivals(NM(ETC "a.nmconnection"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rival");
	TCase *tests = tcase_create("rival");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_link_file_is_read_as_systemd_does, 0, ARRAY_SIZE(links));
	tcase_add_test(tests, a_link_file_that_is_not_there_is_no_rival);
	tcase_add_loop_test(tests, a_link_file_that_udev_will_go_by_is_a_rival, 0,
			    ARRAY_SIZE(next_links));
	tcase_add_test(tests, a_link_file_is_one_by_both_its_names);
	tcase_add_test(tests, only_the_first_link_file_that_matches_counts);
	tcase_add_test(tests, drop_ins_that_udev_tells_of_are_read);
	tcase_add_test(tests, drop_ins_that_udev_does_not_tell_of_are_found);
	tcase_add_loop_test(tests, a_profile_is_read_as_network_manager_does, 0,
			    ARRAY_SIZE(profiles));
	tcase_add_test(tests, profiles_are_of_three_directories);
	tcase_add_test(tests, a_profile_shadows_another_of_its_uuid);
	tcase_add_loop_test(tests, scripts_and_rules_that_set_up_vfs_are_rivals, 0,
			    ARRAY_SIZE(scripts));
	tcase_add_loop_test(tests, neutrons_agent_is_a_rival_where_it_has_the_pf, 0,
			    ARRAY_SIZE(agents));
	tcase_add_test(tests, a_rule_of_udev_masks_another_of_its_name);
	tcase_add_test(tests, what_cannot_be_read_is_no_rival_and_does_not_hang);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
