/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/file.h"

/* Files of one line. */
static int read_line(const char *root, const char *path, struct arena *arena, const char **ret)
{
	const char *full = arena_printf(arena, "%s%s", root ? root : "", path);
	int r;

	if (!full)
		return -ENOMEM;
	r = file_read_line(AT_FDCWD, full, arena, ret);
	return r == -ENOMEM ? r : 0;
}

int facts_read_host(const char *root, struct arena *arena, struct host *ret)
{
	struct host host = { 0 };
	struct utsname names;
	int r;

	/* Of another root only its files are known: not the name this kernel runs under. */
	if (root) {
		r = read_line(root, "/etc/hostname", arena, &host.hostname);
		if (r < 0)
			return r;
	} else if (!uname(&names)) {
		host.hostname = arena_strdup(arena, names.nodename);
		if (!host.hostname)
			return -ENOMEM;
	}
	r = read_line(root, "/etc/machine-id", arena, &host.machine_id);
	if (r < 0)
		return r;
	if (host.machine_id && !host_machine_id_is_valid(host.machine_id))
		host.machine_id = NULL;
	r = read_line(root, "/proc/cmdline", arena, &host.kernel_command_line);
	if (r < 0)
		return r;
	r = read_line(root, "/sys/class/dmi/id/product_name", arena, &host.product_name);
	if (r < 0)
		return r;
	*ret = host;
	return 0;
}
