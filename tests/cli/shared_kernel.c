/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For a daemon without hardware: all kernels that it opens are one simulated kernel (sim_kernel.c),
 * which keeps what is written. While the file that SIM_HANG names exists, a write of sriov_numvfs
 * does not return, as the real one does not while a VF is open through vfio; each, and each of
 * settings, takes SIM_SLOW_MS, as with cards that take a second or ten to make VFs. While
 * the file SIM_HOLDER exists, VF 0 of every PF is held by who is named in it. A kernel that looks
 * while the file SIM_DEAF exists hears nothing any more, as a socket of which the state is lost;
 * one that looks while the file SIM_SLEEPY exists does so once that is gone. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernel/linux.h"

int sim_kernel_new(struct kernel **ret);
int __wrap_device_list(struct arena *arena, const char ***ret, size_t *ret_count);
bool __wrap_device_exists(const char *handle);

struct opened {
	struct kernel kernel;
	bool deaf;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct kernel *shared; /* under the mutex */

#define LOCKED(call)                                                                               \
	({                                                                                         \
		int locked_result_;                                                                \
		(void)pthread_mutex_lock(&mutex);                                                  \
		locked_result_ = (call);                                                           \
		(void)pthread_mutex_unlock(&mutex);                                                \
		locked_result_;                                                                    \
	})

static void open_shared(void)
{
	if (LOCKED(shared ? 0 : sim_kernel_new(&shared)) < 0)
		abort();
}

static int shared_list(struct kernel *kernel, struct arena *arena, const char ***ret, size_t *count)
{
	(void)kernel;
	return LOCKED(shared->list(shared, arena, ret, count));
}

/* The daemon asks without a kernel which PFs there are. */
int __wrap_device_list(struct arena *arena, const char ***ret, size_t *ret_count)
{
	open_shared();
	return shared_list(NULL, arena, ret, ret_count);
}

/* They stay, also where they cannot be looked at. */
bool __wrap_device_exists(const char *handle)
{
	struct arena *arena;
	const char **handles;
	bool found = false;
	size_t count;

	if (arena_new(&arena) < 0 || __wrap_device_list(arena, &handles, &count) < 0)
		abort();
	for (size_t i = 0; i < count; i++)
		found = found || !strcmp(handles[i], handle);
	arena_free(arena);
	return found;
}

static void sleep_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&pause, NULL);
}

/* As long as there is a file of the name that is in the environment. */
static void hang(const char *name)
{
	const char *path = getenv(name);

	while (path && !access(path, F_OK))
		sleep_ms(20);
}

static int shared_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	struct opened *opened = (struct opened *)kernel;
	const char *path = getenv("SIM_DEAF");

	opened->deaf = opened->deaf || (path && !access(path, F_OK));
	if (opened->deaf)
		return -EIO;
	hang("SIM_SLEEPY");
	return LOCKED(shared->observe(shared, handle, ret));
}

static int shared_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	const char *path = getenv("SIM_HOLDER");
	char name[64] = "";
	FILE *stream = path ? fopen(path, "re") : NULL;

	(void)kernel;
	if (stream && pf->n_vfs && (vf == KERNEL_ALL_VFS || vf == 0) &&
	    fgets(name, sizeof(name), stream)) {
		name[strcspn(name, "\n")] = '\0';
		pf->vfs[0].holder = (struct holder){ "vfio", arena_strdup(pf->arena, name) };
	}
	if (stream)
		(void)fclose(stream);
	return 0;
}

static void be_slow(void)
{
	const char *slow = getenv("SIM_SLOW_MS");

	if (slow)
		sleep_ms(strtol(slow, NULL, 10));
}

static int shared_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	(void)kernel;
	be_slow();
	hang("SIM_HANG");
	return LOCKED(shared->write_numvfs(shared, pf, n));
}

static int shared_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return LOCKED(shared->hold_drivers(shared, pf));
}

static int shared_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return LOCKED(shared->release_drivers(shared, pf));
}

static int shared_write_pf(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			   const struct value *value, struct kernel_error *error)
{
	(void)kernel;
	be_slow();
	return LOCKED(shared->write_pf(shared, pf, setting, value, error));
}

static int shared_write_vfs(struct kernel *kernel, const struct pf *pf,
			    const struct vf_change *changes, size_t n_changes,
			    struct kernel_error *error)
{
	(void)kernel;
	be_slow();
	return LOCKED(shared->write_vfs(shared, pf, changes, n_changes, error));
}

static int shared_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			   enum vf_setting setting, const struct value *value,
			   struct kernel_error *error)
{
	(void)kernel;
	return LOCKED(shared->write_vf(shared, pf, vf, setting, value, error));
}

static int shared_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	(void)kernel;
	return LOCKED(shared->unbind_vfs(shared, pf));
}

static int shared_note_given(struct kernel *kernel, const struct pf *pf,
			     const struct given_note *notes, size_t n_notes)
{
	(void)kernel;
	return LOCKED(shared->note_given(shared, pf, notes, n_notes));
}

static int shared_note_owed_vfs(struct kernel *kernel, const struct pf *pf,
				const struct owed_vfs *owed)
{
	(void)kernel;
	return LOCKED(shared->note_owed_vfs(shared, pf, owed));
}

static void shared_free(struct kernel *kernel)
{
	free(kernel);
}

int kernel_linux_new(struct kernel **ret)
{
	static const struct kernel calls = {
		.list = shared_list,
		.observe = shared_observe,
		.find_holders = shared_find_holders,
		.write_numvfs = shared_write_numvfs,
		.hold_drivers = shared_hold_drivers,
		.release_drivers = shared_release_drivers,
		.write_pf = shared_write_pf,
		.write_vfs = shared_write_vfs,
		.write_vf = shared_write_vf,
		.unbind_vfs = shared_unbind_vfs,
		.note_given = shared_note_given,
		.note_owed_vfs = shared_note_owed_vfs,
		.free = shared_free,
	};
	struct opened *opened = malloc(sizeof(*opened));

	open_shared();
	if (!opened)
		abort();
	*opened = (struct opened){ .kernel = calls };
	*ret = &opened->kernel;
	return 0;
}
