/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What happens to a host besides the daemon: a list that follows from a seed. Each item is by
 * itself, so that any of them can be left out. */

#include "world.h"

enum happening_kind {
	HAPPEN_RIVAL,	    /* somebody changes a setting of a VF */
	HAPPEN_FLAP,	    /* ... again and again */
	HAPPEN_RIVAL_COUNT, /* ... the number of VFs */
	HAPPEN_RIVAL_PF,    /* ... MTU, autoprobe, eswitch mode */
	HAPPEN_INSIST,	    /* ... or another of the PF, and again whenever it is put back */
	HAPPEN_RIVAL_DRIVER,
	HAPPEN_UP,
	HAPPEN_DOWN,
	HAPPEN_CABLE_OUT,
	HAPPEN_CABLE_IN,
	HAPPEN_RELOAD_DRIVER,
	HAPPEN_UNPLUG,
	HAPPEN_RENAME,
	HAPPEN_BOND, /* the PF's network device joins a bond that is up, or leaves it */
	HAPPEN_USE,  /* somebody begins to use a VF, or the host the PF's network device */
	HAPPEN_UNUSE,
	HAPPEN_TAKE, /* ... begins to between two steps of a pass */
	HAPPEN_RESET_VF,
	HAPPEN_FAULT,
	HAPPEN_HANG,
	HAPPEN_TRUNCATE,
	HAPPEN_LOSE_EVENTS,
	HAPPEN_LATE_EVENTS,
	HAPPEN_DOUBLE_EVENTS,
	HAPPEN_POLICY,
	HAPPEN_APPLY,	/* by hand */
	HAPPEN_REQUEST, /* "sriovctl apply --disruptive", of the daemon or by hand */
	HAPPEN_PAUSE,	/* somebody has it paused, or that ended */
	HAPPEN_KILL,	/* the daemon, between two calls */
	HAPPEN_DOOM,	/* ... at a call */
	HAPPEN_COUNT,
};

struct happening {
	uint64_t at;
	enum happening_kind kind;
	uint32_t pf, vf;
	uint32_t a, b; /* as the kind takes them; any number will do */
};

#define STORY_MAX 64

struct story {
	uint64_t seed;
	struct happening items[STORY_MAX];
	uint32_t count;
	uint64_t left_out;  /* bit per item */
	const char *driver; /* that all PFs have; NULL: any */
};

/* The host as it boots, and what will happen. */
void story_set_scene(uint64_t seed, const char *driver, struct world *world);
void story_draw(uint64_t seed, const struct world *world, struct story *ret);
/* Puts what was not left out into the world's queue. */
void story_queue(const struct story *story, struct world *world);
/* One of them comes about; repeats counts how often it did before. */
void story_happen(const struct story *story, struct world *world, uint32_t number,
		  uint32_t repeats);
/* "12.345 s: VF 3 of ens1: ..." */
void story_describe(const struct story *story, uint32_t number, struct text *out);
/* A policy for the world's PFs; NULL where the text is wrong, which ends the history. */
struct policy *story_policy(uint64_t seed, struct world *world);
/* Nothing fails, hangs or gets lost any more. */
void story_end_faults(struct world *world);
