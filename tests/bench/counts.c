/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* counts OPERATION SIZE: does one thing once, in measured(), for counts.py to count the
 * instructions of it under callgrind; prints what can be counted without:
 *
 *   check    reads a policy of SIZE lines
 *   same     resolves and plans for SIZE VFs that have the 4 settings asked for
 *   differ   the same where every setting of every VF differs
 *   apply    a pass that writes all of these
 *   drift    a pass that writes one
 *   idle     a pass that finds nothing to do
 *   list     reads a link message of SIZE VFs
 *   observe  looks SIZE times at the PF 0000:01:00.0 of the running kernel
 *   find     lists SIZE times the PFs of the running kernel
 *   version  prints what it was built with
 *
 * Passes are over a kernel in memory. */

#include <gnu/libc-version.h>
#include <linux/if_link.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/pass.h"
#include "fake_kernel.h"
#include "kernel/linux.h"
#include "kernel/netlink/link.h"
#include "message.h"
#include "policy/resolve/resolve.h"
#include "util/heap.h"

/* Calls of the library; what shared libraries allocate is not among them. */
static unsigned long allocations;

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	allocations++;
	return __real_realloc(memory, size);
}

/* All that an operation works on and leaves behind. */
struct bench {
	uint32_t size;
	struct text text;
	struct message message;
	struct policy *policy;
	struct pf *pf; /* the fake kernel's */
	struct fake_kernel fake;
	struct knowledge *knowledge;
	struct desired *desired;
	struct plan *plan;
	struct pass *pass;
	struct arena *arena;
	unsigned long writes;
};

static const struct host host = { .hostname = "host" };

static void require(int r, const char *what)
{
	if (r >= 0)
		return;
	(void)fprintf(stderr, "counts: %s: %s\n", what, strerror(-r));
	exit(EXIT_FAILURE);
}

/* check */

/* Ten lines a rule, as people write them. */
static void prepare_check(struct bench *bench)
{
	text_append(&bench->text, "version: 1\nphysical-functions:\n");
	for (uint32_t i = 0; i + 10 <= bench->size; i += 10)
		text_printf(
			&bench->text,
			"- name: rule-%u\n  match:\n    interface: \"ens%uf*\"\n    driver: ice\n"
			"  vfs: 8\n  vf-defaults:\n    trust: false\n  virtual-functions:\n"
			"  - index: \"0-3\"\n    vlan: %u\n",
			i, i, i % 4000 + 1);
}

static void check(struct bench *bench)
{
	const struct document document = { "counts.yaml", text_string(&bench->text),
					   bench->text.length };
	struct diagnostics diagnostics = { 0 };

	require(policy_read(&document, 1, &host, &diagnostics, &bench->policy), "the policy");
}

/* same, differ and the passes */

/* A VF of the fake kernel, as the policy below wants it. */
static void make_right(struct vf *vf)
{
	struct vlan vlan = { 100, 0, 0x8100 };
	struct value mac = { .mac = { { 2, 0, 0, 0, 0, 0 } } };

	vf->reported = true;
	mac.mac.bytes[4] = (uint8_t)(vf->index >> 8);
	mac.mac.bytes[5] = (uint8_t)vf->index;
	VALUES_SET(&vf->settings, VF_MAC, mac);
	VALUES_SET(&vf->settings, VF_VLAN, (struct value){ .vlan = vlan });
	VALUES_SET(&vf->settings, VF_SPOOF_CHECK, (struct value){ .number = 1 });
	VALUES_SET(&vf->settings, VF_TRUST, (struct value){ .number = 0 });
}

static void make_wrong(struct vf *vf)
{
	struct value none = { 0 };

	VALUES_SET(&vf->settings, VF_MAC, none);
	VALUES_SET(&vf->settings, VF_VLAN, none);
	VALUES_SET(&vf->settings, VF_SPOOF_CHECK, none);
	VALUES_SET(&vf->settings, VF_TRUST, (struct value){ .number = 1 });
}

static void make_policy(struct bench *bench)
{
	text_append(&bench->text,
		    "version: 1\nphysical-functions:\n- name: a\n  match: {driver: igb}\n"
		    "  vf-defaults: {vlan: 100, spoof-check: true, trust: false}\n"
		    "  virtual-functions:\n");
	for (uint32_t i = 0; i < bench->size; i++)
		text_printf(&bench->text, "  - {index: %u, mac: '02:00:00:00:%02x:%02x'}\n", i,
			    i >> 8, i & 0xff);
	check(bench);
}

/* Without an account in words, which would cost more than what is to be counted. */
static int count_write_vfs(struct kernel *kernel, const struct pf *pf,
			   const struct vf_change *changes, size_t n_changes,
			   struct kernel_error *ret_error)
{
	struct fake_kernel *fake = (struct fake_kernel *)kernel;
	struct bench *bench = (struct bench *)((char *)fake - offsetof(struct bench, fake));

	(void)pf;
	(void)ret_error;
	for (size_t i = 0; i < n_changes; i++)
		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++)
			if (changes[i].mask & SETTING_BIT(k))
				VALUES_SET(&fake->pf->vfs[changes[i].index].settings, k,
					   changes[i].values.value[k]);
	bench->writes++;
	return 0;
}

static void prepare_same(struct bench *bench)
{
	struct pf *pf;

	require(pf_new(&pf), "memory");
	pf->handle = "pci/0000:01:00.0";
	pf->address = pf->handle + strlen("pci/");
	pf->driver = "igb";
	pf->ifname = "e0";
	pf->ifindex = 2;
	make_policy(bench);
	require(pf_alloc_vfs(pf, bench->size), "memory");
	VALUES_SET(&pf->settings, PF_VFS, (struct value){ .number = bench->size });
	for (uint32_t i = 0; i < bench->size; i++)
		make_right(&pf->vfs[i]);
	bench->pf = pf;
	fake_kernel_init(&bench->fake, pf);
	bench->fake.kernel.write_vfs = count_write_vfs;
	require(knowledge_new(&bench->knowledge), "memory");
}

static void prepare_differ(struct bench *bench)
{
	prepare_same(bench);
	for (uint32_t i = 0; i < bench->size; i++)
		make_wrong(&bench->pf->vfs[i]);
}

static void prepare_drift(struct bench *bench)
{
	prepare_same(bench);
	VALUES_SET(&bench->pf->vfs[bench->size / 2].settings, VF_TRUST,
		   (struct value){ .number = 1 });
}

static void think(struct bench *bench)
{
	require(policy_resolve(bench->policy, &host, bench->pf, &bench->desired), "resolving");
	require(plan_make(bench->desired->pf, bench->pf, bench->knowledge, &bench->plan),
		"planning");
}

static void pass(struct bench *bench)
{
	const struct pass_options options = { 0 };

	require(pass_run(&bench->fake.kernel, bench->policy, &host, bench->pf->handle,
			 bench->knowledge, &options, &bench->pass),
		"a pass");
	require(bench->pass->state == STATE_IN_SYNC ? 0 : -71, "the pass is not in sync");
}

/* list */

static void prepare_list(struct bench *bench)
{
	size_t list;

	message_begin(&bench->message);
	message_put_u32(&bench->message, IFLA_NUM_VF, bench->size);
	list = message_nest(&bench->message, IFLA_VFINFO_LIST);
	for (uint32_t i = 0; i < bench->size; i++)
		message_put_vf(&bench->message,
			       &(struct message_vf){ i, (uint8_t)i, (uint16_t)(i % 4000), 1 });
	message_end(&bench->message, list);
	require(arena_new(&bench->arena), "memory");
}

static void list(struct bench *bench)
{
	struct link link;

	require(link_read(message_finish(&bench->message), bench->arena, &link), "the message");
	require(link.n_vfs == bench->size ? 0 : -71, "the message is not read whole");
}

/* observe, find */

static void observe(struct bench *bench)
{
	struct kernel *kernel;

	require(kernel_linux_new(&kernel), "the kernel");
	for (uint32_t i = 0; i < bench->size; i++) {
		struct pf *pf;

		require(kernel->observe(kernel, "pci/0000:01:00.0", &pf), "a look");
		pf_free(pf);
	}
	kernel_free(kernel);
}

static void find(struct bench *bench)
{
	struct kernel *kernel;

	require(kernel_linux_new(&kernel), "the kernel");
	for (uint32_t i = 0; i < bench->size; i++) {
		CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
		const char **handles;
		size_t count;

		require(arena_new(&arena), "memory");
		require(kernel->list(kernel, arena, &handles, &count), "the PFs");
		require(count == 1 ? 0 : -71, "there is one PF");
	}
	kernel_free(kernel);
}

static void prepare_nothing(struct bench *bench)
{
	(void)bench;
}

/* Instructions depend on it. */
static void version(struct bench *bench)
{
	(void)bench;
	(void)printf("gcc %s, glibc %s%s\n", __VERSION__, gnu_get_libc_version(),
#ifdef __OPTIMIZE__
		     ""
#else
		     ", not optimised"
#endif
	);
}

static const struct operation {
	const char *name;
	void (*prepare)(struct bench *bench);
	void (*run)(struct bench *bench);
} operations[] = {
	{ "check", prepare_check, check },   { "same", prepare_same, think },
	{ "differ", prepare_differ, think }, { "apply", prepare_differ, pass },
	{ "drift", prepare_drift, pass },    { "idle", prepare_same, pass },
	{ "list", prepare_list, list },	     { "observe", prepare_nothing, observe },
	{ "find", prepare_nothing, find },   { "version", prepare_nothing, version },
};

/* callgrind counts from here on, by name, until it returns. */
__attribute__((__noinline__)) void measured(const struct operation *operation, struct bench *bench);
__attribute__((__noinline__)) void measured(const struct operation *operation, struct bench *bench)
{
	operation->run(bench);
	__asm__ volatile("" ::: "memory"); /* or the call above would be a jump */
}

static void clear(struct bench *bench)
{
	pass_free(bench->pass);
	plan_free(bench->plan);
	desired_free(bench->desired);
	knowledge_free(bench->knowledge);
	if (bench->pf)
		fake_kernel_clear(&bench->fake);
	policy_free(bench->policy);
	arena_free(bench->arena);
	message_free(&bench->message);
	text_clear(&bench->text);
}

static void run(const struct operation *operation, uint32_t size)
{
	struct bench bench = { .size = size };

	operation->prepare(&bench);
	require(bench.text.failed ? -12 : 0, "memory");
	allocations = 0;
	measured(operation, &bench);
	(void)printf("allocations %lu\nobservations %zu\nwrites %lu\n", allocations,
		     bench.fake.n_observations, bench.writes);
	clear(&bench);
}

int main(int argc, char **argv)
{
	unsigned long size = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	heap_configure(); /* as in the daemon */
	for (size_t i = 0; size && size <= 1000000 && i < ARRAY_SIZE(operations); i++) {
		if (strcmp(operations[i].name, argv[1]) != 0)
			continue;
		run(&operations[i], (uint32_t)size);
		return EXIT_SUCCESS;
	}
	(void)fprintf(stderr, "usage: counts OPERATION SIZE\n");
	return EXIT_FAILURE;
}
