/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A step: one change with its reason; what it acts on; and a list of steps, a plan. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/pf.h"
#include "model/value.h"
#include "util/arena.h"
#include "util/text.h"

struct refusal;

/* Kinds of steps, in the order in which they are done. */
enum step_kind {
	STEP_PF_BEFORE, /* a setting of the PF that is written before anything is done about VFs */
	STEP_DESTROY_VFS, /* all of them: the kernel knows no other way to another number */
	STEP_ESWITCH_MODE,
	STEP_HOLD_DRIVERS, /* so that no driver sees a VF before it is configured */
	STEP_CREATE_VFS,
	STEP_VF_SETTING, /* of VF_LAYER_FUNCTION */
	STEP_UNBIND_VFS,
	STEP_ESWITCH_MODE_WITH_VFS, /* where there must be VFs, and no drivers on them */
	STEP_PF_AFTER,		    /* a setting of the PF that is written once the VFs are there */
	STEP_VF_DEVICE, /* a setting of VF_LAYER_DEVICE; or the VF's driver is bound anew,
			 * for one of VF_LAYER_FUNCTION that it takes up only then */
	STEP_RELEASE_DRIVERS,
	STEP_VF_NETDEV, /* a setting of VF_LAYER_NETDEV */
	STEP_KIND_COUNT,
};

/* While what a step must not be done: of the VF, or of any for a step on the PF. That is looked for
 * again right before. */
enum guard {
	GUARD_NONE,
	GUARD_OPEN, /* while somebody may have it open by way of vfio */
	GUARD_USE,  /* while somebody uses it */
};

/* What keeps a step from being done, and so what it takes to go on. */
enum blocker {
	BLOCKED_BY_NOTHING,
	BLOCKED_BY_HOLDER,  /* somebody uses what it would take */
	BLOCKED_BY_POLICY,  /* it says that this is not to be done, or not what is needed for it */
	BLOCKED_BY_REQUEST, /* it is done when somebody asks for it (disruption: on-request) */
	BLOCKER_COUNT,
};

/* A blocker, and its reason in words; all zero: there is none. */
struct block {
	const char *why; /* in the plan's arena, or a constant */
	enum blocker by;
};

/* What a step acts on. */
struct step_target {
	enum step_kind kind;
	uint32_t vf;	  /* of a VF's setting, else 0 */
	unsigned setting; /* enum vf_setting of a VF's; enum pf_setting of STEP_PF_BEFORE and
			   * STEP_PF_AFTER; else 0 */
};

/* What steps wait for. Of the link there is an event: there is nothing to look for before. */
#define STEP_WAITS_UDEV	 "udev has not finished with the network device of the VF"
#define STEP_WAITS_LINK	 "it is a share of the link's speed, and there is no link"
#define STEP_WAITS_USERS "the VF is in use, or its driver has only begun: that is seen in 10 s"

struct step {
	struct step_target target;
	bool from_known;
	struct value from; /* if known: what the kernel says now */
	struct value to; /* its origin says who wants it; NULL origin: implied by another setting */
	enum disruption disruption;
	bool blind; /* the kernel cannot report it: written once, never verified */
	bool once;  /* a VF is given it once: what becomes of it is noted */
	bool first; /* likewise, and nothing was noted of it yet: the VF may be somebody's */
	enum guard guard;
	bool depends_on_user; /* it disrupts nothing where nobody uses the VF */
	bool takes_netdev;    /* the PF's own network device may be another one after it */
	bool renews_netdev;   /* and not while the host uses that, which is looked for again right
			       * before */
	bool ends_rates; /* what VFs share of rates ends with it, or keeps it from being done: not
			  * while there is such a thing, likewise */
	struct owed_vfs owed; /* to be noted before, where any are: of a step that destroys VFs */
	const char *users;   /* who is on the link or the network device of the PF that it disrupts,
			      * or NULL: nobody is known; of the observed PF */
	const char *waits;   /* for what, or NULL; a constant */
	bool has_event;	     /* what it waits for is told by an event */
	const char *refuser; /* the driver that is known to refuse it, or NULL: it is asked all the
			      * same, since another version may not; a constant */
	struct block block;  /* why it must not be done now, if it must not */
	bool awaits_request; /* it takes a request, whoever else blocks it */
	const struct refusal *refused; /* why it is not tried now, or NULL; in the plan's arena */
};

/* Of a VF that is there, what is given once: masks of its settings. */
struct plan_once {
	uint64_t left;	  /* as they are */
	uint64_t changed; /* of those: they are not as wanted */
	uint64_t note;	  /* count as given from now on, which is to be noted */
};

struct plan {
	struct arena *arena;
	struct step *steps; /* in order of doing */
	size_t n_steps;
	size_t n_ready; /* steps of none of the other kinds */
	size_t n_blocked;
	size_t n_requestable; /* of these, by that alone that nobody has asked for them */
	size_t n_refused;
	size_t n_waiting;   /* for what no event tells */
	uint32_t n_missing; /* VFs with settings to write that the kernel does not report: not ready
			     */
	bool lacks_netdev;  /* settings are wanted that go by way of a network device of the PF's,
			     * which it does not have here */
	bool holds_back;    /* no driver is let at VFs that are not ready: that step is left out */
	const char *holds_all;	 /* likewise at any VF, until when; a constant, or NULL */
	const char *awaits_bond; /* holds_back, for as long as this bond is not up with the PF in
				  * it; NULL: for none */
	bool lacks_eswitch;	 /* settings of it are wanted, and devlink says nothing of it */
	bool awaits_eswitch;	 /* likewise, and there is time: no VFs are created meanwhile */
	bool awaits_users;	 /* it is not known yet whether VFs are in use */
	struct plan_once *once;	 /* by VF: */
	uint32_t n_once; /* 0: no values are given once, or the VFs that there are will go */
};

/* The setting that the step writes: a row of pf_settings or vf_settings. */
const struct setting *step_setting(const struct step_target *target);
/* The same of a step on the PF: number of its row in pf_settings. */
enum pf_setting step_pf_setting(const struct step_target *target);
/* What writes a setting of a PF: one that is written before or after the VFs. */
struct step_target step_target_of_pf(enum pf_setting setting);
/* The kind of the steps that write a VF's setting, which is not of VF_LAYER_NONE. */
enum step_kind step_kind_of(enum vf_setting setting);
/* Whether the step writes a setting of one VF. */
bool step_is_of_vf(const struct step_target *target);
/* Whether the step takes VFs, or the driver of one, from whoever uses them: it is so by what it
 * does, whatever was seen of the VFs. */
bool step_takes_vfs(const struct step *step);
/* Whether it takes the PF's link, or its own network device, from those who use these. */
bool step_disrupts_users(const struct step *step);
/* Whether it binds the VF's driver anew, for the setting. */
bool step_rebinds(const struct step_target *target);
/* Whether the step writes sriov_numvfs. */
bool step_writes_number(const struct step_target *target);
/* Whether a request alone would have it done. */
bool step_is_requestable(const struct step *step);
/* Whether it can be done now. */
bool step_is_ready(const struct step *step);
/* Whether it is blind and nobody can know that what it writes is missing. */
bool step_is_unseen(const struct step *step);
/* "create 8 VFs", "VF 3: vlan none -> 100", without what it disrupts. */
void step_describe(const struct step *step, struct text *out);
/* Of a setting's step "vlan none -> 100", without whose it is. */
void step_describe_change(const struct step *step, struct text *out);
/* "nothing", "traffic of the VF", ...; a constant. */
const char *disruption_word(enum disruption disruption);
/* What it disrupts, and who is known to use that. */
void step_describe_disruption(const struct step *step, struct text *out);
/* Whether the step only serves others, and is worth telling of only where nothing else is. */
bool step_is_auxiliary(const struct step *step);
bool step_target_equal(const struct step_target *a, const struct step_target *b);
int step_target_compare(const struct step_target *a, const struct step_target *b);
/* What blocks steps of the plan: a request only where nothing else blocks any. */
enum blocker plan_blocker(const struct plan *plan);
/* The worst that steps which take a request would disrupt, whoever else blocks them. */
enum disruption plan_requested(const struct plan *plan);
/* Whether the VF, of those that there are, would lose its traffic by one of them. */
bool plan_requested_of_vf(const struct plan *plan, uint32_t vf);
/* "holder"; a constant, NULL for nothing. */
const char *blocker_word(enum blocker blocker);
/* Whether VFs would be without what is to come before their drivers, were those let at them now:
 * that cannot be written yet, or is still to be. What is refused, or blocked, is not waited for. */
bool plan_is_bare(const struct plan *plan);
/* Whether drivers wait for what the step writes. */
bool step_is_before_driver(const struct step *step);
/* The step with that target, or NULL. Steps are in order of target. */
const struct step *plan_find(const struct plan *plan, const struct step_target *target);
