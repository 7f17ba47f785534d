/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "device.h"

void world_init(struct world *world, uint64_t seed)
{
	memset(world, 0, sizeof(*world));
	world->random.state = seed;
	world->next_ifindex = 10;
	sim_kernel_init(world);
}

bool world_is_by_hand(const struct world *world)
{
	return world->doing && world->doing->by_hand;
}

struct sim_pf *world_find(struct world *world, const char *handle)
{
	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged && !strcmp(world->pfs[i].handle, handle))
			return &world->pfs[i];
	return NULL;
}

void world_add_pf(struct world *world, const struct profile *profile)
{
	struct sim_pf *pf = &world->pfs[world->n_pfs];

	*pf = (struct sim_pf){
		.profile = profile,
		.speed = profile->speed,
		.driver = driver_of(profile->driver),
		.number = world->n_pfs,
		.mac = { { 0x52, 0x54, 0, 0, 1, (uint8_t)world->n_pfs } },
		.cable = true,
		.carrier_at = SIM_NEVER,
		.held_since = SIM_NEVER,
		.poked_at = SIM_NEVER,
	};
	(void)snprintf(pf->handle, sizeof(pf->handle),
		       profile->vf_driver ? "pci/0000:0%u:00.0" : "netdevsim/netdevsim%u",
		       pf->number + 1);
	pf->address = strchr(pf->handle, '/') + 1;
	(void)snprintf(pf->ifname, sizeof(pf->ifname), "ens%u", pf->number + 1);
	world->n_pfs++;
	device_plug(world, pf);
	pf->autoprobe = pf->autoprobe_else = true;
	pf->settled_at = 0;
}

void world_say(struct world *world, const char *format, ...)
{
	va_list arguments;

	if (!world->trace)
		return;
	(void)fprintf(world->trace, "%8" PRIu64 ".%03u s  ", world->now / 1000,
		      (unsigned)(world->now % 1000));
	va_start(arguments, format);
	(void)vfprintf(world->trace, format, arguments);
	va_end(arguments);
	(void)fputc('\n', world->trace);
}

const char *invariant_name(enum invariant invariant)
{
	static const char *const names[INVARIANT_COUNT] = {
		[INVARIANT_NONE] = "none",	     [INVARIANT_HELD] = "held",
		[INVARIANT_UNMATCHED] = "unmatched", [INVARIANT_UNSET] = "unset",
		[INVARIANT_REASON] = "reason",	     [INVARIANT_STORM] = "storm",
		[INVARIANT_OBSERVE] = "observe",     [INVARIANT_PAUSE] = "pause",
		[INVARIANT_EMPTY] = "empty",	     [INVARIANT_AGREE] = "agree",
		[INVARIANT_BARE] = "bare",	     [INVARIANT_HOLD] = "hold",
		[INVARIANT_QUIET] = "quiet",	     [INVARIANT_STUCK] = "stuck",
		[INVARIANT_REQUEST] = "request",     [INVARIANT_IGNORE] = "ignore",
		[INVARIANT_ONCE] = "once",	     [INVARIANT_CAPTURE] = "capture",
		[INVARIANT_NAMED] = "named",	     [INVARIANT_STORY] = "story",
		[INVARIANT_AT_MOST] = "at-most",
	};

	return names[invariant];
}

void world_violate(struct world *world, enum invariant invariant, const char *format, ...)
{
	va_list arguments;

	if (world->over)
		return;
	world->over = true;
	world->broken = invariant;
	va_start(arguments, format);
	(void)vsnprintf(world->message, sizeof(world->message), format, arguments);
	va_end(arguments);
	world_say(world, "VIOLATION of '%s': %s", invariant_name(invariant), world->message);
}
