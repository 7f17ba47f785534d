/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "call.h"

#include <errno.h>
#include <string.h>

#include "device.h"

/* What a process that is dead gets; it does nothing with it. */
#define DEAD (-EIO)

static const struct {
	const char *word;
	uint16_t min_ms, max_ms;
	const char *what; /* is in the words that the daemon has for it */
} ops[OP_COUNT] = {
	[OP_LIST] = { "list", 1, 1, "listing" },
	[OP_OBSERVE] = { "observe", 1, 4, "looking at the PF" },
	[OP_FIND_HOLDERS] = { "find holders", 2, 20, "looking for who uses" },
	[OP_NOTE] = { "note", 0, 1, "noting what" },
	[OP_OWED] = { "note owed VFs", 0, 1, "noting that VFs" },
	[OP_NUMVFS] = { "numvfs", 0, 0, "sriov_numvfs = " }, /* as the profile says */
	[OP_PF] = { "PF setting", 0, 0, NULL },		     /* as the setting is */
	[OP_HOLD] = { "hold drivers", 1, 3, "sriov_drivers_autoprobe = 0" },
	[OP_RELEASE] = { "release drivers", 2, 60, "letting drivers" },
	[OP_VFS] = { "VF settings", 1, 8, "settings of VF " },
	[OP_VF] = { "VF", 1, 50, " of VF " },
	[OP_UNBIND] = { "unbind VFs", 5, 100, "taking drivers off" },
};

/* How long settings of a PF take. */
static const struct {
	uint16_t min_ms, max_ms;
} pf_settings_take[PF_SETTING_COUNT] = {
	[PF_MTU] = { 5, 80 },
	[PF_UP] = { 5, 80 },
	[PF_DRIVERS_AUTOPROBE] = { 1, 2 },
	[PF_ESWITCH_MODE] = { 20, 500 },
	[PF_ESWITCH_INLINE_MODE] = { 20, 500 },
	[PF_ESWITCH_ENCAP_MODE] = { 20, 500 },
};

/* Of OP_PF. */
static enum pf_setting setting_of(const void *argument)
{
	return ((const struct pf_write *)argument)->setting;
}

static const char *what_of(enum op op, const void *argument)
{
	return op == OP_PF ? pf_settings[setting_of(argument)].key : ops[op].what;
}

static uint64_t duration(struct world *world, struct sim_pf *pf, enum op op, uint32_t n,
			 const void *argument)
{
	uint64_t ms = random_between(&world->random, ops[op].min_ms, ops[op].max_ms);

	if (op == OP_PF)
		ms = random_between(&world->random, pf_settings_take[setting_of(argument)].min_ms,
				    pf_settings_take[setting_of(argument)].max_ms);
	if (op == OP_NUMVFS) {
		ms = n ? pf->profile->create_ms : pf->profile->destroy_ms;
		ms = ms / 2 + random_below(&world->random, (uint32_t)ms + 1);
	}
	if (world->doing && !world->frozen && pf->hang_ms && (pf->hang_ops & OP_BIT(op))) {
		ms += pf->hang_ms;
		world_say(world, "  (%s: this hangs for %u ms)", ops[op].word, pf->hang_ms);
		pf->hang_ms = 0;
		world->doing->hangs = true;
	}
	return ms;
}

static void pass_time(struct world *world, uint64_t ms)
{
	uint64_t until = world->now + ms;

	if (world->frozen || !world->pass_time)
		world->now = until;
	else
		world->pass_time(world, until);
}

static void begin_doing(struct world *world, const struct sim_pf *pf, const char *what, uint32_t n)
{
	if (!world->doing)
		return;
	world->doing->active = true;
	world->doing->what = what;
	world->doing->since = world->now;
	world->doing->vfs = n > pf->n_vfs ? n : pf->n_vfs;
}

/* The call that is fatal has come; in which phase is the caller's to see to. */
static bool is_doomed(struct world *world, enum op op, const void *argument)
{
	if (!world->doom.set || world->frozen)
		return false;
	if (world->doom.waits && (op != OP_NUMVFS || *(const uint32_t *)argument))
		return false;
	world->doom.waits = false;
	if (world->doom.calls) {
		world->doom.calls--;
		return false;
	}
	return true;
}

static int die(struct world *world)
{
	world_say(world, "  the process is killed here");
	world->doom.set = false;
	world->dead = true;
	if (world->doing)
		world->doing->dead = true;
	return DEAD;
}

static bool is_dead(const struct world *world)
{
	return world->dead || world->over || (world->doing && world->doing->dead);
}

/* Two at a time would be one behind the other, in the kernel, where nothing can end the wait. */
static void begin_number(struct world *world, struct sim_pf *pf, enum op op)
{
	if (op != OP_NUMVFS || world->frozen)
		return;
	if (world->numbering)
		world_violate(world, INVARIANT_STUCK, "%s: waits in the kernel for the VFs of %s",
			      pf->ifname, world->numbering->ifname);
	world->numbering = pf;
}

/* What hangs in the kernel takes effect there, whatever became of the process meanwhile. */
static int take_time(struct world *world, struct sim_pf *pf, enum op op, uint32_t n, uint32_t n_vfs,
		     const void *argument)
{
	bool hung;

	begin_doing(world, pf, what_of(op, argument), n_vfs);
	begin_number(world, pf, op);
	pass_time(world, duration(world, pf, op, n, argument));
	if (op == OP_NUMVFS)
		world->numbering = NULL;
	hung = world->doing && world->doing->hangs;
	if (world->doing)
		doing_end(world->doing, world->now);
	return is_dead(world) && (!hung || world->over) ? DEAD : 0;
}

/* The error that the history has for this call, or 0. */
static int injected(struct world *world, const struct sim_pf *pf, enum op op)
{
	for (uint32_t i = 0; i < world->n_faults && !world->frozen; i++) {
		struct fault *fault = &world->faults[i];

		if (fault->pf != pf->number || !(fault->ops & OP_BIT(op)) || !fault->left)
			continue;
		fault->left--;
		return fault->error;
	}
	return 0;
}

/* That is seen; without a look, that is there. */
static uint64_t mode_of(const struct pf *seen, const struct sim_pf *pf)
{
	const struct value *mode = seen ? VALUES_GET(&seen->settings, PF_ESWITCH_MODE) : NULL;

	return mode ? mode->number : pf->eswitch[PF_ESWITCH_MODE];
}

int call_begin(struct kernel *kernel, const char *handle, enum op op, const struct pf *seen,
	       uint32_t n, const void *argument, struct call *ret)
{
	struct world *world = call_world(kernel);
	struct sim_pf *pf = world_find(world, handle);
	int r;

	if (is_dead(world))
		return DEAD;
	if (!pf)
		return -ENODEV;
	*ret = (struct call){ world, pf, op, is_doomed(world, op, argument) };
	world->calls++;
	if (ret->doomed && world->doom.phase == 0)
		return die(world);
	if (seen && world->before_write)
		world->before_write(world, pf, op, seen, argument);
	if (op != OP_FIND_HOLDERS)
		pf->checked = pf->netdev_checked = false;
	pf->seen_mode = mode_of(seen, pf);
	pf->seen_bonded = seen ? seen->bond.up : pf->bonded;
	pf->seen_up = seen ? !pf_is_down(seen) : pf->up;
	r = take_time(world, pf, op, n, seen && seen->n_vfs > n ? seen->n_vfs : n, argument);
	if (r < 0)
		return r;
	device_refresh(world, pf);
	if (!pf->plugged ||
	    (seen && (seen->instance != pf->instance || seen->ifindex != pf->ifindex)))
		return -ENODEV;
	r = injected(world, pf, op);
	world->ours = r >= 0;
	return r;
}

bool call_is_cut(struct call *call)
{
	if (call->doomed && call->world->doom.set && call->world->doom.phase == 1)
		(void)die(call->world);
	return is_dead(call->world);
}

/* Somebody else has waited for the daemon to be done with this write. */
static void let_take(struct world *world, struct sim_pf *pf)
{
	if (world->frozen || !pf->take_after || --pf->take_after || pf->take_vf >= pf->n_vfs ||
	    device_is_used(&pf->vfs[pf->take_vf]))
		return;
	world_say(world, "somebody takes VF %u of %s for a guest", pf->take_vf, pf->ifname);
	device_take(world, pf, &pf->vfs[pf->take_vf]);
}

int call_end(struct call *call, int r)
{
	call->world->ours = false;
	if (is_dead(call->world))
		return DEAD;
	if (call->op >= OP_NUMVFS)
		let_take(call->world, call->pf);
	if (call->doomed && call->world->doom.set)
		return die(call->world);
	if (call->op >= OP_NUMVFS)
		world_say(call->world, "  %s: %s%s%s", call->pf->ifname, ops[call->op].word,
			  r < 0 ? ": " : "", r < 0 ? strerrorname_np(-r) : "");
	return r;
}

int call_fail(struct call *call, enum op op, int r)
{
	if (!call->world)
		return r;
	call->world->ours = false;
	if (!is_dead(call->world))
		world_say(call->world, "  %s: %s: %s", call->pf->ifname, ops[op].word,
			  strerrorname_np(-r));
	return r;
}
