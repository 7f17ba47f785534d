/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "finding.h"

#include <errno.h>
#include <string.h>

#include "device.h"
#include "force.h"
#include "setting.h"
#include "watch.h"

static void add(struct finding *finding, enum pf_state state, const char *what, uint32_t vf)
{
	text_printf(finding->why, "%s%s", finding->why->length ? ", " : "", what);
	if (vf != SIM_UNKNOWN)
		text_printf(finding->why, " of VF %u", vf);
	text_printf(finding->why, " is %s", pf_state_name(state));
	finding->state = state > finding->state ? state : finding->state;
	finding->states |= 1u << state;
}

static enum pf_state state_of(int error)
{
	/* Of a driver that may still come. */
	if (error == -ENOENT)
		return STATE_WAITING;
	return error == -EAGAIN || error == -EBUSY || error == -ETIMEDOUT ? STATE_RETRYING
									  : STATE_DEGRADED;
}

/* A difference that the daemon could have done away with is no excuse for anything. */
static void judge(struct finding *finding, int error, const char *what, uint32_t vf)
{
	add(finding, error ? state_of(error) : STATE_ABSENT, what, vf);
}

static const struct value *wanted(const struct finding *finding, enum pf_setting setting)
{
	return VALUES_GET(&finding->desired->pf->settings, setting);
}

static bool awaits_request(const struct finding *finding)
{
	const struct value *when = wanted(finding, PF_DISRUPTION);

	return when && when->number == DISRUPTION_ON_REQUEST && !finding->pf->requests &&
	       !finding->world->booting && !desired_is_observe_only(finding->desired);
}

/* Whether VFs, and the mode that they were asked for in, come without another request. */
static bool is_owed(const struct finding *finding)
{
	return finding->pf->owes_vfs || watch_owes_vfs(finding->pf);
}

static bool is_owed_mode(const struct finding *finding)
{
	const struct owed_vfs *owed = &finding->pf->owed_vfs;

	return is_owed(finding) && owed->with_mode &&
	       owed->mode == wanted(finding, PF_ESWITCH_MODE)->number;
}

/* Whether VFs wait for a request: those that are owed only with a mode that is to come first, and
 * is another one than they were asked for in. */
static bool awaits_vfs(const struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;
	const struct value *mode = wanted(finding, PF_ESWITCH_MODE);
	bool in_other_mode = pf->profile->eswitch == ESWITCH_WITHOUT_ANY && mode &&
			     mode->number != pf->eswitch[PF_ESWITCH_MODE];

	if (!awaits_request(finding) || pf->n_vfs)
		return awaits_request(finding);
	return !(in_other_mode ? is_owed_mode(finding) : is_owed(finding));
}

/* Of what is done on request only it may be known from the latest one that the driver refuses it:
 * it is not tried again to see. */
static void judge_disruption(struct finding *finding, int error, const char *what, uint32_t vf)
{
	if (!awaits_request(finding)) {
		judge(finding, error, what, vf);
		return;
	}
	add(finding, STATE_DEGRADED, what, vf);
	finding->possible |= 1u << STATE_BLOCKED;
}

/* What is guarded may be known to be refused, too. */
static void add_guarded(struct finding *finding, const char *what, uint32_t vf)
{
	if (awaits_request(finding))
		judge_disruption(finding, 0, what, vf);
	else
		add(finding, STATE_BLOCKED, what, vf);
}

/* Nobody has traffic on a VF that no driver has. */
static bool has_traffic(const struct finding *finding, const struct sim_vf *vf)
{
	return vf->driver[0] || !finding->pf->profile->vf_driver ||
	       device_user(finding->world, finding->pf, vf);
}

static bool setting_disrupts(const struct finding *finding, const struct sim_vf *vf,
			     enum vf_setting setting)
{
	return has_traffic(finding, vf) && (vf_settings[setting].disrupts != DISRUPTS_NOTHING ||
					    (finding->pf->profile->resets & SETTING_BIT(setting)));
}

static bool is_any_open(const struct finding *finding)
{
	for (uint32_t i = 0; i < finding->pf->n_vfs; i++)
		if (device_user(finding->world, finding->pf, &finding->pf->vfs[i]) &&
		    !strcmp(finding->pf->vfs[i].driver, "vfio-pci"))
			return true;
	return false;
}

static bool is_any_used(const struct finding *finding)
{
	for (uint32_t i = 0; i < finding->pf->n_vfs; i++)
		if (device_user(finding->world, finding->pf, &finding->pf->vfs[i]))
			return true;
	return false;
}

/* Whether VFs may not be destroyed. */
static bool is_guarded(const struct finding *finding)
{
	const struct value *policy = wanted(finding, PF_ON_RESIZE);
	uint64_t kind = policy ? policy->number : RESIZE_REFUSE_IN_USE;

	if (!finding->pf->n_vfs || kind == RESIZE_FORCE_OPEN)
		return false;
	if (kind == RESIZE_FORCE)
		return is_any_open(finding);
	return kind == RESIZE_REFUSE || is_any_used(finding);
}

static void find_count(struct finding *finding)
{
	const struct value *want = wanted(finding, PF_VFS), *up = wanted(finding, PF_UP);
	const struct sim_pf *pf = finding->pf;
	const struct profile *profile = pf->profile;

	if (!want || want->number == pf->n_vfs)
		return;
	if ((profile->makes_at_most == pf->n_vfs && want->number > pf->n_vfs) ||
	    (profile->makes_all && profile->makes_all == pf->n_vfs && want->number)) {
		/* If it is known; else that is not tried while VFs are guarded. */
		judge(finding, -EOPNOTSUPP, "vfs", SIM_UNKNOWN);
		finding->possible |= 1u << STATE_BLOCKED;
	} else if (is_guarded(finding))
		add_guarded(finding, "vfs", SIM_UNKNOWN);
	else if (profile->needs_up && up && !up->number && !pf->up)
		add(finding, STATE_BLOCKED, "vfs", SIM_UNKNOWN);
	else if ((pf->ifindex || pf->n_vfs) && awaits_vfs(finding))
		judge_disruption(finding, 0, "vfs", SIM_UNKNOWN);
	else if (profile->none_error && !want->number)
		judge(finding, profile->none_error, "vfs", SIM_UNKNOWN);
	else if (profile->vfs_at_load) /* and no driver that may still come */
		judge(finding, -EOPNOTSUPP, "vfs", SIM_UNKNOWN);
	else if (want->number > profile->limit)
		judge(finding, profile->limit_error, "vfs", SIM_UNKNOWN);
	else
		judge(finding, 0, "vfs", SIM_UNKNOWN);
}

static void find_pf(struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;
	const struct value *up = wanted(finding, PF_UP), *mtu = wanted(finding, PF_MTU);
	const struct value *autoprobe = wanted(finding, PF_DRIVERS_AUTOPROBE);

	if (up && up->number && !pf->up)
		judge(finding, 0, "pf-up", SIM_UNKNOWN);
	if (mtu && mtu->number != pf->mtu)
		judge_disruption(finding, mtu->number > pf->profile->mtu_max ? -EINVAL : 0, "mtu",
				 SIM_UNKNOWN);
	if (autoprobe && pf->profile->vf_driver &&
	    autoprobe->number != (pf->noted ? pf->note : pf->autoprobe))
		judge(finding, 0, "drivers-autoprobe", SIM_UNKNOWN);
}

/* Whether its own network device may not go. */
static bool is_netdev_guarded(const struct finding *finding)
{
	const struct value *policy = wanted(finding, PF_ON_DISRUPT);

	return device_pf_is_used(finding->pf) && !(policy && policy->number == DISRUPT_ALLOW);
}

static void find_mode(struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;
	const struct value *count = wanted(finding, PF_VFS);
	bool without = pf->profile->eswitch == ESWITCH_WITHOUT_ANY;

	if ((without && pf->n_vfs && (!count || is_guarded(finding))) ||
	    (pf->profile->eswitch == ESWITCH_WHILE_UNBOUND &&
	     (is_any_used(finding) || is_netdev_guarded(finding))))
		add_guarded(finding, "eswitch.mode", SIM_UNKNOWN);
	else if (awaits_request(finding) && !is_owed_mode(finding))
		judge_disruption(finding, 0, "eswitch.mode", SIM_UNKNOWN);
	/* One step with the VFs that come after it, which the driver refuses. */
	else if (without && count && count->number > pf->profile->limit)
		judge(finding, pf->profile->limit_error, "eswitch.mode", SIM_UNKNOWN);
	else
		judge(finding,
		      setting_eswitch_refusal(pf, PF_ESWITCH_MODE,
					      wanted(finding, PF_ESWITCH_MODE)->number) == -EPERM
			      ? -EPERM
			      : 0,
		      "eswitch.mode", SIM_UNKNOWN);
}

static void find_eswitch(struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;

	for (enum pf_setting i = PF_ESWITCH_MODE; i <= PF_ESWITCH_ENCAP_MODE; i++) {
		const struct value *want = wanted(finding, i);

		if (!want || !setting_has_eswitch(pf) || pf->eswitch[i] == want->number)
			continue;
		if (i == PF_ESWITCH_MODE)
			find_mode(finding);
		else if (pf->profile->eswitch == ESWITCH_WHILE_UNBOUND)
			judge(finding, setting_eswitch_refusal(pf, i, want->number),
			      pf_settings[i].key, SIM_UNKNOWN);
	}
}

/* What the other one is written as, which is to stay as it is. */
static uint64_t other_rate(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting other)
{
	const struct value none = { 0 };

	return other == VF_MAX_TX_RATE && force_is_ignored(pf, other, &none)
		       ? 0
		       : vf->now.value[other].number;
}

/* Both with what the other rate is and with what it shall be: one of the two would be enough. */
static int rate_refusal(const struct finding *finding, uint32_t i, enum vf_setting setting,
			const struct value *want)
{
	const struct sim_pf *pf = finding->pf;
	const struct vf_values *wants = &finding->desired->pf->vfs[i].settings;
	enum vf_setting other = setting == VF_MIN_TX_RATE ? VF_MAX_TX_RATE : VF_MIN_TX_RATE;
	/* A share of a link that there is not is none yet; what was given once is not written. */
	bool is_number = wants->present & SETTING_BIT(other) &&
			 wants->value[other].form == VALUE_PLAIN &&
			 !finding_is_left(pf, finding->desired, i, other);
	const uint64_t others[] = {
		other_rate(pf, &pf->vfs[i], other),
		is_number ? wants->value[other].number : other_rate(pf, &pf->vfs[i], other),
	};
	int r = 0;

	for (size_t k = 0; k < 2; k++) {
		bool is_min = setting == VF_MIN_TX_RATE;

		r = setting_refuses_rates(finding->world, pf, i, is_min ? want->number : others[k],
					  is_min ? others[k] : want->number);
		if (r >= 0)
			return 0;
	}
	return r;
}

static bool is_rate(enum vf_setting setting)
{
	return setting == VF_MIN_TX_RATE || setting == VF_MAX_TX_RATE;
}

static bool would_do_with_link(const struct finding *finding, uint32_t i, enum vf_setting setting,
			       const struct value *want)
{
	bool carrier = finding->pf->carrier;
	int r;

	finding->pf->carrier = true;
	r = rate_refusal(finding, i, setting, want);
	finding->pf->carrier = carrier;
	return r >= 0;
}

/* Whether the VF's driver goes on with another address than that, and would not if it were bound
 * anew. */
static bool is_stale(const struct finding *finding, uint32_t i, const struct mac *mac)
{
	const struct sim_pf *pf = finding->pf;
	const struct sim_vf *vf = &pf->vfs[i];
	struct mac has = device_address(pf, vf);

	return pf->profile->mac_at_bind && device_has_netdev(finding->world, vf) &&
	       !mac_is_zero(mac) && !mac_equal(mac, &has) && (pf->up || !pf->profile->mac_while_up);
}

/* That it was refused may be known from when nobody used it. */
static void add_guarded_vf(struct finding *finding, const char *what, uint32_t vf,
			   enum vf_setting setting)
{
	bool refused = finding->pf->vfs[vf].failed & SETTING_BIT(setting);

	add(finding, refused ? STATE_DEGRADED : STATE_BLOCKED, what, vf);
	finding->possible |= 1u << STATE_BLOCKED;
}

static void find_stale(struct finding *finding, uint32_t i, const struct mac *mac)
{
	const struct sim_pf *pf = finding->pf;

	if (!is_stale(finding, i, mac))
		return;
	if (device_user(finding->world, pf, &pf->vfs[i]))
		add_guarded_vf(finding, "mac in force", i, VF_MAC);
	else
		judge_disruption(finding, 0, "mac in force", i);
}

static bool refuses(const struct sim_pf *pf, enum vf_setting setting, const struct value *want)
{
	return driver_answer(pf->driver, setting, want, NULL) == DRIVER_REFUSES;
}

/* What is not in force in the eswitch mode that there is comes with the one that is wanted. */
static bool awaits_mode(const struct finding *finding)
{
	const struct value *mode = wanted(finding, PF_ESWITCH_MODE);

	return mode && mode->number != finding->pf->eswitch[PF_ESWITCH_MODE];
}

static void find_function(struct finding *finding, uint32_t i, enum vf_setting setting,
			  const struct value *want)
{
	const struct sim_pf *pf = finding->pf;
	const struct sim_vf *vf = &pf->vfs[i];
	bool told = (pf->profile->settings & SETTING_BIT(setting)) && !device_is_mute(pf, i);
	bool twin = !(vf->known & SETTING_BIT(setting)) && force_is_twin(pf, vf, setting, want);
	/* By the latest process that has written it. */
	bool known = vf->known & SETTING_BIT(setting), failed = vf->failed & SETTING_BIT(setting);
	bool reads = told && !twin && !force_is_untold(pf, vf, setting, want);
	bool observes = desired_is_observe_only(finding->desired);
	bool has = force_is(pf, vf, setting, want) ||
		   (awaits_mode(finding) && force_reads_as(pf, vf, setting, want));
	enum pf_state state;
	int error;

	/* A share of a link that there is not. */
	if (want->form == VALUE_PERCENT) {
		add(finding, STATE_WAITING, vf_settings[setting].key, i);
		return;
	}
	/* What its driver goes on with is seen of its network device, whatever the PF's reports; it
	 * is held against what is wanted, also by who does not write that. */
	if (setting == VF_MAC && (has || (observes && device_is_mute(pf, i))))
		find_stale(finding, i, &want->mac);
	/* Its driver would be bound anew for it. */
	if (observes && !has && device_user(finding->world, pf, vf))
		finding->possible |= 1u << STATE_BLOCKED;
	/* Who only observes knows what reads otherwise, what the driver is known to refuse, and no
	 * more. */
	if (observes ? (told && force_reads_as(pf, vf, setting, want)) ||
			       !(told || refuses(pf, setting, want))
		     : has && reads)
		return;
	error = is_rate(setting) ? rate_refusal(finding, i, setting, want)
				 : setting_refusal(finding->world, pf, i, setting, want);
	/* It reads otherwise, though it was said to be taken. */
	if (!error && !force_takes(pf, vf, setting, want))
		error = -EIO;
	state = state_of(error);
	if (error == -ENETDOWN)
		state = STATE_WAITING;
	if (error == -EINVAL && is_rate(setting) && !pf->carrier) {
		/* So it is taken for; where a link would change nothing it may be known better. */
		if (would_do_with_link(finding, i, setting, want))
			state = STATE_WAITING;
		else
			finding->possible |= 1u << STATE_WAITING;
	}
	/* What was taken once and cannot be read is not tried again, whatever the answer would be
	 * by now. */
	if (!reads && setting_disrupts(finding, vf, setting) && awaits_request(finding))
		finding->possible |= 1u << STATE_BLOCKED | (failed ? 1u << STATE_DEGRADED : 0);
	if (!reads && (has || !error || known || !(refuses(pf, setting, want) || failed)))
		finding->possible |= error ? 1u << state : 0;
	else if (setting_disrupts(finding, vf, setting) && awaits_request(finding))
		judge_disruption(finding, error, vf_settings[setting].key, i);
	else if (error)
		add(finding, state, vf_settings[setting].key, i);
	else
		judge(finding, 0, vf_settings[setting].key, i);
}

static bool has_driver(const struct sim_pf *pf, const struct sim_vf *vf, const struct value *want)
{
	if (want->form == VALUE_DEFAULT)
		return !vf->override[0] && strcmp(vf->driver, "vfio-pci") != 0 &&
		       (vf->driver[0] || !pf->autoprobe || !pf->profile->vf_driver);
	if (want->form == VALUE_NONE)
		return !vf->driver[0] && !strcmp(vf->override, VF_DRIVER_NOBODY);
	return !strcmp(vf->driver, want->name);
}

bool finding_lacks_bond(bool bonded, const struct desired *desired)
{
	const struct value *bond = VALUES_GET(&desired->pf->settings, PF_DRIVER_AFTER_BOND);

	return bond && !(bonded && !strcmp(bond->name, SIM_BOND));
}

bool finding_is_left(const struct sim_pf *pf, const struct desired *desired, uint32_t vf,
		     enum vf_setting setting)
{
	const struct sim_vf *of = &pf->vfs[vf];

	const struct given_record *record = &pf->given[vf];
	/* VFs without devices that are as many as before are taken for those that there were. */
	bool same = !pf->profile->vf_driver && pf->n_given == pf->n_vfs;
	/* Somebody may have changed what a process that died had not written yet. */
	uint64_t untold =
		(of->touched & (record->done | record->tried)) | (same ? record->done : 0);

	return vf < desired->pf->n_vfs &&
	       (desired->pf->vfs[vf].once & (of->gave | untold) & SETTING_BIT(setting));
}

bool finding_withholds(const struct sim_pf *pf, const struct desired *desired, uint32_t vf)
{
	const struct vf_values *wants =
		vf < desired->pf->n_vfs ? &desired->pf->vfs[vf].settings : NULL;
	const struct value *mac = wants ? VALUES_GET(wants, VF_MAC) : NULL;
	const struct value *driver = wants ? VALUES_GET(wants, VF_DRIVER) : NULL;

	if (finding_lacks_bond(pf->bonded, desired))
		return true;
	if (pf->up || !pf->profile->mac_while_up || !mac || mac_is_zero(&mac->mac) ||
	    (finding_is_left(pf, desired, vf, VF_MAC) && !device_is_mute(pf, vf) &&
	     !mac_equal(&pf->vfs[vf].now.value[VF_MAC].mac, &mac->mac)))
		return false;
	return !driver || driver->form != VALUE_PLAIN || strcmp(driver->name, "vfio-pci") != 0;
}

/* Whether the VFs are not what rules that only look say of what comes before drivers. Others are
 * still to come where their number is another one, or where they have to go for the mode that is
 * wanted. */
static bool is_bare(const struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;
	bool bare = finding->desired->pf->n_vfs != pf->n_vfs ||
		    (pf->profile->eswitch == ESWITCH_WITHOUT_ANY && awaits_mode(finding));

	for (uint32_t i = 0; !bare && i < pf->n_vfs; i++) {
		const struct vf_values *wants = &finding->desired->pf->vfs[i].settings;

		for (enum vf_setting k = 0; !bare && k < VF_SETTING_COUNT; k++)
			bare = vf_settings[k].before_driver && (wants->present & SETTING_BIT(k)) &&
			       (device_is_mute(pf, i) ||
				!force_is(pf, &pf->vfs[i], k, &wants->value[k]));
	}
	return bare;
}

bool finding_withholds_any(const struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;

	if (desired_is_observe_only(finding->desired) && is_bare(finding))
		return true;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (!pf->vfs[i].driver[0] && finding_withholds(pf, finding->desired, i))
			return true;
	return false;
}

static void find_device(struct finding *finding, uint32_t i, enum vf_setting setting,
			const struct value *want)
{
	const struct sim_pf *pf = finding->pf;
	const struct sim_vf *vf = &pf->vfs[i];
	int error = setting_vf_refusal(finding->world, pf, i, setting, want);
	bool has = setting == VF_DRIVER ? has_driver(pf, vf, want)
					: (vf->now.present & SETTING_BIT(setting)) &&
						  force_of(pf, vf, setting).number == want->number;
	bool used = setting != VF_UNMANAGED && device_user(finding->world, pf, vf);
	bool unread = pf->profile->unread & SETTING_BIT(setting);
	bool is_unknown = setting != VF_DRIVER && !refuses(pf, setting, want) &&
			  (!(vf->now.present & SETTING_BIT(setting)) ||
			   force_is_hidden(pf, vf, setting, want));

	/* Of what cannot be read only the process that has written it can know that it is there:
	 * another writes it once more, or may not, whatever is in force. */
	if (has && (!unread || vf->known & SETTING_BIT(setting)) &&
	    (error != -EOPNOTSUPP || want->form == VALUE_DEFAULT))
		return;
	/* It is not tried, and the policy's own problem says why. Drivers that the kernel chooses
	 * are let at all VFs at once. */
	if (setting == VF_DRIVER && want->form != VALUE_NONE &&
	    (finding_withholds(pf, finding->desired, i) ||
	     (want->form == VALUE_DEFAULT && pf->noted && finding_withholds_any(finding))))
		return;
	/* Who only observes knows nothing of what is not reported; he may say that he could not
	 * write it. */
	if ((unread || is_unknown) && !used && desired_is_observe_only(finding->desired))
		return;
	/* What is guarded is not tried, and so it may not be known yet. */
	if (used)
		finding->possible |= 1u << STATE_BLOCKED;
	if (!used && vf_settings[setting].unbinds && vf->driver[0] && awaits_request(finding))
		judge_disruption(finding, error, vf_settings[setting].key, i);
	else if (error == -EOPNOTSUPP)
		judge(finding, error, vf_settings[setting].key, i);
	else if (used)
		add_guarded(finding, vf_settings[setting].key, i);
	else
		judge(finding, error, vf_settings[setting].key, i);
}

static bool has_name(const struct sim_vf *vf, const char *name)
{
	for (uint32_t i = 0; i < vf->n_altnames; i++)
		if (!strcmp(vf->altnames[i], name))
			return true;
	return false;
}

static void find_netdev(struct finding *finding, uint32_t i, enum vf_setting setting,
			const struct value *want)
{
	const struct sim_vf *vf = &finding->pf->vfs[i];

	if (!device_has_netdev(finding->world, vf) ||
	    (setting == VF_MTU ? vf->mtu == want->number : has_name(vf, want->name)))
		return;
	(setting == VF_MTU ? judge_disruption : judge)(
		finding, setting_vf_refusal(finding->world, finding->pf, i, setting, want),
		vf_settings[setting].key, i);
}

/* Whether the VF counts as given the setting while somebody uses it: who only observes notes
 * nothing of that, and may not have seen him yet. */
static bool may_be_left(const struct finding *finding, uint32_t i, enum vf_setting setting)
{
	return desired_is_observe_only(finding->desired) &&
	       (finding->desired->pf->vfs[i].once & SETTING_BIT(setting)) &&
	       device_user(finding->world, finding->pf, &finding->pf->vfs[i]);
}

static void find_vf(struct finding *finding, uint32_t i)
{
	static void (*const layers[VF_LAYER_COUNT])(struct finding *, uint32_t, enum vf_setting,
						    const struct value *) = {
		[VF_LAYER_FUNCTION] = find_function,
		[VF_LAYER_DEVICE] = find_device,
		[VF_LAYER_NETDEV] = find_netdev,
	};

	for (enum vf_setting k = 0; k < VF_SETTING_COUNT; k++) {
		const struct vf_values *settings = &finding->desired->pf->vfs[i].settings;
		const struct finding before = *finding;

		if (!(settings->present & SETTING_BIT(k)) ||
		    vf_settings[k].layer == VF_LAYER_NONE ||
		    finding_is_left(finding->pf, finding->desired, i, k))
			continue;
		layers[vf_settings[k].layer](finding, i, k, &settings->value[k]);
		if (!may_be_left(finding, i, k))
			continue;
		finding->possible |= finding->states;
		finding->states = before.states;
		finding->state = before.state;
	}
}

void finding_make(struct finding *finding)
{
	const struct sim_pf *pf = finding->pf;

	if (!pf->bound) {
		add(finding, STATE_WAITING, "driver", SIM_UNKNOWN);
		return;
	}
	find_pf(finding);
	find_count(finding);
	find_eswitch(finding);
	for (uint32_t i = 0; i < pf->n_vfs && i < finding->desired->pf->n_vfs; i++)
		find_vf(finding, i);
	/* It says so only where that keeps a driver off a VF. */
	if (finding_lacks_bond(pf->bonded, finding->desired))
		finding->possible |= 1u << STATE_WAITING;
	if (desired_problem(finding->desired))
		add(finding, STATE_DEGRADED, "policy", SIM_UNKNOWN);
}
