/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "story.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/devlink.h>
#include <string.h>

#include "daemon.h"
#include "device.h"
#include "rules.h"
#include "setting.h"

#define EVENTS_BAD_MS 2000

static const char *const words[HAPPEN_COUNT] = {
	[HAPPEN_RIVAL] = "somebody changes a setting of VF %u of ens%u",
	[HAPPEN_FLAP] = "somebody changes a setting of VF %u of ens%u again and again",
	[HAPPEN_RIVAL_COUNT] = "somebody changes the number of VFs (VF %u) of ens%u",
	[HAPPEN_RIVAL_PF] = "somebody changes a setting (VF %u) of ens%u",
	[HAPPEN_INSIST] = "somebody insists on a setting (VF %u) of ens%u, or on its number of VFs",
	[HAPPEN_RIVAL_DRIVER] = "somebody gives VF %u of ens%u another driver",
	[HAPPEN_UP] = "(VF %u) ens%u goes up",
	[HAPPEN_DOWN] = "(VF %u) ens%u goes down",
	[HAPPEN_CABLE_OUT] = "(VF %u) the cable of ens%u is pulled",
	[HAPPEN_CABLE_IN] = "(VF %u) the cable of ens%u is put in",
	[HAPPEN_RELOAD_DRIVER] = "(VF %u) the driver of ens%u is loaded anew",
	[HAPPEN_UNPLUG] = "(VF %u) ens%u is unplugged, and comes back",
	[HAPPEN_RENAME] = "(VF %u) ens%u gets another name",
	[HAPPEN_BOND] = "(VF %u) ens%u joins bond0, or leaves it",
	[HAPPEN_USE] = "somebody begins to use VF %u of ens%u, or that itself",
	[HAPPEN_UNUSE] = "nobody uses VF %u of ens%u any more, or that itself",
	[HAPPEN_TAKE] = "somebody takes VF %u of ens%u for a guest at a write to its PF",
	[HAPPEN_RESET_VF] = "VF %u of ens%u starts over",
	[HAPPEN_FAULT] = "(VF %u) calls on ens%u will fail",
	[HAPPEN_HANG] = "(VF %u) a call on ens%u will hang",
	[HAPPEN_TRUNCATE] = "VFs from %u on of ens%u are not told of for a while",
	[HAPPEN_LOSE_EVENTS] = "(VF %u, ens%u) events get lost for a while",
	[HAPPEN_LATE_EVENTS] = "(VF %u, ens%u) events are late for a while",
	[HAPPEN_DOUBLE_EVENTS] = "(VF %u, ens%u) events come twice for a while",
	[HAPPEN_POLICY] = "(VF %u, ens%u) another policy",
	[HAPPEN_APPLY] = "(VF %u) sriovctl apply for ens%u",
	[HAPPEN_REQUEST] = "(VF %u) sriovctl apply --disruptive for ens%u",
	[HAPPEN_PAUSE] = "(VF %u) sriovctl pause ens%u, or no longer",
	[HAPPEN_KILL] = "(VF %u, ens%u) the daemon is killed",
	[HAPPEN_DOOM] = "(VF %u, ens%u) the daemon will be killed at a call",
};

/* How many VFs there are as it boots: mostly none. */
static void boot_vfs(struct random *random, struct world *world, struct sim_pf *pf)
{
	if (!random_percent(random, 25))
		return;
	(void)device_set_numvfs(world, pf, random_between(random, 1, 4));
	pf->count_else = pf->n_vfs;
}

static const struct profile *pick_profile(struct random *random, const char *driver)
{
	uint32_t i = random_below(random, (uint32_t)n_profiles);

	while (driver && strcmp(profiles[i].driver, driver) != 0)
		i = (i + 1) % (uint32_t)n_profiles;
	return &profiles[i];
}

void story_set_scene(uint64_t seed, const char *driver, struct world *world)
{
	struct random random = { seed ^ UINT64_C(0x5ce11e) };
	uint32_t n = random_between(&random, 1, SIM_PFS_MAX);

	world_init(world, seed);
	for (uint32_t i = 0; i < n; i++) {
		struct sim_pf *pf = &world->pfs[i];

		world_add_pf(world, pick_profile(&random, driver));
		if (random_percent(&random, 60) && pf->ifindex)
			device_set_up(world, pf, true);
		if (random_percent(&random, 10))
			device_set_cable(world, pf, false);
		pf->autoprobe = pf->autoprobe_else =
			pf->profile->vf_driver && random_percent(&random, 80);
		/* Cards that reset their VFs have too few for that. */
		pf->mute = pf->profile->lists_none ||
			   (!pf->profile->reset_ms && random_percent(&random, 4));
		boot_vfs(&random, world, pf);
	}
	/* Nobody listened to any of this. */
	queue_drop(&world->queue, ENTRY_LINK_EVENT);
	queue_drop(&world->queue, ENTRY_DEVICE_EVENT);
}

static enum happening_kind pick_kind(struct random *random)
{
	/* What is common in life, and what is of interest, more often. */
	static const enum happening_kind often[] = {
		HAPPEN_RIVAL, HAPPEN_USE,  HAPPEN_UNUSE,  HAPPEN_TAKE,	  HAPPEN_FAULT,
		HAPPEN_HANG,  HAPPEN_DOOM, HAPPEN_POLICY, HAPPEN_REQUEST,
	};

	if (random_percent(random, 40))
		return often[random_below(random, ARRAY_SIZE(often))];
	return random_below(random, HAPPEN_COUNT);
}

/* Some histories take a minute, in some all happens at once. */
void story_draw(uint64_t seed, const struct world *world, struct story *ret)
{
	static const uint32_t spans[] = { 1000, 5000, 60000, 200000 };
	struct random random = { seed ^ UINT64_C(0x5701e7) };
	uint32_t span = spans[random_below(&random, ARRAY_SIZE(spans))];
	uint64_t at = 0;

	ret->seed = seed;
	ret->count = random_below(&random, 25);
	for (uint32_t i = 0; i < ret->count; i++) {
		if (!random_percent(&random, 25))
			at += random_below(&random, 2 * span / (ret->count + 1) + 1);
		ret->items[i] = (struct happening){
			.at = at,
			.kind = pick_kind(&random),
			.pf = random_below(&random, world->n_pfs),
			.vf = random_below(&random, 4),
			.a = (uint32_t)random_next(&random),
			.b = (uint32_t)random_next(&random),
		};
	}
}

void story_queue(const struct story *story, struct world *world)
{
	for (uint32_t i = 0; i < story->count; i++)
		if (!(story->left_out >> i & 1))
			queue_put(&world->queue, story->items[i].at, ENTRY_HAPPENING, i, 0);
}

void story_describe(const struct story *story, uint32_t number, struct text *out)
{
	const struct happening *item = &story->items[number];

	text_printf(out, "%" PRIu64 ".%03u s: ", item->at / 1000, (unsigned)(item->at % 1000));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	text_printf(out, words[item->kind], item->vf, item->pf + 1);
#pragma GCC diagnostic pop
}

struct policy *story_policy(uint64_t seed, struct world *world)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text text = { 0 }, errors = { 0 };
	struct random random = { seed ^ UINT64_C(0x9011c7) };
	struct document document = { .name = "policy" };
	struct policy *policy = NULL;

	rules_write(&random, world, &text);
	document.text = text_string(&text);
	document.length = text.length;
	world_say(world, "policy:\n%s", document.text);
	if (policy_read(&document, 1, NULL, &diagnostics, &policy) >= 0)
		return policy;
	diagnostics_format(&diagnostics, &errors);
	world_violate(world, INVARIANT_STORY, "the policy is wrong: %s", text_string(&errors));
	return NULL;
}

void story_end_faults(struct world *world)
{
	world_say(world, "from here on nothing happens any more");
	world->n_faults = 0;
	world->doom.set = false;
	world->events_lost = world->events_doubled = false;
	world->events_late = 0;
	for (uint32_t i = 0; i < world->n_pfs; i++)
		world->pfs[i].truncated_until = world->pfs[i].hang_ms = world->pfs[i].take_after =
			0;
}
