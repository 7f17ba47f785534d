/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void bench_require(int r, const char *what)
{
	if (r >= 0)
		return;
	(void)fprintf(stderr, "bench: %s: %s\n", what, strerror(-r));
	exit(EXIT_FAILURE);
}

double bench_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

void bench_print(const char *name, double *times, unsigned n)
{
	qsort(times, n, sizeof(*times), compare);
	(void)printf("%s %.3f %.3f %.3f\n", name, times[n / 2], times[0], times[n - 1]);
	(void)fflush(stdout);
}

unsigned bench_rounds(const char *argument)
{
	unsigned long rounds = strtoul(argument, NULL, 10);

	bench_require(rounds && rounds <= BENCH_ROUNDS_MAX ? 0 : -EINVAL, "rounds");
	return (unsigned)rounds;
}

void bench_values(struct vf_values *values, uint32_t vf, unsigned round)
{
	struct value mac = { .mac = { { 2, (uint8_t)round, 0, 0, (uint8_t)(vf >> 8),
					(uint8_t)vf } } };
	struct vlan vlan = { (uint16_t)(100 + round % 2), 0, 0x8100 };

	VALUES_SET(values, VF_MAC, mac);
	VALUES_SET(values, VF_VLAN, (struct value){ .vlan = vlan });
	VALUES_SET(values, VF_SPOOF_CHECK, (struct value){ .number = round % 2 });
	VALUES_SET(values, VF_TRUST, (struct value){ .number = round % 2 });
}

struct policy *bench_policy(const char *ifname, uint32_t n_vfs, unsigned round, const char *more)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text text = { 0 };
	struct document document = { .name = "bench" };
	const char *flag = round % 2 ? "true" : "false";
	struct policy *policy;

	text_printf(&text,
		    "version: 1\nphysical-functions:\n- name: bench\n  match: {interface: %s}\n%s"
		    "  vf-defaults: {vlan: %u, spoof-check: %s, trust: %s}\n  virtual-functions:\n",
		    ifname, more, 100 + round % 2, flag, flag);
	for (uint32_t i = 0; i < n_vfs; i++)
		text_printf(&text, "  - {index: %u, mac: '02:%02x:00:00:%02x:%02x'}\n", i,
			    round & 0xff, i >> 8, i & 0xff);
	document.text = text_string(&text);
	document.length = text.length;
	bench_require(policy_read(&document, 1, NULL, &diagnostics, &policy), "the policy");
	return policy;
}

double bench_pass(struct kernel *kernel, struct policy *policy, const char *handle)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP(pass_free_cleanup) struct pass *pass = NULL;
	const struct pass_options options = { 0 };
	const struct host host = { 0 };
	double start;

	bench_require(knowledge_new(&knowledge), "memory");
	start = bench_now_ms();
	bench_require(pass_run(kernel, policy, &host, handle, knowledge, &options, &pass),
		      "a pass");
	start = bench_now_ms() - start;
	bench_require(pass->state == STATE_IN_SYNC ? 0 : -EPROTO, pass->reason);
	return start;
}
