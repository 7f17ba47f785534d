/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/privileged/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "kernel/device/pci_config.h"
#include "kernel/privileged/cni_record.h"
#include "kernel/privileged/mounted.h"
#include "kernel/privileged/process.h"
#include "util/fd.h"

/* How long an answer may take; a program has to be started for it. */
#define ANSWER_S 10
/* How long to look for openers. Who asks while others are answered waits for two such looks. */
#define LOOK_MS 4000

/* Notes what came of a query: 0, -ENOENT (there is no such thing), or why it cannot be told. */
static int note(struct query *query, int r, uint32_t number, const char *text)
{
	if (r == -ENOMEM)
		return r;
	query_fail(query, r == -ENOENT ? 0 : r);
	if (r >= 0)
		query_answer(query, number, text);
	return 0;
}

static int look_for_record(struct query *query, struct arena *arena)
{
	const char *address = query_address(query, arena);
	struct cni_record record = { 0 };
	int r = address ? cni_record_read(address, arena, &record) : -ENOMEM;

	return note(query, r, record.flags, record.netns);
}

static int look_for_vectors(struct query *query, struct arena *arena)
{
	const char *address = query_address(query, arena);
	const char *path =
		address ? arena_printf(arena, "/sys/bus/pci/devices/%s/config", address) : NULL;
	CLEANUP_FD int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	uint32_t vectors = 0;
	int r;

	if (!path)
		return -ENOMEM;
	r = fd < 0 ? -errno : pci_config_read_msix(fd, &vectors);
	return note(query, r == -ENODATA ? -ENOENT : r, vectors, NULL);
}

/* All openers in one search; it is what takes long. */
static int look_for_openers(struct query *queries, size_t count, struct arena *arena)
{
	struct opener *openers = arena_array(arena, count, sizeof(*openers));
	size_t n = 0;
	int r;

	if (!openers)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (queries[i].kind == QUERY_OPENER)
			openers[n++].node = query_node(&queries[i]);
	r = n ? process_find_openers("/proc", openers, n, LOOK_MS, arena) : 0;
	n = 0;
	for (size_t i = 0; i < count; i++) {
		const char *name;

		if (queries[i].kind != QUERY_OPENER)
			continue;
		name = openers[n++].name;
		if (note(&queries[i], name ? 0 : r < 0 ? r : -ENOENT, 0, name) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* All file systems in one list. */
static int look_for_mounts(struct query *queries, size_t count, struct arena *arena)
{
	const char **lines = NULL;
	size_t n_lines = 0;
	bool asked = false;
	int r = 0;

	for (size_t i = 0; i < count; i++) {
		struct query *query = &queries[i];
		bool there;

		if (query->kind != QUERY_MOUNT)
			continue;
		if (!asked)
			r = mounted_list(arena, &lines, &n_lines);
		asked = true;
		there = r >= 0 && query->of < n_lines;
		if (note(query, r < 0 || there ? r : -ENOENT, 0, there ? lines[query->of] : NULL) <
		    0)
			return -ENOMEM;
	}
	return 0;
}

int lookup_here(struct query *queries, size_t count, struct arena *arena)
{
	static int (*const looks[QUERY_KIND_COUNT])(struct query * query, struct arena * arena) = {
		[QUERY_CNI_RECORD] = look_for_record,
		[QUERY_MSIX_VECTORS] = look_for_vectors,
	};
	int r = count ? look_for_openers(queries, count, arena) : 0;

	if (r >= 0)
		r = look_for_mounts(queries, count, arena);
	for (size_t i = 0; r >= 0 && i < count; i++)
		if (looks[queries[i].kind])
			r = looks[queries[i].kind](&queries[i], arena);
	return r;
}

static int connect_to(const char *path, int *ret)
{
	const struct timeval patience = { .tv_sec = ANSWER_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

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

/* Sends the question and receives what is said to it, of at most size bytes. Its length or -errno.
 */
static ssize_t exchange(const char *socket, const struct text *question, char *answer, size_t size)
{
	CLEANUP_FD int fd = -1;
	ssize_t length = connect_to(socket, &fd);

	if (length < 0)
		return length;
	if (send(fd, question->data, question->length, MSG_NOSIGNAL) < 0)
		return -errno;
	length = recv(fd, answer, size, MSG_TRUNC);
	if (length < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (!length)
		return -ECONNRESET;
	return (size_t)length > size ? -EBADMSG : length;
}

/* At most QUERY_MAX of them. */
static int ask(const char *socket, struct query *queries, size_t count, struct arena *arena)
{
	CLEANUP_TEXT struct text question = { 0 };
	CLEANUP_FREE char *answer = malloc(QUERY_ANSWER_MAX);
	ssize_t length;

	query_encode_question(queries, count, &question);
	if (!answer || question.failed)
		return -ENOMEM;
	length = exchange(socket, &question, answer, QUERY_ANSWER_MAX);
	return length < 0 ? (int)length
			  : query_decode_answer(answer, (size_t)length, arena, queries, count);
}

int lookup_there(const char *socket, struct query *queries, size_t count, struct arena *arena)
{
	int r = 0;

	for (size_t done = 0; r >= 0 && done < count; done += QUERY_MAX) {
		size_t left = count - done;

		r = ask(socket, queries + done, left < QUERY_MAX ? left : QUERY_MAX, arena);
	}
	return r;
}

static bool is_out_of_reach(const struct query *query)
{
	return query->error == -EACCES || query->error == -EPERM;
}

int lookup(struct query *queries, size_t count, struct arena *arena)
{
	struct query *rest = arena_array(arena, count + 1, sizeof(*rest));
	size_t n = 0;
	int r = rest ? lookup_here(queries, count, arena) : -ENOMEM;

	for (size_t i = 0; r >= 0 && i < count; i++)
		if (is_out_of_reach(&queries[i]))
			rest[n++] = queries[i];
	if (r < 0 || !n)
		return r;
	r = lookup_there(LOOKUP_SOCKET, rest, n, arena);
	if (r == -ENOMEM)
		return r;
	n = 0;
	for (size_t i = 0; i < count; i++) {
		if (!is_out_of_reach(&queries[i]))
			continue;
		queries[i] = rest[n++];
		if (r < 0)
			query_fail(&queries[i], r);
	}
	return 0;
}
