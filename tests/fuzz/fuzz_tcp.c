/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as an answer of sock_diag about a TCP socket, and as the text of an address. What is
 * read is within the message, and an address reads back from what it is written as. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "kernel/netlink/tcp.h"
#include "util/cleanup.h"

static void check_address(const struct ip_address *address)
{
	char text[INET6_ADDRSTRLEN];
	struct ip_address back;

	REQUIRE(address->family == AF_INET || address->family == AF_INET6);
	REQUIRE(ip_address_format(address, text)[0]);
	REQUIRE(ip_address_parse(text, strlen(text), &back) == 0);
	REQUIRE(ip_address_equal(address, &back));
}

static void check_text(const uint8_t *data, size_t size)
{
	CLEANUP_FREE char *text = harness_text(data, size);
	struct ip_address address;
	int r = ip_address_parse(text, size, &address);

	REQUIRE(r == 0 || r == -EINVAL);
	if (r == 0)
		check_address(&address);
}

/* What is read of the message with other bytes behind its end, which no sanitizer sees libnl go to.
 */
static int read_before(const struct nlmsghdr *message, size_t size, int byte,
		       struct tcp_socket *ret)
{
	struct nlmsghdr *copy = malloc(size + 16);
	int r;

	REQUIRE(copy);
	memset(copy, byte, size + 16);
	memcpy(copy, message, size);
	r = tcp_read(copy, ret);
	free(copy);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_FREE struct nlmsghdr *message = NULL;
	struct tcp_socket socket = { 0 }, zeros, ones;
	int r;

	check_text(data, size);
	if (size < sizeof(*message))
		return 0;
	message = harness_message(data, size);
	r = tcp_read(message, &socket);
	REQUIRE(r == 0 || r == -EBADMSG);
	REQUIRE(read_before(message, size, 0, &zeros) == r);
	REQUIRE(read_before(message, size, 0xff, &ones) == r);
	if (r < 0)
		return 0;
	check_address(&socket.local);
	check_address(&socket.peer);
	REQUIRE(zeros.cgroup == ones.cgroup && zeros.inode == ones.inode);
	return 0;
}
