/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Every setting that a policy can name, once: a row each. */

#include <stdbool.h>
#include <stdint.h>

enum value_type {
	VALUE_BOOL,	/* number: 0 or 1 */
	VALUE_NUMBER,	/* number */
	VALUE_RATE,	/* number: Mbit/s; or a percentage of the link's speed */
	VALUE_COUNT,	/* number; or a percentage, or max (of sriov_totalvfs) */
	VALUE_CHOICE,	/* number: one of the setting's choices */
	VALUE_MAC,	/* mac; none is the zero address; or stable, or counting */
	VALUE_VLAN,	/* vlan; none is VLAN 0; or counting */
	VALUE_GUID,	/* number: 64 bits, host byte order; or stable, or counting */
	VALUE_NAME,	/* name: of a driver; or default, or none */
	VALUE_NETDEV,	/* name: of a network device */
	VALUE_LABEL,	/* name: small letters, digits and '-' */
	VALUE_TEMPLATE, /* name: with placeholders (model/template.h); plain in a resolved PF */
};

/* What a value asks for besides a plain one. Observed values are VALUE_PLAIN or VALUE_NONE. */
enum value_form {
	VALUE_PLAIN,
	VALUE_NONE,    /* VALUE_NAME: explicitly nothing, as a VF without a driver */
	VALUE_DEFAULT, /* VALUE_NAME: what the kernel would choose */
	VALUE_STABLE,  /* VALUE_MAC, VALUE_GUID: derived, see policy/resolve/stable_address.h; never
			* in a resolved PF */
	VALUE_PERCENT, /* VALUE_COUNT, VALUE_RATE: number is per cent, 0 to 100; in a resolved PF
			* only of VALUE_RATE, while there is no link that it would be a share of */
	VALUE_MAX,     /* VALUE_COUNT: never in a resolved PF */
	VALUE_FROM,    /* VALUE_MAC, VALUE_VLAN, VALUE_GUID: that of the first VF, see
			* policy/counted.h; never in a resolved PF */
};

/* Settings of a PF. From PF_MTU on they are in the order in which they are written. */
enum pf_setting {
	PF_MODE,       /* enforce, observe or ignore: how sriovd treats the PF */
	PF_VFS,	       /* number of VFs */
	PF_AT_MOST,    /* no more of them than the card can have */
	PF_ON_RESIZE,  /* what may happen to VFs when their number changes */
	PF_DISRUPTION, /* when what disrupts is done */
	PF_ON_DISRUPT, /* what may happen to the PF's own network device while the host uses it */
	PF_DRIVER_AFTER_BOND, /* no driver is let at VFs before that one is up, with the PF in it */
	PF_MTU,
	PF_UP, /* bring the PF up */
	PF_DRIVERS_AUTOPROBE,
	PF_ESWITCH_MODE,
	PF_ESWITCH_INLINE_MODE,
	PF_ESWITCH_ENCAP_MODE,
	PF_SETTING_COUNT,
};

/* Settings of a VF, in the order in which a new one gets them. Of VF_LAYER_FUNCTION it is the order
 * in which the kernel carries out one IFLA_VF_INFO (do_setvfinfo() in net/core/rtnetlink.c). The
 * driver comes after all that it must find in place. */
enum vf_setting {
	VF_MAC,
	VF_VLAN,
	VF_MIN_TX_RATE,
	VF_MAX_TX_RATE,
	VF_SPOOF_CHECK,
	VF_LINK_STATE,
	VF_QUERY_RSS,
	VF_TRUST,
	VF_NODE_GUID,
	VF_PORT_GUID,
	VF_MSIX_VECTORS,
	VF_UNMANAGED,
	VF_DRIVER,
	VF_ALTNAME,
	VF_MTU,
	VF_POOL, /* the group that it is handed out from: for export alone */
	VF_SETTING_COUNT,
};

/* What a setting of a VF is a setting of. */
enum vf_layer {
	VF_LAYER_FUNCTION, /* the VF, as its PF's driver treats it: by rtnetlink, many at once */
	VF_LAYER_DEVICE, /* the VF's own device: before a driver has it, and which driver that is */
	VF_LAYER_NETDEV, /* the network device that a driver on this host makes of it */
	VF_LAYER_COUNT,
	VF_LAYER_NONE = VF_LAYER_COUNT, /* nothing of the kernel's: it is never written */
};

enum pf_mode { MODE_ENFORCE, MODE_OBSERVE, MODE_IGNORE };
enum disruption_policy { DISRUPTION_AUTO, DISRUPTION_ON_REQUEST };
enum disrupt_policy { DISRUPT_REFUSE_IN_USE, DISRUPT_ALLOW };
enum resize_policy { RESIZE_REFUSE_IN_USE, RESIZE_REFUSE, RESIZE_FORCE, RESIZE_FORCE_OPEN };

/* DEVLINK_ESWITCH_MODE_SWITCHDEV_INACTIVE of Linux 7.3's linux/devlink.h: switchdev whose VFs are
 * not connected yet. */
#define ESWITCH_MODE_SWITCHDEV_INACTIVE 2

struct choice {
	const char *word;
	uint64_t number;    /* the kernel's constant */
	bool observed_only; /* the kernel reports it, and no policy can ask for it */
};

/* What a change takes from those who use the card, the worst last. */
enum disruption {
	DISRUPTS_NOTHING,
	DISRUPTS_VF,  /* traffic of that VF may stop for a moment */
	DISRUPTS_PF,  /* the PF's link may go down for a moment */
	DISRUPTS_ALL, /* the VFs are destroyed: whoever holds one loses it */
};

/* When a PF's setting is written. */
enum setting_when {
	SETTING_NEVER,	    /* it says how sriovd treats the PF: the kernel knows nothing of it */
	SETTING_BEFORE_VFS, /* before anything is done about VFs */
	SETTING_AFTER_VFS,  /* once the VFs are there and have their settings */
	SETTING_PLANNED,    /* by steps of its own kind */
};

/* The row that all code reads, so that adding a setting is adding a row. */
struct setting {
	const char *key; /* YAML and JSON key; "a.b" is key b in the mapping a */
	enum value_type type;
	uint64_t min, max; /* VALUE_NUMBER, VALUE_RATE, VALUE_COUNT: the range allowed, inclusive */
	uint32_t scale;	   /* VALUE_NUMBER, VALUE_RATE: what 1 stands for, in bit/s or bytes, where
			    * people write it with a k, M or G; else 0 */
	const struct choice *choices; /* VALUE_CHOICE: ended by a NULL word */
	const char *unit;	      /* for people: "Mbit/s", or NULL */
	uint8_t forms;		      /* bit per enum value_form that a policy may ask for */
	bool observed;		      /* of a copy: it reads what the kernel reported */
	enum disruption disrupts;     /* what changing it may */
	bool of_netdev;		      /* only a network device of its own gives it a meaning */

	/* of a PF's */
	enum setting_when when;
	bool from_driver; /* the kernel reports it as soon as a driver has the PF, or never will */
	bool basis;	  /* later steps build on it: where it is refused they are not tried */

	/* of a VF's */
	enum vf_layer layer;
	bool unbinds; /* the VF's driver has to leave for it */
	/* Who the VF is, and what it may reach: no driver is let at it before, however long it
	 * takes until the setting can be written. */
	bool before_driver;
};

extern const struct setting pf_settings[PF_SETTING_COUNT];
extern const struct setting vf_settings[VF_SETTING_COUNT];

/* The setting of a VF with that key; VF_SETTING_COUNT: there is none. */
enum vf_setting vf_setting_find(const char *key);

/* A set of settings of PFs, or of VFs: a bit each. */
#define SETTING_BIT(setting) (UINT64_C(1) << (setting))
_Static_assert(PF_SETTING_COUNT <= 64 && VF_SETTING_COUNT <= 64, "a set of settings has 64 bits");

/* Takes the first setting out of a mask that has one. */
static inline unsigned setting_take(uint64_t *mask)
{
	unsigned setting = (unsigned)__builtin_ctzll(*mask);

	*mask &= *mask - 1;
	return setting;
}
