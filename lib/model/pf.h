/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A physical function and its virtual functions: one pair of structs for what is desired and for
 * what is observed. */

#include <stdbool.h>
#include <stdint.h>

#include "model/given.h"
#include "model/taken.h"
#include "model/value.h"
#include "util/arena.h"
#include "util/text.h"

/* The most VFs that a PF can have: sriov_numvfs is 16 bits wide (PCI SR-IOV capability). */
#define PF_VFS_MAX 65535u

struct names {
	const char **items;
	size_t count;
};

/* Who uses a VF, or the network device of a PF. */
struct holder {
	const char *use;     /* what it is, which everybody may know: "vfio"; NULL: nobody says */
	const char *details; /* who and how, for those who may see it; NULL: nobody was found */
	const char *remark;  /* what was found that is no use of it any more, likewise; or NULL */
};

/* What a VF has sent and received, as it sees it: what it received is rx. */
enum vf_counter {
	VF_RX_PACKETS,
	VF_TX_PACKETS,
	VF_RX_BYTES,
	VF_TX_BYTES,
	VF_RX_BROADCAST, /* packets */
	VF_RX_MULTICAST,
	VF_RX_DROPPED,
	VF_TX_DROPPED,
	VF_COUNTER_COUNT,
};

#define VF_COUNTER_BIT(counter) (1u << (counter))

struct vf_counters {
	unsigned known; /* VF_COUNTER_BIT */
	uint64_t number[VF_COUNTER_COUNT];
};

struct vf {
	uint32_t index;
	struct vf_values settings;

	/* Desired only: settings, SETTING_BIT, whose values can be told once the PF has its network
	 * device. */
	uint64_t awaited;
	/* Desired only: settings whose values it is given once, when it is made. */
	uint64_t once;

	/* observed only */
	bool reported; /* the kernel reported it over rtnetlink; false while its driver resets */
	/* Of its device, as that of a PF, or 0. It is read of the first VF: all come and go
	 * together.
	 */
	uint64_t instance;
	const char *address; /* PCI address, or NULL where the bus gives VFs none (netdevsim) */
	/* The driver that its device is reserved for (driver_override), or NULL. */
	const char *driver_override;
	/* The driver that was taken off it for a moment, and is to have it again; or NULL. */
	const char *owed_driver;
	/* The state of its NVMe controller ("live", "connecting"), where driver nvme has it; NULL:
	 * not known. */
	const char *controller;
	const char *ifname;    /* its network device here, or NULL */
	unsigned ifindex;      /* of it, or 0 */
	struct names altnames; /* of it */
	struct taken taken;    /* by its driver */
	bool settling;	       /* udev has not finished with it: its name may change */
	struct holder holder;
	struct given given;
	struct vf_counters *counters; /* NULL: it was not asked for, or nobody counts */
};

/* What driver_override is set to where a VF is to have no driver. No driver has this name;
 * driverctl(8) uses it for the same purpose. */
#define VF_DRIVER_NOBODY "none"

/* Whether a driver has the VF, as observed. */
bool vf_is_bound(const struct vf *vf);
/* Whether that is the one of that name; NULL: none. Also where it is not known. */
bool vf_has_driver(const struct vf *vf, const char *name);
/* Whether a driver of vfio's has the VF, or is to have it. */
bool vf_has_vfio(const struct vf *vf);
/* Whether somebody was found to use it. */
bool vf_is_held(const struct vf *vf);
/* What the VF is observed to have of a setting, where want is wanted of it: of its names, of which
 * there may be many, that one. NULL where it has not, or where that is not known. */
const struct value *vf_actual(const struct vf *vf, enum vf_setting setting,
			      const struct value *want);
/* Whether the VF is, as observed, what a policy wants of it. */
bool vf_has(const struct vf *vf, enum vf_setting setting, const struct value *want);

/* That nothing is to be written to a PF for a while, as of when it was looked at. */
struct pause {
	uint64_t left;	      /* ms from then on; 0: it is not paused */
	uint64_t until;	      /* when it is over by the calendar, in seconds since 1970 */
	const char *words;    /* the same for people: "2026-01-31 23:59:59 UTC" */
	const char *iso;      /* and for programs; "unknown" */
	const char *doubtful; /* why it cannot be told whether it is paused; NULL: it can */
};

/* The bond that a network device is in. */
struct bond {
	const char *name; /* NULL: in none */
	unsigned ifindex;
	bool up; /* and has a link */
};

/* What is noted of VFs that were destroyed on request, in whose place others are to come. */
struct owed_vfs {
	bool noted;	/* something is */
	bool owed;	/* of this device */
	bool with_mode; /* the eswitch was to be in that mode: */
	unsigned mode;
	const char *doubtful; /* why it cannot be told whether they are owed; NULL: it can */
};

struct pf {
	struct arena *arena; /* holds this struct and all that it points to */

	/* Identity; observed only. Strings are NULL, numbers 0 where there is no such thing. */
	uint64_t instance;   /* of its device, which no other has, be it at the same address */
	const char *handle;  /* "pci/0000:3b:00.0": bus and device, as devlink writes it */
	const char *address; /* the device part: "0000:3b:00.0" */
	const char *driver;
	const char *firmware; /* its version, as the driver reports it */
	const char *serial;   /* the PCI device serial number: "b4-96-91-ff-ff-aa-00-00" */
	const char *id_path;  /* udev's ID_PATH */
	const char *port;     /* phys_port_name */
	bool has_device_id;
	uint16_t vendor_id, device_id;
	bool has_class;
	uint32_t class; /* of PCI devices: base class, subclass and interface, a byte each */
	int numa_node;	/* -1: none */
	const char *ifname;
	unsigned ifindex; /* 0: no network device in this network namespace */
	struct names altnames;
	/* All names of its other network devices, where it has several ports (mlx4). */
	struct names other_names;
	struct bond bond;
	bool has_permanent_mac;
	struct mac permanent_mac;

	/* State; observed only. */
	uint32_t totalvfs;     /* 0: the kernel does not say (netdevsim) */
	uint32_t msix_vectors; /* for all VFs together; 0: the driver does not let them be dealt out
				*/
	bool has_carrier;      /* whether the link is up is known */
	bool carrier;	       /* the link is up */
	uint32_t carrier_ups;  /* how often it has come up so far */
	uint32_t speed;	       /* of the link, Mbit/s; 0: it has none, or nobody says */
	bool settling; /* udev has not finished with its network device: its name may change */
	/* devlink did not say whether it has an eswitch: it does not know the PF (yet), or did not
	 * answer. Without it a PF whose driver reports no eswitch has none. */
	bool eswitch_silent;
	/* Who uses its own network device. */
	struct holder holder;
	/* What limits VFs together and would end with them, in words; or NULL: nothing was found.
	 */
	const char *shared_rates;
	/* There are notes of what VFs were given that are no more. */
	bool given_stale;
	/* Drivers are being kept off new VFs until those are configured. PF_DRIVERS_AUTOPROBE says
	 * what holds otherwise. */
	bool drivers_held;
	/* Likewise, while it has no network device: what it was called by when that began (ifname,
	 * altnames, other_names, permanent_mac, port and firmware; nothing else is set). Rules
	 * match by it. NULL: nobody knows. */
	struct pf *earlier;
	struct pause pause;
	struct owed_vfs owed_vfs;

	/* Settings; desired and observed. Observed PF_VFS is sriov_numvfs. */
	struct pf_values settings;
	struct vf *vfs; /* n_vfs, vfs[i].index == i */
	uint32_t n_vfs;
};

/* A PF without settings or VFs, in an arena of its own. Free it with pf_free(), which accepts NULL.
 */
int pf_new(struct pf **ret);
void pf_free(struct pf *pf);
DEFINE_CLEANUP(struct pf *, pf_free);

/* Makes vfs an array of n zeroed VFs with their indices; existing ones are dropped. 0 or -ENOMEM.
 */
int pf_alloc_vfs(struct pf *pf, uint32_t n);
/* The VF of that number, or NULL: there are not so many. */
const struct vf *pf_vf(const struct pf *pf, uint32_t index);

/* A hash of all settings of the PF and its VFs, and of which were given once: the same for PFs that
 * have the same, and the same seed. It is good for this build only. */
uint64_t pf_settings_hash(const struct pf *pf, uint64_t seed);

/* Whether somebody was found to use the PF's own network device. */
bool pf_is_held(const struct pf *pf);
/* Whether it is known to be down, as observed. */
bool pf_is_down(const struct pf *pf);
/* Whether drivers are being kept off VFs, or are to have VFs again. */
bool pf_owes_drivers(const struct pf *pf);
/* Whether VFs that it is noted to owe are not there, or were left half made. */
bool pf_owes_vfs(const struct pf *pf);
/* Whether nothing of it is to be changed (mode: observe), as desired. */
bool pf_is_observe_only(const struct pf *desired);
/* Whether nothing is to be written to it, or that cannot be told. */
bool pf_is_paused(const struct pf *pf);
/* Appends that it is paused, and until when, in words. */
void pause_describe(const struct pause *pause, struct text *out);
/* The first VF that somebody was found to use, or NULL. */
const struct vf *pf_held_vf(const struct pf *pf);
/* The first of those that a driver of vfio's has, and that may be open so, whatever else was found:
 * the kernel takes such a VF away only once it is closed (vfio_unregister_group_dev() in
 * drivers/vfio/vfio_main.c). */
const struct vf *pf_open_vf(const struct pf *pf);

/* The device part of a handle, which has one: "0000:3b:00.0". Points into it. */
const char *pf_handle_address(const char *handle);
/* Whether holds() is true of a name, alternative ones included, of one of its network devices. */
bool pf_has_name(const struct pf *pf, bool (*holds)(const char *name, const char *wanted),
		 const char *wanted);
/* How messages call it: the interface name, or the address where it has none. */
const char *pf_name(const struct pf *pf);

/* Many PFs, in order of handle. */
struct pf_list {
	struct pf **items;
	size_t count;
	size_t capacity;
};

void pf_list_clear(struct pf_list *list);
/* Takes over pf; on -ENOMEM the caller keeps it. */
int pf_list_add(struct pf_list *list, struct pf *pf);
void pf_list_sort(struct pf_list *list);
