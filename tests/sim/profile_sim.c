/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* profile-sim DRIVER TABLE SECTION...: does what sections of the table have on a simulated PF of
 * that driver, one after the other. */

#include <stdio.h>
#include <string.h>

#include "device.h"
#include "operations.h"

static const struct {
	const char *section;
	bool up, cable;
} states[] = {
	{ "pf-down", false, true }, { "link-up", true, true },	{ "cable-out", true, false },
	{ "eswitch", true, true },  { "drivers", false, true }, { "bare", false, true },
};

static void wait(void *context, unsigned seconds)
{
	struct world *world = context;

	world->now += seconds * UINT64_C(1000);
	device_refresh(world, &world->pfs[0]);
}

static int set_state(struct world *world, const char *section)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (strcmp(states[i].section, section))
			continue;
		device_set_up(world, &world->pfs[0], states[i].up);
		device_set_cable(world, &world->pfs[0], states[i].cable);
		wait(world, 10);
		return 0;
	}
	return -1;
}

static int run_sections(struct world *world, const char *path, char **sections, int count)
{
	const struct stage stage = { &world->kernel, world->pfs[0].handle, wait, world };
	int r = 0;

	for (int i = 0; r >= 0 && i < count; i++) {
		FILE *table = fopen(path, "r");

		if (!table || set_state(world, sections[i]) < 0)
			return -1;
		r = operations_run(&stage, table, sections[i], stdout);
		(void)fclose(table);
	}
	return r;
}

int main(int argc, char **argv)
{
	static struct world world;
	const struct profile *profile = argc > 3 ? profile_find(argv[1]) : NULL;

	if (!profile)
		return 2;
	world_init(&world, 1);
	world_add_pf(&world, profile);
	return run_sections(&world, argv[2], argv + 3, argc - 3) < 0;
}
