/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who has a VF, as files and processes show it, and as another program tells what it takes more
 * rights to see: a card in files, and network devices that are real, in namespaces of this test's
 * own. */

#include "kernel/privileged/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "own_card.h"
#include "own_namespace.h"
#include "runner.h"
#include "util/fd.h"

#define PF_PATH	   OWN_CARD_PATH
#define VF_PATH(n) OWN_CARD_VF_PATH(n)

START_TEST(all_users_are_those_of_as_many_vfs_as_there_are)
{
	observe();
	own_file(PF_PATH "/sriov_numvfs", "4\n");
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), -EAGAIN);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, 0), 0);
	observe();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), 0);
}
END_TEST

/* The same whether it is asked of all VFs or of one, and then nothing is said of the others. */
static const char *holder_of(unsigned vf)
{
	const char *of_all;

	observe();
	ck_assert_int_eq(kernel->find_holders(kernel, pf, KERNEL_ALL_VFS), 0);
	of_all = pf->vfs[vf].holder.details;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		pf->vfs[i].holder = (struct holder){ 0 };
	ck_assert_int_eq(kernel->find_holders(kernel, pf, vf), 0);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (i == vf)
			ck_assert_pstr_eq(pf->vfs[i].holder.details, of_all);
		else
			ck_assert_ptr_null(pf->vfs[i].holder.details);
	return of_all;
}

static void assert_held(unsigned vf, const char *expected)
{
	const char *holder = holder_of(vf);

	ck_assert_msg(holder && strstr(holder, expected), "%s", holder ? holder : "nobody");
}

START_TEST(nobody_holds_a_vf_that_is_idle)
{
	own_card_add_netdev(VF_PATH(0), "v0", own_veth("idle0"));
	ck_assert_ptr_null(holder_of(0));
	ck_assert_ptr_null(pf->vfs[1].holder.details);
	ck_assert_ptr_null(pf->vfs[2].holder.details);
}
END_TEST

START_TEST(a_driver_without_a_network_device_here_holds_its_vf)
{
	assert_held(0, "driver iavf has it and its network device is not here");
}
END_TEST

/* A node that hardly anybody has open: /dev/full (Documentation/admin-guide/devices.txt). */
#define NODE	     "/dev/vfio/x"
#define NODE_NUMBER  "1:7\n"
#define MAY_NOT_TELL "vfio, by a process that cannot be told now ("

/* Whether the processes that this test sees are its own: else it need not be let look into them. */
static bool has_processes;

/* Whoever may not make device nodes is root in a user namespace of this test's own only. */
static bool make_node(void)
{
	own_file("/dev/vfio/other", "");
	return has_processes && mknod(NODE, S_IFCHR | 0600, makedev(1, 7)) == 0;
}

START_TEST(a_process_that_has_a_node_of_the_vf_open_is_named_whatever_the_nodes_name)
{
	static const char *const attributes[] = {
		"/sys/class/vfio/42/dev",
		"/sys/class/vfio/noiommu-42/dev",
		VF_PATH(1) "/vfio-dev/vfio3/dev",
	};
	bool sees_all = make_node();
	CLEANUP_FD int node = -1;
	const char *name, *expected;

	ck_assert_int_eq(sysfs_read(AT_FDCWD, "/proc/self/comm", arena, &name), 0);
	expected = arena_printf(arena, "vfio, by %s (pid %d)", name, getpid());
	own_file(attributes[_i], NODE_NUMBER);
	if (!sees_all)
		return;
	ck_assert_ptr_null(holder_of(1));
	node = open(NODE, O_RDONLY | O_CLOEXEC);
	assert_held(1, expected);
}
END_TEST

/* The class vfio-dev is older than the nodes of its devices, of which iommufd is told, and a device
 * without IOMMU has none either (vfio_device_add() in drivers/vfio/vfio.h of Linux 6.12). */
START_TEST(a_device_of_vfio_that_has_no_node_is_opened_by_nobody)
{
	own_file(VF_PATH(1) "/vfio-dev/vfio3/uevent", "");
	ck_assert_ptr_null(holder_of(1));
}
END_TEST

/* As one that is not root makes in a name space of its own. */
START_TEST(a_file_that_has_only_the_name_of_a_node_is_none)
{
	CLEANUP_FD int file = -1;

	own_file("/sys/class/vfio/42/dev", NODE_NUMBER);
	own_file("/dev/vfio/42", "");
	file = open("/dev/vfio/42", O_RDONLY | O_CLOEXEC);
	if (make_node())
		ck_assert_ptr_null(holder_of(1));
}
END_TEST

/* Answers once who asks at the socket: what a test wants of each query, or bytes. */
struct answer {
	int listener;
	struct query query; /* its answer */
	const char *bytes;  /* NULL: that */
	size_t length;
	pthread_t thread;
};

static void encode(const struct answer *answer, const char *question, size_t length,
		   struct text *out)
{
	struct arena *own;
	struct query *queries;
	size_t count;

	if (arena_new(&own) < 0 ||
	    query_decode_question(question, length, own, &queries, &count) < 0)
		abort();
	for (size_t i = 0; i < count; i++) {
		queries[i].error = answer->query.error;
		queries[i].there = answer->query.there;
		queries[i].number = answer->query.number;
		queries[i].text = answer->query.text;
	}
	query_encode_answer(queries, count, out);
	arena_free(own);
}

static void *run_answer(void *context)
{
	const struct answer *answer = context;
	CLEANUP_FD int peer = accept4(answer->listener, NULL, NULL, SOCK_CLOEXEC);
	CLEANUP_TEXT struct text text = { 0 };
	char question[QUERY_QUESTION_MAX];
	ssize_t length = recv(peer, question, sizeof(question), 0);

	if (length < 0)
		return NULL;
	if (answer->bytes)
		text_append_n(&text, answer->bytes, answer->length);
	else
		encode(answer, question, (size_t)length, &text);
	if (text.length && send(peer, text.data, text.length, MSG_NOSIGNAL) < 0)
		perror("answer");
	return NULL;
}

static void answer_begin(struct answer *answer)
{
	const struct sockaddr_un address = { AF_UNIX, LOOKUP_SOCKET };
	const struct timeval patience = { .tv_sec = 20 };

	own_remove(LOOKUP_SOCKET);
	answer->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	/* accept() heeds it: who is not asked must not wait for ever. */
	ck_assert_int_eq(
		setsockopt(answer->listener, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)),
		0);
	ck_assert_int_eq(bind(answer->listener, (const struct sockaddr *)&address, sizeof(address)),
			 0);
	ck_assert_int_eq(listen(answer->listener, 1), 0);
	ck_assert_int_eq(pthread_create(&answer->thread, NULL, run_answer, answer), 0);
}

static void answer_end(struct answer *answer)
{
	(void)pthread_join(answer->thread, NULL);
	(void)close(answer->listener);
}

static int ask_of(struct answer *answer, struct query *query)
{
	int r;

	answer_begin(answer);
	r = lookup_there(LOOKUP_SOCKET, query, 1, arena);
	answer_end(answer);
	return r;
}

START_TEST(what_is_asked_of_another_program_is_answered_as_it_says)
{
	struct answer answer = { .query = { .there = true, .number = 7, .text = "qemu (pid 1)" } };
	struct query query = { .kind = QUERY_OPENER, .of = query_of_node(makedev(1, 7)) };

	ck_assert_int_eq(ask_of(&answer, &query), 0);
	ck_assert(query.there && query.number == 7 && !query.error);
	ck_assert_str_eq(query.text, "qemu (pid 1)");
	answer.query = (struct query){ .error = -ELOOP };
	ck_assert_int_eq(ask_of(&answer, &query), 0);
	ck_assert(!query.there && query.error == -ELOOP && !query.text);
	own_remove(LOOKUP_SOCKET);
	ck_assert_int_eq(lookup_there(LOOKUP_SOCKET, &query, 1, arena), -ENOENT);
}
END_TEST

START_TEST(an_answer_that_is_none_is_told_from_one)
{
	struct query query = { .kind = QUERY_OPENER };
	struct answer silent = { .bytes = "" }, damaged = { .bytes = "nobody", .length = 6 };

	ck_assert_int_eq(ask_of(&silent, &query), -ECONNRESET);
	ck_assert_int_eq(ask_of(&damaged, &query), -EBADMSG);
	ck_assert(!query.there && !query.error);
}
END_TEST

/* What the daemon's sandbox leaves of the rights to look into processes and directories. */
static void give_up_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	data[0].effective = data[0].permitted = 1u << CAP_NET_ADMIN;
	ck_assert_int_eq(syscall(SYS_capset, &header, data), 0);
}

static void assert_asked(struct answer *answer, uint32_t vf, const char *holder)
{
	answer_begin(answer);
	ck_assert_int_eq(kernel->find_holders(kernel, pf, vf), 0);
	answer_end(answer);
	own_remove(LOOKUP_SOCKET);
	ck_assert_msg(pf->vfs[vf].holder.details && strstr(pf->vfs[vf].holder.details, holder),
		      "%s", pf->vfs[vf].holder.details);
}

/* A configuration that ends where it does for who may not configure devices. */
static void make_config(const char *path)
{
	unsigned char config[PCI_STD_HEADER_SIZEOF] = {
		[PCI_STATUS] = PCI_STATUS_CAP_LIST,
		[PCI_CAPABILITY_LIST] = PCI_STD_HEADER_SIZEOF,
	};
	CLEANUP_FD int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_eq(write(fd, config, sizeof(config)), sizeof(config));
}

static void assert_vectors_asked(void)
{
	struct answer answer = { .query = { .there = true, .number = 12 } };
	const struct value *vectors;

	own_file(PF_PATH "/sriov_vf_total_msix", "64\n");
	make_config(VF_PATH(1) "/config");
	observe();
	ck_assert_ptr_null(VALUES_GET(&pf->vfs[1].settings, VF_MSIX_VECTORS));
	answer_begin(&answer);
	observe();
	answer_end(&answer);
	vectors = VALUES_GET(&pf->vfs[1].settings, VF_MSIX_VECTORS);
	ck_assert(vectors && vectors->number == 12);
	ck_assert_ptr_null(VALUES_GET(&pf->vfs[0].settings, VF_MSIX_VECTORS));
}

/* Whoever has the group open and no device of it yet leaves "enable" at 0. */
static void assert_a_look_that_takes_too_long_frees_nothing(void)
{
	struct answer late = { .query = { .error = -ETIMEDOUT } };

	own_file(VF_PATH(1) "/enable", "0\n");
	assert_asked(&late, 1, MAY_NOT_TELL "ETIMEDOUT)");
	own_remove(VF_PATH(1) "/enable");
}

START_TEST(what_rights_do_not_reach_is_asked_for_and_else_held)
{
	struct answer opener = { .query = { .there = true, .text = "qemu (pid 7)" } };
	struct answer record = { .query = { .there = true, .text = "/run/netns/pod" } };
	pid_t other;

	own_file("/sys/class/vfio/42/dev", NODE_NUMBER);
	own_file("/var/lib/cni/sriov/pci/" OWN_CARD_VF(2), "/run/netns/other");
	/* Somebody with more rights than we shall have. There is no way back: it is the last test.
	 */
	other = fork();
	if (!other)
		(void)pause();
	give_up_rights();
	assert_held(1, MAY_NOT_TELL "ENOENT)");
	assert_asked(&opener, 1, "vfio, by qemu (pid 7)");
	assert_a_look_that_takes_too_long_frees_nothing();
	/* As os.MkdirAll(..., 0600) makes it. */
	ck_assert_int_eq(chmod("/var/lib/cni/sriov", 0600), 0);
	assert_held(2, "whether a container has it cannot be told now (ENOENT)");
	assert_asked(&record, 2, "a container at /run/netns/pod");
	assert_vectors_asked();
	(void)kill(other, SIGKILL);
	(void)waitpid(other, NULL, 0);
	ck_assert_int_eq(chmod("/var/lib/cni/sriov", 0700), 0);
}
END_TEST

START_TEST(a_vf_that_vfio_has_enabled_is_held_by_somebody)
{
	own_file(VF_PATH(1) "/enable", "1\n");
	assert_held(1, "vfio, by a process that is not seen from here");
	own_file(VF_PATH(1) "/enable", "0\n");
	ck_assert_ptr_null(holder_of(1));
}
END_TEST

START_TEST(a_record_of_libvirt_names_the_workload)
{
	own_file("/run/libvirt/hostdevmgr/lo_vf2", "");
	assert_held(2, "libvirt, as noted in /run/libvirt/hostdevmgr/lo_vf2");
}
END_TEST

/* VF 0 with a real network device that is up. */
static void give_vf_a_netdev(const char *name)
{
	struct kernel_error words;
	struct pf vf = { .ifindex = own_veth(name) };

	own_card_add_netdev(VF_PATH(0), name, vf.ifindex);
	ck_assert_int_eq(
		kernel->write_pf(kernel, &vf, PF_UP, &(struct value){ .number = 1 }, &words), 0);
}

START_TEST(a_network_device_that_is_up_is_in_use_by_what_it_has)
{
	char path[128];

	give_vf_a_netdev("used0");
	ck_assert_ptr_null(holder_of(0));
	own_route("used0");
	assert_held(0, "used0 is up and has a route");
	own_address("used0", "192.0.2.1");
	assert_held(0, "used0 is up and has an address");
	(void)snprintf(path, sizeof(path), "%s/net/used0/upper_vlan0/x", VF_PATH(0));
	own_file(path, "");
	assert_held(0, "used0 is up and has a device on top of it");
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tests;

	if (!own_namespace_enter())
		return RUNNER_SKIPPED;
	has_processes = own_processes_enter();
	suite = suite_create("lookup");
	tests = tcase_create("lookup");
	tcase_add_checked_fixture(tests, own_card_set_up, own_card_tear_down);
	tcase_add_test(tests, all_users_are_those_of_as_many_vfs_as_there_are);
	tcase_add_test(tests, a_driver_without_a_network_device_here_holds_its_vf);
	tcase_add_loop_test(
		tests, a_process_that_has_a_node_of_the_vf_open_is_named_whatever_the_nodes_name, 0,
		3);
	tcase_add_test(tests, a_device_of_vfio_that_has_no_node_is_opened_by_nobody);
	tcase_add_test(tests, a_file_that_has_only_the_name_of_a_node_is_none);
	tcase_add_test(tests, what_is_asked_of_another_program_is_answered_as_it_says);
	tcase_add_test(tests, an_answer_that_is_none_is_told_from_one);
	tcase_add_test(tests, a_vf_that_vfio_has_enabled_is_held_by_somebody);
	tcase_add_test(tests, a_record_of_libvirt_names_the_workload);
	if (own_veth("probe")) {
		tcase_add_test(tests, nobody_holds_a_vf_that_is_idle);
		tcase_add_test(tests, a_network_device_that_is_up_is_in_use_by_what_it_has);
	}
	tcase_add_test(tests, what_rights_do_not_reach_is_asked_for_and_else_held);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
