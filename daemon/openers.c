/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sriovd-openers: answers, at the socket that systemd hands it, which processes have VFs open
 * through vfio. sriovd-openers.service says why this is a program. */

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include "kernel/holder/vfio_openers.h"
#include "util/fd.h"

/* It ends when nobody has asked for so long; the socket starts it again. */
#define IDLE_MS 60000

static int answer(int peer)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct opener *openers;
	size_t count;
	int r = arena_new(&arena);

	if (r >= 0)
		r = process_find_openers(VFIO_NODES, arena, &openers, &count);
	return r < 0 ? r : vfio_openers_answer(peer, openers, count);
}

/* 1: one was answered, or is gone again; 0: nobody asks; or -errno. */
static int serve(int listener)
{
	struct pollfd wait = { .fd = listener, .events = POLLIN };
	int r = poll(&wait, 1, IDLE_MS);
	CLEANUP_FD int peer = r > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;

	if (r <= 0)
		return r < 0 ? -errno : 0;
	if (peer >= 0)
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
