/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/holder/vfio_openers.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/text.h"

/* How long an answer may take; a process has to be started for it. */
#define ANSWER_S 10
/* More than so many bytes of it are not believed. */
#define ANSWER_MAX (1 << 20)

/* An answer: for each opener the path and the process, and then an empty string. Each string ends
 * with a zero byte, since a process can call itself anything else. */

int vfio_openers_answer(int fd, const struct opener *openers, size_t count)
{
	CLEANUP_TEXT struct text answer = { 0 };

	for (size_t i = 0; i < count; i++) {
		text_append_n(&answer, openers[i].path, strlen(openers[i].path) + 1);
		text_append_n(&answer, openers[i].process, strlen(openers[i].process) + 1);
	}
	text_append_n(&answer, "", 1);
	return answer.failed ? -ENOMEM : fd_write_all(fd, answer.data, answer.length);
}

static int read_all(int fd, struct text *answer)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (answer->length + (size_t)n > ANSWER_MAX)
			return -EBADMSG;
		text_append_n(answer, buffer, (size_t)n);
		if (answer->failed)
			return -ENOMEM;
	}
	return 0;
}

/* Copies the string at *at, and moves that behind it. 1; 0: it is the empty one; or -errno. */
static int take_string(const struct text *answer, size_t *at, struct arena *arena, const char **ret)
{
	size_t rest = answer->length - *at;
	size_t length = rest ? strnlen(answer->data + *at, rest) : 0;

	if (length == rest)
		return -EBADMSG;
	*ret = arena_strndup(arena, answer->data + *at, length);
	*at += length + 1;
	return *ret ? length > 0 : -ENOMEM;
}

static int parse(const struct text *answer, struct arena *arena, struct opener **ret,
		 size_t *ret_count)
{
	struct opener *openers = NULL, opener;
	size_t at = 0, count = 0, capacity = 0;
	int r;

	while ((r = take_string(answer, &at, arena, &opener.path)) > 0) {
		r = take_string(answer, &at, arena, &opener.process);
		if (r < 0)
			return r;
		if (arena_grow(arena, &openers, count, &capacity, sizeof(opener)) < 0)
			return -ENOMEM;
		openers[count++] = opener;
	}
	if (r < 0 || at != answer->length)
		return r < 0 ? r : -EBADMSG;
	*ret = openers;
	*ret_count = count;
	return 0;
}

static int connect_to(const char *path, int *ret)
{
	const struct timeval patience = { .tv_sec = ANSWER_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	(void)strcpy(address.sun_path, path);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	*ret = fd;
	fd = -1;
	return 0;
}

int vfio_openers_ask(const char *socket, struct arena *arena, struct opener **ret,
		     size_t *ret_count)
{
	CLEANUP_TEXT struct text answer = { 0 };
	CLEANUP_FD int fd = -1;
	int r = connect_to(socket, &fd);

	if (r >= 0)
		r = read_all(fd, &answer);
	return r < 0 ? r : parse(&answer, arena, ret, ret_count);
}

int vfio_openers_find(struct arena *arena, struct opener **ret, size_t *ret_count)
{
	if (prctl(PR_CAPBSET_READ, CAP_SYS_PTRACE, 0, 0, 0) == 0)
		return vfio_openers_ask(VFIO_OPENERS_SOCKET, arena, ret, ret_count);
	return process_find_openers(VFIO_NODES, arena, ret, ret_count);
}
