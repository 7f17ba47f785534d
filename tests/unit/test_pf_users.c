/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who would be cut off with a PF's own network device. The device, what stands on it, addresses and
 * routes are real, in namespaces of this test's own; sockets and mounts are those of tables, as
 * net/ipv4/inet_diag.c and fs/proc_namespace.c would tell of them. tests/lab/test_cut_off.py has a
 * real sshd and real NFS. */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "kernel/mount/mountinfo.h"
#include "kernel/netlink/netlink.h"
#include "kernel/netlink/tcp.h"
#include "memory.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/fd.h"

#define UPPER	   "/upper_bond0"
#define SSHD	   "/sys/fs/cgroup/system.slice/ssh.service"
#define CONNECTED  1u
#define LISTENING  10u
#define MAX	   4
#define NOBODY	   "uplink0 is up and has a device on top of it: bond0"
#define OTHER_SIDE "uplink0-peer"

struct made_up {
	unsigned state;
	int family;
	const char *local, *peer;
	uint16_t port;
	uint32_t inode;
	const char *unit;   /* whose cgroup it was made in; NULL: it is not told */
	const char *device; /* that it is bound to; NULL: none */
};

#define MOUNTINFO "/run/mountinfo"

static const struct made_up *sockets; /* NULL: the kernel's own */
static int failure;		      /* of asking for them; 0: none */

int __real_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);
int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);

int __real_mountinfo_each(const char *file, int (*each)(const struct mount *mount, void *context),
			  void *context);
int __wrap_mountinfo_each(const char *file, int (*each)(const struct mount *mount, void *context),
			  void *context);

/* Nothing can be mounted from anywhere here. */
int __wrap_mountinfo_each(const char *file, int (*each)(const struct mount *mount, void *context),
			  void *context)
{
	memory_pause(true);
	ck_assert_str_eq(file, "/proc/1/mountinfo");
	memory_pause(false);
	return __real_mountinfo_each(MOUNTINFO, each, context);
}

static void put_address(int family, const char *text, __be32 *out)
{
	if (text)
		ck_assert_int_eq(inet_pton(family, text, out), 1);
}

/* The answer about one socket (inet_sk_diag_fill()). */
static struct nl_msg *answer_of(const struct made_up *socket)
{
	struct nl_msg *answer = nlmsg_alloc_simple(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
	struct inet_diag_msg body = {
		.idiag_family = (uint8_t)socket->family,
		.idiag_state = (uint8_t)socket->state,
		.id.idiag_sport = htons(socket->port),
		.id.idiag_if = socket->device ? if_nametoindex(socket->device) : 0,
		.idiag_inode = socket->inode,
	};
	struct stat status;
	char path[128];

	put_address(socket->family, socket->local, body.id.idiag_src);
	put_address(socket->family, socket->peer, body.id.idiag_dst);
	ck_assert_int_eq(nlmsg_append(answer, &body, sizeof(body), NLMSG_ALIGNTO), 0);
	if (socket->unit) {
		(void)snprintf(path, sizeof(path), "/sys/fs/cgroup/system.slice/%s", socket->unit);
		ck_assert_int_eq(stat(path, &status), 0);
		ck_assert_int_eq(nla_put_u64(answer, INET_DIAG_CGROUP_ID, status.st_ino), 0);
	}
	return answer;
}

/* As inet_diag_dump_icsk(). */
static bool is_asked_for(const struct inet_diag_req_v2 *request, const struct made_up *socket)
{
	return socket->family == request->sdiag_family &&
	       request->idiag_states & 1u << socket->state &&
	       (!request->id.idiag_sport || request->id.idiag_sport == htons(socket->port));
}

int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	const struct inet_diag_req_v2 *request = nlmsg_data(nlmsg_hdr(message));
	int r = 0;

	if (nlmsg_hdr(message)->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    (request->sdiag_family != AF_INET && request->sdiag_family != AF_INET6) ||
	    (!sockets && !failure))
		return __real_netlink_ask(netlink, message, each, context);
	for (size_t i = 0; !failure && r >= 0 && i < MAX && sockets[i].state; i++) {
		struct nl_msg *answer;

		if (!is_asked_for(request, &sockets[i]))
			continue;
		memory_pause(true);
		answer = answer_of(&sockets[i]);
		memory_pause(false);
		r = each(nlmsg_hdr(answer), context);
		nlmsg_free(answer);
	}
	return failure ? failure : r;
}

static void bring_up(const char *ifname)
{
	const struct value up = { .number = 1 };
	const struct pf device = { .ifindex = if_nametoindex(ifname) };
	struct kernel_error words;

	ck_assert_int_eq(kernel->write_pf(kernel, &device, PF_UP, &up, &words), 0);
}

/* The card's device with an address, and what is on top of it with another. */
static void set_up(void)
{
	char ifindex[16];

	sockets = NULL;
	failure = 0;
	own_card_set_up();
	(void)own_card_replace_netdev("uplink0");
	(void)snprintf(ifindex, sizeof(ifindex), "%u\n", if_nametoindex(OTHER_SIDE));
	bring_up("lo");
	bring_up("uplink0");
	bring_up(OTHER_SIDE);
	own_address("uplink0", "192.0.2.1");
	own_address(OTHER_SIDE, "198.51.100.1");
	(void)own_link_local(if_nametoindex("uplink0"), AF_INET6, "fe80::1", 0);
	own_file(MOUNTINFO, "");
	own_file(SSHD "/cgroup.procs", "812\n");
	own_file("/sys/fs/cgroup/system.slice/dropbear.socket/cgroup.procs", "");
	own_file("/sys/fs/cgroup/system.slice/nginx.service/cgroup.procs", "900\n");
	own_file(OWN_CARD_PATH "/net/uplink0" UPPER "/ifindex", ifindex);
}

static void assert_users(const char *details)
{
	observe();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_PF), 0);
	ck_assert_pstr_eq(pf->holder.details, details);
}

/* Behind what is said of the device itself. */
static void assert_also(const char *user)
{
	char details[256];

	(void)snprintf(details, sizeof(details), "%s%s%s", NOBODY, user ? "; " : "",
		       user ? user : "");
	assert_users(details);
}

#define LISTENER(family, port, unit)                                                               \
	{                                                                                          \
		LISTENING, family, NULL, NULL, port, 70, unit, NULL,                               \
	}

static const struct {
	const char *name;
	struct made_up sockets[MAX];
	const char *user; /* NULL: none */
} cases[] = {
	{ "a session",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 80, "ssh.service", NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "at whatever port sshd listens",
	  { LISTENER(AF_INET, 2222, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 2222, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "at a socket that systemd has made",
	  { LISTENER(AF_INET, 2222, "dropbear.socket"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 2222, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "who else listens is nobody's way in",
	  { LISTENER(AF_INET, 443, "nginx.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 443, 80, "nginx.service", NULL } },
	  NULL },
	{ "port 22 is told of also where it is not known who listens",
	  { LISTENER(AF_INET, 22, NULL),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 80, NULL, NULL } },
	  "a connection to TCP port 22 from 192.0.2.7" },
	{ "several are told as one that is likely to stay",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.9", 22, 90, NULL, NULL },
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 80, NULL, NULL },
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.8", 22, 85, NULL, NULL } },
	  "ssh sessions, one of them from 192.0.2.7" },
	{ "nobody has accepted it",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 22, 0, NULL, NULL } },
	  NULL },
	{ "on what stands on the device",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "198.51.100.1", "203.0.113.9", 22, 80, NULL, NULL } },
	  "an ssh session from 203.0.113.9" },
	{ "to an address that is nobody's device's, by this one",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "203.0.113.1", "192.0.2.7", 22, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "by another device",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "203.0.113.1", "203.0.113.9", 22, 80, NULL, NULL } },
	  NULL },
	{ "from the host itself",
	  { LISTENER(AF_INET, 22, "ssh.service"),
	    { CONNECTED, AF_INET, "127.0.0.1", "127.0.0.1", 22, 80, NULL, NULL } },
	  NULL },
	{ "IPv4 in a socket for both",
	  { LISTENER(AF_INET6, 22, "ssh.service"),
	    { CONNECTED, AF_INET6, "::ffff:192.0.2.1", "::ffff:192.0.2.7", 22, 80, NULL, NULL } },
	  "an ssh session from 192.0.2.7" },
	{ "IPv6 by an address that means something only on its device",
	  { LISTENER(AF_INET6, 22, "ssh.service"),
	    { CONNECTED, AF_INET6, "fe80::1", "fe80::7", 22, 80, NULL, "uplink0" } },
	  "an ssh session from fe80::7" },
	{ "likewise, on another device",
	  { LISTENER(AF_INET6, 22, "ssh.service"),
	    { CONNECTED, AF_INET6, "fe80::1", "fe80::7", 22, 80, NULL, "lo" } },
	  NULL },
};

START_TEST(an_ssh_session_is_named)
{
	sockets = cases[_i].sockets;
	assert_also(cases[_i].user);
}
END_TEST

START_TEST(what_the_kernel_does_not_tell_of_is_left_out_and_what_fails_is_not)
{
	failure = -ENOENT;
	assert_also(NULL);
	failure = -EPERM;
	assert_also(NULL);
	/* Where nobody else is known. */
	own_namespace_clear();
	own_card_make();
	own_card_add_netdev(OWN_CARD_PATH, "free0", own_veth("free0"));
	own_remove(OWN_CARD_PATH "/net/lo");
	own_file(MOUNTINFO, "");
	failure = -ENOENT;
	assert_users(NULL);
	failure = -EPERM;
	assert_users("whether an ssh session is on it cannot be told now (EPERM)");
	/* Nor can who may see what is mounted for process 1 be asked. */
	failure = -ENOENT;
	own_remove(MOUNTINFO);
	assert_users("whether a file system is had by way of it cannot be told now (ENOENT)");
}
END_TEST

/* The kernel's own answers. Who has the sockets is not known: there is no cgroup in this /sys. */
START_TEST(a_real_connection_is_found)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(22),
		.sin_addr.s_addr = htonl(0xc0000201),
	};
	CLEANUP_FD int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CLEANUP_FD int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CLEANUP_FD int session = -1;

	assert_also(NULL);
	ck_assert_int_eq(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(connect(client, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_also(NULL);
	session = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(session, 0);
	assert_also("a connection to TCP port 22 from 192.0.2.1");
}
END_TEST

#define ROOT  "24 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
#define NFS   "nfs4 192.0.2.9:/home rw,vers=4.2,proto=tcp,clientaddr=192.0.2.1,addr=192.0.2.9\n"
#define DISKS "/sys/devices/"

/* Files and links of /sys, each with what is in it, or where it leads to. */
struct entry {
	const char *path, *content, *target;
};

static const struct {
	const char *name;
	const char *mounts;
	struct entry disks[5];
	const char *user; /* NULL: none */
} mounts[] = {
	{ "the host's own disk", ROOT, { { 0 } }, NULL },
	{ "NFS",
	  ROOT "40 24 0:44 / /home rw,relatime shared:9 - " NFS,
	  { { 0 } },
	  "nfs4 192.0.2.9:/home at /home" },
	{ "by way of another device",
	  "40 24 0:44 / /home rw - nfs 203.0.113.9:/home rw,vers=3,addr=203.0.113.9\n",
	  { { 0 } },
	  NULL },
	{ "on the host itself",
	  "40 24 0:44 / /home rw - nfs 192.0.2.1:/home rw,vers=3,addr=192.0.2.1\n",
	  { { 0 } },
	  NULL },
	{ "IPv6 that means something only on its device",
	  "40 24 0:44 / /home rw - nfs4 [fe80::9%uplink0]:/home rw,addr=fe80::9%uplink0\n",
	  { { 0 } },
	  "nfs4 [fe80::9%uplink0]:/home at /home" },
	{ "likewise, on another device",
	  "40 24 0:44 / /home rw - nfs4 [fe80::9%lo]:/home rw,addr=fe80::9%lo\n",
	  { { 0 } },
	  NULL },
	{ "likewise, on one that is gone",
	  "40 24 0:44 / /home rw - nfs4 [fe80::9%gone0]:/home rw,addr=fe80::9%gone0\n",
	  { { 0 } },
	  NULL },
	{ "several, of which one is named: the first by name, and the root before all",
	  "40 24 0:44 / /srv rw - nfs4 192.0.2.9:/srv rw,addr=192.0.2.9\n"
	  "41 24 0:45 / / rw - nfs4 192.0.2.9:/root rw,addr=192.0.2.9\n",
	  { { 0 } },
	  "nfs4 192.0.2.9:/root at /, and other file systems" },
	{ "one that is mounted several times is one",
	  "40 24 0:44 / /srv rw - nfs4 192.0.2.9:/srv rw,addr=192.0.2.9\n"
	  "41 24 0:44 /a /mnt/a rw - nfs4 192.0.2.9:/srv rw,addr=192.0.2.9\n",
	  { { 0 } },
	  "nfs4 192.0.2.9:/srv at /mnt/a" },
	{ "blanks in names",
	  "40 24 0:44 / /my\\040home rw - cifs //files/my\\040home rw,vers=3.1.1,addr=192.0.2.9,"
	  "file_mode=0755\n",
	  { { 0 } },
	  "cifs //files/my home at /my home" },
	{ "Ceph by its monitors",
	  "40 24 0:44 / /mnt rw - ceph 203.0.113.9:6789,192.0.2.9:6789:/a rw,name=admin\n",
	  { { 0 } },
	  "ceph 203.0.113.9:6789,192.0.2.9:6789:/a at /mnt" },
	{ "Ceph by names",
	  "40 24 0:44 / /mnt rw - ceph admin@07fe3187.a=/ "
	  "rw,mon_addr=203.0.113.9:3300/192.0.2.9:3300\n",
	  { { 0 } },
	  "ceph admin@07fe3187.a=/ at /mnt" },
	{ "9p",
	  "40 24 0:44 / /mnt rw - 9p 192.0.2.9 rw,access=user,trans=tcp\n",
	  { { 0 } },
	  "9p 192.0.2.9 at /mnt" },
	{ "9p that is not by IP, whatever it is called",
	  "40 24 0:44 / /mnt rw - 9p 192.0.2.9 rw,access=client,trans=virtio\n",
	  { { 0 } },
	  NULL },
	{ "a disk of iSCSI, by its partition",
	  "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
	  { { "/sys/dev/block/8:1", NULL, DISKS "host0/session1/target/lun/block/sda/sda1" },
	    { DISKS "host0/session1/target/lun/block/sda/sda1/partition", "1\n", NULL },
	    { DISKS "host0/session1/target/lun/block/sda/device", NULL, "../.." },
	    { DISKS "host0/session1/connection1:0/iscsi_connection/connection1:0/address",
	      "192.0.2.9\n", NULL } },
	  "ext4 /dev/sda1 by iSCSI at /" },
	{ "LVM on NVMe by TCP, of which there may be several ways",
	  "24 1 253:0 / / rw - xfs /dev/mapper/root rw\n",
	  { { "/sys/dev/block/253:0/slaves/nvme0n1", NULL, DISKS "nvme-subsys0/nvme0n1" },
	    { DISKS "nvme-subsys0/nvme0n1/device", NULL, ".." },
	    { DISKS "nvme-subsys0/nvme0/address",
	      "traddr=203.0.113.9,trsvcid=4420,src_addr=192.0.2.1\n", NULL },
	    { DISKS "nvme-subsys0/nvme1/address", "traddr=192.0.2.9,trsvcid=4420\n", NULL } },
	  "xfs /dev/mapper/root by NVMe over fabrics at /" },
	{ "NVMe of the host's own",
	  "24 1 259:1 / / rw - xfs /dev/nvme0n1 rw\n",
	  { { "/sys/dev/block/259:1", NULL, DISKS "nvme0/nvme0n1" },
	    { DISKS "nvme0/nvme0n1/device", NULL, ".." },
	    { DISKS "nvme0/address", "0000:04:00.0\n", NULL } },
	  NULL },
};

START_TEST(a_file_system_that_is_had_by_way_of_it_is_named)
{
	for (const struct entry *entry = mounts[_i].disks; entry->path; entry++)
		if (entry->target)
			own_link(entry->path, entry->target);
		else
			own_file(entry->path, entry->content);
	own_file(MOUNTINFO, mounts[_i].mounts);
	assert_also(mounts[_i].user);
}
END_TEST

static int find_once(void *context)
{
	(void)context;
	return kernel->find_holders(kernel, pf, KERNEL_PF);
}

START_TEST(memory_that_runs_out_hides_nobody)
{
	static const struct made_up mixed[MAX] = {
		LISTENER(AF_INET, 2222, "ssh.service"),
		{ CONNECTED, AF_INET, "192.0.2.1", "192.0.2.7", 2222, 80, NULL, NULL },
	};

	sockets = mixed;
	own_file(MOUNTINFO, mounts[1].mounts);
	observe();
	ck_assert_uint_gt(memory_try_all(find_once, NULL, 0), 10);
	ck_assert_str_eq(pf->holder.details,
			 NOBODY "; an ssh session from 192.0.2.7; nfs4 192.0.2.9:/home at /home");
}
END_TEST

START_TEST(the_hosts_default_route_is_told_also_where_it_is_by_what_stands_on_it)
{
	own_default_route(OTHER_SIDE);
	assert_users(NOBODY ", with the host's default route");
	own_default_route("uplink0");
	assert_users("uplink0 is up and has the host's default route");
}
END_TEST

START_TEST(a_session_and_a_file_system_are_named_together)
{
	sockets = cases[0].sockets;
	own_file(MOUNTINFO, mounts[1].mounts);
	assert_also("an ssh session from 192.0.2.7; nfs4 192.0.2.9:/home at /home");
}
END_TEST

/* Kernels may be without. */
static bool tells_of_tcp(void)
{
	CLEANUP(netlink_free_cleanup) struct netlink *netlink = NULL;

	return netlink_new(NETLINK_SOCK_DIAG, &netlink) == 0 &&
	       tcp_find(netlink, TCP_LISTENING, 1, NULL, NULL) == 0;
}

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter() || !own_veth("probe"))
		return RUNNER_SKIPPED;
	suite = suite_create("pf_users");
	tests = tcase_create("pf_users");
	tcase_add_checked_fixture(tests, set_up, own_card_tear_down);
	tcase_add_loop_test(tests, an_ssh_session_is_named, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(tests, what_the_kernel_does_not_tell_of_is_left_out_and_what_fails_is_not);
	tcase_add_loop_test(tests, a_file_system_that_is_had_by_way_of_it_is_named, 0,
			    (int)ARRAY_SIZE(mounts));
	tcase_add_test(tests, memory_that_runs_out_hides_nobody);
	tcase_add_test(tests, a_session_and_a_file_system_are_named_together);
	if (tells_of_tcp())
		tcase_add_test(tests, a_real_connection_is_found);
	/* Its routes stay. */
	tcase_add_test(tests,
		       the_hosts_default_route_is_told_also_where_it_is_by_what_stands_on_it);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
