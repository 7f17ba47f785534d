/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sriovd-openers: answers, at the socket that systemd hands it, what it takes rights to find out
 * that sriovd does not have. sriovd-openers.service says why this is a program. */

#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "kernel/privileged/lookup.h"
#include "util/fd.h"

/* It ends when nobody has asked for so long; the socket starts it again. */
#define IDLE_MS 60000
/* Who asks gets so long to say what, and to take the answer: others wait meanwhile. */
#define PATIENCE_S 1

/* Whether the process has CAP_NET_ADMIN: who may set up network devices may know who uses them. */
static bool may_administer(pid_t pid)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, pid };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) == 0 && data[0].effective & 1u << CAP_NET_ADMIN;
}

/* Capabilities are worth something in their own user namespace only. */
static bool is_in_our_user_namespace(pid_t pid)
{
	struct stat own, other;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return stat("/proc/self/ns/user", &own) == 0 && stat(path, &other) == 0 &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

/* The daemon, and whoever could be it. */
static bool is_privileged(int peer)
{
	struct ucred who;
	socklen_t length = sizeof(who);

	return getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &length) == 0 && who.uid == 0 &&
	       who.pid > 0 && may_administer(who.pid) && is_in_our_user_namespace(who.pid);
}

static int receive(int peer, struct arena *arena, struct query **ret, size_t *ret_count)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	char question[QUERY_QUESTION_MAX];
	ssize_t length;

	if (setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0)
		return -errno;
	length = recv(peer, question, sizeof(question), MSG_TRUNC);
	if (length < 0)
		return -errno;
	if ((size_t)length > sizeof(question))
		return -EBADMSG;
	return query_decode_question(question, (size_t)length, arena, ret, ret_count);
}

static int answer(int peer)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text text = { 0 };
	struct query *queries = NULL;
	size_t count = 0;
	int r = arena_new(&arena);

	if (r >= 0)
		r = receive(peer, arena, &queries, &count);
	if (r >= 0)
		r = lookup_here(queries, count, arena);
	if (r < 0)
		return r;
	query_encode_answer(queries, count, &text);
	if (text.failed)
		return -ENOMEM;
	return send(peer, text.data, text.length, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* 1: one was answered, or is gone again; 0: nobody asks; or -errno. */
static int serve(int listener)
{
	struct pollfd wait = { .fd = listener, .events = POLLIN };
	int r = poll(&wait, 1, IDLE_MS);
	CLEANUP_FD int peer = r > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;

	if (r <= 0)
		return r < 0 ? -errno : 0;
	if (peer >= 0 && is_privileged(peer))
		r = answer(peer);
	return r == -ENOMEM ? r : 1;
}

int main(void)
{
	int r = sd_listen_fds(true) == 1 ? 1 : -EINVAL;

	while (r > 0)
		r = serve(SD_LISTEN_FDS_START);
	if (r < 0)
		(void)fprintf(stderr, "sriovd-openers: %s\n", strerror(-r));
	return r < 0;
}
