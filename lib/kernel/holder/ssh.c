/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* ssh sessions that would end with a PF's network device: TCP connections at a port on which sshd
 * listens, from an address that is on the device or on what stands on it, or to a host that is
 * reached by it, as where addresses are on the loopback device.
 *
 * Whose a socket is takes rights that the daemon does not have; which cgroup it was made in the
 * kernel tells everybody. That of a unit's has the unit's name (systemd makes the sockets of a
 * .socket unit in its cgroup, too), and nobody but root can make it. Without that, port 22 is
 * ssh's. */

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/stat.h>

#include "kernel/holder/stack.h"
#include "kernel/holder/traces.h"
#include "kernel/netlink/netlink.h"
#include "kernel/netlink/tcp.h"

#define SSH_PORT 22

/* Where the daemons of Debian, of others, and dropbear are; in hybrid mode cgroup v2 is in a
 * directory of its own. */
static const char *const cgroups[] = { "/sys/fs/cgroup/system.slice",
				       "/sys/fs/cgroup/unified/system.slice" };
static const char *const units[] = { "ssh.service", "ssh.socket",	"sshd.service",
				     "sshd.socket", "dropbear.service", "dropbear.socket" };

struct port {
	uint16_t number;
	bool is_ssh; /* sshd is known to listen there */
};

struct sessions {
	struct inquiry *inquiry;
	struct stack stack;
	uint64_t cgroups[ARRAY_SIZE(cgroups) * ARRAY_SIZE(units)]; /* of sshd: their inodes */
	size_t n_cgroups;
	struct port *ports;
	size_t n_ports, capacity;
	const struct port *port; /* whose connections are looked at */
	/* Of those found: the first that a program took, which is likely to be there for long, and
	 * not one that only tries passwords. */
	struct tcp_socket oldest;
	bool is_ssh; /* that is */
	size_t count;
};

/* Of a unit that does not run there is none. */
static int note_cgroups(struct sessions *sessions)
{
	struct arena *arena = sessions->inquiry->arena;
	struct stat status;

	for (size_t i = 0; i < ARRAY_SIZE(cgroups) * ARRAY_SIZE(units); i++) {
		const char *path = arena_printf(arena, "%s/%s", cgroups[i / ARRAY_SIZE(units)],
						units[i % ARRAY_SIZE(units)]);

		if (!path)
			return -ENOMEM;
		if (stat(path, &status) >= 0)
			sessions->cgroups[sessions->n_cgroups++] = status.st_ino;
	}
	return 0;
}

static bool is_of_sshd(const struct sessions *sessions, const struct tcp_socket *socket)
{
	for (size_t i = 0; i < sessions->n_cgroups; i++)
		if (socket->cgroup == sessions->cgroups[i])
			return true;
	return false;
}

static int add_port(struct sessions *sessions, uint16_t number, bool is_ssh)
{
	for (size_t i = 0; i < sessions->n_ports; i++)
		if (sessions->ports[i].number == number)
			return 0;
	if (arena_grow(sessions->inquiry->arena, &sessions->ports, sessions->n_ports,
		       &sessions->capacity, sizeof(*sessions->ports)) < 0)
		return -ENOMEM;
	sessions->ports[sessions->n_ports++] = (struct port){ number, is_ssh };
	return 0;
}

static int on_listener(const struct tcp_socket *socket, void *context)
{
	struct sessions *sessions = context;

	return is_of_sshd(sessions, socket) ? add_port(sessions, socket->local_port, true) : 0;
}

/* 1; 0; or -errno. */
static int is_on_stack(const struct stack *stack, const struct tcp_socket *socket)
{
	if (stack_has_address(stack, &socket->local, socket->ifindex))
		return 1;
	return stack_leads_to(stack, &socket->peer, socket->ifindex);
}

static int on_connection(const struct tcp_socket *socket, void *context)
{
	struct sessions *sessions = context;
	int r = socket->inode ? is_on_stack(&sessions->stack, socket) : 0;

	if (r <= 0)
		return r;
	if (!sessions->count++ || socket->inode < sessions->oldest.inode) {
		sessions->oldest = *socket;
		sessions->is_ssh = sessions->port->is_ssh;
	}
	return 0;
}

static int find(struct sessions *sessions)
{
	CLEANUP(netlink_free_cleanup) struct netlink *netlink = NULL;
	int r = netlink_new(NETLINK_SOCK_DIAG, &netlink);

	if (r >= 0)
		r = tcp_find(netlink, TCP_LISTENING, 0, on_listener, sessions);
	if (r >= 0)
		r = add_port(sessions, SSH_PORT, false);
	for (size_t i = 0; r >= 0 && i < sessions->n_ports; i++) {
		sessions->port = &sessions->ports[i];
		r = tcp_find(netlink, TCP_CONNECTED, sessions->ports[i].number, on_connection,
			     sessions);
	}
	return r;
}

/* Not how many there are, since whoever tries passwords makes that another number all the time. */
static const char *describe(const struct sessions *sessions)
{
	char peer[INET6_ADDRSTRLEN];
	const bool several = sessions->count > 1;
	const char *what = sessions->is_ssh
				   ? (several ? "ssh sessions, one of them" : "an ssh session")
				   : (several ? "connections to TCP port 22, one of them"
					      : "a connection to TCP port 22");

	return arena_printf(sessions->inquiry->arena, "%s from %s", what,
			    ip_address_format(&sessions->oldest.peer, peer));
}

/* -ENOENT where the kernel does not tell of TCP sockets. The device is in use all the same: what a
 * session goes by is an address or a route, which are looked for as well. */
int ssh_find(struct inquiry *inquiry, const struct trace *trace)
{
	struct candidate *candidate = inquiry_next(inquiry, trace, NULL);
	struct sessions sessions = { .inquiry = inquiry };
	int r = stack_read(inquiry, candidate, &sessions.stack);

	if (r >= 0)
		r = stack_read_addresses(&sessions.stack);
	if (r >= 0)
		r = note_cgroups(&sessions);
	if (r >= 0)
		r = find(&sessions);
	if (r < 0 || !sessions.count)
		return r;
	return inquiry_hold(candidate, "an ssh session", describe(&sessions));
}
