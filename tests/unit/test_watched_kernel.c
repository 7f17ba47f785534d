/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Calls of a kernel are noted while they last, and only then. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/lock.h"
#include "fixture.h"
#include "runner.h"
#include "work/watched_kernel.h"

#define PF                                                                                         \
	"- {handle: pci/0000:01:00.0, interface: ens1, ifindex: 2, driver: igb, vfs: 2,\n"         \
	"   virtual-functions: [{index: 0}, {index: 1}]}\n"

/* The calls of a kernel, each of which reads what is noted while it runs. */
static struct call_note *note;
static struct call seen;
static bool was_noted;
static struct kernel *watched;
static struct pf *pf;

static int read_note(void)
{
	was_noted = call_note_read(note, &seen);
	return -EXDEV;
}

static int spy_list(struct kernel *kernel, struct arena *arena, const char ***ret, size_t *count)
{
	(void)kernel, (void)arena, (void)ret, (void)count;
	return read_note();
}

static int spy_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	(void)kernel, (void)handle, (void)ret;
	return read_note();
}

static int spy_find_holders(struct kernel *kernel, struct pf *of, uint32_t vf)
{
	(void)kernel, (void)of, (void)vf;
	return read_note();
}

static int spy_number(struct kernel *kernel, const struct pf *of, uint32_t n)
{
	(void)kernel, (void)of, (void)n;
	return read_note();
}

static int spy_plain(struct kernel *kernel, const struct pf *of)
{
	(void)kernel, (void)of;
	return read_note();
}

static int spy_vfs(struct kernel *kernel, const struct pf *of, const struct vf_change *changes,
		   size_t n, struct kernel_error *error)
{
	(void)kernel, (void)of, (void)changes, (void)n, (void)error;
	return read_note();
}

static int spy_vf(struct kernel *kernel, const struct pf *of, uint32_t vf, enum vf_setting setting,
		  const struct value *value, struct kernel_error *error)
{
	(void)kernel, (void)of, (void)vf, (void)setting, (void)value, (void)error;
	return read_note();
}

static int spy_pf(struct kernel *kernel, const struct pf *of, enum pf_setting setting,
		  const struct value *value, struct kernel_error *error)
{
	(void)kernel, (void)of, (void)setting, (void)value, (void)error;
	return read_note();
}

static int spy_note(struct kernel *kernel, const struct pf *of, const struct given_note *notes,
		    size_t n)
{
	(void)kernel, (void)of, (void)notes, (void)n;
	return read_note();
}

static void spy_free(struct kernel *kernel)
{
	(void)kernel;
}

static struct kernel spy = {
	.list = spy_list,
	.observe = spy_observe,
	.find_holders = spy_find_holders,
	.write_numvfs = spy_number,
	.hold_drivers = spy_plain,
	.release_drivers = spy_plain,
	.write_pf = spy_pf,
	.write_vfs = spy_vfs,
	.write_vf = spy_vf,
	.unbind_vfs = spy_plain,
	.note_given = spy_note,
	.free = spy_free,
};

static void set_up(void)
{
	pf = fixture_pf(PF);
	ck_assert_int_eq(call_note_new(&note), 0);
	ck_assert_int_eq(watched_kernel_new(&spy, note, &watched), 0);
}

static void tear_down(void)
{
	kernel_free(watched);
	call_note_free(note);
	pf_free(pf);
}

/* The call came through, was noted under the name while it lasted, and is over. */
static void assert_noted(int r, const char *name, uint32_t n_vfs)
{
	struct call call;

	ck_assert_int_eq(r, -EXDEV);
	ck_assert(was_noted);
	ck_assert_str_eq(seen.name, name);
	ck_assert_uint_eq(seen.allowed,
			  CALL_NOTE_ALLOWED_MS + n_vfs * WATCHED_KERNEL_ALLOWED_PER_VF_MS);
	ck_assert_uint_gt(seen.since, 0);
	ck_assert(!call_note_read(note, &call));
	was_noted = false;
}

START_TEST(each_call_is_noted_while_it_lasts)
{
	const struct vf_change changes[2] = { { .index = 3 }, { .index = 4 } };
	struct kernel *k = watched;
	const struct value on = { .number = 1 };
	struct kernel_error error;
	struct pf *other;

	assert_noted(k->list(k, NULL, NULL, NULL), "listing the PFs", 0);
	assert_noted(k->observe(k, "", &other), "looking at the PF and its VFs", 0);
	assert_noted(k->find_holders(k, pf, KERNEL_ALL_VFS), "looking for who uses the VFs", 2);
	assert_noted(k->find_holders(k, pf, 1), "looking for who uses VF 1", 0);
	assert_noted(k->write_numvfs(k, pf, 0), "sriov_numvfs = 0", 2);
	assert_noted(k->write_numvfs(k, pf, 8), "sriov_numvfs = 8", 8);
	assert_noted(k->hold_drivers(k, pf), "sriov_drivers_autoprobe = 0", 0);
	assert_noted(k->release_drivers(k, pf), "letting drivers bind the VFs", 2);
	assert_noted(k->write_pf(k, pf, PF_UP, &on, &error), "pf-up = true", 2);
	assert_noted(k->write_pf(k, pf, PF_DRIVERS_AUTOPROBE, &on, &error),
		     "drivers-autoprobe = true", 2);
	assert_noted(k->write_pf(k, pf, PF_MTU, &(struct value){ .number = 9000 }, &error),
		     "mtu = 9000", 2);
	assert_noted(k->write_pf(k, pf, PF_ESWITCH_MODE, &on, &error), "eswitch.mode = switchdev",
		     2);
	assert_noted(k->write_vfs(k, pf, changes, 1, &error), "settings of VF 3", 1);
	assert_noted(k->write_vfs(k, pf, changes, 2, &error), "settings of VF 3 and others", 2);
	assert_noted(k->write_vf(k, pf, 3, VF_DRIVER, NULL, &error), "driver of VF 3", 1);
	assert_noted(k->unbind_vfs(k, pf), "taking drivers off the VFs", 2);
	assert_noted(k->note_given(k, pf, NULL, 0), "noting what VFs were given", 0);
}
END_TEST

static int see(struct kernel *kernel, const char *handle, struct pf **ret)
{
	(void)kernel, (void)handle;
	*ret = pf;
	return 0;
}

START_TEST(how_the_pf_is_called_is_noted_when_it_was_seen)
{
	char name[CALL_NOTE_PF_SIZE];
	static struct kernel seeing;
	struct pf *other;

	ck_assert(!call_note_pf(note, name));
	kernel_free(watched);
	seeing = spy;
	seeing.observe = see;
	ck_assert_int_eq(watched_kernel_new(&seeing, note, &watched), 0);
	ck_assert_int_eq(watched->observe(watched, "", &other), 0);
	ck_assert(call_note_pf(note, name));
	ck_assert_str_eq(name, pf_name(pf));
}
END_TEST

START_TEST(what_is_no_call_of_a_kernel_can_be_noted_too)
{
	struct call call;

	watched_kernel_note(note, "waiting for the lock, held by process %d", 7);
	ck_assert(call_note_read(note, &call));
	ck_assert_str_eq(call.name, "waiting for the lock, held by process 7");
	ck_assert_uint_eq(call.allowed, CALL_NOTE_ALLOWED_MS);
}
END_TEST

static int release_fd;

/* Ends the process that holds the lock, which is waited for. */
static void let_go(void *context, pid_t holder)
{
	pid_t *learnt = context;

	*learnt = holder;
	ck_assert_int_eq(close(release_fd), 0);
}

static uint64_t virtual_clock(void *context)
{
	return *(const uint64_t *)context;
}

START_TEST(a_call_begins_by_the_clock_of_its_note)
{
	uint64_t now = 4711;
	struct call call;

	call_note_set_clock(note, virtual_clock, &now);
	watched_kernel_note(note, "waiting for %s", "the lock");
	now = 99000;
	ck_assert(call_note_read(note, &call));
	ck_assert_uint_eq(call.since, 4711);
	ck_assert_uint_eq(call_note_now(note), 99000);
}
END_TEST

/* Takes the lock in another process, and keeps it until release_fd is closed. */
static pid_t hold_elsewhere(const char *directory)
{
	int held[2], release[2], fd;
	char byte = 0;
	pid_t child;

	ck_assert_int_eq(pipe(held), 0);
	ck_assert_int_eq(pipe(release), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child) {
		(void)close(release[1]);
		if (lock_take(directory, "pci/0000:01:00.0", NULL, &fd) < 0 ||
		    write(held[1], &byte, 1) != 1 || read(release[0], &byte, 1) < 0)
			_exit(1);
		_exit(0);
	}
	(void)close(release[0]);
	ck_assert_int_eq(read(held[0], &byte, 1), 1);
	(void)close(held[0]);
	(void)close(held[1]);
	release_fd = release[1];
	return child;
}

START_TEST(who_waits_for_a_lock_learns_who_has_it)
{
	char directory[] = "/tmp/test_lock.XXXXXX", path[64];
	pid_t learnt = 0, child;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	child = hold_elsewhere(directory);
	ck_assert_int_eq(lock_take(directory, "pci/0000:01:00.0",
				   &(struct lock_waiter){ let_go, &learnt }, &fd),
			 0);
	ck_assert_int_eq(learnt, child);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	(void)close(fd);
	(void)snprintf(path, sizeof(path), "%s/pci-0000:01:00.0.lock", directory);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

START_TEST(a_lock_that_is_free_is_not_waited_for)
{
	char directory[] = "/tmp/test_lock.XXXXXX", path[64];
	pid_t learnt = 0;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(lock_take(directory, "pci/0000:01:00.0",
				   &(struct lock_waiter){ let_go, &learnt }, &fd),
			 0);
	ck_assert_int_eq(learnt, 0);
	(void)close(fd);
	(void)snprintf(path, sizeof(path), "%s/pci-0000:01:00.0.lock", directory);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("watched_kernel");
	TCase *tests = tcase_create("watched_kernel");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, each_call_is_noted_while_it_lasts);
	tcase_add_test(tests, how_the_pf_is_called_is_noted_when_it_was_seen);
	tcase_add_test(tests, what_is_no_call_of_a_kernel_can_be_noted_too);
	tcase_add_test(tests, a_call_begins_by_the_clock_of_its_note);
	tcase_add_test(tests, who_waits_for_a_lock_learns_who_has_it);
	tcase_add_test(tests, a_lock_that_is_free_is_not_waited_for);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
