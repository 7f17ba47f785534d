/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How each kind of happening comes about. */

#include <errno.h>
#include <string.h>

#include "daemon.h"
#include "device.h"
#include "setting.h"
#include "story.h"

/* What is under way, for the functions of the kinds. */
struct scene {
	struct world *world;
	const struct happening *item;
	uint32_t number, repeats;
	struct sim_pf *pf;
	struct sim_vf *vf; /* NULL: there is none */
};

static void again(const struct scene *scene, uint64_t after)
{
	queue_put(&scene->world->queue, scene->world->now + after, ENTRY_HAPPENING, scene->number,
		  scene->repeats + 1);
}

/* A value that is not what it was; made of any number. */
static struct value other_value(const struct sim_vf *vf, enum vf_setting setting, uint32_t a)
{
	struct value value = vf->now.value[setting];

	switch (vf_settings[setting].type) {
	case VALUE_MAC:
		value.mac = (struct mac){ { 2, 0xee, (uint8_t)a, (uint8_t)(a >> 8), 0, 1 } };
		break;
	case VALUE_VLAN:
		value.vlan = (struct vlan){ (uint16_t)(a % 4094 + 1), a >> 16 & 7, 0x8100 };
		break;
	case VALUE_BOOL:
		value.number = !value.number;
		break;
	case VALUE_CHOICE:
		value.number = (value.number + 1) % 3;
		break;
	default:
		value.number = value.number ? 0 : a % 900 + 1;
	}
	return value;
}

static int write_one(const struct scene *scene, uint32_t index, enum vf_setting setting,
		     const struct value *value)
{
	const struct value *now = scene->vf->now.value;

	if (setting == VF_MIN_TX_RATE)
		return setting_write_rates(scene->world, scene->pf, index, value->number,
					   now[VF_MAX_TX_RATE].number);
	if (setting == VF_MAX_TX_RATE)
		return setting_write_rates(scene->world, scene->pf, index,
					   now[VF_MIN_TX_RATE].number, value->number);
	return setting_write(scene->world, scene->pf, index, setting, value);
}

/* What a process that died was about to give, and that is again as it was before, cannot be told
 * from what was not given. */
static bool looks_ungiven(const struct scene *scene, uint32_t index, uint64_t bit)
{
	CLEANUP(pf_free_cleanup) struct pf *seen = NULL;

	return sim_observe(scene->world, scene->pf, false, &seen) >= 0 &&
	       seen->vfs[index].given.due & bit;
}

static void note_change(const struct scene *scene, uint32_t index, enum vf_setting setting)
{
	const uint64_t bit = SETTING_BIT(setting);

	scene->vf->touched |= bit;
	if (looks_ungiven(scene, index, bit))
		scene->vf->theirs &= ~bit;
	else
		scene->vf->theirs |= scene->vf->gave & bit;
}

static void change_vf(const struct scene *scene)
{
	enum vf_setting setting = scene->item->a % (VF_TRUST + 1);
	struct value value;
	uint32_t index;

	if (!scene->vf)
		return;
	index = (uint32_t)(scene->vf - scene->pf->vfs);
	value = other_value(scene->vf, setting, scene->item->b + scene->repeats);
	if (write_one(scene, index, setting, &value) < 0)
		return;
	note_change(scene, index, setting);
	notify_link(scene->world, scene->pf);
}

static void flap(const struct scene *scene)
{
	change_vf(scene);
	if (scene->repeats < 40 + scene->item->a % 300)
		again(scene, 20 + scene->item->b % 400);
}

static bool is_any_used(const struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (device_is_used(&pf->vfs[i]))
			return true;
	return false;
}

/* An administrator who does not take VFs from under their users either; and who, as it is, does not
 * do it in the moment in which the daemon does: what that did cannot be told from what the driver
 * did, and is taken for the latter. */
static void change_count(const struct scene *scene)
{
	uint32_t n = scene->item->a % 6;

	if (!scene->pf->bound || is_any_used(scene->pf) || scene->pf->passing)
		return;
	(void)device_set_numvfs(scene->world, scene->pf, 0);
	if (n)
		(void)device_set_numvfs(scene->world, scene->pf, n);
	scene->pf->count_else = scene->pf->n_vfs;
}

static void change_pf(const struct scene *scene)
{
	struct sim_pf *pf = scene->pf;

	switch (scene->item->a % 3) {
	case 0:
		pf->mtu = 1400 + scene->item->b % 100;
		notify_link(scene->world, pf);
		break;
	case 1:
		pf->autoprobe = scene->item->b & 1;
		pf->meddled = true;
		if (!pf->noted)
			pf->autoprobe_else = pf->autoprobe;
		break;
	default:
		if (is_any_used(pf))
			break;
		for (uint32_t i = 0; i < pf->n_vfs && setting_has_eswitch(pf); i++)
			if (pf->vfs[i].driver[0])
				device_unbind(scene->world, pf, &pf->vfs[i]);
		(void)setting_write_eswitch(pf, PF_ESWITCH_MODE, scene->item->b & 1);
	}
}

/* What somebody insists on: each does nothing where it is so. */
static void insist_on_mtu(const struct scene *scene)
{
	struct sim_pf *pf = scene->pf;
	uint32_t mtu = 1400 + scene->item->b % 100;

	if (pf->mtu == mtu)
		return;
	pf->mtu = mtu;
	notify_link(scene->world, pf);
}

static void insist_on_autoprobe(const struct scene *scene)
{
	struct sim_pf *pf = scene->pf;
	bool on = scene->item->b & 1;

	if (pf->autoprobe == on)
		return;
	pf->autoprobe = on;
	pf->meddled = true;
	if (!pf->noted)
		pf->autoprobe_else = on;
}

static void insist_on_state(const struct scene *scene)
{
	if (scene->pf->ifindex)
		device_set_up(scene->world, scene->pf, scene->item->b & 1);
}

static void insist_on_mode(const struct scene *scene)
{
	struct sim_pf *pf = scene->pf;
	uint64_t mode = scene->item->b & 1;

	if (!setting_has_eswitch(pf) || pf->eswitch[PF_ESWITCH_MODE] == mode || is_any_used(pf))
		return;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].driver[0])
			device_unbind(scene->world, pf, &pf->vfs[i]);
	(void)setting_write_eswitch(pf, PF_ESWITCH_MODE, mode);
	/* Only its ports' coming and going is reported. */
	notify_device(scene->world, pf, scene->world->now);
}

static void insist_on_count(const struct scene *scene)
{
	if (scene->pf->n_vfs != scene->item->a % 6)
		change_count(scene);
}

static void insist(const struct scene *scene)
{
	static void (*const on[])(const struct scene *scene) = {
		insist_on_mtu,	insist_on_autoprobe, insist_on_state,
		insist_on_mode, insist_on_count,
	};
	const struct happening *item = scene->item;
	/* Some for half a day, and then not so quickly. */
	bool is_long = item->a / 5 % 100 == 0;
	uint64_t time = is_long ? 43200000 : 10000 + item->a % 120000;

	on[item->b / 2 % ARRAY_SIZE(on)](scene);
	if (scene->world->now < item->at + time)
		again(scene, is_long ? 540 + item->b % 20000 : 20 + item->b % 400);
}

static void change_driver(const struct scene *scene)
{
	struct sim_vf *vf = scene->vf;

	if (!vf || device_is_used(vf) || !scene->pf->profile->vf_driver)
		return;
	if (vf->driver[0])
		device_unbind(scene->world, scene->pf, vf);
	vf->override[0] = '\0';
	if (scene->item->a & 1)
		(void)snprintf(vf->override, sizeof(vf->override), "vfio-pci");
	if (scene->item->a & 6)
		device_probe(scene->world, scene->pf, vf);
	note_change(scene, (uint32_t)(vf - scene->pf->vfs), VF_DRIVER);
}

static void set_up(const struct scene *scene)
{
	if (scene->pf->ifindex)
		device_set_up(scene->world, scene->pf, scene->item->kind == HAPPEN_UP);
}

static void set_cable(const struct scene *scene)
{
	bool in = scene->item->kind == HAPPEN_CABLE_IN;

	scene->pf->other_speed = in && scene->item->a % 2;
	device_set_cable(scene->world, scene->pf, in);
}

static void reload_driver(const struct scene *scene)
{
	if (!scene->pf->bound)
		return;
	device_unload(scene->world, scene->pf);
	queue_put(&scene->world->queue, scene->world->now + scene->item->a % 3000, ENTRY_BOUND,
		  scene->item->pf, 0);
}

static void unplug(const struct scene *scene)
{
	if (!scene->pf->plugged)
		return;
	device_unplug(scene->world, scene->pf);
	queue_put(&scene->world->queue, scene->world->now + scene->item->a % 5000, ENTRY_PLUGGED,
		  scene->item->pf, 0);
}

static void change_bond(const struct scene *scene)
{
	if (!scene->pf->ifindex)
		return;
	scene->pf->bonded = scene->item->a & 1;
	notify_link(scene->world, scene->pf);
}

static void change_name(const struct scene *scene)
{
	char name[16];

	(void)snprintf(name, sizeof(name), scene->item->a & 1 ? "ens%unp0" : "ens%u",
		       scene->item->pf + 1);
	device_rename(scene->world, scene->pf, name);
}

/* The host, of the PF itself. */
static bool is_of_pf(const struct scene *scene)
{
	return scene->item->b % 4 == 0;
}

static enum pf_use use_of_pf(const struct scene *scene)
{
	return scene->item->a % PF_USE_COUNT;
}

static void use_pf(const struct scene *scene)
{
	uint64_t *since = &scene->pf->users[use_of_pf(scene)];

	if (!*since && scene->pf->ifindex)
		*since = scene->world->now;
}

static void use(const struct scene *scene)
{
	enum use use = 1 + scene->item->a % (USE_COUNT - 1);
	struct sim_vf *vf = scene->vf;

	if (is_of_pf(scene)) {
		use_pf(scene);
		return;
	}
	if (!vf || vf->use || !scene->pf->profile->vf_driver)
		return;
	if (use == USE_VFIO && strcmp(vf->driver, "vfio-pci"))
		use = USE_RECORD;
	if ((use == USE_NETNS || use == USE_ADDRESS) && !device_has_netdev(scene->world, vf))
		use = USE_RECORD;
	vf->use = use;
	vf->used_since = scene->world->now;
	if (use == USE_NETNS)
		notify_device(scene->world, scene->pf, scene->world->now);
}

static void unuse(const struct scene *scene)
{
	if (is_of_pf(scene)) {
		scene->pf->users[use_of_pf(scene)] = 0;
		return;
	}
	if (!scene->vf)
		return;
	if (scene->vf->use == USE_NETNS)
		notify_device(scene->world, scene->pf, scene->world->now);
	scene->vf->use = USE_NONE;
}

static void take(const struct scene *scene)
{
	scene->pf->take_after = 1 + scene->item->a % 3;
	scene->pf->take_vf = scene->item->vf;
}

static void reset_vf(const struct scene *scene)
{
	if (scene->vf && scene->pf->profile->reset_ms)
		device_reset_vf(scene->world, scene->pf, scene->vf);
}

static void fault(const struct scene *scene)
{
	static const int errors[] = { -EBUSY, -EAGAIN, -EIO, -EPERM, -ETIMEDOUT, -EACCES };
	static const unsigned ops[] = { OP_WRITES,
					OP_BIT(OP_OBSERVE),
					OP_BIT(OP_FIND_HOLDERS),
					OP_BIT(OP_NUMVFS),
					OP_BIT(OP_VFS),
					OP_BIT(OP_RELEASE) | OP_BIT(OP_HOLD),
					OP_BIT(OP_VF),
					OP_BIT(OP_PF) | OP_BIT(OP_UNBIND) };
	struct world *world = scene->world;

	if (world->n_faults < SIM_FAULTS_MAX)
		world->faults[world->n_faults++] = (struct fault){
			.pf = scene->item->pf,
			.ops = ops[scene->item->a % ARRAY_SIZE(ops)],
			.error = errors[scene->item->b % ARRAY_SIZE(errors)],
			.left = 1 + (scene->item->b >> 8) % 6,
		};
}

/* Shorter than what is allowed, about that, and for minutes. */
static void hang(const struct scene *scene)
{
	static const uint32_t most[] = { 9000, 40000, 400000 };
	static const unsigned ops[] = { OP_WRITES, OP_WRITES | OP_LOOKS, OP_BIT(OP_OBSERVE),
					OP_BIT(OP_FIND_HOLDERS), OP_BIT(OP_NUMVFS) };
	const struct happening *item = scene->item;

	scene->pf->hang_ms = 500 + (item->a >> 8) % most[item->a % ARRAY_SIZE(most)];
	scene->pf->hang_ops = ops[item->b % ARRAY_SIZE(ops)];
}

static void truncate_report(const struct scene *scene)
{
	scene->pf->truncated_to = scene->item->vf;
	scene->pf->truncated_until = scene->world->now + scene->item->a % 20000;
}

/* The socket says to the daemon that it missed some. */
static void lose_events(const struct scene *scene)
{
	scene->world->events_lost = !scene->repeats;
	if (scene->repeats)
		queue_put(&scene->world->queue, scene->world->now, ENTRY_LOST_EVENT, 0, 0);
	else
		again(scene, scene->item->a % 3000);
}

static void delay_events(const struct scene *scene)
{
	scene->world->events_late = scene->repeats ? 0 : scene->item->b % 1500;
	if (!scene->repeats)
		again(scene, scene->item->a % 5000);
}

static void double_events(const struct scene *scene)
{
	scene->world->events_doubled = !scene->repeats;
	if (!scene->repeats)
		again(scene, scene->item->a % 5000);
}

static void change_policy(const struct scene *scene)
{
	struct world *world = scene->world;
	struct policy *policy = story_policy(scene->item->a, world);

	for (uint32_t i = 0; i < world->n_pfs; i++)
		if (!world->pfs[i].passing)
			world->pfs[i].count_else = world->pfs[i].n_vfs;
	if (policy)
		daemon_set_policy(world->daemon, policy);
}

static void apply(const struct scene *scene)
{
	daemon_apply_by_hand(scene->world->daemon, scene->pf, false);
}

/* The daemon answers within seconds, or a while later. Or it dies on the way, after somebody else
 * has given it something to do. */
static void request(const struct scene *scene)
{
	const struct happening *item = scene->item;

	if (item->b / 4 % 2) {
		/* Others of the same number may be taken for those before. */
		if (item->a % 6 != scene->pf->n_vfs)
			change_count(scene);
		scene->world->doom = (struct doom){ true, true, item->a % 5, item->b / 8 % 3 };
	}
	if (item->b % 4)
		daemon_request(scene->world->daemon, scene->pf, 20 + item->a % 15000);
	else
		daemon_apply_by_hand(scene->world->daemon, scene->pf, true);
}

/* For seconds, for longer than most histories, or for longer than any. */
static void pause_pf(const struct scene *scene)
{
	static const uint32_t most[] = { 5000, 60000, 600000 };
	const struct happening *item = scene->item;

	scene->pf->paused_at = scene->world->now;
	scene->pf->paused_until =
		item->b % 4 ? scene->world->now + 1 + item->a % most[item->b % ARRAY_SIZE(most)]
			    : 0;
	daemon_pause_changed(scene->world->daemon, scene->pf);
}

static void kill_daemon(const struct scene *scene)
{
	daemon_kill(scene->world->daemon);
}

static void doom(const struct scene *scene)
{
	scene->world->doom = (struct doom){ true, false, scene->item->a % 12, scene->item->b % 3 };
}

static void (*const kinds[HAPPEN_COUNT])(const struct scene *scene) = {
	[HAPPEN_RIVAL] = change_vf,
	[HAPPEN_FLAP] = flap,
	[HAPPEN_RIVAL_COUNT] = change_count,
	[HAPPEN_RIVAL_PF] = change_pf,
	[HAPPEN_INSIST] = insist,
	[HAPPEN_RIVAL_DRIVER] = change_driver,
	[HAPPEN_UP] = set_up,
	[HAPPEN_DOWN] = set_up,
	[HAPPEN_CABLE_OUT] = set_cable,
	[HAPPEN_CABLE_IN] = set_cable,
	[HAPPEN_RELOAD_DRIVER] = reload_driver,
	[HAPPEN_UNPLUG] = unplug,
	[HAPPEN_RENAME] = change_name,
	[HAPPEN_BOND] = change_bond,
	[HAPPEN_USE] = use,
	[HAPPEN_UNUSE] = unuse,
	[HAPPEN_TAKE] = take,
	[HAPPEN_RESET_VF] = reset_vf,
	[HAPPEN_FAULT] = fault,
	[HAPPEN_HANG] = hang,
	[HAPPEN_TRUNCATE] = truncate_report,
	[HAPPEN_LOSE_EVENTS] = lose_events,
	[HAPPEN_LATE_EVENTS] = delay_events,
	[HAPPEN_DOUBLE_EVENTS] = double_events,
	[HAPPEN_POLICY] = change_policy,
	[HAPPEN_APPLY] = apply,
	[HAPPEN_REQUEST] = request,
	[HAPPEN_PAUSE] = pause_pf,
	[HAPPEN_KILL] = kill_daemon,
	[HAPPEN_DOOM] = doom,
};

void story_happen(const struct story *story, struct world *world, uint32_t number, uint32_t repeats)
{
	const struct happening *item = &story->items[number];
	struct sim_pf *pf = &world->pfs[item->pf];
	CLEANUP_TEXT struct text text = { 0 };

	device_refresh(world, pf);
	if (world->trace) {
		story_describe(story, number, &text);
		world_say(world, "[%u] %s", number, text_string(&text));
	}
	kinds[item->kind](&(struct scene){
		.world = world,
		.item = item,
		.number = number,
		.repeats = repeats,
		.pf = pf,
		.vf = item->vf < pf->n_vfs ? &pf->vfs[item->vf] : NULL,
	});
}
