/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The drivers of PFs: what each takes, refuses and loses, and what it needs. Plans, the meaning of
 * what the kernel reports, the manual and the simulation all go by these rows; to teach sriovd
 * another driver is to add one, with its source (driver_table.c). */

#include <stdbool.h>
#include <stdint.h>

#include "model/value.h"

/* When a driver changes its eswitch mode. */
enum driver_eswitch {
	/* With its VFs, as long as no driver has one. What a driver without a row may need, too: no
	 * VF is destroyed for it. */
	ESWITCH_UNBOUND_VFS,
	ESWITCH_WITHOUT_VFS, /* they are destroyed for it, and created again */
	ESWITCH_AFTER_VFS,   /* at any time, but some versions only once there are VFs */
	ESWITCH_ANY_TIME,
};

/* What a driver does besides. */
enum driver_habit {
	DRIVER_CREATES_UP,  /* VFs are only created while the PF is up */
	DRIVER_DESTROYS_UP, /* and only destroyed then */
	DRIVER_SETS_UP,	    /* settings of VFs are only taken while the PF is up */
	/* A VF's driver that comes while the PF is down gets no address from it, and makes one up.
	 */
	DRIVER_BINDS_UP,
	DRIVER_TAKES_AD,    /* a VLAN of protocol 802.1ad, on some cards at least */
	DRIVER_NEVER_TELLS, /* it has no ndo_get_vf_config: no VF can be read */
	DRIVER_MAKES_ALL,   /* all VFs of the card, whatever number it is asked for */
	DRIVER_SHARES_MIN,  /* min-tx-rate of all VFs together has to fit the link */
	/* A limit reads as the link's speed where there is none, and once set cannot be lifted. */
	DRIVER_MAX_IS_SPEED,
	DRIVER_NO_NETDEV, /* the PF has no network device with it */
	/* The PF's own network device stays the same in another eswitch mode. Of others it is not
	 * known. */
	DRIVER_KEEPS_NETDEV,
	/* The PF's own network device comes with the VFs and goes with them. */
	DRIVER_NETDEV_OF_VFS,
	/* devlink rate nodes are there with its VFs, though nobody has made them. */
	DRIVER_MAKES_RATES,
	/* A VF with a limit in force stays on a VLAN on which it is. */
	DRIVER_LIMIT_HOLDS_VLAN,
	/* A VF does nothing, and its driver gives it up, until somebody gives it resources and sets
	 * it online. */
	DRIVER_VFS_OFFLINE,
};

/* What a driver makes of a value. */
enum driver_answer {
	DRIVER_TAKES, /* as far as is known */
	DRIVER_REFUSES,
	DRIVER_IGNORES, /* it accepts it, and does nothing */
};

/* What must be so of a value. */
enum driver_when {
	WHEN_ALWAYS,
	WHEN_NONE, /* it is zero: no address */
	WHEN_NOT_ZERO,
	WHEN_QOS,	/* of a VLAN */
	WHEN_QOS_ALONE, /* on VLAN 0 */
	WHEN_AD,	/* its protocol is 802.1ad */
	WHEN_UNDER,	/* it is not 0 and less than number */
	WHEN_OVER,	/* it is more than number */
	WHEN_IS,	/* it is number */
};

struct driver_exception {
	uint64_t settings; /* bits of VF settings; 0 ends a list */
	enum driver_when when;
	int error; /* negative errno; 0: DRIVER_IGNORES */
	uint64_t number;
};

struct driver {
	const char *name;   /* as sysfs has it */
	const char *source; /* of these facts, below drivers/ in Linux */
	/* What spoof-check is worth on a VF without an address of the PF's; NULL: what it is worth
	 * with one. */
	const char *spoof_without_mac;
	const char *note; /* for the manual: what else to know, in sentences; or NULL */
	unsigned habits;  /* bit per enum driver_habit */
	enum driver_eswitch eswitch;
	/* Bits of VF settings: that it has a way to set; */
	uint64_t sets;
	/* that reset the VF when they are written: its traffic stops for a moment; */
	uint64_t resets_vf;
	/* that the card may have changed by itself when the link comes up, without the kernel
	 * knowing: write them again; */
	uint64_t lost_with_link;
	/* that it takes back, and says so, when the link comes up with another speed; */
	uint64_t zeroed_with_speed;
	/* that a VF which a driver has goes on without until it is bound anew; */
	uint64_t taken_at_bind;
	/* that read back in switchdev mode and are not in force; */
	uint64_t idle_in_switchdev;
	/* that cannot be changed in switchdev mode; */
	uint64_t fixed_in_switchdev;
	/* that read as a constant, whatever is so. */
	uint64_t constant;
	/* of which a new VF has nothing: no VLAN, no limit, no right, a link that is the PF's; */
	uint64_t starts_off;
	/* that a new VF has. Of those in neither it is not known, or the card decides. */
	uint64_t starts_on;
	/* Bits per enum vf_counter (model/pf.h): what it counts of each VF. The kernel reports 0 of
	 * all others (rtnl_fill_vfinfo() in net/core/rtnetlink.c). */
	unsigned counts;
	const struct driver_exception *exceptions; /* the first that fits counts */
};

/* The row of the driver of that name, which may be NULL; one in which nothing is known where there
 * is none: its name is NULL. */
const struct driver *driver_of(const char *name);
/* The row number i, in order of name, or NULL. */
const struct driver *driver_row(unsigned i);

/* Whether it is one of vfio's, which give VFs to guests: vfio-pci, or a variant for some card, such
 * as mlx5_vfio_pci. */
bool driver_is_vfio(const char *name);

static inline bool driver_does(const struct driver *driver, enum driver_habit habit)
{
	return driver->habits & 1u << habit;
}

/* Whether a new VF is known to have that value of a setting of VF_LAYER_FUNCTION. */
bool driver_starts_with(const struct driver *driver, enum vf_setting setting,
			const struct value *value);

/* What the driver is known to make of the value of a VF's setting; ret_error, which may be NULL, is
 * set to the errno that it refuses it with. */
enum driver_answer driver_answer(const struct driver *driver, enum vf_setting setting,
				 const struct value *value, int *ret_error);
