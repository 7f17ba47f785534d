/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The traces that users of VFs leave, on a card in files with network devices that are real, in
 * namespaces of this test's own. tests/lab/test_holders.py has the programs that leave them. */

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/xdp_diag.h>
#include <malloc.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <rdma/rdma_netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/linux.h"
#include "kernel/netlink/netlink.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/fd.h"
#include "util/text.h"

#define VF_PATH(n) OWN_CARD_VF_PATH(n)

static bool interrupted;     /* are dumps of other network namespaces */
static unsigned xdp_ifindex; /* what an XDP socket is bound to; 0: there is none */

/* The one RDMA device that there is. */
static struct {
	const char *name; /* NULL: none */
	unsigned ifindex; /* its port; 0: none */
	uint64_t contexts;
	pid_t pid; /* whose they are */
} rdma;

int __real_netlink_new(int protocol, struct netlink **ret);
int __wrap_netlink_new(int protocol, struct netlink **ret);
int __real_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);
int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);

/* Where the kernel has no RDMA there is no such socket. */
int __wrap_netlink_new(int protocol, struct netlink **ret)
{
	return __real_netlink_new(protocol == NETLINK_RDMA ? NETLINK_ROUTE : protocol, ret);
}

/* As xsk_diag_fill() in net/xdp/xsk_diag.c has it. */
static void put_xdp_socket(struct nl_msg *answer)
{
	const struct xdp_diag_msg body = { .xdiag_family = AF_XDP };
	const struct xdp_diag_info info = { .ifindex = xdp_ifindex };

	ck_assert_int_eq(nlmsg_append(answer, (void *)&body, sizeof(body), NLMSG_ALIGNTO), 0);
	ck_assert_int_eq(nla_put(answer, XDP_DIAG_INFO, sizeof(info), &info), 0);
}

static void put_rdma_summary(struct nl_msg *answer)
{
	struct nlattr *summary, *entry;

	ck_assert_int_eq(nla_put_u32(answer, RDMA_NLDEV_ATTR_DEV_INDEX, 3), 0);
	ck_assert_int_eq(nla_put_string(answer, RDMA_NLDEV_ATTR_DEV_NAME, rdma.name), 0);
	summary = nla_nest_start(answer, RDMA_NLDEV_ATTR_RES_SUMMARY);
	entry = nla_nest_start(answer, RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY);
	ck_assert_int_eq(nla_put_string(answer, RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_NAME, "ctx"), 0);
	ck_assert_int_eq(nla_put_u64(answer, RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_CURR, rdma.contexts),
			 0);
	(void)nla_nest_end(answer, entry);
	(void)nla_nest_end(answer, summary);
}

static void put_rdma_contexts(struct nl_msg *answer)
{
	struct nlattr *contexts = nla_nest_start(answer, RDMA_NLDEV_ATTR_RES_CTX);
	struct nlattr *entry = nla_nest_start(answer, RDMA_NLDEV_ATTR_RES_CTX_ENTRY);

	ck_assert_int_eq(nla_put_u32(answer, RDMA_NLDEV_ATTR_RES_PID, (uint32_t)rdma.pid), 0);
	(void)nla_nest_end(answer, entry);
	(void)nla_nest_end(answer, contexts);
}

/* As drivers/infiniband/core/nldev.c has it. */
static void put_rdma(struct nl_msg *answer, int command)
{
	switch (command) {
	case RDMA_NLDEV_CMD_RES_GET:
		put_rdma_summary(answer);
		break;
	case RDMA_NLDEV_CMD_PORT_GET:
		if (rdma.ifindex)
			ck_assert_int_eq(
				nla_put_u32(answer, RDMA_NLDEV_ATTR_NDEV_INDEX, rdma.ifindex), 0);
		break;
	case RDMA_NLDEV_CMD_RES_CTX_GET:
		put_rdma_contexts(answer);
		break;
	default:
		ck_abort_msg("%d", command);
	}
}

/* What the kernels that this runs on mostly do not tell of is answered here. */
int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	uint16_t type = nlmsg_hdr(message)->nlmsg_type;
	struct nl_msg *answer;
	int r;

	if (interrupted &&
	    nlmsg_find_attr(nlmsg_hdr(message), sizeof(struct ifinfomsg), IFLA_TARGET_NETNSID)) {
		r = __real_netlink_ask(netlink, message, each, context);
		return r < 0 ? r : -EINTR;
	}
	if (!(xdp_ifindex && type == SOCK_DIAG_BY_FAMILY) &&
	    !(rdma.name && RDMA_NL_GET_CLIENT(type) == RDMA_NL_NLDEV))
		return __real_netlink_ask(netlink, message, each, context);
	answer = nlmsg_alloc_simple(type, NLM_F_MULTI);
	if (type == SOCK_DIAG_BY_FAMILY)
		put_xdp_socket(answer);
	else
		put_rdma(answer, RDMA_NL_GET_OP(type));
	r = each(nlmsg_hdr(answer), context);
	nlmsg_free(answer);
	return r;
}

static void set_up(void)
{
	xdp_ifindex = 0;
	memset(&rdma, 0, sizeof(rdma));
	interrupted = false;
	own_card_set_up();
}

static const struct holder *holder_of(unsigned vf)
{
	observe();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), 0);
	return &pf->vfs[vf].holder;
}

static void assert_held(unsigned vf, const char *use, const char *details)
{
	const struct holder *holder = holder_of(vf);

	ck_assert_msg(holder->details && strstr(holder->details, details), "%s, not %s",
		      holder->details ? holder->details : "nobody", details);
	ck_assert_str_eq(holder->use, use);
}

static void assert_free(unsigned vf)
{
	const struct holder *holder = holder_of(vf);

	ck_assert_msg(!holder->details, "%s", holder->details);
}

/* VF 0 with a network device, which is down. */
static unsigned give_netdev(const char *name)
{
	unsigned ifindex = own_veth(name);

	own_card_add_netdev(VF_PATH(0), name, ifindex);
	return ifindex;
}

static void bring_up(unsigned ifindex)
{
	const struct value up = { .number = 1 };
	const struct pf device = { .ifindex = ifindex };
	struct kernel_error words;

	ck_assert_int_eq(kernel->write_pf(kernel, &device, PF_UP, &up, &words), 0);
}

/* A process in a network namespace of its own, with so many pairs of network devices. */
static pid_t begin_elsewhere(unsigned pairs)
{
	char name[IFNAMSIZ];
	int ends[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || unshare(CLONE_NEWNET) < 0)
			_exit(1);
		for (unsigned i = 0; i < pairs; i++) {
			(void)snprintf(name, sizeof(name), "there%u", i);
			(void)own_veth(name);
		}
		if (write(ends[1], "", 1) == 1)
			(void)pause();
		_exit(1);
	}
	(void)close(ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
	return pid;
}

static void end_elsewhere(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* moby/moby#21735. Made right over there, so that no namespace has a number here. */
START_TEST(a_device_on_top_in_another_namespace_uses_the_vf)
{
	unsigned ifindex = give_netdev("lower0");
	pid_t pid = begin_elsewhere(0);
	char details[128];

	assert_free(0);
	ck_assert(own_macvlan("mv0", ifindex, pid));
	(void)snprintf(details, sizeof(details), " (pid %d) is on top of lower0", pid);
	assert_held(0, "a device on top of it", "mv0 in the network namespace of ");
	assert_held(0, "a device on top of it", details);
	end_elsewhere(pid);
}
END_TEST

/* One end of each pair is told to be on top of the other (veth_get_iflink() in
 * drivers/net/veth.c), and of as many pairs one end has the number of the VF's device here. */
START_TEST(what_has_the_same_number_in_another_namespace_is_another_device)
{
	pid_t pid = begin_elsewhere(give_netdev("here0"));

	assert_free(0);
	end_elsewhere(pid);
}
END_TEST

/* NLM_F_DUMP_INTR: links came or went meanwhile (nl_dump_check_consistent()). */
START_TEST(who_makes_links_all_the_time_neither_has_a_vf_nor_hides_who_has)
{
	unsigned ifindex = give_netdev("lower0");
	pid_t pid = begin_elsewhere(1);

	interrupted = true;
	assert_free(0);
	if (own_macvlan("mv0", ifindex, pid))
		assert_held(0, "a device on top of it", "mv0 in the network namespace of ");
	end_elsewhere(pid);
}
END_TEST

/* AddressSanitizer has an allocator of its own. */
#ifdef __SANITIZE_ADDRESS__
#define COUNTS_ALLOCATED false
#else
#define COUNTS_ALLOCATED true
#endif

static size_t allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* What a look keeps. */
static size_t size_of_look(void)
{
	size_t before;

	pf_free(TAKE(pf));
	ck_assert_int_eq(kernel->observe(kernel, OWN_CARD_HANDLE, &pf), 0);
	before = allocated();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), 0);
	return allocated() - before;
}

START_TEST(links_of_others_are_not_kept)
{
	size_t without, with;
	pid_t pid;

	give_netdev("lower0");
	pid = begin_elsewhere(1);
	without = size_of_look();
	end_elsewhere(pid);
	pid = begin_elsewhere(400);
	with = size_of_look();
	end_elsewhere(pid);
	ck_assert_msg(with < without + 4096, "%zu bytes, not %zu", with, without);
}
END_TEST

START_TEST(each_network_device_of_a_vf_counts)
{
	bring_up(give_netdev("port0"));
	own_card_add_netdev(VF_PATH(0), "port1", own_veth("port1"));
	bring_up(if_nametoindex("port1"));
	assert_free(0);
	own_address("port1", "192.0.2.1");
	assert_held(0, "an address", "port1 is up and has an address");
}
END_TEST

/* What the card has itself. */
static void assert_pf_is_held(const char *use, const char *details)
{
	pf_free(TAKE(pf));
	ck_assert_int_eq(kernel->observe(kernel, OWN_CARD_HANDLE, &pf), 0);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_PF), 0);
	ck_assert_pstr_eq(pf->holder.details, details);
	ck_assert_pstr_eq(pf->holder.use, use);
	ck_assert_ptr_null(pf_held_vf(pf));
}

START_TEST(what_the_host_does_with_the_pfs_own_network_device_is_found)
{
	char details[128];
	unsigned ifindex;
	pid_t pid;

	/* Under valgrind it is valgrind's. */
	ck_assert_int_eq(prctl(PR_SET_NAME, "test_holder"), 0);
	pid = begin_elsewhere(0);
	ifindex = own_card_replace_netdev("uplink0");
	assert_pf_is_held(NULL, NULL);
	own_address("uplink0", "192.0.2.1");
	assert_pf_is_held(NULL, NULL);
	own_file(OWN_CARD_PATH "/net/uplink0/upper_vlan0/x", "");
	assert_pf_is_held("a device on top of it",
			  "uplink0 is down and has a device on top of it: vlan0");
	own_remove(OWN_CARD_PATH "/net/uplink0/upper_vlan0/x");
	own_remove(OWN_CARD_PATH "/net/uplink0/upper_vlan0");
	bring_up(ifindex);
	assert_pf_is_held("an address", "uplink0 is up and has an address");
	own_default_route("uplink0");
	own_file(OWN_CARD_PATH "/net/uplink0/upper_vlan0/x", "");
	assert_pf_is_held("the host's default route",
			  "uplink0 is up and has the host's default route");
	ck_assert(own_macvlan("mv0", ifindex, pid));
	(void)snprintf(details, sizeof(details),
		       "mv0 in the network namespace of test_holder (pid %d) is on top of uplink0; "
		       "uplink0 is up and has the host's default route",
		       pid);
	assert_pf_is_held("a device on top of it", details);
	end_elsewhere(pid);
}
END_TEST

/* Of IPv6 a device that is up has one without anybody's doing, of IPv4 none. */
START_TEST(a_link_local_address_of_ipv4_is_somebodys)
{
	unsigned ifindex = give_netdev("local0");

	bring_up(ifindex);
	(void)own_link_local(ifindex, AF_INET6, "fe80::7", 0);
	assert_free(0);
	ck_assert(own_link_local(ifindex, AF_INET, "169.254.7.7", 0));
	assert_held(0, "an address", "local0 is up and has an address");
}
END_TEST

START_TEST(a_link_local_address_that_says_who_made_it_is_his)
{
	unsigned ifindex = give_netdev("local1");

	bring_up(ifindex);
	if (!own_link_local(ifindex, AF_INET6, "fe80::8", 77))
		return; /* a kernel without IPv6 */
	assert_held(0, "an address", "local1 is up and has an address");
}
END_TEST

/* A link to itself cannot be read, nor can it be told whether there are records behind it. */
START_TEST(who_is_known_to_use_a_vf_is_named_rather_than_what_cannot_be_told_of_it)
{
	unsigned ifindex = give_netdev("known0");

	own_link("/run/libvirt/hostdevmgr", "hostdevmgr");
	assert_held(0, "unknown", "whether libvirt has it cannot be told now (ELOOP)");
	own_address("known0", "192.0.2.1");
	bring_up(ifindex);
	assert_held(0, "an address", "known0 is up and has an address");
}
END_TEST

/* Every byte that the kernel takes in the name of an interface (dev_valid_name() in
 * net/core/dev.c), eight in each; a container's root chooses, and has it come back so. */
START_TEST(what_is_said_of_a_holder_is_printable_whatever_its_names)
{
	const struct holder *holder;
	char name[IFNAMSIZ] = "n";
	size_t length = 1;

	for (unsigned byte = 1; byte < 256; byte++) {
		if (!strchr("/:%", (int)byte) && byte != 0xa0 && !isspace((int)byte))
			name[length++] = (char)byte;
		if (length < 9 && byte < 255)
			continue;
		name[length] = '\0';
		length = 1;
		own_namespace_clear();
		own_card_make();
		bring_up(give_netdev(name));
		own_address(name, "192.0.2.1");
		holder = holder_of(0);
		ck_assert_ptr_nonnull(holder->details);
		ck_assert_ptr_nonnull(strstr(holder->details, " is up and has an address"));
		ck_assert_msg(text_is_printable(holder->details), "%s", holder->details);
	}
}
END_TEST

/* Once: a name that looks like another one escaped is another one all the same. */
START_TEST(names_that_differ_are_said_of_a_holder_so_that_they_differ)
{
	static const char *const names[][2] = { { "a\033", "a\\x1b is up and has an address" },
						{ "a\\x1b",
						  "a\\x5cx1b is up and has an address" } };

	bring_up(give_netdev(names[_i][0]));
	own_address(names[_i][0], "192.0.2.1");
	ck_assert_str_eq(holder_of(0)->details, names[_i][1]);
}
END_TEST

static int packet_socket(unsigned ifindex, uint16_t protocol)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = (int)ifindex,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Also while it is down. */
START_TEST(a_packet_socket_uses_the_device_that_it_is_bound_to)
{
	unsigned ifindex = give_netdev("raw0");
	CLEANUP_FD int lldp = packet_socket(ifindex, ETH_P_LLDP);
	CLEANUP_FD int of_another = packet_socket(if_nametoindex("raw0-peer"), ETH_P_ALL);
	CLEANUP_FD int of_all = packet_socket(0, ETH_P_ALL);
	CLEANUP_FD int bound = -1;

	ck_assert(lldp >= 0 && of_another >= 0 && of_all >= 0);
	assert_free(0);
	bound = packet_socket(ifindex, ETH_P_ALL);
	assert_held(0, "a packet socket", "a packet socket is bound to raw0");
}
END_TEST

START_TEST(who_listens_to_all_uses_the_device)
{
	unsigned ifindex = give_netdev("ear0");
	CLEANUP_FD int fd = packet_socket(0, ETH_P_ALL);
	const struct packet_mreq all = { .mr_ifindex = (int)ifindex, .mr_type = PACKET_MR_PROMISC };

	ck_assert_int_eq(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)), 0);
	assert_held(0, "a listener", "ear0 is down and has a listener");
}
END_TEST

/* A program that lets everything pass. */
static int xdp_program(void)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insn_cnt = ARRAY_SIZE(code),
		.insns = (uintptr_t)code,
		.license = (uintptr_t) "LGPL-2.1-or-later",
	};

	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
}

static int attach(unsigned ifindex, int program)
{
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };
	struct nl_msg *message = nlmsg_alloc_simple(RTM_SETLINK, 0);
	struct nl_sock *socket = nl_socket_alloc();
	struct nlattr *xdp;
	int r;

	ck_assert_int_eq(nl_connect(socket, NETLINK_ROUTE), 0);
	ck_assert_int_eq(nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO), 0);
	xdp = nla_nest_start(message, IFLA_XDP);
	ck_assert_int_eq(nla_put_s32(message, IFLA_XDP_FD, program), 0);
	(void)nla_nest_end(message, xdp);
	r = nl_send_sync(socket, message);
	nl_socket_free(socket);
	return r;
}

START_TEST(an_xdp_program_uses_the_device)
{
	unsigned ifindex = give_netdev("xdp0");
	CLEANUP_FD int program = xdp_program();

	if (program < 0)
		return; /* it takes more than root in a user namespace */
	assert_free(0);
	ck_assert_int_eq(attach(ifindex, program), 0);
	assert_held(0, "an XDP program", "xdp0 is down and has an XDP program");
}
END_TEST

START_TEST(an_xdp_socket_uses_the_device_that_it_is_bound_to)
{
	unsigned ifindex = give_netdev("xsk0");

	xdp_ifindex = if_nametoindex("xsk0-peer");
	assert_free(0);
	xdp_ifindex = ifindex;
	assert_held(0, "an XDP socket", "an XDP socket is bound to xsk0");
}
END_TEST

/* Its driver and its network device, up or down, stay as they are. */
START_TEST(a_program_that_has_the_rdma_device_of_a_vf_open_uses_it)
{
	char details[64];

	give_netdev("rdma0");
	own_link("/sys/class/infiniband/mlx5_2/device", VF_PATH(0));
	rdma.name = "mlx5_2";
	rdma.pid = getpid();
	assert_free(0);
	rdma.contexts = 1;
	(void)snprintf(details, sizeof(details), " (pid %d)", getpid());
	assert_held(0, "RDMA", "RDMA device mlx5_2, by ");
	assert_held(0, "RDMA", details);
	own_link("/sys/class/infiniband/mlx5_2/device", OWN_CARD_PATH);
	assert_free(0);
}
END_TEST

/* That of rdma_rxe is below no device, and has the VF's network device for a port. */
START_TEST(an_rdma_device_may_be_of_a_vf_by_its_port)
{
	unsigned ifindex = give_netdev("rdma1");

	own_file("/sys/class/infiniband/rxe0/node_type", "1: CA\n");
	rdma.name = "rxe0";
	rdma.contexts = 1;
	rdma.ifindex = if_nametoindex("rdma1-peer");
	assert_free(0);
	rdma.ifindex = ifindex;
	assert_held(0, "RDMA", "RDMA device rxe0, by a process");
}
END_TEST

/* As vdpa.c makes them: below the VF, and called by whoever made it. */
START_TEST(a_vdpa_device_uses_the_vf_that_it_is_below)
{
	own_file(VF_PATH(2) "/blk/uevent", "");
	own_file(OWN_CARD_PATH "/other/uevent", "");
	assert_free(2);
	own_link("/sys/bus/vdpa/devices/other", OWN_CARD_PATH "/other");
	own_link("/sys/bus/vdpa/devices/gone", VF_PATH(2) "/gone");
	own_link(VF_PATH(2) "/driver", "/sys/bus/pci/drivers/mlx5_core");
	give_netdev("vdpa0");
	assert_free(0);
	own_link("/sys/bus/vdpa/devices/blk", VF_PATH(2) "/blk");
	assert_held(2, "vdpa", "vdpa device blk is on it");
}
END_TEST

/* The PF of VF 2 is "lo" now, which it was not when it gave the VF away. */
START_TEST(a_record_of_libvirt_stays_when_the_pf_gets_another_name)
{
	(void)own_veth("other0");
	own_file("/run/libvirt/hostdevmgr/other0_vf2", "{}");
	own_file("/run/libvirt/hostdevmgr/ens7f0_vf22", "{}");
	own_file("/run/libvirt/hostdevmgr/ens7f0_vfx", "{}");
	own_file("/run/libvirt/hostdevmgr/_vf2", "{}");
	own_file("/run/libvirt/hostdevmgr/ens7f0", "{}");
	assert_free(2);
	own_file("/run/libvirt/hostdevmgr/ens_vf7f0_vf2", "{}");
	assert_held(2, "libvirt", "libvirt, as noted in /run/libvirt/hostdevmgr/ens_vf7f0_vf2");
	assert_free(1);
}
END_TEST

#define RECORD "/var/lib/cni/sriov/pci/" OWN_CARD_VF(2)

/* IsAllocated() of sriov-cni takes all but the first for void. */
START_TEST(a_record_of_sriov_cni_is_void_without_its_namespace)
{
	own_file(RECORD, "/proc/self/ns/net");
	assert_held(2, "a container", "a container at /proc/self/ns/net, as noted in " RECORD);
	assert_free(1);
	own_file(RECORD, "/run/netns/pod");
	assert_free(2);
	ck_assert_str_eq(pf->vfs[2].holder.remark,
			 RECORD " is void, as its network namespace is gone");
	/* What a namespace was mounted on stays. */
	own_file("/run/netns/pod", "");
	assert_free(2);
	own_file(RECORD, "/run/netns/pod/gone");
	assert_free(2);
	own_file(RECORD, "somewhere");
	assert_held(2, "a container", "a container at an unknown place");
}
END_TEST

/* As Lock() of sriov-cni makes it, before anything is allocated. */
START_TEST(an_empty_record_of_sriov_cni_counts_while_it_is_locked)
{
	CLEANUP_FD int fd = -1;

	own_file(RECORD, "");
	assert_free(2);
	ck_assert_str_eq(pf->vfs[2].holder.remark,
			 RECORD " is void, as it is empty, and not locked");
	fd = open(RECORD, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	assert_held(2, "a container", "a container at an unknown place, as noted in " RECORD);
}
END_TEST

START_TEST(nobody_waits_for_a_record_that_is_a_fifo)
{
	own_file("/var/lib/cni/sriov/pci/x", "");
	ck_assert_int_eq(mkfifo(RECORD, 0644), 0);
	own_file("/run/netns/x", "");
	ck_assert_int_eq(mkfifo("/run/netns/y", 0644), 0);
	assert_held(2, "a container", "a container at an unknown place");
}
END_TEST

/* It could lead to anything that more rights can read. */
START_TEST(a_record_that_is_a_link_is_not_followed)
{
	own_file("/run/other", "");
	own_link(RECORD, "/run/other");
	assert_held(2, "unknown", "whether a container has it cannot be told now (ELOOP)");
}
END_TEST

/* Who is about to use the VF opens it at any moment: no look that takes its time comes after that
 * for who has it open, and before the write. */
START_TEST(who_has_it_open_is_looked_for_last)
{
	own_file(VF_PATH(1) "/enable", "1\n");
	assert_held(1, "vfio", "vfio, by a process that is not seen from here");
	own_file("/run/libvirt/hostdevmgr/ens7f0_vf1", "{}");
	assert_held(1, "libvirt", "libvirt, as noted in ");
}
END_TEST

/* /dev/full, which hardly anybody has open, stands for the node. */
START_TEST(a_vf_with_uio_is_used_by_who_has_its_node_open)
{
	CLEANUP_FD int node = -1;

	own_link(VF_PATH(0) "/driver", "/sys/bus/pci/drivers/uio_pci_generic");
	own_file(VF_PATH(0) "/uio/uio7/dev", "1:7\n");
	own_file("/dev/other", "");
	if (mknod("/dev/node", S_IFCHR | 0600, makedev(1, 7)) < 0)
		return; /* root in a user namespace may not */
	assert_free(0);
	node = open("/dev/node", O_RDONLY | O_CLOEXEC);
	assert_held(0, "uio", "uio, by ");
	bring_up(give_netdev("uio0"));
	own_address("uio0", "192.0.2.1");
	assert_held(0, "an address", "uio0 is up and has an address");
}
END_TEST

START_TEST(a_record_of_libvirt_may_be_called_by_another_port_of_the_pf)
{
	own_card_add_netdev(OWN_CARD_PATH, "port1", own_veth("port1"));
	own_file("/run/libvirt/hostdevmgr/port1_vf2", "{}");
	assert_held(2, "libvirt", "libvirt, as noted in /run/libvirt/hostdevmgr/port1_vf2");
}
END_TEST

START_TEST(what_cannot_be_looked_at_is_in_use)
{
	own_link("/run/libvirt", "/run/libvirt");
	assert_held(2, "unknown", "whether libvirt has it cannot be told now (ELOOP)");
	own_remove("/run/libvirt");
	own_file("/run/libvirt", "");
	assert_free(2);
}
END_TEST

START_TEST(without_the_right_to_look_into_namespaces_none_is_free_of_users)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	pid_t pid;

	give_netdev("mine0");
	assert_free(0);
	pid = begin_elsewhere(0);
	kernel_free(kernel);
	ck_assert_int_eq(syscall(SYS_capset, &header, data), 0);
	ck_assert_int_eq(kernel_linux_new(&kernel), 0);
	own_card_add_netdev(VF_PATH(0), "mine0", if_nametoindex("mine0"));
	assert_held(0, "unknown", "whether another network namespace has it cannot be told now (");
	/* Without a driver it has no network device anywhere. */
	assert_free(2);
	end_elsewhere(pid);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter() || !own_processes_enter() || !own_veth("probe"))
		return RUNNER_SKIPPED;
	suite = suite_create("holder");
	tests = tcase_create("holder");
	tcase_add_checked_fixture(tests, set_up, own_card_tear_down);
	tcase_set_timeout(tests, 60);
	if (own_macvlan("probe-mv", if_nametoindex("probe"), getpid()))
		tcase_add_test(tests, a_device_on_top_in_another_namespace_uses_the_vf);
	tcase_add_test(tests, what_has_the_same_number_in_another_namespace_is_another_device);
	tcase_add_test(tests, who_makes_links_all_the_time_neither_has_a_vf_nor_hides_who_has);
	if (COUNTS_ALLOCATED)
		tcase_add_test(tests, links_of_others_are_not_kept);
	tcase_add_test(tests, each_network_device_of_a_vf_counts);
	tcase_add_test(tests,
		       who_is_known_to_use_a_vf_is_named_rather_than_what_cannot_be_told_of_it);
	tcase_add_test(tests, a_link_local_address_of_ipv4_is_somebodys);
	tcase_add_test(tests, a_link_local_address_that_says_who_made_it_is_his);
	tcase_add_test(tests, what_the_host_does_with_the_pfs_own_network_device_is_found);
	tcase_add_loop_test(tests, names_that_differ_are_said_of_a_holder_so_that_they_differ, 0,
			    2);
	tcase_add_test(tests, what_is_said_of_a_holder_is_printable_whatever_its_names);
	tcase_add_test(tests, a_packet_socket_uses_the_device_that_it_is_bound_to);
	tcase_add_test(tests, who_listens_to_all_uses_the_device);
	tcase_add_test(tests, an_xdp_program_uses_the_device);
	tcase_add_test(tests, an_xdp_socket_uses_the_device_that_it_is_bound_to);
	tcase_add_test(tests, a_program_that_has_the_rdma_device_of_a_vf_open_uses_it);
	tcase_add_test(tests, an_rdma_device_may_be_of_a_vf_by_its_port);
	tcase_add_test(tests, a_vdpa_device_uses_the_vf_that_it_is_below);
	tcase_add_test(tests, a_record_of_libvirt_stays_when_the_pf_gets_another_name);
	tcase_add_test(tests, a_record_of_libvirt_may_be_called_by_another_port_of_the_pf);
	tcase_add_test(tests, a_record_of_sriov_cni_is_void_without_its_namespace);
	tcase_add_test(tests, an_empty_record_of_sriov_cni_counts_while_it_is_locked);
	tcase_add_test(tests, nobody_waits_for_a_record_that_is_a_fifo);
	tcase_add_test(tests, a_record_that_is_a_link_is_not_followed);
	tcase_add_test(tests, who_has_it_open_is_looked_for_last);
	tcase_add_test(tests, a_vf_with_uio_is_used_by_who_has_its_node_open);
	tcase_add_test(tests, what_cannot_be_looked_at_is_in_use);
	tcase_add_test(tests, without_the_right_to_look_into_namespaces_none_is_free_of_users);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
