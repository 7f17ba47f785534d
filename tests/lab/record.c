/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* record IFNAME FILE: asks the kernel for the link with its VFs, as sriovd does, and writes the
 * answer as it came: the recordings in tests/data/netlink. */

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void require(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	static char answer[1 << 20];
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
		struct rtattr attribute;
		unsigned mask;
	} request = {
		.header = { sizeof(request), RTM_GETLINK, NLM_F_REQUEST, 1, 0 },
		.attribute = { RTA_LENGTH(sizeof(unsigned)), IFLA_EXT_MASK },
		.mask = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	ssize_t length;
	FILE *file;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: record IFNAME FILE\n");
		return EXIT_FAILURE;
	}
	request.info.ifi_index = (int)if_nametoindex(argv[1]);
	require(request.info.ifi_index, argv[1]);
	require(send(fd, &request, sizeof(request), 0) > 0, "send");
	length = recv(fd, answer, sizeof(answer), 0);
	require(length > 0, "recv");
	file = fopen(argv[2], "w");
	require(file && fwrite(answer, 1, (size_t)length, file) == (size_t)length, argv[2]);
	require(!fclose(file) && !close(fd), argv[2]);
	return EXIT_SUCCESS;
}
