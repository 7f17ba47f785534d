/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a line of /proc/1/mountinfo, and as a list of servers. What is read of the line
 * is within it; a server has an address. */

#include <errno.h>
#include <string.h>

#include "harness.h"
#include "kernel/mount/mountinfo.h"
#include "kernel/mount/servers.h"
#include "util/cleanup.h"

static void check_servers(const char *text, size_t length)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct servers servers = { 0 };

	REQUIRE(arena_new(&arena) == 0);
	servers.arena = arena;
	REQUIRE(servers_add_list(&servers, text, length, ",/") == 0);
	REQUIRE(servers.count <= length);
	for (size_t i = 0; i < servers.count; i++) {
		char formatted[INET6_ADDRSTRLEN];

		REQUIRE(ip_address_format(&servers.items[i].address, formatted)[0]);
		REQUIRE(!servers.items[i].device || strlen(servers.items[i].device) < length);
	}
}

static void check_option(const char *options)
{
	size_t length;
	const char *value = servers_option(options, "addr", &length);

	if (!value)
		return;
	REQUIRE(value >= options + strlen("addr="));
	REQUIRE(value + length <= options + strlen(options));
	check_servers(value, length);
}

static void check_within(const char *part, const char *line, size_t size)
{
	REQUIRE(part >= line && part + strlen(part) <= line + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_FREE char *line = harness_text(data, size);
	struct mount mount = { 0 };
	int r;

	check_servers(line, strlen(line));
	r = mountinfo_read(line, &mount);
	REQUIRE(r == 0 || r == -EBADMSG);
	REQUIRE(r == 0 || !mount.path);
	if (r < 0)
		return 0;
	check_within(mount.path, line, size);
	check_within(mount.type, line, size);
	check_within(mount.source, line, size);
	check_within(mount.options, line, size);
	check_option(mount.options);
	return 0;
}
