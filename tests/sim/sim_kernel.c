/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* struct kernel over a simulated host. */

#include <errno.h>
#include <string.h>

#include "call.h"
#include "device.h"
#include "setting.h"
#include "world.h"

static int sim_list(struct kernel *kernel, struct arena *arena, const char ***ret_handles,
		    size_t *ret_count)
{
	struct world *world = call_world(kernel);
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
	int r = call_begin(kernel, handle, OP_OBSERVE, NULL, 0, NULL, &call);

	if (call.pf && call.pf->unseen) {
		call.pf->asked = r < 0 ? 0 : call.pf->asked;
		call.pf->unseen = false;
	}
	if (r < 0)
		return call_fail(&call, OP_OBSERVE, r);
	return call_end(&call, sim_observe(call.world, call.pf, false, ret));
}

static struct holder holder_of(const struct call *call, uint32_t vf)
{
	const char *user = vf < call->pf->n_vfs
				   ? device_user(call->world, call->pf, &call->pf->vfs[vf])
				   : NULL;

	return (struct holder){ user, user };
}

/* As vf_device_check_driver(). */
static bool has_other_driver(const struct pf *seen, const struct sim_pf *pf, uint32_t i)
{
	if (i >= seen->n_vfs || i >= pf->n_vfs)
		return false;
	return !vf_has_driver(&seen->vfs[i], pf->vfs[i].driver[0] ? pf->vfs[i].driver : NULL);
}

static int find_holder_of_pf(struct call *call, struct pf *pf)
{
	pf->holder = (struct holder){ 0 };
	for (enum pf_use i = 0; i < PF_USE_COUNT; i++) {
		const char *user = device_pf_user(i);

		if (!call->pf->users[i])
			continue;
		if (pf->holder.details)
			user = arena_printf(pf->arena, "%s; %s", pf->holder.details, user);
		if (!user)
			return -ENOMEM;
		pf->holder = (struct holder){ user, user };
	}
	call->pf->netdev_checked = true;
	call->pf->netdev_checked_at = call->world->now;
	return call_end(call, 0);
}

/* Another look than the latest. */
static void forget_look(struct sim_pf *pf, uint32_t vf)
{
	if (vf == KERNEL_PF)
		pf->netdev_checked = false;
	else
		pf->checked = false;
}

static int sim_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_FIND_HOLDERS, NULL, pf->n_vfs, NULL, &call);

	if (call.pf)
		forget_look(call.pf, vf);
	if (r >= 0 && call.pf->ifindex != pf->ifindex)
		r = -ENODEV;
	if (r >= 0 && vf == KERNEL_PF)
		return find_holder_of_pf(&call, pf);
	if (r >= 0 && vf == KERNEL_ALL_VFS && call.pf->n_vfs != pf->n_vfs)
		r = -EAGAIN;
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		if ((vf == KERNEL_ALL_VFS || i == vf) && has_other_driver(pf, call.pf, i))
			r = -EAGAIN;
	if (r < 0 && call.pf)
		call.pf->untold = true;
	if (r < 0)
		return call_fail(&call, OP_FIND_HOLDERS, r);
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (vf == KERNEL_ALL_VFS || i == vf)
			pf->vfs[i].holder = holder_of(&call, i);
	call.pf->checked = true;
	call.pf->checked_vf = vf;
	call.pf->checked_at = call.world->now;
	return call_end(&call, 0);
}

static int sim_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	struct call call = { 0 };
	uint32_t before;
	int r = call_begin(kernel, pf->handle, OP_NUMVFS, pf, n, &n, &call);

	if (r < 0)
		return call_fail(&call, OP_NUMVFS, r);
	world_say(call.world, "  %s: numvfs %u -> %u", call.pf->ifname, call.pf->n_vfs, n);
	before = call.pf->n_vfs;
	call.pf->n_given = n ? 0 : call.pf->n_given;
	r = device_set_numvfs(call.world, call.pf, n);
	if (r >= 0 && n && call.pf->n_vfs != n && !world_is_by_hand(call.world)) {
		call.pf->in_vain = call.pf->asked == n ? call.pf->in_vain : 0;
		call.pf->asked = n;
		call.pf->made = call.pf->n_vfs;
		call.pf->unseen = true;
	}
	if (before && !call.pf->n_vfs && call.world->after_destroy)
		call.world->after_destroy(call.world, call.pf);
	return call_end(&call, r);
}

static int sim_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_HOLD, pf, 0, NULL, &call);

	if (r < 0)
		return call_fail(&call, OP_HOLD, r);
	if (!call.pf->profile->vf_driver)
		return call_end(&call, -ENODATA); /* as sysfs_read_number() */
	if (!call.pf->noted)
		call.pf->note = call.pf->autoprobe;
	if (pf->ifname)
		(void)snprintf(call.pf->noted_name, sizeof(call.pf->noted_name), "%s", pf->ifname);
	else if (!call.pf->noted)
		call.pf->noted_name[0] = '\0';
	call.pf->noted = true;
	call.pf->meddled = false;
	if (!call_is_cut(&call))
		call.pf->autoprobe = false;
	return call_end(&call, 0);
}

/* As bind_owed() in lib/kernel/device/vf_driver.c. */
static void give_back(const struct call *call, struct sim_vf *vf)
{
	if (vf->override[0] && strcmp(vf->override, vf->owed) != 0 &&
	    device_has_driver(vf->override))
		vf->owed[0] = '\0';
	else
		setting_bind_again(call->world, call->pf, vf);
}

static int sim_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_RELEASE, pf, 0, NULL, &call);

	if (r < 0)
		return call_fail(&call, OP_RELEASE, r);
	for (uint32_t i = 0; i < call.pf->n_vfs; i++)
		if (!call_is_cut(&call))
			give_back(&call, &call.pf->vfs[i]);
	if (!call.pf->noted)
		return call_end(&call, 0);
	call.pf->autoprobe = call.pf->note;
	for (uint32_t i = 0; i < call.pf->n_vfs && call.pf->note; i++)
		if (!call_is_cut(&call))
			device_probe(call.world, call.pf, &call.pf->vfs[i]);
	if (!call_is_cut(&call))
		call.pf->noted = false;
	return call_end(&call, 0);
}

/* Not only that the VF is not ready. */
static bool is_refusal(int error)
{
	return error < 0 && error != -EAGAIN && error != -EBUSY && error != -ETIMEDOUT;
}

/* That a VF has it is known to who learns of the outcome, for as long as he lives. */
static void note_known(const struct call *call, uint32_t vf, enum vf_setting setting)
{
	const struct doing *doing = call->world->doing;

	if (doing && !doing->dead && !doing->by_hand)
		call->pf->vfs[vf].known |= SETTING_BIT(setting);
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
	if (r < 0)
		return r;
	/* Nobody is told that somebody else has written it since. */
	pf->vfs[change->index].known &= ~SETTING_BIT(setting);
	note_known(call, change->index, setting);
	if (!world_is_by_hand(call->world))
		pf->never &= ~SETTING_BIT(setting);
	notify_link(call->world, pf);
	return 0;
}

/* Whoever has it written. */
static void note_gave(struct sim_vf *vf, enum vf_setting setting)
{
	vf->gave |= vf->once & SETTING_BIT(setting);
	vf->wrote |= SETTING_BIT(setting);
}

static int write_change(struct call *call, const struct vf_change *change)
{
	const uint64_t rates = SETTING_BIT(VF_MIN_TX_RATE) | SETTING_BIT(VF_MAX_TX_RATE);

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
		note_gave(&call->pf->vfs[change->index], i);
		if ((change->mask & rates) == rates && i == VF_MIN_TX_RATE)
			note_gave(&call->pf->vfs[change->index], VF_MAX_TX_RATE);
	}
	return 0;
}

/* Of each setting that was to be written it is not known whether it was. What an error that comes
 * only in this history has the driver say for good is not asked of it again, of other VFs and of
 * those that come after them. */
static void note_failed(struct call *call, const struct vf_change *changes, size_t n_changes,
			int error)
{
	struct sim_pf *pf = call->pf;

	for (size_t i = 0; i < n_changes; i++) {
		if (changes[i].index < pf->n_vfs)
			pf->vfs[changes[i].index].failed |= changes[i].mask;
		if (error == pf->profile->never_error)
			pf->never |= changes[i].mask;
	}
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
	int r = call_begin(kernel, pf->handle, OP_VFS, pf, 0, &argument, &call);

	(void)ret_error;
	if (r < 0) {
		if (call.pf && is_refusal(r))
			note_failed(&call, changes, n_changes, r);
		return call_fail(&call, OP_VFS, r);
	}
	say_changes(&call, changes, n_changes);
	for (size_t i = 0; r >= 0 && i < n_changes; i++)
		if (i < n_changes / 2 || !call_is_cut(&call))
			r = write_change(&call, &changes[i]);
	return call_end(&call, r);
}

/* The process is killed while the VF is without its driver. */
static bool dies_before_bind(struct call *call, uint32_t vf, enum vf_setting setting,
			     const struct value *value)
{
	return (setting == VF_MSIX_VECTORS || setting == VF_MAC) &&
	       !setting_vf_refusal(call->world, call->pf, vf, setting, value) && call_is_cut(call);
}

static int sim_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			enum vf_setting setting, const struct value *value,
			struct kernel_error *ret_error)
{
	const struct vf_write argument = { vf, setting, value };
	CLEANUP_TEXT struct text text = { 0 };
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_VF, pf, 0, &argument, &call);

	(void)ret_error;
	if (call.pf && is_refusal(r) && vf < call.pf->n_vfs)
		call.pf->vfs[vf].failed |= SETTING_BIT(setting);
	if (r < 0)
		return call_fail(&call, OP_VF, r);
	value_format(&vf_settings[setting], value, &text);
	world_say(call.world, "  %s: VF %u: %s %s", call.pf->ifname, vf, vf_settings[setting].key,
		  text_string(&text));
	if (has_other_driver(pf, call.pf, vf) && vf_settings[setting].unbinds)
		r = -EAGAIN;
	else if (dies_before_bind(&call, vf, setting, value))
		setting_take_off(call.world, call.pf, &call.pf->vfs[vf]);
	else
		r = setting_write_vf(call.world, call.pf, vf, setting, value);
	if (r >= 0) {
		note_known(&call, vf, setting);
		/* To bind its driver anew for what the PF's has gives it nothing. */
		if (vf_settings[setting].layer != VF_LAYER_FUNCTION)
			note_gave(&call.pf->vfs[vf], setting);
	}
	if (is_refusal(r) && vf < call.pf->n_vfs)
		call.pf->vfs[vf].failed |= SETTING_BIT(setting);
	return call_end(&call, r);
}

static int sim_write_pf(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			const struct value *value, struct kernel_error *ret_error)
{
	const struct pf_write argument = { setting, value };
	CLEANUP_TEXT struct text text = { 0 };
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_PF, pf, 0, &argument, &call);

	(void)ret_error;
	if (r < 0)
		return call_fail(&call, OP_PF, r);
	value_format(&pf_settings[setting], value, &text);
	world_say(call.world, "  %s: %s %s", call.pf->ifname, pf_settings[setting].key,
		  text_string(&text));
	return call_end(&call, setting_write_pf(call.world, call.pf, pf, setting, value));
}

static int sim_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_UNBIND, pf, 0, NULL, &call);

	if (r < 0)
		return call_fail(&call, OP_UNBIND, r);
	for (uint32_t i = 0; i < call.pf->n_vfs; i++)
		if (has_other_driver(pf, call.pf, i))
			r = -EAGAIN;
		else if (call.pf->vfs[i].driver[0] && !call_is_cut(&call))
			setting_take_off(call.world, call.pf, &call.pf->vfs[i]);
	return call_end(&call, r);
}

/* As given_note_write() in lib/kernel/note/given_note.c: the file is replaced at once. */
static int sim_note_given(struct kernel *kernel, const struct pf *pf,
			  const struct given_note *notes, size_t n_notes)
{
	struct call call = { 0 };
	struct sim_pf *of;
	int r = call_begin(kernel, pf->handle, OP_NOTE, NULL, 0, NULL, &call);

	if (r < 0)
		return call_fail(&call, OP_NOTE, r);
	of = call.pf;
	if (call_is_cut(&call))
		return call_end(&call, 0);
	if (call.world->before_note)
		call.world->before_note(call.world, of, pf, notes, n_notes);
	if (!sim_given_is_of(of, pf)) {
		memset(of->given, 0, sizeof(of->given));
		of->given_instance = pf->instance;
		of->given_vf_instance = pf->n_vfs ? pf->vfs[0].instance : 0;
		of->n_given = pf->n_vfs;
	}
	for (size_t i = 0; i < n_notes; i++)
		given_record_note(&of->given[notes[i].vf], &notes[i], pf);
	return call_end(&call, 0);
}

/* As owed_vfs_note() in lib/kernel/note/owed_vfs.c: the file is replaced at once. */
static int sim_note_owed_vfs(struct kernel *kernel, const struct pf *pf,
			     const struct owed_vfs *owed)
{
	struct call call = { 0 };
	int r = call_begin(kernel, pf->handle, OP_OWED, NULL, 0, NULL, &call);

	if (r < 0)
		return call_fail(&call, OP_OWED, r);
	if (call_is_cut(&call))
		return call_end(&call, 0);
	world_say(call.world, "  %s: %s", call.pf->ifname, owed ? "VFs are owed" : "nothing owed");
	if (call.world->before_owed)
		call.world->before_owed(call.world, call.pf, pf, owed);
	call.pf->owed_vfs = owed ? *owed : (struct owed_vfs){ 0 };
	call.pf->owed_vfs.noted = owed;
	call.pf->owed_instance = pf->instance;
	return call_end(&call, 0);
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
}
