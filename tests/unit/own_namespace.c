/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "own_namespace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/route.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not the test library's: this is also for what a program does before its tests. */
#define REQUIRE(condition, what)                                                                   \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			perror(what);                                                              \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static const char *const own[] = { "/sys", "/run", "/dev", "/var/lib" };

static bool write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);

	if (fd >= 0)
		(void)close(fd);
	return written;
}

/* Root in a user namespace, where the process is not that already. */
static bool become_root(void)
{
	char uids[64], gids[64];

	(void)snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	(void)snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) == 0 &&
	       write_line("/proc/self/setgroups", "deny") &&
	       write_line("/proc/self/uid_map", uids) && write_line("/proc/self/gid_map", gids);
}

bool own_namespace_enter(void)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWNET) < 0 && !become_root())
		return false;
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (mount("test", own[i], "tmpfs", 0, NULL) < 0)
			return false;
	/* libudev else believes only in what is a sysfs. */
	return setenv("SYSTEMD_DEVICE_VERIFY_SYSFS", "0", 1) == 0;
}

static _Noreturn void end_as(pid_t child)
{
	int status;

	REQUIRE(waitpid(child, &status, 0) == child, "waitpid");
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

bool own_processes_enter(void)
{
	pid_t child;

	/* A process cannot move itself there, only what it makes from then on. */
	if (unshare(CLONE_NEWPID) < 0)
		return false;
	child = fork();
	REQUIRE(child >= 0, "fork");
	if (child > 0)
		end_as(child);
	return mount("proc", "/proc", "proc", 0, NULL) == 0;
}

static void make_parents(const char *path)
{
	char parent[PATH_MAX];

	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		(void)snprintf(parent, sizeof(parent), "%.*s", (int)(p - path), path);
		REQUIRE(mkdir(parent, 0755) == 0 || errno == EEXIST, parent);
	}
}

void own_file(const char *path, const char *content)
{
	FILE *file;

	make_parents(path);
	file = fopen(path, "we");
	REQUIRE(file && fputs(content, file) >= 0 && fclose(file) == 0, path);
}

void own_link(const char *path, const char *target)
{
	make_parents(path);
	(void)unlink(path);
	REQUIRE(symlink(target, path) == 0, path);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	return walk->level ? remove(path) : 0;
}

void own_remove(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	(void)remove(path);
}

void own_namespace_clear(void)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		(void)nftw(own[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct nl_msg *veth_message(const char *name)
{
	const struct ifinfomsg info = { 0 };
	struct nl_msg *message = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *linkinfo, *data, *peer;
	char peer_name[IFNAMSIZ];

	(void)snprintf(peer_name, sizeof(peer_name), "%.10s-peer", name);
	REQUIRE(message && nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO) == 0,
		name);
	REQUIRE(nla_put_string(message, IFLA_IFNAME, name) == 0, name);
	linkinfo = nla_nest_start(message, IFLA_LINKINFO);
	REQUIRE(nla_put_string(message, IFLA_INFO_KIND, "veth") == 0, name);
	data = nla_nest_start(message, IFLA_INFO_DATA);
	peer = nla_nest_start(message, 1 /* VETH_INFO_PEER */);
	REQUIRE(nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO) == 0, name);
	REQUIRE(nla_put_string(message, IFLA_IFNAME, peer_name) == 0, name);
	(void)nla_nest_end(message, peer);
	(void)nla_nest_end(message, data);
	(void)nla_nest_end(message, linkinfo);
	return message;
}

unsigned own_veth(const char *name)
{
	struct nl_sock *socket = nl_socket_alloc();

	REQUIRE(socket && nl_connect(socket, NETLINK_ROUTE) == 0, name);
	/* It frees the message. */
	(void)nl_send_sync(socket, veth_message(name));
	nl_socket_free(socket);
	return if_nametoindex(name);
}

bool own_macvlan(const char *name, unsigned lower, pid_t pid)
{
	const struct ifinfomsg info = { 0 };
	struct nl_msg *message = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nl_sock *socket = nl_socket_alloc();
	struct nlattr *linkinfo;
	int r;

	REQUIRE(message && nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO) == 0,
		name);
	REQUIRE(nla_put_string(message, IFLA_IFNAME, name) == 0, name);
	REQUIRE(nla_put_u32(message, IFLA_LINK, lower) == 0, name);
	REQUIRE(nla_put_u32(message, IFLA_NET_NS_PID, (uint32_t)pid) == 0, name);
	linkinfo = nla_nest_start(message, IFLA_LINKINFO);
	REQUIRE(nla_put_string(message, IFLA_INFO_KIND, "macvlan") == 0, name);
	(void)nla_nest_end(message, linkinfo);
	REQUIRE(socket && nl_connect(socket, NETLINK_ROUTE) == 0, name);
	r = nl_send_sync(socket, message);
	nl_socket_free(socket);
	return r >= 0;
}

static struct sockaddr address_of(const char *string)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr address;

	REQUIRE(inet_pton(AF_INET, string, &in.sin_addr) == 1, string);
	memcpy(&address, &in, sizeof(address));
	return address;
}

static void ask(unsigned long request, void *argument)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	REQUIRE(fd >= 0 && ioctl(fd, request, argument) == 0, "ioctl");
	(void)close(fd);
}

void own_address(const char *ifname, const char *address)
{
	struct ifreq request = { .ifr_addr = address_of(address) };

	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	ask(SIOCSIFADDR, &request);
}

bool own_link_local(unsigned ifindex, int family, const char *text, uint8_t protocol)
{
	size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	const struct ifaddrmsg info = {
		.ifa_family = (uint8_t)family,
		.ifa_prefixlen = family == AF_INET ? 16 : 64,
		.ifa_scope = RT_SCOPE_LINK,
		.ifa_index = ifindex,
	};
	struct nl_msg *message = nlmsg_alloc_simple(RTM_NEWADDR, NLM_F_CREATE);
	struct nl_sock *socket = nl_socket_alloc();
	struct in6_addr address;
	int r;

	REQUIRE(inet_pton(family, text, &address) == 1, text);
	REQUIRE(nl_connect(socket, NETLINK_ROUTE) == 0, "nl_connect");
	REQUIRE(nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO) == 0,
		"nlmsg_append");
	REQUIRE(nla_put(message, IFA_LOCAL, (int)size, &address) == 0, "nla_put");
	if (protocol)
		REQUIRE(nla_put_u8(message, IFA_PROTO, protocol) == 0, "nla_put_u8");
	r = nl_send_sync(socket, message);
	nl_socket_free(socket);
	return r >= 0;
}

static void add_route(const char *ifname, const char *network, const char *mask)
{
	char device[IFNAMSIZ];
	struct rtentry route = {
		.rt_dst = address_of(network),
		.rt_genmask = address_of(mask),
		.rt_flags = RTF_UP,
		.rt_dev = device,
	};

	(void)snprintf(device, sizeof(device), "%s", ifname);
	ask(SIOCADDRT, &route);
}

void own_route(const char *ifname)
{
	add_route(ifname, "198.51.100.0", "255.255.255.0");
}

void own_default_route(const char *ifname)
{
	add_route(ifname, "0.0.0.0", "0.0.0.0");
}
