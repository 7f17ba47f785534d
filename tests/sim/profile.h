/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What drivers are like beyond the rows of lib/model/driver_table.c, which say what they take and
 * refuse: the cards, what they report, what they refuse for the state that they are in. What is in
 * force and what reads back is said here alone, so that what those rows have of it is held against
 * something else than itself. Data only; tests/lab/test_profiles.py holds igb and netdevsim against
 * the real ones. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/setting.h"
#include "model/value.h"

/* What must hold for a refusal that does not depend on the value alone. */
enum condition {
	IF_MULTICAST,	  /* the address is */
	IF_NO_CARRIER,	  /* the PF's link is down */
	IF_OVER_SPEED,	  /* the rate is over the link's */
	IF_MIN_OVER_MAX,  /* of the two rates, max not being 0 */
	IF_RESETTING,	  /* the VF's driver is starting over */
	IF_RATE_HOLDS,	  /* a limit is in force that would not be on that VLAN */
	IF_UNDER_PERCENT, /* the rate is less than one per cent of the link's */
	IF_EVER,	  /* nothing */
	IF_INFINIBAND,	  /* it is of such a card, which none of these is */
};

/* The first row that applies decides. */
struct refusal_row {
	uint64_t settings; /* bit per enum vf_setting */
	enum condition condition;
	int error; /* negative errno */
};

#define RTNETLINK_REFUSALS 2
/* What the core of rtnetlink answers before any driver is asked. */
extern const struct refusal_row rtnetlink_refusals[RTNETLINK_REFUSALS];

/* When hardware does otherwise than it was told. */
enum lapse_when {
	LAPSE_NEVER,
	LAPSE_WRITTEN,	    /* the number is written: the driver says yes and passes it over */
	LAPSE_LINK_UP,	    /* it does what the number says from then on until it is told again */
	LAPSE_OTHER_SPEED,  /* so it does once the link comes up with another speed, and reads so */
	LAPSE_IN_SWITCHDEV, /* it does what the number says as long as that is the mode */
	LAPSE_OFF_VLAN,	    /* likewise as long as the VF has no VLAN or a priority, and reads so */
	LAPSE_SAME_TAG,	    /* a VLAN is written with the id and priority that there are: nothing */
	LAPSE_NO_QOS,	    /* a VLAN is written: it is without its priority from then on */
	LAPSE_OVER_SPEED,   /* a rate is written that is over the link's: it is that of the link */
};

struct lapse {
	uint64_t settings; /* bit per enum vf_setting */
	enum lapse_when when;
	uint64_t number;
};

/* What is reported otherwise than the driver has it. */
enum reading_how {
	READ_AS_IS,
	READ_NO_VLAN,	  /* no VLAN as the number */
	READ_NO_PROTOCOL, /* any VLAN as 802.1Q */
	READ_MORE,	  /* so many more */
	READ_AS_SPEED,	  /* 0 as the speed of the link */
};

struct reading {
	enum vf_setting setting;
	enum reading_how how;
	uint64_t number;
};

/* What of its VFs is not reported while one starts over. */
enum hiding {
	HIDES_NONE,
	HIDES_VF,  /* that VF */
	HIDES_ALL, /* every one */
};

enum eswitch_kind {
	ESWITCH_NONE,
	ESWITCH_ALWAYS,	       /* the mode changes at any time */
	ESWITCH_WITHOUT_ANY,   /* EOPNOTSUPP while there are VFs */
	ESWITCH_WHILE_UNBOUND, /* EBUSY while a driver has one */
	ESWITCH_WITH_ANY,      /* EPERM without VFs, but to legacy */
};

#define PROFILE_REFUSALS_MAX 16
#define PROFILE_LAPSES_MAX   4
#define PROFILE_READINGS_MAX 2

struct profile {
	const char *driver;
	const char *vf_driver; /* that binds new VFs; NULL: VFs have no device, as netdevsim's */
	uint32_t class;	       /* of PCI, if that is no network card: neither it nor VFs have a
				  network device */
	uint16_t netdev_ms;    /* after it has one, at most; 0: with that */
	uint32_t totalvfs;     /* 0: not reported */
	uint32_t limit;	       /* more VFs than this: */
	int limit_error;
	uint32_t vfs_at_load;	/* it makes them itself, and nobody another number */
	uint32_t makes_all;	/* VFs, whatever number it is asked for; */
	int none_error;		/* and what it says to 0 */
	uint32_t makes_at_most; /* VFs; asked for more it makes these and says yes */
	bool needs_up;		/* makes no VF while the PF is down, and says yes */
	bool bounces_carrier;	/* when VFs are made or destroyed */
	bool keeps_settings;	/* of VFs that are destroyed, for those that come after them */
	uint16_t create_ms, destroy_ms;
	uint32_t speed;		/* of the link, Mbit/s */
	uint32_t mtu_max;	/* EINVAL above it */
	uint64_t settings;	/* it reports; of VF_LAYER_FUNCTION */
	uint32_t lists_at_most; /* of how many VFs the kernel tells in one message; 0: of all */
	bool lists_none;	/* it has no ndo_get_vf_config: nothing of a VF is reported */
	uint64_t unread;	/* what of VF_LAYER_DEVICE the daemon may not read */
	uint64_t resets;	/* that have the VF start over when they are changed, or */
	uint64_t resets_even_unchanged; /* written; */
	uint16_t reset_ms;		/* and how long that is to be noticed; 0: it is not */
	enum hiding hides_resetting;
	uint32_t msix_total; /* for all VFs; 0: cannot be dealt out */
	enum eswitch_kind eswitch;
	bool legacy_without_vfs; /* so is its mode once its VFs are destroyed */
	int same_mode_error;	 /* for the eswitch mode that it has already; 0: none */
	int never_error;	 /* says of a VF's setting that it never takes it; 0: none but
				    EOPNOTSUPP */
	bool mac_at_bind;  /* a driver of a VF goes on with the address that it has found then, */
	bool mac_while_up; /* and makes one up if the PF is down */
	struct refusal_row refusals[PROFILE_REFUSALS_MAX];
	struct lapse lapses[PROFILE_LAPSES_MAX];
	struct reading readings[PROFILE_READINGS_MAX];
};

extern const struct profile profiles[];
extern const size_t n_profiles;

/* NULL if there is none of that driver. */
const struct profile *profile_find(const char *driver);
