/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* struct kernel over a simulated host. Each call takes time, in which anything can happen; may fail
 * by the history's will; and may be the one at which the process dies. */

#include <errno.h>
#include <string.h>

#include "device.h"
#include "setting.h"
#include "world.h"

/* What a process that is dead gets; it does nothing with it. */
#define DEAD (-EIO)

static const struct {
	const char *word;
	uint16_t min_ms, max_ms;
} ops[OP_COUNT] = {
	[OP_LIST] = { "list", 1, 1 },
	[OP_OBSERVE] = { "observe", 1, 4 },
	[OP_FIND_HOLDERS] = { "find holders", 2, 20 },
	[OP_NUMVFS] = { "numvfs", 0, 0 }, /* as the profile says */
	[OP_AUTOPROBE] = { "autoprobe", 1, 2 },
	[OP_HOLD] = { "hold drivers", 1, 3 },
	[OP_RELEASE] = { "release drivers", 2, 60 },
	[OP_UP] = { "up", 5, 80 },
	[OP_MTU] = { "mtu", 5, 80 },
	[OP_VFS] = { "VF settings", 1, 8 },
	[OP_VF] = { "VF", 1, 50 },
	[OP_ESWITCH] = { "eswitch", 20, 500 },
	[OP_UNBIND] = { "unbind VFs", 5, 100 },
};

static struct world *world_of(struct kernel *kernel)
{
	return (struct world *)kernel;
}

static uint64_t duration(struct world *world, const struct sim_pf *pf, enum op op, uint32_t n)
{
	uint64_t ms = random_between(&world->random, ops[op].min_ms, ops[op].max_ms);

	if (op == OP_NUMVFS) {
		ms = n ? pf->profile->create_ms : pf->profile->destroy_ms;
		ms = ms / 2 + random_below(&world->random, (uint32_t)ms + 1);
	}
	if (op >= OP_NUMVFS && world->hang_ms && world->hang_pf == pf->number) {
		ms += world->hang_ms;
		world_say(world, "  (this hangs for %u ms)", world->hang_ms);
		world->hang_ms = 0;
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

/* The call that is fatal has come; in which phase is the caller's to see to. */
static bool is_doomed(struct world *world)
{
	if (!world->doom.set || world->frozen)
		return false;
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
	return DEAD;
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

/* One call on a PF, from its begin to its end. */
struct call {
	struct world *world;
	struct sim_pf *pf;
	enum op op;
	bool doomed;
};

/* Everything up to the effect. seen is NULL for a look. */
static int begin(struct kernel *kernel, const char *handle, enum op op, const struct pf *seen,
		 uint32_t n, const void *argument, struct call *ret)
{
	struct world *world = world_of(kernel);
	struct sim_pf *pf = world_find(world, handle);
	int r;

	if (world->dead || world->over)
		return DEAD;
	if (!pf)
		return -ENODEV;
	*ret = (struct call){ world, pf, op, is_doomed(world) };
	world->calls++;
	if (ret->doomed && world->doom.phase == 0)
		return die(world);
	if (seen && world->before_write)
		world->before_write(world, pf, op, seen, argument);
	pf->checked = false;
	pass_time(world, duration(world, pf, op, n));
	if (world->dead || world->over)
		return DEAD;
	device_refresh(world, pf);
	if (!pf->plugged || (seen && seen->ifindex != pf->ifindex))
		return -ENODEV;
	r = injected(world, pf, op);
	world->ours = r >= 0;
	return r;
}

/* Whether the process dies in the middle of it. */
static bool is_cut(struct call *call)
{
	if (call->doomed && call->world->doom.set && call->world->doom.phase == 1)
		(void)die(call->world);
	return call->world->dead;
}

static int end(struct call *call, int r)
{
	call->world->ours = false;
	if (call->world->dead)
		return DEAD;
	if (call->doomed && call->world->doom.set)
		return die(call->world);
	if (call->op >= OP_NUMVFS)
		world_say(call->world, "  %s: %s%s%s", call->pf->ifname, ops[call->op].word,
			  r < 0 ? ": " : "", r < 0 ? strerrorname_np(-r) : "");
	return r;
}

/* A call that has no effect. */
static int fail(struct call *call, enum op op, int r)
{
	if (call->world && !call->world->dead)
		world_say(call->world, "  %s: %s: %s", call->pf->ifname, ops[op].word,
			  strerrorname_np(-r));
	return r;
}

static int sim_list(struct kernel *kernel, struct arena *arena, const char ***ret_handles,
		    size_t *ret_count)
{
	struct world *world = world_of(kernel);
	const char **handles = arena_array(arena, world->n_pfs, sizeof(*handles));
	size_t count = 0;

	if (!handles)
		return -ENOMEM;
	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (world->pfs[i].plugged)
			handles[count++] = world->pfs[i].handle;
	*ret_handles = handles;
	*ret_count = count;
	return 0;
}

static int sim_kernel_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	struct call call = { 0 };
	int r = begin(kernel, handle, OP_OBSERVE, NULL, 0, NULL, &call);

	if (r < 0)
		return fail(&call, OP_OBSERVE, r);
	return end(&call, sim_observe(call.world, call.pf, false, ret));
}

static int sim_find_holders(struct kernel *kernel, struct pf *pf)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_FIND_HOLDERS, NULL, 0, NULL, &call);

	if (r >= 0 && call.pf->ifindex != pf->ifindex)
		r = -ENODEV;
	if (r < 0)
		return fail(&call, OP_FIND_HOLDERS, r);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		pf->vfs[i].holder = i < call.pf->n_vfs
					    ? device_user(call.world, call.pf, &call.pf->vfs[i])
					    : NULL;
	call.pf->checked = true;
	call.pf->checked_at = call.world->now;
	return end(&call, 0);
}

static int sim_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_NUMVFS, pf, n, &n, &call);

	if (r < 0)
		return fail(&call, OP_NUMVFS, r);
	world_say(call.world, "  %s: numvfs %u -> %u", call.pf->ifname, call.pf->n_vfs, n);
	return end(&call, device_set_numvfs(call.world, call.pf, n));
}

static int sim_write_autoprobe(struct kernel *kernel, const struct pf *pf, bool on)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_AUTOPROBE, pf, 0, &on, &call);

	if (r < 0)
		return fail(&call, OP_AUTOPROBE, r);
	call.pf->autoprobe_else = on;
	if (pf->drivers_held) {
		call.pf->noted = true;
		call.pf->note = on;
	}
	call.pf->autoprobe = on && !pf->drivers_held;
	return end(&call, 0);
}

static int sim_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_HOLD, pf, 0, NULL, &call);

	if (r < 0)
		return fail(&call, OP_HOLD, r);
	if (!call.pf->noted)
		call.pf->note = call.pf->autoprobe;
	call.pf->noted = true;
	call.pf->meddled = false;
	if (!is_cut(&call))
		call.pf->autoprobe = false;
	return end(&call, 0);
}

static int sim_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_RELEASE, pf, 0, NULL, &call);

	if (r < 0)
		return fail(&call, OP_RELEASE, r);
	if (!call.pf->noted)
		return end(&call, 0);
	call.pf->autoprobe = call.pf->note;
	for (uint32_t i = 0; i < call.pf->n_vfs && call.pf->note; i++)
		if (!is_cut(&call))
			device_probe(call.world, call.pf, &call.pf->vfs[i]);
	if (!is_cut(&call))
		call.pf->noted = false;
	return end(&call, 0);
}

static int sim_write_up(struct kernel *kernel, const struct pf *pf, struct kernel_error *ret_error)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_UP, pf, 0, NULL, &call);

	(void)ret_error;
	if (r < 0)
		return fail(&call, OP_UP, r);
	device_set_up(call.world, call.pf, true);
	return end(&call, 0);
}

static int sim_write_mtu(struct kernel *kernel, const struct pf *pf, uint32_t mtu,
			 struct kernel_error *ret_error)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_MTU, pf, 0, &mtu, &call);

	(void)ret_error;
	if (r < 0)
		return fail(&call, OP_MTU, r);
	if (mtu > call.pf->profile->mtu_max)
		return end(&call, -EINVAL);
	call.pf->mtu = mtu;
	notify_link(call.world, call.pf);
	return end(&call, 0);
}

/* Not only that the VF is not ready. */
static bool is_refusal(int error)
{
	return error < 0 && error != -EAGAIN && error != -EBUSY && error != -ETIMEDOUT;
}

static int write_one(struct call *call, const struct vf_change *change, enum vf_setting setting)
{
	const struct value *values = change->values.value;
	bool is_rate = setting == VF_MIN_TX_RATE || setting == VF_MAX_TX_RATE;
	struct sim_pf *pf = call->pf;
	int r;

	if (change->index >= pf->n_vfs)
		return -EINVAL;
	if (is_rate)
		r = setting_write_rates(call->world, pf, change->index,
					values[VF_MIN_TX_RATE].number,
					values[VF_MAX_TX_RATE].number);
	else
		r = setting_write(call->world, pf, change->index, setting, &values[setting]);
	if (is_refusal(r))
		pf->vfs[change->index].failed |= SETTING_BIT(setting);
	/* It is not tried on the others. */
	for (uint32_t i = 0; r == -EOPNOTSUPP && i < pf->n_vfs; i++)
		pf->vfs[i].failed |= SETTING_BIT(setting);
	if (r >= 0)
		notify_link(call->world, pf);
	return r;
}

static int write_change(struct call *call, const struct vf_change *change)
{
	const uint32_t rates = SETTING_BIT(VF_MIN_TX_RATE) | SETTING_BIT(VF_MAX_TX_RATE);

	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		int r;

		if (!(change->mask & SETTING_BIT(i)))
			continue;
		/* Both are in one item, which is done once. */
		if (i == VF_MAX_TX_RATE && (change->mask & rates) == rates)
			continue;
		r = write_one(call, change, i);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Of each setting that was to be written it is not known whether it was. */
static void note_failed(struct call *call, const struct vf_change *changes, size_t n_changes)
{
	for (size_t i = 0; i < n_changes; i++)
		if (changes[i].index < call->pf->n_vfs)
			call->pf->vfs[changes[i].index].failed |= changes[i].mask;
}

static void say_changes(struct call *call, const struct vf_change *changes, size_t n_changes)
{
	for (size_t i = 0; call->world->trace && i < n_changes; i++) {
		CLEANUP_TEXT struct text text = { 0 };

		for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++) {
			if (!(changes[i].mask & SETTING_BIT(k)))
				continue;
			text_printf(&text, " %s ", vf_settings[k].key);
			value_format(&vf_settings[k], &changes[i].values.value[k], &text);
		}
		world_say(call->world, "  %s: VF %u:%s", call->pf->ifname, changes[i].index,
			  text_string(&text));
	}
}

static int sim_write_vfs(struct kernel *kernel, const struct pf *pf,
			 const struct vf_change *changes, size_t n_changes,
			 struct kernel_error *ret_error)
{
	const struct vfs_write argument = { changes, n_changes };
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_VFS, pf, 0, &argument, &call);

	(void)ret_error;
	if (r < 0) {
		if (call.pf && is_refusal(r))
			note_failed(&call, changes, n_changes);
		return fail(&call, OP_VFS, r);
	}
	say_changes(&call, changes, n_changes);
	for (size_t i = 0; r >= 0 && i < n_changes; i++)
		if (i < n_changes / 2 || !is_cut(&call))
			r = write_change(&call, &changes[i]);
	return end(&call, r);
}

static int sim_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			enum vf_setting setting, const struct value *value,
			struct kernel_error *ret_error)
{
	const struct vf_write argument = { vf, setting, value };
	CLEANUP_TEXT struct text text = { 0 };
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_VF, pf, 0, &argument, &call);

	(void)ret_error;
	if (r < 0)
		return fail(&call, OP_VF, r);
	value_format(&vf_settings[setting], value, &text);
	world_say(call.world, "  %s: VF %u: %s %s", call.pf->ifname, vf, vf_settings[setting].key,
		  text_string(&text));
	r = setting_write_vf(call.world, call.pf, vf, setting, value);
	if (is_refusal(r) && vf < call.pf->n_vfs)
		call.pf->vfs[vf].failed |= SETTING_BIT(setting);
	return end(&call, r);
}

static int sim_write_eswitch(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			     uint64_t value, struct kernel_error *ret_error)
{
	const struct pf_write argument = { setting, value };
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_ESWITCH, pf, 0, &argument, &call);

	(void)ret_error;
	if (r < 0)
		return fail(&call, OP_ESWITCH, r);
	return end(&call, setting_write_eswitch(call.world, call.pf, setting, value));
}

static int sim_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	struct call call = { 0 };
	int r = begin(kernel, pf->handle, OP_UNBIND, pf, 0, NULL, &call);

	if (r < 0)
		return fail(&call, OP_UNBIND, r);
	for (uint32_t i = 0; i < call.pf->n_vfs; i++)
		if (call.pf->vfs[i].driver[0] && !is_cut(&call))
			device_unbind(call.world, call.pf, &call.pf->vfs[i]);
	return end(&call, 0);
}

static void sim_free(struct kernel *kernel)
{
	(void)kernel;
}

void sim_kernel_init(struct world *world)
{
	world->kernel = (struct kernel){
		.list = sim_list,
		.observe = sim_kernel_observe,
		.find_holders = sim_find_holders,
		.write_numvfs = sim_write_numvfs,
		.write_autoprobe = sim_write_autoprobe,
		.hold_drivers = sim_hold_drivers,
		.release_drivers = sim_release_drivers,
		.write_up = sim_write_up,
		.write_mtu = sim_write_mtu,
		.write_vfs = sim_write_vfs,
		.write_vf = sim_write_vf,
		.write_eswitch = sim_write_eswitch,
		.unbind_vfs = sim_unbind_vfs,
		.free = sim_free,
	};
}
