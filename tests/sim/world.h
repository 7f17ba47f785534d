/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A host in memory: PFs with their VFs as a profile has them, a clock, and what is about to happen.
 * All of it follows from a seed. Nothing here reads a clock, a file or an address. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "kernel/kernel.h"
#include "model/driver.h"
#include "model/given_record.h"
#include "profile.h"
#include "queue.h"
#include "random.h"

#define SIM_VFS_MAX	     260
#define SIM_PFS_MAX	     3
#define SIM_FAULTS_MAX	     8
#define SIM_ALTNAMES_MAX     3
#define SIM_DESTRUCTIONS_MAX 3
#define SIM_NEVER	     (UINT64_MAX / 2) /* so that times can be added to it */
#define SIM_UNKNOWN	     UINT32_MAX

/* What is asked of the kernel. */
enum op {
	OP_LIST,
	OP_OBSERVE,
	OP_FIND_HOLDERS,
	OP_NOTE,
	OP_OWED,
	OP_NUMVFS, /* from here on: writes */
	OP_PF,
	OP_HOLD,
	OP_RELEASE,
	OP_VFS,
	OP_VF,
	OP_UNBIND,
	OP_COUNT,
};

#define OP_BIT(op) (1u << (op))
#define OP_WRITES  (OP_BIT(OP_COUNT) - OP_BIT(OP_NUMVFS))
#define OP_LOOKS   (OP_BIT(OP_OBSERVE) | OP_BIT(OP_FIND_HOLDERS))

/* No call counts as stuck earlier. */
#define STUCK_AFTER_MS 10000

/* The call that a pass is in. */
struct doing {
	bool active;
	bool hangs;	  /* and cannot be interrupted */
	bool dead;	  /* its process is: it does nothing more, once the call returns */
	bool by_hand;	  /* it is of a process that ends with the pass */
	const char *what; /* is in the daemon's words for it */
	uint64_t since;
	uint32_t vfs;	   /* that it works on, at most */
	uint64_t loose_at; /* when the latest one that took too long returned; 0 */
};

static inline void doing_end(struct doing *doing, uint64_t now)
{
	if (doing->active && now >= doing->since + STUCK_AFTER_MS)
		doing->loose_at = now;
	doing->active = doing->hangs = false;
}

/* How somebody uses a VF. */
enum use { USE_NONE, USE_VFIO, USE_NETNS, USE_ADDRESS, USE_RECORD, USE_COUNT };

struct sim_vf {
	uint64_t instance; /* 0: it has no device */
	struct vf_values
		now; /* of VF_LAYER_FUNCTION, as its PF's driver has it; MSI-X, unmanaged */
	struct value force[VF_SETTING_COUNT]; /* what the hardware does; see force_of() */
	uint64_t reset_until;
	struct mac taken_mac; /* that its driver has, whatever reads back */
	char driver[16];      /* "": none */
	char override[16];    /* "": none */
	char owed[16];	      /* the driver that it is to have again; "": none */
	uint64_t netdev_at, settled_at;
	unsigned ifindex;
	uint32_t mtu;
	char altnames[SIM_ALTNAMES_MAX][48];
	uint32_t n_altnames;
	enum use use;
	uint64_t used_since;
	/* What the invariants need to know. */
	uint64_t failed;  /* settings that could not be written since it is there */
	uint64_t touched; /* settings that somebody else changed since */
	uint64_t known;	  /* settings that the process that runs has written */
	uint64_t once;	  /* settings that it is given once, by the policy at the latest write */
	uint64_t gave;	  /* those that it was given, or that count so */
	bool rebound;	  /* by hand, to the driver that it had */
	uint64_t wrote;	  /* those that were written, by whatever policy */
	uint64_t theirs;  /* and that somebody else has changed since */
};

/* The one that there is. */
#define SIM_BOND	 "bond0"
#define SIM_BOND_IFINDEX 9

/* Who uses the PF's own network device. */
enum pf_use {
	PF_USE_ADDRESS,
	PF_USE_SESSION,
	PF_USE_FILES,
	PF_USE_COUNT,
};

struct sim_pf {
	const struct profile *profile;
	const struct driver *driver; /* its row */
	uint32_t number;
	char handle[32];
	const char *address; /* in handle */
	char ifname[16];
	struct mac mac;
	bool plugged, bound;
	uint64_t instance; /* that is plugged in */
	unsigned ifindex;
	uint64_t settled_at;
	bool up, cable, carrier;
	uint64_t carrier_at; /* when it comes up; SIM_NEVER */
	bool other_speed;    /* than before, once it does */
	uint32_t speed;	     /* Mbit/s, of the latest link; UINT32_MAX: its driver says none */
	uint32_t carrier_ups;
	uint32_t mtu;
	bool bonded;		      /* it is in bond0, which is up */
	uint64_t users[PF_USE_COUNT]; /* since when the host's own traffic goes over it; 0: none */
	/* In /run too, of the VFs that there were then: what they were given once. */
	struct given_record given[SIM_VFS_MAX];
	uint64_t given_instance, given_vf_instance;
	uint32_t n_given;	  /* so many VFs; 0: nothing is noted */
	struct owed_vfs owed_vfs; /* likewise: VFs are owed since a request, of the device: */
	uint64_t owed_instance;
	bool autoprobe;	     /* the attribute */
	bool noted, note;    /* in /run: drivers are held, and what the attribute was */
	char noted_name[16]; /* and its name, if it had one */
	uint64_t eswitch[PF_SETTING_COUNT];
	uint64_t devlink_at; /* devlink knows of it from then on */
	struct sim_vf vfs[SIM_VFS_MAX];
	uint32_t n_vfs;
	bool mute;		  /* the kernel never reports its VFs; see device_is_mute() */
	uint32_t truncated_to;	  /* so many VFs are reported, until: */
	uint64_t truncated_until; /* then all */
	bool passing;		  /* a pass has the lock */
	bool renamed;		  /* while the latest pass was */
	/* What the invariants need to know. */
	const struct policy *policy; /* of the pass under way */
	uint64_t began;		     /* when it did */
	const struct pass *dry;	     /* what a dry run says that it will do; NULL: not asked */
	bool autoprobe_else;	     /* what the attribute would be if drivers were not held */
	uint32_t count_else; /* and how many VFs there are if the daemon leaves that alone; or
				SIM_UNKNOWN */
	uint64_t never;	     /* settings of VFs that its driver has said it never takes */
	bool meddled;	     /* somebody else wrote the attribute while drivers are held */
	uint64_t seen_mode;  /* of its eswitch, by who writes to it */
	bool seen_up;	     /* likewise */
	bool seen_bonded;    /* likewise */
	bool checked;	     /* the latest call was to find holders, and it succeeded */
	uint32_t checked_vf; /* of that VF, or KERNEL_ALL_VFS */
	uint64_t checked_at; /* when */
	bool netdev_checked; /* likewise of who uses the network device of the PF itself: */
	uint64_t netdev_checked_at;
	uint32_t requests; /* "sriovctl apply --disruptive" that the daemon has not answered */
	bool permitted;	   /* the pass under way began with one, at boot, or is one by hand */
	bool will_owe;	   /* others are to follow the VFs that are being destroyed on request */
	bool owes_vfs;	   /* that is so of those that were, and there are none since */
	uint64_t paused_until; /* nothing is to be written to it; 0, or past: it is not */
	uint64_t paused_at;    /* since when, of the latest */
	uint64_t poked_at;     /* since when the daemon owes it a pass; SIM_NEVER: it does not */
	unsigned hang_ops;     /* OP_BIT: the next of these takes so long: */
	uint32_t hang_ms;      /* 0: none does */
	uint32_t take_after;   /* so many writes somebody takes for a guest: */
	uint32_t take_vf;      /* this one; 0 writes: nobody does */
	uint64_t held_since;   /* passes have ended with drivers kept off VFs; SIM_NEVER */
	uint32_t writes;       /* since window */
	uint32_t most_vfs;     /* that there were since then */
	/* VFs, the latest time that they were others than asked for; 0: never. */
	uint32_t asked, made;
	uint32_t in_vain; /* so often were those destroyed to ask for as many again */
	bool untold;	  /* a look for users of VFs has failed */
	bool unseen; /* the daemon has not looked since then: a look that fails teaches nothing */
	uint64_t window;
	uint64_t writes_total;
	uint64_t destroyed_at[SIM_DESTRUCTIONS_MAX]; /* by the daemon, the latest; a ring */
	uint32_t destroyed; /* how often since it began, or has another policy */
};

/* The next calls of those kinds fail. */
struct fault {
	uint32_t pf;
	unsigned ops; /* OP_BIT */
	int error;
	uint32_t left;
};

/* When the daemon is killed: at a call of the kernel. */
struct doom {
	bool set;
	bool waits;	/* until VFs are destroyed */
	uint32_t calls; /* to go, from then on */
	uint32_t phase; /* 0 before its effect, 1 in the middle, 2 after */
};

/* What must hold at all times; tests/sim/INVARIANTS.md describes each. */
enum invariant {
	INVARIANT_NONE,
	INVARIANT_HELD,
	INVARIANT_UNMATCHED,
	INVARIANT_UNSET,
	INVARIANT_REASON,
	INVARIANT_STORM,
	INVARIANT_OBSERVE,
	INVARIANT_PAUSE,
	INVARIANT_IGNORE,
	INVARIANT_EMPTY,
	INVARIANT_AGREE,
	INVARIANT_BARE,
	INVARIANT_HOLD,
	INVARIANT_QUIET,
	INVARIANT_STUCK,
	INVARIANT_REQUEST,
	INVARIANT_ONCE,
	INVARIANT_AT_MOST,
	INVARIANT_CAPTURE,
	INVARIANT_NAMED,
	INVARIANT_STORY, /* not of the program: the history itself is wrong */
	INVARIANT_COUNT,
};

const char *invariant_name(enum invariant invariant);

struct daemon;
struct policy;
struct pass;

struct world {
	struct kernel kernel;
	struct random random;
	uint64_t now; /* ms */
	struct queue queue;
	bool booted;  /* in /run: a process has become ready since the boot */
	bool booting; /* none has, and there is one */
	struct sim_pf pfs[SIM_PFS_MAX];
	uint32_t n_pfs;
	unsigned next_ifindex;
	uint64_t instances; /* of devices that there have been */
	struct fault faults[SIM_FAULTS_MAX];
	uint32_t n_faults;
	struct doom doom;
	bool dead;		  /* the process is: it does nothing more */
	bool frozen;		  /* nothing happens while a call takes its time */
	bool ours;		  /* what is done now is the daemon's doing */
	struct sim_pf *turn;	  /* whose number of VFs may be written; NULL: anybody's */
	struct sim_pf *numbering; /* whose number the kernel writes; NULL: nobody's */
	struct doing *doing;	  /* of the pass that runs; NULL: none does */
	bool over;		  /* the history ends: */
	enum invariant broken;
	char message[300];
	/* How events come to the daemon. */
	bool events_lost;
	uint32_t events_late; /* up to so many ms more, each its own */
	bool events_doubled;
	uint64_t calls, passes;
	/* Who lives on it; NULL: nobody, time just passes. */
	struct daemon *daemon;
	void (*pass_time)(struct world *world, uint64_t until);
	/* Before a write takes effect. */
	void (*before_write)(struct world *world, struct sim_pf *pf, enum op op,
			     const struct pf *observed, const void *argument);
	/* Before it is noted what VFs were given once. */
	void (*before_note)(struct world *world, struct sim_pf *pf, const struct pf *observed,
			    const struct given_note *notes, size_t n_notes);
	/* Before it is noted that VFs are owed, or with NULL that none are. */
	void (*before_owed)(struct world *world, struct sim_pf *pf, const struct pf *observed,
			    const struct owed_vfs *owed);
	/* VFs were destroyed. */
	void (*after_destroy)(struct world *world, struct sim_pf *pf);
	/* A driver is about to get a VF. */
	void (*before_bind)(struct world *world, struct sim_pf *pf, uint32_t vf);
	FILE *trace; /* NULL: none */
};

/* For OP_VF, OP_PF and OP_VFS, the argument of before_write. */
struct vf_write {
	uint32_t vf;
	enum vf_setting setting;
	const struct value *value;
};

struct pf_write {
	enum pf_setting setting;
	const struct value *value;
};

struct vfs_write {
	const struct vf_change *changes;
	size_t count;
};

/* Prepares the kernel and an empty host. */
void world_init(struct world *world, uint64_t seed);
struct sim_pf *world_find(struct world *world, const char *handle);
/* Whether it is a process that ends with its pass, and what it knows with it, that calls. */
bool world_is_by_hand(const struct world *world);
/* The PF with a driver and a network device, as it boots. profile is its driver's. */
void world_add_pf(struct world *world, const struct profile *profile);
/* Prints a line of the story, with the time, if there is a trace. */
void world_say(struct world *world, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));
/* An invariant does not hold. The first one counts. */
void world_violate(struct world *world, enum invariant invariant, const char *format, ...)
	__attribute__((__format__(__printf__, 3, 4)));
/* struct kernel over it. */
void sim_kernel_init(struct world *world);
/* Whether what is noted is of the VFs that pf, an observation, has. */
bool sim_given_is_of(const struct sim_pf *pf, const struct pf *seen);
int sim_observe(struct world *world, struct sim_pf *pf, bool whole, struct pf **ret);
