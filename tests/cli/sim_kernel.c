/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for kernel/linux.c, so that sriovctl apply and status run whole without hardware: the
 * PFs are those of the inventory that SIM_INVENTORY names. SIM_SCRIPT is what goes wrong, in words:
 *
 * refuse:SETTING:ERRNO: the setting is refused on every VF, always;
 *
 * busy:SETTING:N: it is refused with EBUSY until the PF was looked at N times;
 *
 * forget:SETTING: it is accepted and not kept;
 *
 * link:N: the link comes up when the PF was looked at N times; rates need it;
 *
 * gone:N: the PF is gone when it was looked at N times; gone:N:HANDLE: that one is;
 *
 * broken:HANDLE: the PF cannot be observed: EIO;
 *
 * stuck:HANDLE: to look at the PF takes half a minute;
 *
 * traffic: each VF has sent and received something;
 *
 * flow: each VF has, and sends and receives as much again in each second, of which one goes by
 * between any two readings of the same PF;
 *
 * dead: there is no kernel to talk to: EPERM. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/document_file.h"
#include "document/yaml.h"
#include "fake_kernel.h"
#include "kernel/counters.h"
#include "kernel/linux.h"
#include "kernel/note/pause.h"
#include "model/driver_reading.h"
#include "model/inventory.h"

#define PFS_MAX 64

struct sim {
	struct kernel kernel;
	struct inventory inventory;
	struct fake_kernel fakes[PFS_MAX];
	size_t count;
	unsigned long busy_until, link_at, gone_at;
	const char *broken, *gone, *stuck;
};

static struct sim *sim_of(struct kernel *kernel)
{
	return (struct sim *)kernel;
}

static struct fake_kernel *find(struct sim *sim, const char *handle)
{
	for (size_t i = 0; i < sim->count; i++)
		if (strcmp(sim->fakes[i].pf->handle, handle) == 0)
			return &sim->fakes[i];
	abort();
}

static int sim_list(struct kernel *kernel, struct arena *arena, const char ***ret,
		    size_t *ret_count)
{
	struct sim *sim = sim_of(kernel);

	*ret = arena_array(arena, sim->count, sizeof(**ret));
	for (size_t i = 0; i < sim->count; i++)
		(*ret)[i] = sim->fakes[i].pf->handle;
	*ret_count = sim->count;
	return 0;
}

static int sim_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	struct sim *sim = sim_of(kernel);
	struct fake_kernel *fake = find(sim, handle);
	int r;

	if (sim->stuck && strcmp(sim->stuck, handle) == 0)
		(void)sleep(30);
	if (sim->broken && strcmp(sim->broken, handle) == 0)
		return -EIO;
	if (sim->gone_at && fake->n_observations >= sim->gone_at &&
	    (!sim->gone || !strcmp(sim->gone, handle)))
		return -ENODEV;
	if (sim->link_at && fake->n_observations >= sim->link_at)
		fake->pf->carrier = true;
	if (sim->busy_until && fake->n_observations >= sim->busy_until)
		fake->n_refusals = 0;
	r = fake->kernel.observe(&fake->kernel, handle, ret);
	return r < 0 ? r : pause_read(handle, (*ret)->arena, &(*ret)->pause);
}

static int sim_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.write_numvfs(&fake->kernel, pf, n);
}

static int sim_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.hold_drivers(&fake->kernel, pf);
}

static int sim_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.release_drivers(&fake->kernel, pf);
}

static int sim_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.find_holders(&fake->kernel, pf, vf);
}

static int sim_write_pf(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			const struct value *value, struct kernel_error *error)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.write_pf(&fake->kernel, pf, setting, value, error);
}

static int sim_write_vfs(struct kernel *kernel, const struct pf *pf,
			 const struct vf_change *changes, size_t n_changes,
			 struct kernel_error *error)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);
	int r = fake->kernel.write_vfs(&fake->kernel, pf, changes, n_changes, error);

	if (r < 0)
		(void)snprintf(error->message, sizeof(error->message), "simulated\033[31m");
	return r;
}

static int sim_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			enum vf_setting setting, const struct value *value,
			struct kernel_error *error)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.write_vf(&fake->kernel, pf, vf, setting, value, error);
}

static int sim_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.unbind_vfs(&fake->kernel, pf);
}

static int sim_note_given(struct kernel *kernel, const struct pf *pf,
			  const struct given_note *notes, size_t n_notes)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.note_given(&fake->kernel, pf, notes, n_notes);
}

static int sim_note_owed_vfs(struct kernel *kernel, const struct pf *pf,
			     const struct owed_vfs *owed)
{
	struct fake_kernel *fake = find(sim_of(kernel), pf->handle);

	return fake->kernel.note_owed_vfs(&fake->kernel, pf, owed);
}

static void sim_free(struct kernel *kernel)
{
	struct sim *sim = sim_of(kernel);

	for (size_t i = 0; i < sim->count; i++)
		fake_kernel_clear(&sim->fakes[i]);
	inventory_clear(&sim->inventory);
	free(sim);
}

static enum vf_setting setting_of(const char *key)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (strcmp(vf_settings[i].key, key) == 0)
			return i;
	abort();
}

static void refuse(struct sim *sim, const struct fake_refusal *refusal)
{
	for (size_t i = 0; i < sim->count; i++)
		fake_kernel_refuse(&sim->fakes[i], *refusal);
}

static void play_word(struct sim *sim, char *word)
{
	char *what = strtok(word, ":");
	char *rest = what + strlen(what) + 1;
	struct fake_refusal refusal = { .vf = FAKE_EVERY_VF };

	if (strcmp(what, "link") == 0) {
		sim->link_at = strtoul(rest, NULL, 10);
		refusal.only_without_carrier = true;
		refusal.error = -EINVAL;
		refusal.setting = VF_MAX_TX_RATE;
		refuse(sim, &refusal);
	} else if (strcmp(what, "gone") == 0) {
		sim->gone_at = strtoul(rest, &rest, 10);
		sim->gone = *rest ? rest + 1 : NULL;
	} else if (strcmp(what, "traffic") == 0 || strcmp(what, "flow") == 0) {
		/* counters_read() looks for it. */
	} else if (strcmp(what, "broken") == 0) {
		sim->broken = rest;
	} else if (strcmp(what, "stuck") == 0) {
		sim->stuck = rest;
	} else {
		const char *key = strtok(NULL, ":"), *number = strtok(NULL, ":");

		refusal.setting = setting_of(key);
		refusal.error = -(number ? atoi(number) : 0);
		for (size_t i = 0; strcmp(what, "forget") == 0 && i < sim->count; i++)
			sim->fakes[i].forgotten |= SETTING_BIT(refusal.setting);
		if (strcmp(what, "busy") == 0) {
			sim->busy_until = strtoul(number, NULL, 10);
			refusal.error = -EBUSY;
		}
		if (strcmp(what, "forget") != 0)
			refuse(sim, &refusal);
	}
}

static void play(struct sim *sim, const char *script)
{
	/* Words are kept: one may be a handle that is looked at later. */
	char *words = arena_strdup(sim->inventory.arena, script);

	for (char *word = words, *next; word && *word; word = next) {
		next = strchr(word, ' ');
		if (next)
			*next++ = '\0';
		play_word(sim, word);
	}
}

static void load(struct sim *sim, const char *path)
{
	struct diagnostics diagnostics = { 0 };
	struct document document;
	struct arena *arena;

	if (arena_new(&arena) < 0 ||
	    document_file_read(path, YAML_SIZE_MAX, arena, &diagnostics, &document) < 0 ||
	    inventory_read(&document, &diagnostics, &sim->inventory) < 0 ||
	    sim->inventory.pfs.count > PFS_MAX)
		abort();
	arena_free(arena);
	for (size_t i = 0; i < sim->inventory.pfs.count; i++) {
		fake_kernel_init(&sim->fakes[sim->count++], sim->inventory.pfs.items[i]);
		sim->inventory.pfs.items[i] = NULL;
	}
}

int kernel_linux_new(struct kernel **ret)
{
	const char *script = getenv("SIM_SCRIPT");
	struct sim *sim;

	if (script && strcmp(script, "dead") == 0)
		return -EPERM;
	sim = calloc(1, sizeof(*sim));
	sim->kernel = (struct kernel){
		.list = sim_list,
		.observe = sim_observe,
		.find_holders = sim_find_holders,
		.write_numvfs = sim_write_numvfs,
		.hold_drivers = sim_hold_drivers,
		.release_drivers = sim_release_drivers,
		.write_pf = sim_write_pf,
		.write_vfs = sim_write_vfs,
		.write_vf = sim_write_vf,
		.unbind_vfs = sim_unbind_vfs,
		.note_given = sim_note_given,
		.note_owed_vfs = sim_note_owed_vfs,
		.free = sim_free,
	};
	load(sim, getenv("SIM_INVENTORY"));
	if (script)
		play(sim, script);
	*ret = &sim->kernel;
	return 0;
}

/* In the place of kernel/counters.c. */

int counters_reader_new(struct counters_reader **ret)
{
	*ret = NULL;
	return 0;
}

void counters_reader_free(struct counters_reader *reader)
{
	(void)reader;
}

static bool has_word(const char *word)
{
	const char *script = getenv("SIM_SCRIPT");

	return script && strstr(script, word);
}

/* How often each PF was read, and the time that it is by that. */
static struct {
	char handle[64];
	uint64_t count;
} readings[PFS_MAX];
static uint64_t flow_ms;

/* How often the PF was read before. */
static uint64_t count_readings(const struct pf *pf)
{
	size_t i = 0;

	while (*readings[i].handle && strcmp(readings[i].handle, pf->handle) != 0)
		i++;
	(void)snprintf(readings[i].handle, sizeof(readings[i].handle), "%s", pf->handle);
	flow_ms = 1000 * (readings[i].count + 1);
	return readings[i].count++;
}

uint64_t __real_clock_ms(void);
uint64_t __wrap_clock_ms(void);

uint64_t __wrap_clock_ms(void)
{
	return has_word("flow") ? flow_ms : __real_clock_ms();
}

/* A number that no other counter of the PF has; bytes are a thousand for a packet. */
static void count(struct pf *pf, struct vf *vf, uint64_t times)
{
	vf->counters = arena_array(pf->arena, 1, sizeof(*vf->counters));
	for (enum vf_counter i = 0; i < VF_COUNTER_COUNT; i++) {
		uint64_t number = 1000 * (uint64_t)(vf->index + 1) + i;

		if (has_word("flow") && (i == VF_RX_BYTES || i == VF_TX_BYTES))
			number *= 1000;
		vf->counters->number[i] = number * times;
		vf->counters->known |= VF_COUNTER_BIT(i);
	}
}

int counters_read(struct counters_reader *reader, struct pf *pf)
{
	const uint64_t times = has_word("flow") ? count_readings(pf) + 1 : 1;

	(void)reader;
	for (uint32_t i = 0; (has_word("traffic") || has_word("flow")) && i < pf->n_vfs; i++)
		count(pf, &pf->vfs[i], times);
	driver_reading_counters(pf);
	return 0;
}
