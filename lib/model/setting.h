/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Every setting that a policy can name, once. */

#include <stdint.h>

#include "model/value.h"

/* Settings of a PF. */
enum pf_setting {
	PF_MODE,      /* enforce or observe: how sriovd treats the PF */
	PF_VFS,	      /* number of VFs */
	PF_ON_RESIZE, /* what may happen to VFs when their number changes */
	PF_UP,	      /* bring the PF up */
	PF_MTU,
	PF_DRIVERS_AUTOPROBE,
	PF_ESWITCH_MODE,
	PF_ESWITCH_INLINE_MODE,
	PF_ESWITCH_ENCAP_MODE,
	PF_SETTING_COUNT,
};

/* Settings of a VF, in the order in which a new one gets them. Of those that the PF's driver is
 * told of it is the kernel's own order of carrying out one IFLA_VF_INFO (do_setvfinfo() in
 * net/core/rtnetlink.c). The driver comes after all that it must find in place. */
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
	VF_SETTING_COUNT,
};

/* What a setting of a VF is a setting of. */
enum vf_layer {
	VF_LAYER_FUNCTION, /* the VF, as its PF's driver treats it: by rtnetlink, many at once */
	VF_LAYER_DEVICE, /* the VF's own device: before a driver has it, and which driver that is */
	VF_LAYER_NETDEV, /* the network device that a driver on this host makes of it */
	VF_LAYER_COUNT,
};

enum pf_mode { MODE_ENFORCE, MODE_OBSERVE };
enum resize_policy { RESIZE_REFUSE_IN_USE, RESIZE_REFUSE, RESIZE_FORCE };

extern const struct setting pf_settings[PF_SETTING_COUNT];
extern const struct setting vf_settings[VF_SETTING_COUNT];

/* The settings of one PF or one VF, with presence bits: a setting that is not present was not asked
 * for (desired) or is not reported by the kernel (observed). Absent is neither zero nor false. */
struct pf_values {
	uint64_t present; /* bit per enum pf_setting */
	struct value value[PF_SETTING_COUNT];
};

struct vf_values {
	uint64_t present; /* bit per enum vf_setting */
	struct value value[VF_SETTING_COUNT];
};

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

/* The value if present, else NULL; for both kinds of values. */
#define VALUES_GET(values, setting)                                                                \
	(((values)->present & SETTING_BIT(setting)) ? &(values)->value[setting] : NULL)
/* Stores a struct value and marks it present. */
#define VALUES_SET(values, setting, ...)                                                           \
	do {                                                                                       \
		(values)->value[setting] = (__VA_ARGS__);                                          \
		(values)->present |= SETTING_BIT(setting);                                         \
	} while (0)
