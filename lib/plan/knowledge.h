/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What earlier passes over one PF have taught: settings that were refused, and settings that the
 * kernel cannot report and that were written once. It is what keeps a level-triggered loop from
 * doing again what cannot succeed. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/pf.h"
#include "plan/step.h"
#include "plan/takeover.h"

/* Why a step was not carried out, and so what it takes to try it again. */
enum refusal_kind {
	REFUSAL_UNSUPPORTED, /* by this driver and firmware, or by the state that they are in: try
			      * once an hour what takes nothing from anybody, the rest when one of
			      * them changes */
	REFUSAL_WAITS_LINK,  /* until the PF's link is up */
	REFUSAL_WAITS_VF, /* until the VF, or the driver that it is to have, is there: the one that
			   * it has resets, or it was not created */
	REFUSAL_WAITS_TURN, /* until another PF's number of VFs is written: try soon */
	REFUSAL_RETRY,	    /* busy, try soon */
	REFUSAL_REJECTED,   /* the kernel says the value is wrong here: try seldom */
	REFUSAL_NOT_TAKEN,  /* the kernel said yes and reads back otherwise: try seldom */
	REFUSAL_SPARED,	    /* it was done often enough: see knowledge_set_sparing() */
	REFUSAL_KIND_COUNT,
};

#define REFUSAL_BIT(kind) (1u << (kind))
#define REFUSAL_ALL	  ((1u << REFUSAL_KIND_COUNT) - 1)

struct refusal {
	struct step_target target;
	struct value value; /* that was refused: another value is tried at once */
	enum refusal_kind kind;
	int error;	   /* -errno of the kernel; 0 for REFUSAL_NOT_TAKEN */
	char message[160]; /* the driver's own words, or "" */
	bool of_any;	   /* the answer is the same whatever the value */
	uint32_t made; /* so many VFs were made, which is not what was asked for; 0: of others */
	bool lifted;   /* may be tried again; kept to know whether the next one is news */
	bool past;     /* lifted because it was overcome, or is of VFs that are gone */
	bool logged;   /* already, by whoever asks knowledge_unlogged() */
};

/* Whether it is of the setting of VFs as such, not of this VF or of a value that some drivers know
 * and others do not: 802.1ad, a priority, no address. */
bool refusal_is_general(const struct refusal *refusal);

struct knowledge;

int knowledge_new(struct knowledge **ret);
void knowledge_free(struct knowledge *knowledge);
DEFINE_CLEANUP(struct knowledge *, knowledge_free);

/* What time it is from now on, ms of any steady clock; at the begin and the end of a pass. Who
 * never says has no memory of other times either. */
void knowledge_set_time(struct knowledge *knowledge, uint64_t now);

/* Notes what the PF is now. With another driver, firmware or network device than last time (the
 * driver was loaded anew, say) everything is forgotten; in another eswitch mode all but that the
 * driver makes only so many VFs; with other VFs, what was learnt of those before; with VFs where
 * there were none, what was refused of the eswitch is tried again. Where the link has come up
 * since, what is known to be lost then is in doubt, and what waits for the link is tried again: not
 * wherever there is a link, since a driver may refuse all the same. 0 or -ENOMEM. */
int knowledge_note_pf(struct knowledge *knowledge, const struct pf *observed);

/* Notes a refusal; it replaces an earlier one of the same target, and counts as logged if that one
 * was and it is the same. One that is general holds for the setting on every VF, whatever the
 * value. That the driver made other VFs than it was asked for is known beside all that, until there
 * are such as it was asked for, and holds while there are as many as it made: for others these
 * would be destroyed in vain; without any, nobody loses anything if it is tried once more. 0 or
 * -ENOMEM. */
int knowledge_refuse(struct knowledge *knowledge, const struct refusal *refusal);
/* Notes that a step was carried out: an earlier refusal of it is forgotten, or lifted if it was
 * that the step was carried out in vain. */
void knowledge_succeed(struct knowledge *knowledge, const struct step_target *target);
/* The refusal that keeps a step with this target and value from being tried now, or NULL. */
const struct refusal *knowledge_refused(const struct knowledge *knowledge,
					const struct step_target *target,
					const struct value *value);
/* The same of what is not supported, was rejected or not taken, and is not past: also where time
 * has lifted it. It is for steps that are not tried again by themselves. */
const struct refusal *knowledge_refused_for_good(const struct knowledge *knowledge,
						 const struct step_target *target,
						 const struct value *value);
/* The refusal of a VF's setting on any VF, also one that is still to be created, or NULL. */
const struct refusal *knowledge_unsupported(const struct knowledge *knowledge,
					    const struct step_target *target);
/* Lifts the refusals whose kinds are in mask (REFUSAL_BIT): they will be tried again. Of those that
 * are not supported only settings of VFs are, with which nobody loses a VF or its driver. */
void knowledge_retry(struct knowledge *knowledge, unsigned mask);
/* Lifts all but that the driver makes only so many VFs: somebody asks for it. */
void knowledge_forgive(struct knowledge *knowledge);
/* Whether drivers are kept off VFs for as long as some are not ready to be configured; true at
 * first. */
void knowledge_set_patient(struct knowledge *knowledge, bool patient);
bool knowledge_is_patient(const struct knowledge *knowledge);
/* Likewise whether VFs are not created for as long as devlink says nothing of their eswitch. */
void knowledge_set_awaiting(struct knowledge *knowledge, bool awaiting);
bool knowledge_is_awaiting(const struct knowledge *knowledge);
/* Whether somebody asks for what is done on request only (disruption: on-request); false at first.
 */
void knowledge_set_requested(struct knowledge *knowledge, bool requested);
bool knowledge_is_requested(const struct knowledge *knowledge);
/* Notes that all VFs were destroyed; how often that was noted since it was asked. */
void knowledge_vfs_destroyed(struct knowledge *knowledge);
unsigned knowledge_take_destroyed(struct knowledge *knowledge);
/* Whether VFs are left as they are, rather than destroyed once more; false at first. */
void knowledge_set_sparing(struct knowledge *knowledge, bool sparing);
/* Whether VFs that are half made are only to be finished, and none destroyed for others; false at
 * first. */
void knowledge_set_finishing(struct knowledge *knowledge, bool finishing);
/* The kinds of the refusals in force (REFUSAL_BIT): also of what is refused of all VFs by what one
 * of them was refused. */
unsigned knowledge_kinds(const struct knowledge *knowledge);
/* Notes that a step was tried: if VFs have other drivers after one that takes or gives them, that
 * is its doing. */
void knowledge_tried(struct knowledge *knowledge, const struct step *step);
/* Whether the driver that a VF has came between two looks, by somebody else, and is in its time of
 * grace (takeover.h). */
bool knowledge_is_taken_over(const struct knowledge *knowledge, uint32_t vf);
/* Whether the PF has other VFs than at an earlier look, until that is forgotten: made by whomever,
 * while somebody looked. */
bool knowledge_has_new_vfs(const struct knowledge *knowledge);
void knowledge_forget_new_vfs(struct knowledge *knowledge);
/* Whether who is found to use a VF is more than a driver that has not made its network device yet,
 * which looks as if that were elsewhere: it is once the VFs were seen for that time of grace, and
 * so long after drivers were bound to them. */
enum users_known {
	USERS_OF_NOW, /* no time was told: nobody will look again */
	USERS_NOT_YET,
	USERS_LASTING,
};
enum users_known knowledge_users(const struct knowledge *knowledge, uint32_t vf);
/* When that is so, for who has told the time since the VFs were first seen. */
uint64_t knowledge_users_at(const struct knowledge *knowledge);
/* When the first such time is over, TAKEOVER_NEVER if there is none. */
uint64_t knowledge_grace_over_at(const struct knowledge *knowledge);
/* Forgets all that was learnt of VFs: they are new. What the driver does not support is kept; and
 * that a refusal was logged, which is no news if it comes again. */
void knowledge_vfs_created(struct knowledge *knowledge);

/* Notes that a value that cannot be read back was written, or that a VF's driver was bound anew for
 * what it takes up then, of which the next looks tell. 0 or -ENOMEM. */
int knowledge_wrote_blind(struct knowledge *knowledge, const struct step_target *target,
			  const struct value *value);
bool knowledge_is_written(const struct knowledge *knowledge, const struct step_target *target,
			  const struct value *value);
/* Puts in doubt what a card may lose when its link comes up (model/driver.h), as it may have before
 * anybody looked: it is to be written once more. */
void knowledge_doubt(struct knowledge *knowledge);
bool knowledge_is_doubted(const struct knowledge *knowledge);

/* The next refusal that was not logged yet, or NULL. It and all that differ from it in the VF only
 * are marked as logged; *ret_others says how many those are. */
const struct refusal *knowledge_unlogged(struct knowledge *knowledge, size_t *ret_others);
