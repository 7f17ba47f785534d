/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The time that a running daemon takes, by the kernel's notifications of its writes: looking at
 * values instead would take the processor from what is measured.
 *
 *   bench-watch policy ROUNDS QUIET TARGET A B   the policy file TARGET is replaced by A, then by
 * B, and so on: until the last write bench-watch drift ROUNDS QUIET HANDLE VF     trust of the VF
 * is changed: until it is put back
 *
 * A round is over when nothing was written for QUIET ms. PFs must be up. */

#include <errno.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "kernel/linux.h"

/* When nothing at all is written. */
#define TIMEOUT_MS 60000

struct bench {
	int fd;
	int quiet;
	char *const *arguments;
	struct kernel *kernel;
	struct pf *pf;
};

static void open_socket(struct bench *bench)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	const int size = 4 << 20;

	bench->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (bench->fd < 0 ||
	    setsockopt(bench->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 ||
	    bind(bench->fd, (void *)&address, sizeof(address)) < 0)
		bench_require(-errno, "the socket");
}

static void drain(struct bench *bench)
{
	char buffer[8192];

	while (recv(bench->fd, buffer, sizeof(buffer), 0) >= 0)
		;
}

/* The time of the last notification, once there was none for so long; least are waited for. */
static double last_notification(struct bench *bench, unsigned least)
{
	struct pollfd waiting = { .fd = bench->fd, .events = POLLIN };
	double last = 0;
	unsigned count = 0;

	while (poll(&waiting, 1, count < least ? TIMEOUT_MS : bench->quiet) > 0) {
		last = bench_now_ms();
		count++;
		drain(bench);
	}
	bench_require(count < least ? -ETIMEDOUT : 0, "the daemon");
	return last;
}

static double time_policy(struct bench *bench, unsigned round)
{
	const char *target = bench->arguments[0], *source = bench->arguments[1 + round % 2];
	CLEANUP_TEXT struct text copy = { 0 }, command = { 0 };
	double start;

	text_printf(&copy, "%s.new", target);
	text_printf(&command, "cp -p '%s' '%s'", source, text_string(&copy));
	bench_require(system(text_string(&command)) ? -EIO : 0, "cp");
	drain(bench);
	start = bench_now_ms();
	if (rename(text_string(&copy), target) < 0)
		bench_require(-errno, target);
	return last_notification(bench, 1) - start;
}

static double time_drift(struct bench *bench, unsigned round)
{
	const char *handle = bench->arguments[0];
	uint32_t vf = (uint32_t)strtoul(bench->arguments[1], NULL, 10);
	struct vf_change change = { .index = vf, .mask = SETTING_BIT(VF_TRUST) };
	CLEANUP(pf_free_cleanup) struct pf *before = NULL, *after = NULL;
	struct kernel_error error;
	double start, end;

	(void)round;
	bench_require(bench->kernel->observe(bench->kernel, handle, &before), handle);
	bench_require(vf < before->n_vfs ? 0 : -ENOENT, "the VF");
	VALUES_SET(&change.values, VF_TRUST,
		   (struct value){ .number = !before->vfs[vf].settings.value[VF_TRUST].number });
	drain(bench);
	start = bench_now_ms();
	bench_require(bench->kernel->write_vfs(bench->kernel, before, &change, 1, &error), "trust");
	drain(bench); /* of our own write, which is there by now */
	end = last_notification(bench, 1);
	bench_require(bench->kernel->observe(bench->kernel, handle, &after), handle);
	bench_require(vf_has(&after->vfs[vf], VF_TRUST, &before->vfs[vf].settings.value[VF_TRUST])
			      ? 0
			      : -EPROTO,
		      "it is not put back");
	return end - start;
}

static const struct mode {
	const char *name;
	double (*time)(struct bench *bench, unsigned round);
	int n_arguments;
} modes[] = { { "policy", time_policy, 3 }, { "drift", time_drift, 2 } };

static const struct mode *find(int argc, char **argv)
{
	for (size_t i = 0; argc > 4 && i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i].name, argv[1]) && argc == 4 + modes[i].n_arguments)
			return &modes[i];
	(void)fprintf(stderr, "usage: bench-watch policy ROUNDS QUIET TARGET A B\n"
			      "       bench-watch drift ROUNDS QUIET HANDLE VF\n");
	exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	static double times[BENCH_ROUNDS_MAX];
	const struct mode *mode = find(argc, argv);
	unsigned rounds = bench_rounds(argv[2]);
	struct bench bench = { .quiet = atoi(argv[3]), .arguments = argv + 4 };

	open_socket(&bench);
	bench_require(kernel_linux_new(&bench.kernel), "the kernel");
	for (unsigned round = 0; round < rounds; round++)
		times[round] = mode->time(&bench, round);
	bench_print(mode->name, times, rounds);
	kernel_free(bench.kernel);
	(void)close(bench.fd);
	return EXIT_SUCCESS;
}
