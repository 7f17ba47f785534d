/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* bench-create HANDLE COUNT ROUNDS: the time of making COUNT VFs of a PF that has none:
 *
 *   numvfs  the kernel's own, of writing sriov_numvfs, VF drivers probed
 *   apart   the same with drivers kept off meanwhile and let to the VFs afterwards
 *   pass    pass_run(): the same, with 4 settings of each VF before it has its driver
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "kernel/linux.h"

struct bench {
	struct kernel *kernel;
	const char *handle;
	uint32_t count;
};

static void write_numvfs(struct bench *bench, uint32_t count)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;

	bench_require(bench->kernel->observe(bench->kernel, bench->handle, &pf), bench->handle);
	bench_require(bench->kernel->write_numvfs(bench->kernel, pf, count), "sriov_numvfs");
}

static double time_numvfs(struct bench *bench)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	double start;

	bench_require(bench->kernel->observe(bench->kernel, bench->handle, &pf), bench->handle);
	start = bench_now_ms();
	bench_require(bench->kernel->write_numvfs(bench->kernel, pf, bench->count), "sriov_numvfs");
	return bench_now_ms() - start;
}

static double time_apart(struct bench *bench)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	double start;

	bench_require(bench->kernel->observe(bench->kernel, bench->handle, &pf), bench->handle);
	start = bench_now_ms();
	bench_require(bench->kernel->hold_drivers(bench->kernel, pf), "the hold");
	bench_require(bench->kernel->write_numvfs(bench->kernel, pf, bench->count), "sriov_numvfs");
	bench_require(bench->kernel->release_drivers(bench->kernel, pf), "the release");
	return bench_now_ms() - start;
}

static double time_pass(struct bench *bench, unsigned turn)
{
	CLEANUP(pf_free_cleanup) struct pf *pf = NULL;
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	char vfs[32];

	bench_require(bench->kernel->observe(bench->kernel, bench->handle, &pf), bench->handle);
	(void)snprintf(vfs, sizeof(vfs), "  vfs: %u\n", bench->count);
	policy = bench_policy(pf->ifname, bench->count, turn, vfs);
	return bench_pass(bench->kernel, policy, bench->handle);
}

int main(int argc, char **argv)
{
	static double raw[BENCH_ROUNDS_MAX], apart[BENCH_ROUNDS_MAX], pass[BENCH_ROUNDS_MAX];
	struct bench bench = { 0 };
	unsigned rounds;

	if (argc != 4) {
		(void)fprintf(stderr, "usage: bench-create HANDLE COUNT ROUNDS\n");
		return EXIT_FAILURE;
	}
	bench.handle = argv[1];
	bench.count = (uint32_t)strtoul(argv[2], NULL, 10);
	rounds = bench_rounds(argv[3]);
	bench_require(kernel_linux_new(&bench.kernel), "the kernel");
	for (unsigned round = 0; round < rounds; round++) {
		write_numvfs(&bench, 0);
		raw[round] = time_numvfs(&bench);
		write_numvfs(&bench, 0);
		apart[round] = time_apart(&bench);
		write_numvfs(&bench, 0);
		pass[round] = time_pass(&bench, round);
	}
	write_numvfs(&bench, 0);
	bench_print("numvfs", raw, rounds);
	bench_print("apart", apart, rounds);
	bench_print("pass", pass, rounds);
	kernel_free(bench.kernel);
	return EXIT_SUCCESS;
}
