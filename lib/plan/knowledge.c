/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/knowledge.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "model/driver.h"
#include "plan/identity.h"
#include "plan/target_table.h"

/* A value that was written and cannot be read back. */
struct written {
	struct step_target target;
	struct value value;
};

struct knowledge {
	struct identity identity;
	uint32_t carrier_ups;
	bool doubted;
	struct arena *names; /* that values of the tables point to; NULL: none */
	uint32_t n_vfs;
	uint64_t vf_instance;	      /* of the first; 0: not known */
	bool seen, new_vfs;	      /* the PF; and it has other VFs since */
	bool vfs_fresh;		      /* they were seen only since the time was told last, or: */
	uint64_t vfs_since;	      /* when that was told after those were first seen */
	struct target_table refusals; /* of struct refusal */
	struct target_table written;  /* of struct written */
	struct refusal number;	      /* of VFs; made is 0: none */
	/* Refusals of a setting as such, which hold for every VF: their place here is the setting.
	 */
	struct refusal unsupported[VF_SETTING_COUNT];
	uint64_t unsupported_mask;
	uint64_t once_unsupported_mask; /* the same, and not lifted by time */
	bool patient, awaiting, sparing, finishing, requested;
	unsigned destroyed; /* VFs, so often since that was asked */
	uint64_t now;
	struct takeovers takeovers;
};

int knowledge_new(struct knowledge **ret)
{
	struct knowledge *knowledge = calloc(1, sizeof(*knowledge));

	if (!knowledge)
		return -ENOMEM;
	knowledge->patient = knowledge->awaiting = true;
	knowledge->refusals.row_size = sizeof(struct refusal);
	knowledge->written.row_size = sizeof(struct written);
	*ret = knowledge;
	return 0;
}

void knowledge_free(struct knowledge *knowledge)
{
	if (!knowledge)
		return;
	identity_clear(&knowledge->identity);
	arena_free(knowledge->names);
	takeovers_clear(&knowledge->takeovers);
	free(knowledge->refusals.rows);
	free(knowledge->written.rows);
	free(knowledge);
}

/* How many VFs the driver makes is the card's matter: some drivers leave switchdev mode whenever
 * VFs go (bnxt_vf_reps_destroy() in bnxt_vfr.c), and would have theirs destroyed once in each mode.
 */
static int note_identity(struct knowledge *knowledge, const struct pf *observed)
{
	bool of_card = identity_is_of_card(&knowledge->identity, observed);
	int r;

	if (identity_is_of(&knowledge->identity, observed))
		return 0;
	r = identity_take(&knowledge->identity, observed);
	if (r < 0)
		return r;
	if (!of_card)
		knowledge->number = (struct refusal){ 0 };
	knowledge->refusals.count = 0;
	knowledge->written.count = 0;
	knowledge->unsupported_mask = knowledge->once_unsupported_mask = 0;
	takeovers_clear(&knowledge->takeovers);
	arena_free(TAKE(knowledge->names));
	/* The first look tells how often the link has come up before; it does not count. */
	knowledge->carrier_ups = observed->carrier_ups;
	return 0;
}

static bool is_kept_over_link(const void *row, const void *context)
{
	const struct step_target *target = row;
	const struct driver *driver = context;

	return !step_is_of_vf(target) || !(driver->lost_with_link & SETTING_BIT(target->setting));
}

void knowledge_doubt(struct knowledge *knowledge)
{
	const struct driver *driver = driver_of(knowledge->identity.driver);

	knowledge->doubted = true;
	target_table_filter(&knowledge->written, is_kept_over_link, driver);
}

bool knowledge_is_doubted(const struct knowledge *knowledge)
{
	return knowledge->doubted;
}

/* What of the eswitch may have been refused for want of VFs (bnxt_dl_eswitch_mode_set() of Linux
 * 6.1): those are there now. */
static void lift_for_want_of_vfs(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->refusals.count; i++) {
		struct refusal *refusal = target_table_row(&knowledge->refusals, i);
		enum step_kind kind = refusal->target.kind;
		bool of_eswitch = kind == STEP_ESWITCH_MODE || kind == STEP_ESWITCH_MODE_WITH_VFS ||
				  kind == STEP_PF_AFTER;

		if (of_eswitch && refusal->kind == REFUSAL_REJECTED)
			refusal->lifted = refusal->past = true;
	}
}

/* Whether the VFs that were there are gone: all come and go together, and another number of them is
 * made only where there are none (sriov_numvfs_store() in drivers/pci/iov.c). */
static bool has_other_vfs(const struct knowledge *knowledge, const struct pf *observed,
			  uint64_t instance)
{
	return knowledge->n_vfs &&
	       (observed->n_vfs != knowledge->n_vfs ||
		(instance && knowledge->vf_instance && instance != knowledge->vf_instance));
}

/* Whether there are VFs that the driver would not make by it. */
static bool is_disproved(const struct refusal *number, uint32_t n_vfs)
{
	return n_vfs &&
	       (n_vfs == number->value.number || (number->of_any && n_vfs != number->made));
}

static void note_vfs(struct knowledge *knowledge, const struct pf *observed)
{
	uint64_t instance = observed->n_vfs && observed->vfs ? observed->vfs[0].instance : 0;
	bool others = has_other_vfs(knowledge, observed, instance);
	bool any = observed->n_vfs && (others || !knowledge->n_vfs);

	knowledge->new_vfs = knowledge->new_vfs || (any && knowledge->seen);
	knowledge->seen = true;
	knowledge->vfs_fresh = knowledge->vfs_fresh || any;

	if (others)
		knowledge_vfs_created(knowledge);
	if (others || instance)
		knowledge->vf_instance = instance;
	if (is_disproved(&knowledge->number, observed->n_vfs))
		knowledge->number = (struct refusal){ 0 };
	if (observed->n_vfs && !knowledge->n_vfs)
		lift_for_want_of_vfs(knowledge);
	knowledge->n_vfs = observed->n_vfs;
}

/* A VF's driver was bound anew for an address, or a GUID, and what tells of it is there again. If
 * it has another one still, that is not what the PF's driver has for it: what that cannot report is
 * written once more, and the driver bound anew ever more seldom. */
static int note_rebinding(struct knowledge *knowledge, const struct vf *vf, enum vf_setting setting)
{
	const struct step_target target = { STEP_VF_DEVICE, vf->index, setting };
	const struct step_target of_pf = { STEP_VF_SETTING, vf->index, setting };
	struct written *written = target_table_find(&knowledge->written, &target);
	struct refusal refusal = { .target = target, .kind = REFUSAL_NOT_TAKEN };
	struct value taken;

	if (!written || !taken_get(&vf->taken, setting, &taken) || vf->settling)
		return 0;
	refusal.value = written->value;
	target_table_remove(&knowledge->written, written);
	if (value_equal(&vf_settings[setting], &refusal.value, &taken))
		return 0;
	written = target_table_find(&knowledge->written, &of_pf);
	if (written)
		target_table_remove(&knowledge->written, written);
	return knowledge_refuse(knowledge, &refusal);
}

static int note_rebindings(struct knowledge *knowledge, const struct pf *observed)
{
	const struct driver *driver = driver_of(observed->driver);
	int r = 0;

	for (uint32_t i = 0; knowledge->written.count && i < observed->n_vfs; i++)
		for (uint64_t rest = driver->taken_at_bind; r >= 0 && rest;)
			r = note_rebinding(knowledge, &observed->vfs[i], setting_take(&rest));
	return r;
}

int knowledge_note_pf(struct knowledge *knowledge, const struct pf *observed)
{
	int r = note_identity(knowledge, observed);

	if (r < 0)
		return r;
	if (observed->carrier_ups != knowledge->carrier_ups) {
		knowledge_doubt(knowledge);
		knowledge_retry(knowledge, REFUSAL_BIT(REFUSAL_WAITS_LINK));
	}
	knowledge->carrier_ups = observed->carrier_ups;
	note_vfs(knowledge, observed);
	r = note_rebindings(knowledge, observed);
	return r < 0 ? r : takeovers_note(&knowledge->takeovers, observed);
}

void knowledge_set_time(struct knowledge *knowledge, uint64_t now)
{
	knowledge->now = now;
	takeovers_set_time(&knowledge->takeovers, now);
	if (knowledge->vfs_fresh)
		knowledge->vfs_since = now;
	knowledge->vfs_fresh = false;
}

void knowledge_tried(struct knowledge *knowledge, const struct step *step)
{
	if (step->target.kind != STEP_RELEASE_DRIVERS && !step_takes_vfs(step))
		return;
	/* Their drivers begin once more. */
	knowledge->vfs_fresh = true;
	if (step_is_of_vf(&step->target))
		takeovers_expect(&knowledge->takeovers, step->target.vf);
	else
		takeovers_expect_all(&knowledge->takeovers);
}

bool knowledge_is_taken_over(const struct knowledge *knowledge, uint32_t vf)
{
	return takeovers_is_recent(&knowledge->takeovers, vf, knowledge->now);
}

bool knowledge_has_new_vfs(const struct knowledge *knowledge)
{
	return knowledge->new_vfs;
}

void knowledge_forget_new_vfs(struct knowledge *knowledge)
{
	knowledge->new_vfs = false;
}

uint64_t knowledge_users_at(const struct knowledge *knowledge)
{
	return knowledge->vfs_since + TAKEOVER_GRACE_MS;
}

enum users_known knowledge_users(const struct knowledge *knowledge, uint32_t vf)
{
	if (!knowledge->now)
		return USERS_OF_NOW;
	return knowledge->vfs_fresh || knowledge->now < knowledge_users_at(knowledge) ||
			       knowledge_is_taken_over(knowledge, vf)
		       ? USERS_NOT_YET
		       : USERS_LASTING;
}

uint64_t knowledge_grace_over_at(const struct knowledge *knowledge)
{
	return takeovers_over_at(&knowledge->takeovers, knowledge->now);
}

/* Gives a value that will be kept a name of its own: that of the pass goes with it. */
static int keep_value(struct knowledge *knowledge, const struct step_target *target,
		      const struct value *kept, struct value *value)
{
	enum value_type type = step_setting(target)->type;

	value->origin = NULL; /* the policy that it is of may go before this does */
	if ((type != VALUE_NAME && type != VALUE_TEMPLATE) || !value->name)
		return 0;
	if (kept && kept->name && !strcmp(kept->name, value->name)) {
		value->name = kept->name;
		return 0;
	}
	if (!knowledge->names && arena_new(&knowledge->names) < 0)
		return -ENOMEM;
	value->name = arena_strdup(knowledge->names, value->name);
	return value->name ? 0 : -ENOMEM;
}

/* Whether a driver that knows the setting at all takes such a value. */
static bool is_ordinary(const struct refusal *refusal)
{
	const struct value *value = &refusal->value;

	switch (step_setting(&refusal->target)->type) {
	case VALUE_VLAN:
		return value->vlan.protocol != ETH_P_8021AD && !value->vlan.qos;
	case VALUE_MAC:
		return !mac_is_zero(&value->mac);
	default:
		return true;
	}
}

bool refusal_is_general(const struct refusal *refusal)
{
	return step_is_of_vf(&refusal->target) && refusal->kind == REFUSAL_UNSUPPORTED &&
	       refusal->error != -EPROTONOSUPPORT && is_ordinary(refusal);
}

static bool is_same(const struct refusal *a, const struct refusal *b)
{
	return a->kind == b->kind && a->error == b->error &&
	       value_equal(step_setting(&a->target), &a->value, &b->value);
}

static int refuse_number(struct knowledge *knowledge, const struct refusal *refusal)
{
	bool logged = knowledge->number.logged && is_same(&knowledge->number, refusal);

	knowledge->number = *refusal;
	knowledge->number.logged = logged;
	knowledge->number.value.origin = NULL;
	return 0;
}

int knowledge_refuse(struct knowledge *knowledge, const struct refusal *refusal)
{
	const struct refusal *before = target_table_find(&knowledge->refusals, &refusal->target);
	struct refusal kept = *refusal;
	int r;

	if (refusal->made)
		return refuse_number(knowledge, refusal);
	/* That it is not yet a PF's turn is in its state. */
	kept.logged = refusal->kind == REFUSAL_WAITS_TURN ||
		      (before && before->logged && is_same(before, refusal));
	r = keep_value(knowledge, &kept.target, before ? &before->value : NULL, &kept.value);
	if (r >= 0)
		r = target_table_put(&knowledge->refusals, &kept);
	if (r < 0)
		return r;
	if (refusal_is_general(&kept)) {
		knowledge->unsupported[kept.target.setting] = kept;
		knowledge->unsupported_mask |= SETTING_BIT(kept.target.setting);
		knowledge->once_unsupported_mask |= SETTING_BIT(kept.target.setting);
	}
	return 0;
}

const struct refusal *knowledge_unsupported(const struct knowledge *knowledge,
					    const struct step_target *target)
{
	if (step_is_of_vf(target) && (knowledge->unsupported_mask & SETTING_BIT(target->setting)))
		return &knowledge->unsupported[target->setting];
	return NULL;
}

static bool is_of_value(const struct refusal *refusal, const struct value *value)
{
	return refusal->of_any ||
	       value_equal(step_setting(&refusal->target), &refusal->value, value);
}

static const struct refusal *find_number(const struct knowledge *knowledge,
					 const struct step_target *target,
					 const struct value *value)
{
	const struct refusal *number = &knowledge->number;

	return target->kind == STEP_CREATE_VFS && number->made &&
			       number->made == knowledge->n_vfs && is_of_value(number, value)
		       ? number
		       : NULL;
}

const struct refusal *knowledge_refused(const struct knowledge *knowledge,
					const struct step_target *target, const struct value *value)
{
	static const struct refusal spared = { .target = { .kind = STEP_DESTROY_VFS },
					       .kind = REFUSAL_SPARED };
	const struct refusal *number = find_number(knowledge, target, value);
	const struct refusal *refusal = target_table_find(&knowledge->refusals, target);

	if (number)
		return number;
	if ((knowledge->sparing || knowledge->finishing) && target->kind == STEP_DESTROY_VFS)
		return &spared;
	if (refusal && !refusal->lifted && is_of_value(refusal, value))
		return refusal;
	return knowledge_unsupported(knowledge, target);
}

const struct refusal *knowledge_refused_for_good(const struct knowledge *knowledge,
						 const struct step_target *target,
						 const struct value *value)
{
	static const unsigned kinds = REFUSAL_BIT(REFUSAL_UNSUPPORTED) |
				      REFUSAL_BIT(REFUSAL_REJECTED) |
				      REFUSAL_BIT(REFUSAL_NOT_TAKEN);
	const struct refusal *refusal = target_table_find(&knowledge->refusals, target);

	if (refusal && !refusal->past && (kinds & REFUSAL_BIT(refusal->kind)) &&
	    is_of_value(refusal, value))
		return refusal;
	if (step_is_of_vf(target) &&
	    (knowledge->once_unsupported_mask & SETTING_BIT(target->setting)))
		return &knowledge->unsupported[target->setting];
	return find_number(knowledge, target, value);
}

/* Whether it takes nothing from anybody to try it once more: not VFs, and no driver from one. */
static bool is_harmless(const struct step_target *target)
{
	return target->kind == STEP_VF_SETTING;
}

void knowledge_retry(struct knowledge *knowledge, unsigned mask)
{
	for (size_t i = 0; i < knowledge->refusals.count; i++) {
		struct refusal *refusal = target_table_row(&knowledge->refusals, i);

		if ((mask & REFUSAL_BIT(refusal->kind)) &&
		    (refusal->kind != REFUSAL_UNSUPPORTED || is_harmless(&refusal->target)))
			refusal->lifted = true;
	}
	if (mask & REFUSAL_BIT(REFUSAL_UNSUPPORTED))
		knowledge->unsupported_mask = 0;
}

void knowledge_forgive(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->refusals.count; i++) {
		struct refusal *refusal = target_table_row(&knowledge->refusals, i);

		refusal->lifted = true;
	}
	knowledge->unsupported_mask = 0;
}

void knowledge_set_patient(struct knowledge *knowledge, bool patient)
{
	knowledge->patient = patient;
}

void knowledge_set_awaiting(struct knowledge *knowledge, bool awaiting)
{
	knowledge->awaiting = awaiting;
}

bool knowledge_is_awaiting(const struct knowledge *knowledge)
{
	return knowledge->awaiting;
}

void knowledge_set_requested(struct knowledge *knowledge, bool requested)
{
	knowledge->requested = requested;
}

bool knowledge_is_requested(const struct knowledge *knowledge)
{
	return knowledge->requested;
}

void knowledge_vfs_destroyed(struct knowledge *knowledge)
{
	knowledge->destroyed++;
}

unsigned knowledge_take_destroyed(struct knowledge *knowledge)
{
	unsigned destroyed = knowledge->destroyed;

	knowledge->destroyed = 0;
	return destroyed;
}

void knowledge_set_sparing(struct knowledge *knowledge, bool sparing)
{
	knowledge->sparing = sparing;
}

void knowledge_set_finishing(struct knowledge *knowledge, bool finishing)
{
	knowledge->finishing = finishing;
}

bool knowledge_is_patient(const struct knowledge *knowledge)
{
	return knowledge->patient;
}

unsigned knowledge_kinds(const struct knowledge *knowledge)
{
	unsigned mask = knowledge->unsupported_mask ? REFUSAL_BIT(REFUSAL_UNSUPPORTED) : 0;

	for (size_t i = 0; i < knowledge->refusals.count; i++) {
		const struct refusal *refusal = target_table_row(&knowledge->refusals, i);

		if (!refusal->lifted)
			mask |= REFUSAL_BIT(refusal->kind);
	}
	return mask;
}

void knowledge_succeed(struct knowledge *knowledge, const struct step_target *target)
{
	struct target_table *table = &knowledge->refusals;
	struct refusal *refusal = target_table_find(table, target);

	if (step_is_of_vf(target))
		knowledge->once_unsupported_mask &= ~SETTING_BIT(target->setting);
	if (!refusal)
		return;
	/* It was taken before, and read otherwise then: only if it does so again it is no news. */
	if (refusal->kind == REFUSAL_NOT_TAKEN) {
		refusal->lifted = refusal->past = true;
		return;
	}
	target_table_remove(table, refusal);
}

static bool is_of_pf(const void *row, const void *context)
{
	const struct step_target *target = row;

	(void)context;
	return !step_is_of_vf(target);
}

void knowledge_vfs_created(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->refusals.count; i++) {
		struct refusal *refusal = target_table_row(&knowledge->refusals, i);

		refusal->past = refusal->past || step_is_of_vf(&refusal->target);
		refusal->lifted = refusal->lifted || refusal->past;
	}
	target_table_filter(&knowledge->written, is_of_pf, NULL);
	takeovers_clear(&knowledge->takeovers);
}

int knowledge_wrote_blind(struct knowledge *knowledge, const struct step_target *target,
			  const struct value *value)
{
	struct written written = { .target = *target, .value = *value };
	const struct written *before = target_table_find(&knowledge->written, target);

	if (keep_value(knowledge, target, before ? &before->value : NULL, &written.value) < 0)
		return -ENOMEM;
	return target_table_put(&knowledge->written, &written);
}

bool knowledge_is_written(const struct knowledge *knowledge, const struct step_target *target,
			  const struct value *value)
{
	const struct written *written = target_table_find(&knowledge->written, target);

	return written && value_equal(step_setting(target), &written->value, value);
}

static bool is_news(const struct refusal *refusal)
{
	return !refusal->logged && !refusal->lifted;
}

static bool is_alike(const struct refusal *a, const struct refusal *b)
{
	return a->target.kind == b->target.kind && a->target.setting == b->target.setting &&
	       a->kind == b->kind && a->error == b->error;
}

const struct refusal *knowledge_unlogged(struct knowledge *knowledge, size_t *ret_others)
{
	struct refusal *first = knowledge->refusals.rows;
	struct refusal *end = first + knowledge->refusals.count;

	*ret_others = 0;
	if (knowledge->number.made && !knowledge->number.logged) {
		knowledge->number.logged = true;
		return &knowledge->number;
	}
	while (first < end && !is_news(first))
		first++;
	if (first == end)
		return NULL;
	first->logged = true;
	for (struct refusal *other = first + 1; other < end; other++) {
		if (!is_news(other) || !is_alike(first, other))
			continue;
		other->logged = true;
		(*ret_others)++;
	}
	return first;
}
