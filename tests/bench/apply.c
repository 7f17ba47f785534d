/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* bench-apply HANDLE ROUNDS CONTESTANT...: the time that each takes to write 4 settings (MAC, VLAN,
 * spoof check, trust) of every VF of a PF, where all of them differ:
 *
 *   floor     messages that were made before, 64 VFs in each, sent over a bare socket
 *   batch     batch_run(): from steps to acknowledgements
 *   pass      pass_run(): a look, the plan, the writes, a second look to verify
 *   ip-batch  ip -batch, a line for each VF
 *   ip-loop   a shell script that runs ip for each VF
 *   udevd     systemd-udevd's [SR-IOV] of a .link file, by udevadm test-builtin
 *   nm        NetworkManager's sriov settings of a connection, by nmcli up
 *
 * or the time of a look where nothing differs:
 *
 *   dump      RTM_GETLINK with all VFs, received into a buffer and not read
 *   look      the observation of the PF that a pass begins with
 *   idle      pass_run() that finds nothing to do
 *
 * Contestants take turns, so that what else the machine does falls on all of them. Each is checked
 * to have done it. */

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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/batch.h"
#include "bench.h"
#include "kernel/linux.h"
#include "kernel/netlink/vf_list.h"
#include "util/heap.h"

#define CONTESTANTS_MAX 8
#define MESSAGES_MAX	1024
#define ANSWER_MAX	(1 << 20)

extern char **environ;

struct bench {
	struct kernel *kernel;
	const char *handle;
	struct pf *pf; /* as it is before the turn */
	int fd;	       /* the bare socket */
	char *answer;
};

/* floor */

static struct nl_msg *message_of(const struct pf *pf, uint32_t first, uint32_t n, unsigned turn)
{
	struct vf_change changes[KERNEL_VFS_PER_WRITE];
	struct ifinfomsg info = { .ifi_index = (int)pf->ifindex };
	struct nl_msg *message = nlmsg_alloc_size(vf_list_size(n) + 256);

	for (uint32_t i = 0; i < n; i++) {
		changes[i] = (struct vf_change){ .index = first + i };
		bench_values(&changes[i].values, first + i, turn);
		changes[i].mask = changes[i].values.present;
	}
	(void)nlmsg_put(message, 0, 1, RTM_SETLINK, 0, NLM_F_REQUEST | NLM_F_ACK);
	(void)nlmsg_append(message, &info, sizeof(info), NLMSG_ALIGNTO);
	bench_require(vf_list_put(message, changes, n), "making a message");
	return message;
}

static void exchange(struct bench *bench, const struct nlmsghdr *message)
{
	const struct nlmsghdr *ack = (const void *)bench->answer;
	const struct nlmsgerr *error = (const void *)(ack + 1);

	if (send(bench->fd, message, message->nlmsg_len, 0) < 0 ||
	    recv(bench->fd, bench->answer, ANSWER_MAX, 0) < 0)
		bench_require(-errno, "the bare socket");
	if (ack->nlmsg_type == NLMSG_ERROR)
		bench_require(error->error, "the bare socket's answer");
}

static double time_floor(struct bench *bench, unsigned turn)
{
	static struct nl_msg *messages[MESSAGES_MAX];
	uint32_t n_vfs = bench->pf->n_vfs;
	size_t count = 0;
	double start;

	for (uint32_t first = 0; first < n_vfs; first += KERNEL_VFS_PER_WRITE) {
		uint32_t rest = n_vfs - first;

		messages[count++] =
			message_of(bench->pf, first,
				   rest < KERNEL_VFS_PER_WRITE ? rest : KERNEL_VFS_PER_WRITE, turn);
	}
	start = bench_now_ms();
	for (size_t i = 0; i < count; i++)
		exchange(bench, nlmsg_hdr(messages[i]));
	start = bench_now_ms() - start;
	for (size_t i = 0; i < count; i++)
		nlmsg_free(messages[i]);
	return start;
}

/* batch */

static double time_batch(struct bench *bench, unsigned turn)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP(pf_free_cleanup) struct pf *desired = NULL;
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;
	struct actions actions = { 0 };
	double start;

	bench_require(arena_new(&arena), "memory");
	bench_require(pf_new(&desired), "memory");
	bench_require(pf_alloc_vfs(desired, bench->pf->n_vfs), "memory");
	for (uint32_t i = 0; i < bench->pf->n_vfs; i++)
		bench_values(&desired->vfs[i].settings, i, turn);
	bench_require(plan_make(desired, bench->pf, NULL, &plan), "planning");
	start = bench_now_ms();
	bench_require(
		batch_run(bench->kernel, bench->pf, plan->steps, plan->n_steps, arena, &actions),
		"writing");
	return bench_now_ms() - start;
}

/* pass, idle, look */

static double time_pass(struct bench *bench, unsigned turn)
{
	CLEANUP(policy_free_cleanup)
	struct policy *policy = bench_policy(bench->pf->ifname, bench->pf->n_vfs, turn, "");

	return bench_pass(bench->kernel, policy, bench->handle);
}

static double time_idle(struct bench *bench, unsigned turn)
{
	(void)turn;
	return time_pass(bench, 0);
}

static double time_look(struct bench *bench, unsigned turn)
{
	double start = bench_now_ms();
	struct pf *pf;

	(void)turn;
	bench_require(bench->kernel->observe(bench->kernel, bench->handle, &pf), bench->handle);
	start = bench_now_ms() - start;
	pf_free(pf);
	return start;
}

/* dump */

static double time_dump(struct bench *bench, unsigned turn)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
		struct nlattr attribute;
		uint32_t filter;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST },
		.info = { .ifi_index = (int)bench->pf->ifindex },
		.attribute = { .nla_len = NLA_HDRLEN + sizeof(request.filter),
			       .nla_type = IFLA_EXT_MASK },
		.filter = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS,
	};
	double start = bench_now_ms();

	(void)turn;
	exchange(bench, &request.header);
	return bench_now_ms() - start;
}

/* Programs. */

static double time_program(char *const *argv)
{
	double start = bench_now_ms();
	pid_t pid;
	int status;

	bench_require(-posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ), argv[0]);
	if (waitpid(pid, &status, 0) < 0 || status)
		bench_require(-EIO, argv[0]);
	return bench_now_ms() - start;
}

static FILE *create(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		bench_require(-errno, path);
	return file;
}

static void complete(FILE *file)
{
	if (fclose(file))
		bench_require(-errno, "writing a file");
}

static void write_ip_lines(const char *path, const char *prefix, const struct pf *pf, unsigned turn)
{
	FILE *file = create(path);

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		(void)fprintf(file,
			      "%slink set dev %s vf %u mac 02:%02x:00:00:%02x:%02x vlan %u "
			      "spoofchk %s trust %s\n",
			      prefix, pf->ifname, i, turn & 0xff, i >> 8, i & 0xff, 100 + turn % 2,
			      turn % 2 ? "on" : "off", turn % 2 ? "on" : "off");
	complete(file);
}

static double time_ip_batch(struct bench *bench, unsigned turn)
{
	static char name[] = "ip", option[] = "-batch", path[] = "/tmp/bench.batch";
	char *const argv[] = { name, option, path, NULL };

	write_ip_lines(path, "", bench->pf, turn);
	return time_program(argv);
}

static double time_ip_loop(struct bench *bench, unsigned turn)
{
	static char name[] = "sh", option[] = "-e", path[] = "/tmp/bench.sh";
	char *const argv[] = { name, option, path, NULL };

	write_ip_lines(path, "ip ", bench->pf, turn);
	return time_program(argv);
}

static double time_udevd(struct bench *bench, unsigned turn)
{
	static char name[] = "sh", option[] = "-c";
	CLEANUP_TEXT struct text command = { 0 };
	char *const argv[] = { name, option, NULL, NULL };
	char *arguments[4];
	FILE *file = create("/run/systemd/network/00-bench.link");
	double time;

	(void)fprintf(file, "[Match]\nOriginalName=%s\n[Link]\nNamePolicy=keep\n",
		      bench->pf->ifname);
	for (uint32_t i = 0; i < bench->pf->n_vfs; i++)
		(void)fprintf(file,
			      "[SR-IOV]\nVirtualFunction=%u\nMACAddress=02:%02x:00:00:%02x:%02x\n"
			      "VLANId=%u\nMACSpoofCheck=%s\nTrust=%s\n",
			      i, turn & 0xff, i >> 8, i & 0xff, 100 + turn % 2,
			      turn % 2 ? "yes" : "no", turn % 2 ? "yes" : "no");
	complete(file);
	text_printf(&command,
		    "exec udevadm test-builtin net_setup_link /sys/class/net/%s >/dev/null 2>&1",
		    bench->pf->ifname);
	memcpy(arguments, argv, sizeof(arguments));
	arguments[2] = command.data;
	time = time_program(arguments);
	(void)unlink("/run/systemd/network/00-bench.link");
	return time;
}

static void write_connection(const struct pf *pf, unsigned turn)
{
	FILE *file = create("/run/NetworkManager/system-connections/bench.nmconnection");

	(void)fprintf(file,
		      "[connection]\nid=bench\nuuid=6f2b0d43-63f7-4a47-a5a5-0a5c7b0f0a11\n"
		      "type=ethernet\ninterface-name=%s\nautoconnect=false\n"
		      "[ipv4]\nmethod=disabled\n[ipv6]\nmethod=disabled\n[sriov]\ntotal-vfs=%u\n",
		      pf->ifname, pf->n_vfs);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		(void)fprintf(
			file,
			"vf.%u=mac=02:%02x:00:00:%02x:%02x spoof-check=%s trust=%s vlans=%u\n", i,
			turn & 0xff, i >> 8, i & 0xff, turn % 2 ? "true" : "false",
			turn % 2 ? "true" : "false", 100 + turn % 2);
	(void)fchmod(fileno(file), 0600);
	complete(file);
}

/* The profile is loaded before: what is timed is its activation. */
static double time_nm(struct bench *bench, unsigned turn)
{
	static char name[] = "sh", option[] = "-c",
		    load[] = "exec nmcli connection reload >/dev/null",
		    up[] = "exec nmcli connection up bench >/dev/null";
	char *const prepare[] = { name, option, load, NULL };
	char *const argv[] = { name, option, up, NULL };

	write_connection(bench->pf, turn);
	(void)time_program(prepare);
	return time_program(argv);
}

static const struct contestant {
	const char *name;
	double (*time)(struct bench *bench, unsigned turn);
	bool looks; /* writes nothing */
} contestants[] = {
	{ "floor", time_floor, false },	    { "batch", time_batch, false },
	{ "pass", time_pass, false },	    { "ip-batch", time_ip_batch, false },
	{ "ip-loop", time_ip_loop, false }, { "udevd", time_udevd, false },
	{ "nm", time_nm, false },	    { "dump", time_dump, true },
	{ "look", time_look, true },	    { "idle", time_idle, true },
};

static void look(struct bench *bench)
{
	struct pf *pf;

	bench_require(bench->kernel->observe(bench->kernel, bench->handle, &pf), bench->handle);
	pf_free(bench->pf);
	bench->pf = pf;
}

/* Whether every VF has what the turn was to write. */
static void check(struct bench *bench, const char *name, unsigned turn)
{
	for (uint32_t i = 0; i < bench->pf->n_vfs; i++) {
		const struct vf *vf = &bench->pf->vfs[i];
		struct vf_values want = { 0 };

		bench_values(&want, i, turn);
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if ((want.present & SETTING_BIT(k)) && !vf_has(vf, k, &want.value[k]))
				bench_require(-EPROTO, name);
	}
}

static double take_turn(struct bench *bench, const struct contestant *contestant, unsigned turn)
{
	double time = contestant->time(bench, turn);

	look(bench);
	check(bench, contestant->name, contestant->looks ? 0 : turn);
	return time;
}

static void run(struct bench *bench, unsigned rounds, const struct contestant *const *list,
		size_t count)
{
	static double times[CONTESTANTS_MAX][BENCH_ROUNDS_MAX];

	look(bench);
	/* Looks find what turn 0 writes; a first turn of each warms up. */
	(void)time_pass(bench, 0);
	look(bench);
	for (unsigned round = 0, turn = 1; round < rounds + 1; round++)
		for (size_t i = 0; i < count; i++)
			times[i][round ? round - 1 : 0] = take_turn(bench, list[i], turn++);
	for (size_t i = 0; i < count; i++)
		bench_print(list[i]->name, times[i], rounds);
}

static const struct contestant *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(contestants); i++)
		if (!strcmp(contestants[i].name, name))
			return &contestants[i];
	bench_require(-EINVAL, name);
	return NULL;
}

int main(int argc, char **argv)
{
	const struct contestant *list[CONTESTANTS_MAX];
	struct bench bench = { 0 };
	size_t count = 0;

	if (argc < 4 || argc > 3 + CONTESTANTS_MAX) {
		(void)fprintf(stderr, "usage: bench-apply HANDLE ROUNDS CONTESTANT...\n");
		return EXIT_FAILURE;
	}
	for (int i = 3; i < argc; i++)
		list[count++] = find(argv[i]);
	heap_configure();
	bench.handle = argv[1];
	bench.answer = malloc(ANSWER_MAX);
	bench.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bench_require(bench.answer && bench.fd >= 0 ? 0 : -ENOMEM, "memory");
	bench_require(kernel_linux_new(&bench.kernel), "the kernel");
	run(&bench, bench_rounds(argv[2]), list, count);
	pf_free(bench.pf);
	kernel_free(bench.kernel);
	(void)close(bench.fd);
	free(bench.answer);
	return EXIT_SUCCESS;
}
