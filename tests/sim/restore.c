/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "restore.h"

#include <string.h>

#include "device.h"
#include "hand.h"
#include "model/driver_reading.h"
#include "plan/plan.h"
#include "policy/capture/capture.h"
#include "policy/resolve/resolve.h"
#include "setting.h"

/* By then a host on which nothing happens is as its policy says, also where each VF of a card
 * starts over for each setting, and others are refused meanwhile (i40e). */
#define RESTORE_MS UINT64_C(1800000)

/* The captures of one host. */
struct captured {
	struct arena *arena;
	struct pf_list pfs; /* as they were */
	struct capture captures[SIM_PFS_MAX];
	struct policy *policy;		      /* by these */
	struct desired *desired[SIM_PFS_MAX]; /* by it, of each */
};

static void captured_clear(struct captured *captured)
{
	for (size_t i = 0; i < SIM_PFS_MAX; i++)
		desired_free(captured->desired[i]);
	policy_free(captured->policy);
	pf_list_clear(&captured->pfs);
	arena_free(captured->arena);
}

/* No policy says that drivers are kept off VFs, and nothing of a VF that starts over is read. */
static bool is_on_its_way(const struct world *world, const struct sim_pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (device_is_resetting(world, &pf->vfs[i]))
			return true;
	return pf->noted || device_find_owed(pf);
}

static bool observe_all(struct world *world, struct captured *captured)
{
	for (uint32_t i = 0; i < world->n_pfs; i++) {
		struct pf *pf;

		if (!world->pfs[i].plugged)
			continue;
		if (is_on_its_way(world, &world->pfs[i]) ||
		    sim_observe(world, &world->pfs[i], false, &pf) < 0)
			return false;
		if (pf_list_add(&captured->pfs, pf) < 0) {
			pf_free(pf);
			return false;
		}
	}
	return true;
}

/* The captures of all, and the policy that they are; NULL: none. */
static struct policy *capture_all(struct daemon *daemon, struct captured *captured,
				  bool what_differs)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text errors = { 0 }, text = { 0 };
	struct document document = { .name = "captured" };
	struct policy *policy;

	for (size_t i = 0; i < captured->pfs.count; i++)
		if (capture_pf(captured->pfs.items[i], &captured->pfs, what_differs,
			       captured->arena, &captured->captures[i]) < 0)
			return NULL;
	capture_write((const struct pf *const *)captured->pfs.items, captured->captures,
		      captured->pfs.count, &text);
	document.text = text_string(&text);
	document.length = text.length;
	world_say(daemon->world, "captured:\n%s", document.text);
	if (policy_read(&document, 1, NULL, &diagnostics, &policy) >= 0)
		return policy;
	diagnostics_format(&diagnostics, &errors);
	world_violate(daemon->world, INVARIANT_CAPTURE, "its capture is no policy: %s",
		      text_string(&errors));
	return NULL;
}

static void check_plan(struct world *world, const struct desired *desired, const struct pf *pf)
{
	const struct problem *problem = desired_problem(desired);
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP_TEXT struct text step = { 0 };

	if (problem)
		world_violate(world, INVARIANT_CAPTURE, "%s: its capture has a problem: %s",
			      pf_name(pf), problem->message);
	if (knowledge_new(&knowledge) < 0 || plan_make(desired->pf, pf, knowledge, &plan) < 0 ||
	    !plan->n_steps)
		return;
	step_describe(&plan->steps[0], &step);
	world_violate(world, INVARIANT_CAPTURE, "%s: by its own capture there is to do: %s",
		      pf_name(pf), text_string(&step));
}

static void check_plans(struct daemon *daemon, struct captured *captured)
{
	struct world *world = daemon->world;

	for (size_t i = 0; i < captured->pfs.count && !world->over; i++) {
		const struct pf *pf = captured->pfs.items[i];

		if (policy_resolve(captured->policy, &daemon->facts, pf, &captured->desired[i]) < 0)
			return;
		if (captured->desired[i]->n_rules != captured->captures[i].has_rule)
			world_violate(world, INVARIANT_CAPTURE, "%s: %zu rules are for it",
				      pf_name(pf), captured->desired[i]->n_rules);
		if (captured->captures[i].has_rule != !!pf->driver)
			world_violate(world, INVARIANT_CAPTURE, "%s is left out", pf_name(pf));
		check_plan(world, captured->desired[i], pf);
	}
}

/* Whether it reads as it did, or as the driver has it read now: no limit as the speed of the link.
 */
static bool is_restored(const struct pf *pf, enum vf_setting setting, const struct vf *before,
			const struct vf *now, const struct value *want)
{
	const struct value *was = VALUES_GET(&before->settings, setting);
	const struct value *is = VALUES_GET(&now->settings, setting);

	if (setting == VF_ALTNAME)
		return vf_actual(now, setting, want);
	if (was && is && value_equal(&vf_settings[setting], was, is))
		return true;
	return is && vf_settings[setting].layer == VF_LAYER_FUNCTION &&
	       driver_reading(driver_of(pf->driver), pf->speed, setting, want, is) ==
		       READS_AS_WANTED;
}

/* What a driver refuses on the host as it is now, nobody can give back. */
static bool is_refused(const struct world *fresh, const struct sim_pf *pf, uint32_t vf,
		       enum vf_setting setting, const struct value *want)
{
	return vf_settings[setting].layer == VF_LAYER_FUNCTION
		       ? setting_refusal(fresh, pf, vf, setting, want) < 0
		       : setting_vf_refusal(fresh, pf, vf, setting, want) < 0;
}

static void compare_vf(struct world *world, const struct world *fresh, const struct sim_pf *sim,
		       const struct vf *want, const struct vf *before, const struct pf *seen)
{
	const struct vf *now = &seen->vfs[want->index];

	for (uint64_t rest = want->settings.present; rest;) {
		const enum vf_setting i = setting_take(&rest);
		const struct value *value = &want->settings.value[i];
		CLEANUP_TEXT struct text text = { 0 };

		if (is_restored(seen, i, before, now, value) ||
		    is_refused(fresh, sim, want->index, i, value))
			continue;
		value_describe(&vf_settings[i], value, &text);
		world_violate(world, INVARIANT_CAPTURE, "%s: VF %u does not get %s %s back",
			      sim->ifname, want->index, vf_settings[i].key, text_string(&text));
	}
}

static void compare(struct world *world, struct world *fresh, struct sim_pf *sim,
		    const struct desired *desired, const struct pf *before)
{
	CLEANUP(pf_free_cleanup) struct pf *now = NULL;

	if (sim_observe(fresh, sim, false, &now) < 0)
		return;
	for (uint64_t rest = desired->pf->settings.present; rest;) {
		const enum pf_setting i = setting_take(&rest);
		const struct value *is = VALUES_GET(&now->settings, i);

		if (!is || !value_equal(&pf_settings[i], is, &before->settings.value[i]))
			world_violate(world, INVARIANT_CAPTURE, "%s does not get %s back",
				      sim->ifname, pf_settings[i].key);
	}
	for (uint32_t i = 0; i < before->n_vfs && i < now->n_vfs && !world->over; i++)
		compare_vf(world, fresh, sim, &desired->pf->vfs[i], &before->vfs[i], now);
}

/* The same cards, as they boot. */
static void boot_again(const struct world *world, uint64_t seed, struct world *ret)
{
	world_init(ret, seed);
	ret->trace = world->trace;
	for (uint32_t i = 0; i < world->n_pfs; i++) {
		world_add_pf(ret, world->pfs[i].profile);
		ret->pfs[i].mute = world->pfs[i].mute;
		ret->pfs[i].speed = world->pfs[i].speed;
	}
	queue_drop(&ret->queue, ENTRY_LINK_EVENT);
	queue_drop(&ret->queue, ENTRY_DEVICE_EVENT);
}

static void check_restored(struct world *world, struct captured *captured, struct policy *policy,
			   uint64_t seed)
{
	static struct world fresh;
	struct daemon daemon;

	boot_again(world, seed, &fresh);
	daemon_init(&daemon, &fresh, policy_ref(policy));
	queue_put(&fresh.queue, 0, ENTRY_START, 0, 0);
	daemon_pass_time(&fresh, RESTORE_MS);
	daemon_await_idle(&daemon);
	if (fresh.over)
		world_violate(world, INVARIANT_CAPTURE,
			      "on a fresh host its capture breaks '%s': %s",
			      invariant_name(fresh.broken), fresh.message);
	for (size_t i = 0; i < captured->pfs.count && !world->over; i++) {
		struct sim_pf *pf = world_find(&fresh, captured->pfs.items[i]->handle);

		if (pf)
			compare(world, &fresh, pf, captured->desired[i], captured->pfs.items[i]);
	}
	daemon_clear(&daemon);
}

void restore_check(struct daemon *daemon, uint64_t seed)
{
	CLEANUP(captured_clear) struct captured captured = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;

	if (seed % 4)
		hand_set_up(daemon->world, seed);
	if (arena_new(&captured.arena) < 0 || !observe_all(daemon->world, &captured))
		return;
	captured.policy = capture_all(daemon, &captured, false);
	if (captured.policy)
		check_plans(daemon, &captured);
	/* What is left out then is to be there all the same. */
	if (!daemon->world->over)
		policy = capture_all(daemon, &captured, seed & 1);
	if (policy)
		check_restored(daemon->world, &captured, policy, seed);
}
