/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy would change on one of many hosts, of which there is an inventory. */

#include <stdbool.h>
#include <stdint.h>

#include "model/setting.h"
#include "policy/policy.h"
#include "style.h"
#include "util/diagnostic.h"
#include "verdict.h"

/* Settings of a PF, then settings of a VF. */
#define OUTLOOK_SETTINGS (PF_SETTING_COUNT + VF_SETTING_COUNT)

/* The order in which a summary counts hosts. */
enum outlook_state {
	OUTLOOK_IN_SYNC,
	OUTLOOK_PENDING,
	OUTLOOK_BLOCKED,
	OUTLOOK_FAILED,	   /* the inventory cannot be read */
	OUTLOOK_WAITING,   /* nothing can be done before a link, a VF or a driver is there */
	OUTLOOK_DEGRADED,  /* a part of the policy makes no sense there; the rest is in sync */
	OUTLOOK_DRIFTED,   /* mode is observe: it differs and stays as it is */
	OUTLOOK_UNMANAGED, /* no rule matches a PF of it */
	OUTLOOK_STATE_COUNT,
};

struct outlook {
	enum outlook_state state;
	enum verdict verdict;
	struct outlook_change {
		uint32_t pfs; /* on which the setting differs */
		uint32_t vfs; /* on which it does, of a VF's setting */
	} changes[OUTLOOK_SETTINGS];
	char *note;   /* what differs, in one line; NULL if in sync */
	char *errors; /* what is wrong with the inventory, for standard error; or NULL */
	char *json;   /* all of it, in one line; NULL where it was not asked for */
};

/* What the outlooks of many hosts share. */
struct outlook_context {
	struct policy *policy; /* of all hosts */
	bool json;	       /* is asked for */
	/* Under the lock: what is found of all hosts together. */
	bool *matched;		      /* by rule of the policy: whether it matches any PF */
	struct diagnostics *warnings; /* what makes no sense on a PF, whichever it is */
	void (*lock)(void *locker);
	void (*unlock)(void *locker);
	void *locker;
};

/* Plans for the host of the inventory at path, which is called name. *part is the caller's
 * reference to the part of the policy that the last host had, or NULL; it becomes this host's. May
 * be called by several threads at once, each with a part of its own. */
void outlook_make(const struct outlook_context *context, const char *path, const char *name,
		  struct policy **part, struct outlook *ret);
void outlook_clear(struct outlook *outlook);

/* "in-sync"; a constant. */
const char *outlook_state_name(enum outlook_state state);
enum style outlook_state_style(enum outlook_state state);
/* "vlan", "eswitch.mode": the key of a setting by its place in changes. */
const char *outlook_setting_key(size_t setting);
