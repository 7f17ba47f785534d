/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy would change on one of many hosts, of which there is an inventory. */

#include <stdbool.h>
#include <stdint.h>

#include "document/diagnostic.h"
#include "model/value.h"
#include "policy/desired.h"
#include "policy/policy.h"
#include "style.h"
#include "verdict.h"

/* Settings of a PF, then settings of a VF. */
#define HOST_PLAN_SETTINGS ((size_t)PF_SETTING_COUNT + (size_t)VF_SETTING_COUNT)

/* The order in which a summary counts hosts. */
enum host_plan_state {
	HOST_PLAN_IN_SYNC,
	HOST_PLAN_PENDING,
	HOST_PLAN_BLOCKED,
	HOST_PLAN_FAILED,    /* the inventory cannot be read */
	HOST_PLAN_WAITING,   /* nothing can be done before a link, a VF or a driver is there */
	HOST_PLAN_DEGRADED,  /* a part of the policy makes no sense there; the rest is in sync */
	HOST_PLAN_DRIFTED,   /* mode is observe: it differs and stays as it is */
	HOST_PLAN_UNMANAGED, /* no rule matches a PF of it */
	HOST_PLAN_STATE_COUNT,
};

struct host_plan {
	enum host_plan_state state;
	enum verdict verdict;
	struct host_plan_change {
		uint32_t pfs; /* on which the setting differs */
		uint32_t vfs; /* on which it does, of a VF's setting */
	} changes[HOST_PLAN_SETTINGS];
	char *note;   /* what differs, in one line; NULL if in sync */
	char *errors; /* what is wrong with the inventory, for standard error; or NULL */
	char *json;   /* all of it, in one line; NULL where it was not asked for */
};

/* What makes no sense on PFs of one or more hosts. */
struct host_problem {
	struct problem problem; /* the message lives in the list's arena */
	const char *host;	/* the first on which it is: its name, not copied */
	const char *last;	/* the one that it was seen on last */
	size_t hosts;
};

struct host_problems {
	struct arena *arena;
	struct host_problem *items;
	size_t count, capacity;
};

/* What the plans of many hosts share. */
struct host_plan_context {
	struct policy *policy; /* of all hosts */
	bool json;	       /* is asked for */
	/* Under the lock: what is found of all hosts together. */
	bool *matched;			/* by rule of the policy: whether it matches any PF */
	struct host_problems *problems; /* each once, as many as a list of messages keeps */
	void (*lock)(void *locker);
	void (*unlock)(void *locker);
	void *locker;
};

/* Plans for the host of the inventory that is called name in the folder. *part is the caller's
 * reference to the part of the policy that the last host had, or NULL; it becomes this host's. May
 * be called by several threads at once, each with a part of its own. */
void host_plan_make(const struct host_plan_context *context, const char *folder, const char *name,
		    struct policy **part, struct host_plan *ret);
void host_plan_clear(struct host_plan *host_plan);

/* "in-sync"; a constant. */
const char *host_plan_state_name(enum host_plan_state state);
enum style host_plan_state_style(enum host_plan_state state);
/* "vlan", "eswitch.mode": the key of a setting by its place in changes. */
const char *host_plan_setting_key(size_t setting);
