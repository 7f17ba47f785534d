/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What happens to the devices, whoever does it: VFs come and go, drivers bind, links go up. */

#include "world.h"

/* Brings a PF up to the present: a link that has come up since. To be called before it is looked
 * at. */
void device_refresh(struct world *world, struct sim_pf *pf);

/* As the driver answers to sriov_numvfs. */
int device_set_numvfs(struct world *world, struct sim_pf *pf, uint32_t n);
void device_bind(struct world *world, struct sim_pf *pf, struct sim_vf *vf, const char *driver);
void device_unbind(struct world *world, struct sim_pf *pf, struct sim_vf *vf);
/* Whether this host has such a driver; whether it takes VFs of the PF. */
bool device_has_driver(const char *driver);
bool device_takes(const struct sim_pf *pf, const char *driver);
/* Lets the driver that the kernel would choose at the VF, if it has none. */
void device_probe(struct world *world, struct sim_pf *pf, struct sim_vf *vf);
void device_set_up(struct world *world, struct sim_pf *pf, bool up);
void device_set_cable(struct world *world, struct sim_pf *pf, bool in);
/* The link goes for a moment. */
void device_bounce(struct world *world, struct sim_pf *pf);
/* Without its driver it has no VFs and no network device; then it gets a new one. */
void device_unload(struct world *world, struct sim_pf *pf);
void device_load(struct world *world, struct sim_pf *pf);
void device_unplug(struct world *world, struct sim_pf *pf);
void device_plug(struct world *world, struct sim_pf *pf);
/* The network device gets another name; udev reports it in the end. */
void device_rename(struct world *world, struct sim_pf *pf, const char *name);

/* Somebody opens the VF for a guest, as libvirt does it; unless it is no PCI device. */
void device_take(struct world *world, struct sim_pf *pf, struct sim_vf *vf);
/* The address that its network device has. */
struct mac device_address(const struct sim_pf *pf, const struct sim_vf *vf);
/* Whether the kernel never says anything of the VF but that it is there. */
bool device_is_mute(const struct sim_pf *pf, uint32_t vf);
/* Whether the VF's network device is to be seen on this host now. */
bool device_has_netdev(const struct world *world, const struct sim_vf *vf);
bool device_is_resetting(const struct world *world, const struct sim_vf *vf);
/* A VF that has lost its driver for a moment, and not got it back; NULL. */
const struct sim_vf *device_find_owed(const struct sim_pf *pf);
/* Who uses it, for people, as far as can be seen; NULL. */
const char *device_user(const struct world *world, const struct sim_pf *pf,
			const struct sim_vf *vf);
/* Whether somebody really does. */
static inline bool device_is_used(const struct sim_vf *vf)
{
	return vf->use != USE_NONE;
}
/* Who uses the PF's own network device, for people, by the kind of use. */
const char *device_pf_user(enum pf_use use);
bool device_pf_is_used(const struct sim_pf *pf);
/* Whether that kind of use has lasted since then. */
bool device_pf_is_used_since(const struct sim_pf *pf, enum pf_use use, uint64_t time);

/* The driver's reset of the VF begins. */
void device_reset_vf(struct world *world, struct sim_pf *pf, struct sim_vf *vf);

/* Reports a change to the daemon, later: of the PF's network device, of its device. */
void notify_link(struct world *world, const struct sim_pf *pf);
void notify_device(struct world *world, const struct sim_pf *pf, uint64_t at);
