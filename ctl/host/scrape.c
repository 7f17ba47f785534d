/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/scrape.h"

#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "memory.h"
#include "util/clock.h"
#include "util/fd.h"

/* How long to wait for who is answered to have read it. */
#define SCRAPE_DRAIN_MS 500

#define OPENMETRICS	"application/openmetrics-text"

static const struct {
	int status;
	const char *words;
} statuses[] = {
	{ 200, "OK" },
	{ 400, "Bad Request" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
};

/* A part of a request. */
struct span {
	const char *start;
	size_t length;
};

static bool is(struct span span, const char *word)
{
	return span.length == strlen(word) && !memcmp(span.start, word, span.length);
}

/* Takes from rest what comes before the next end, which is taken, too; false where there is none.
 */
static bool take_until(struct span *rest, const char *end, struct span *ret)
{
	const char *at = memmem(rest->start, rest->length, end, strlen(end));
	size_t skip;

	if (!at)
		return false;
	*ret = (struct span){ rest->start, (size_t)(at - rest->start) };
	skip = ret->length + strlen(end);
	*rest = (struct span){ rest->start + skip, rest->length - skip };
	return true;
}

/* A query may follow; there is nothing that it could change. */
static bool is_metrics(struct span target)
{
	struct span path = target;
	const char *query = memchr(target.start, '?', target.length);

	if (query)
		path.length = (size_t)(query - target.start);
	return is(path, "/metrics");
}

static int status_of(struct span method, struct span target, struct span version)
{
	if (version.length < 5 || memcmp(version.start, "HTTP/", 5) != 0)
		return 400;
	if (!is(method, "GET") && !is(method, "HEAD"))
		return 405;
	return is_metrics(target) ? 200 : 404;
}

/* Whatever it prefers: who takes it knows all of it. */
static bool takes_openmetrics(struct span header)
{
	static const char name[] = "accept:";

	return header.length > strlen(name) && !strncasecmp(header.start, name, strlen(name)) &&
	       memmem(header.start, header.length, OPENMETRICS, strlen(OPENMETRICS));
}

static struct scrape parse(const char *request, size_t length)
{
	struct span rest = { request, length }, line, method, target, header;
	struct scrape scrape = { .status = 400 };

	if (!take_until(&rest, "\r\n", &line) || !take_until(&line, " ", &method) ||
	    !take_until(&line, " ", &target))
		return scrape;
	scrape.status = status_of(method, target, line);
	scrape.head = is(method, "HEAD");
	while (take_until(&rest, "\r\n", &header) && header.length)
		scrape.openmetrics |= takes_openmetrics(header);
	return scrape;
}

/* Waits for more; false where none comes. */
static bool has_more(int fd, uint64_t end)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	uint64_t now = clock_ms();

	return now < end && poll(&poll_fd, 1, (int)(end - now)) > 0;
}

struct scrape scrape_receive(int fd)
{
	char request[SCRAPE_REQUEST_MAX];
	uint64_t end = clock_ms() + SCRAPE_TIMEOUT_MS;
	size_t length = 0;

	while (!memmem(request, length, "\r\n\r\n", 4)) {
		ssize_t n;

		if (length == sizeof(request))
			return (struct scrape){ .status = 431 };
		if (!has_more(fd, end))
			return (struct scrape){ .status = 408 };
		n = read(fd, request + length, sizeof(request) - length);
		if (n <= 0)
			return (struct scrape){ .status = 400 };
		length += (size_t)n;
	}
	return parse(request, length);
}

static const char *words_of(int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].words;
	return "";
}

/* Who is cut off while he still sends may never see the answer: a connection with unread bytes is
 * reset, not closed. */
static void drain(int fd)
{
	uint64_t end = clock_ms() + SCRAPE_DRAIN_MS;
	char rest[SCRAPE_REQUEST_MAX];

	(void)shutdown(fd, SHUT_WR);
	while (has_more(fd, end) && read(fd, rest, sizeof(rest)) > 0)
		continue;
}

int scrape_answer(int fd, const struct scrape *scrape, const char *body, size_t length)
{
	const char *words = words_of(scrape->status);
	bool good = scrape->status == 200;
	CLEANUP_TEXT struct text text = { 0 };
	const char *answer;
	int r;

	text_printf(&text,
		    "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%sConnection: "
		    "close\r\n\r\n",
		    scrape->status, words,
		    !good		  ? "text/plain; charset=utf-8"
		    : scrape->openmetrics ? OPENMETRICS "; version=1.0.0; charset=utf-8"
					  : "text/plain; version=0.0.4; charset=utf-8",
		    good ? length : strlen(words) + 1,
		    scrape->status == 405 ? "Allow: GET, HEAD\r\n" : "");
	if (!scrape->head && good)
		text_append_n(&text, body, length);
	else if (!scrape->head)
		text_printf(&text, "%s\n", words);
	answer = memory_text(&text);
	r = fd_write_all(fd, answer, text.length);
	if (r >= 0)
		drain(fd);
	return r;
}
