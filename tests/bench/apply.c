/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* apply HANDLE ROUNDS: the time to write 4 settings (MAC, VLAN, spoof check, trust) of every VF of
 * a PF, in medians over rounds that each change every value:
 *
 *   floor   the same content in messages that were made before, 64 VFs in each, sent over a bare
 * socket batch   batch_run(): from steps to acknowledgements pass    pass_run(): a look, the plan,
 * the writes, a second look to verify ip      ip -batch, a line for each VF
 */

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apply/batch.h"
#include "apply/pass.h"
#include "kernel/linux.h"
#include "kernel/vf_list.h"

#define ROUNDS_MAX 101

extern char **environ;

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void require(int r, const char *what)
{
	if (r >= 0)
		return;
	(void)fprintf(stderr, "apply: %s: %s\n", what, strerror(-r));
	exit(EXIT_FAILURE);
}

/* The values of one VF in one round: no two rounds in a row share one. */
static void set_values(struct vf_values *values, uint32_t vf, unsigned round)
{
	struct value mac = { .mac = { { 2, (uint8_t)round, 0, 0, (uint8_t)(vf >> 8),
					(uint8_t)vf } } };
	struct vlan vlan = { (uint16_t)(100 + round % 2), 0, 0x8100 };

	VALUES_SET(values, VF_MAC, mac);
	VALUES_SET(values, VF_VLAN, (struct value){ .vlan = vlan });
	VALUES_SET(values, VF_SPOOF_CHECK, (struct value){ .number = round % 2 });
	VALUES_SET(values, VF_TRUST, (struct value){ .number = round % 2 });
}

/* floor */

struct stream {
	struct nl_msg *messages[1024];
	size_t count;
};

static void stream_make(struct stream *stream, unsigned ifindex, uint32_t n_vfs, unsigned round)
{
	struct vf_change changes[KERNEL_VFS_PER_WRITE];
	struct ifinfomsg info = { .ifi_index = (int)ifindex };

	stream->count = 0;
	for (uint32_t first = 0; first < n_vfs; first += KERNEL_VFS_PER_WRITE) {
		uint32_t n =
			n_vfs - first < KERNEL_VFS_PER_WRITE ? n_vfs - first : KERNEL_VFS_PER_WRITE;
		struct nl_msg *message = nlmsg_alloc_size(vf_list_size(n) + 256);

		for (uint32_t i = 0; i < n; i++) {
			changes[i] = (struct vf_change){ .index = first + i };
			set_values(&changes[i].values, first + i, round);
			changes[i].mask = changes[i].values.present;
		}
		(void)nlmsg_put(message, 0, 1, RTM_SETLINK, 0, NLM_F_REQUEST | NLM_F_ACK);
		(void)nlmsg_append(message, &info, sizeof(info), NLMSG_ALIGNTO);
		require(vf_list_put(message, changes, n), "making a message");
		stream->messages[stream->count++] = message;
	}
}

static double time_floor(int fd, unsigned ifindex, uint32_t n_vfs, unsigned round)
{
	struct stream stream;
	char answer[8192];
	double start;

	stream_make(&stream, ifindex, n_vfs, round);
	start = now_ms();
	for (size_t i = 0; i < stream.count; i++) {
		struct nlmsghdr *header = nlmsg_hdr(stream.messages[i]);
		const struct nlmsghdr *ack = (const void *)answer;
		const struct nlmsgerr *error = (const void *)(ack + 1);

		if (send(fd, header, header->nlmsg_len, 0) < 0 ||
		    recv(fd, answer, sizeof(answer), 0) < 0)
			require(-errno, "the bare socket");
		require(error->error, "the bare socket's answer");
	}
	start = now_ms() - start;
	for (size_t i = 0; i < stream.count; i++)
		nlmsg_free(stream.messages[i]);
	return start;
}

/* batch */

static double time_batch(struct kernel *kernel, const struct pf *pf, unsigned round)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP(pf_free_cleanup) struct pf *desired = NULL;
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;
	struct actions actions = { 0 };
	double start;

	require(arena_new(&arena), "memory");
	require(pf_new(&desired), "memory");
	require(pf_alloc_vfs(desired, pf->n_vfs), "memory");
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		set_values(&desired->vfs[i].settings, i, round);
	require(plan_make(desired, pf, NULL, &plan), "planning");
	start = now_ms();
	require(batch_run(kernel, pf, plan->steps, plan->n_steps, arena, &actions), "writing");
	start = now_ms() - start;
	for (size_t i = 0; i < actions.count; i++)
		require(actions.items[i].done ? 0 : actions.items[i].refusal->error, "a setting");
	return start;
}

/* pass */

static struct policy *policy_of(const struct pf *pf, unsigned round)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text text = { 0 };
	struct document document = { .name = "bench" };
	struct policy *policy;

	text_printf(&text,
		    "version: 1\nphysical-functions:\n- name: bench\n  match: {interface: %s}\n"
		    "  vf-defaults: {vlan: %u, spoof-check: %s, trust: %s}\n  virtual-functions:\n",
		    pf->ifname, 100 + round % 2, round % 2 ? "true" : "false",
		    round % 2 ? "true" : "false");
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		text_printf(&text, "  - {index: %u, mac: '02:%02x:00:00:%02x:%02x'}\n", i,
			    round & 0xff, i >> 8, i & 0xff);
	document.text = text_string(&text);
	document.length = text.length;
	require(policy_read(&document, 1, NULL, &diagnostics, &policy), "the policy");
	return policy;
}

static double time_pass(struct kernel *kernel, const struct pf *pf, unsigned round)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = policy_of(pf, round);
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL;
	const struct pass_options options = { 0 };
	const struct host host = { 0 };
	double start;

	require(knowledge_new(&knowledge), "memory");
	start = now_ms();
	require(pass_run(kernel, policy, &host, pf->handle, knowledge, &options, &pass), "a pass");
	start = now_ms() - start;
	require(pass->state == STATE_IN_SYNC ? 0 : -EPROTO, "the pass is not in sync");
	return start;
}

/* ip */

static void write_batch_file(const char *path, const struct pf *pf, unsigned round)
{
	FILE *file = fopen(path, "w");

	if (!file)
		require(-errno, path);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		(void)fprintf(file,
			      "link set dev %s vf %u mac 02:%02x:00:00:%02x:%02x vlan %u "
			      "spoofchk %s trust %s\n",
			      pf->ifname, i, round & 0xff, i >> 8, i & 0xff, 100 + round % 2,
			      round % 2 ? "on" : "off", round % 2 ? "on" : "off");
	if (fclose(file))
		require(-errno, path);
}

static double time_ip(const struct pf *pf, unsigned round)
{
	static char name[] = "ip", option[] = "-batch", path[] = "/tmp/apply.batch";
	char *const argv[] = { name, option, path, NULL };
	double start;
	pid_t pid;
	int status;

	write_batch_file(path, pf, round);
	start = now_ms();
	require(-posix_spawnp(&pid, name, NULL, NULL, argv, environ), "ip");
	if (waitpid(pid, &status, 0) < 0 || status)
		require(-EIO, "ip -batch");
	return now_ms() - start;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static double median(double *times, unsigned n)
{
	qsort(times, n, sizeof(*times), compare);
	return times[n / 2];
}

/* The four take turns, so that what else the machine does falls on all of them. */
static void run(const char *handle, unsigned rounds)
{
	static double times[4][ROUNDS_MAX];
	static const char *const names[] = { "floor", "batch", "pass", "ip" };
	struct kernel *kernel;
	struct pf *pf;
	double floor_time;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	require(kernel_linux_new(&kernel), "the kernel");
	for (unsigned round = 0, turn = 0; round < rounds; round++) {
		require(kernel->observe(kernel, handle, &pf), handle);
		times[0][round] = time_floor(fd, pf->ifindex, pf->n_vfs, turn++);
		times[1][round] = time_batch(kernel, pf, turn++);
		times[2][round] = time_pass(kernel, pf, turn++);
		times[3][round] = time_ip(pf, turn++);
		if (round == 0)
			(void)printf("%u VFs x 4 settings, medians of %u rounds\n", pf->n_vfs,
				     rounds);
		pf_free(pf);
	}
	floor_time = median(times[0], rounds);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		double time = median(times[i], rounds);

		(void)printf("%-6s %9.2f ms %8.2f x the floor\n", names[i], time,
			     time / floor_time);
	}
	kernel_free(kernel);
	(void)close(fd);
}

int main(int argc, char **argv)
{
	unsigned rounds = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (!rounds || rounds > ROUNDS_MAX) {
		(void)fprintf(stderr, "usage: apply HANDLE ROUNDS\n");
		return EXIT_FAILURE;
	}
	run(argv[1], rounds);
	return EXIT_SUCCESS;
}
