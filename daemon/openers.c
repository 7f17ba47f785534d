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
/* So many are answered at once; each has a descriptor, of which the unit allows 64. */
#define TOGETHER_MAX 32u

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

/* Who asks, and what. */
struct asker {
	int peer;
	struct query *queries;
	size_t count;
};

/* Those who are answered by one look, which begins when all of them have asked: a host with many
 * PFs looks at all of them at once, and users can have each process take long to be looked into. */
struct round {
	struct arena *arena;
	struct asker askers[TOGETHER_MAX];
	size_t count, n_queries;
};

static void round_cleanup(struct round *round)
{
	for (size_t i = 0; i < round->count; i++)
		(void)close(round->askers[i].peer);
	arena_free(round->arena);
}

/* Takes the next one, where it is privileged and asks well. 0 or -ENOMEM. */
static int add_asker(struct round *round, int listener)
{
	struct asker *asker = &round->askers[round->count];
	int r;

	*asker = (struct asker){ .peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC) };
	if (asker->peer < 0)
		return 0;
	r = is_privileged(asker->peer)
		    ? receive(asker->peer, round->arena, &asker->queries, &asker->count)
		    : -EACCES;
	if (r < 0) {
		(void)close(asker->peer);
		return r == -ENOMEM ? r : 0;
	}
	round->count++;
	round->n_queries += asker->count;
	return 0;
}

/* Waits for somebody, and takes who waits then. 1; 0: nobody asks any more; or -errno. */
static int gather(struct round *round, int listener)
{
	struct pollfd wait = { .fd = listener, .events = POLLIN };
	int came = poll(&wait, 1, IDLE_MS), r = came < 0 ? -errno : 0;
	bool any = came > 0;

	while (r >= 0 && came > 0 && round->count < TOGETHER_MAX) {
		r = add_asker(round, listener);
		came = poll(&wait, 1, 0);
	}
	return r < 0 ? r : any;
}

static int answer(const struct asker *asker)
{
	CLEANUP_TEXT struct text text = { 0 };

	query_encode_answer(asker->queries, asker->count, &text);
	if (text.failed)
		return -ENOMEM;
	(void)send(asker->peer, text.data, text.length, MSG_NOSIGNAL);
	return 0;
}

/* 0 or -ENOMEM. */
static int answer_all(struct round *round)
{
	struct query *all = arena_array(round->arena, round->n_queries + 1, sizeof(*all));
	size_t n = 0;
	int r;

	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < round->count; n += round->askers[i++].count) {
		struct asker *asker = &round->askers[i];

		memcpy(all + n, asker->queries, asker->count * sizeof(*all));
		asker->queries = all + n;
	}
	r = lookup_here(all, n, round->arena);
	for (size_t i = 0; r >= 0 && i < round->count; i++)
		r = answer(&round->askers[i]);
	return r;
}

/* 1: somebody was answered, or is gone again; 0: nobody asks; or -errno. */
static int serve(int listener)
{
	CLEANUP(round_cleanup) struct round round = { 0 };
	int r = arena_new(&round.arena), came = r < 0 ? r : gather(&round, listener);

	if (came <= 0)
		return came;
	r = answer_all(&round);
	return r < 0 ? r : 1;
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
