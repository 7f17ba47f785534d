/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A network device as RTM_NEWLINK reports it, and attributes of messages that change it. Pure: a
 * message in, a struct out, and back. */

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/pf.h"
#include "util/arena.h"

struct nl_msg;

/* The most numbers of a message that are settings of a PF, or of a VF. */
#define LINK_NUMBERS_MAX 8

struct link_number {
	bool present;
	uint32_t number;
};

struct link {
	unsigned ifindex;
	const char *ifname; /* NULL if the message has none */
	const char *kind;   /* "bond", "vlan"; NULL: of hardware, or not known */
	const char *parent; /* the device on a bus that it is of: "0000:3b:00.0"; NULL: none */
	struct names altnames;
	bool up;	      /* administratively: IFF_UP */
	bool carrier;	      /* IFF_LOWER_UP */
	uint32_t carrier_ups; /* how often it came up; 0 if the message does not say */
	unsigned master;      /* ifindex of its bridge, bond, ...; 0: none */
	unsigned lower; /* ifindex of the device that it is on top of (macvlan, VLAN), 0: none */
	/* The number of the network namespace of that; below 0: its own. */
	int32_t lower_nsid;
	bool has_xdp;	  /* an XDP program is attached to it */
	bool promiscuous; /* set so by hand: "ip link set promisc on" */
	/* How many others want it promiscuous, as packet sockets and bridges do. */
	uint32_t listeners;
	bool has_mac; /* it is an Ethernet one */
	struct mac mac;
	bool has_permanent_mac;
	struct mac permanent_mac;
	uint32_t num_vf; /* how many VFs the device has; 0 also if the message does not say */
	bool has_vf_list;
	struct vf *vfs; /* n_vfs, as vf_list_read() gives them */
	uint32_t n_vfs;
	/* IFLA_STATS64; NULL: the message has none. Valid as long as the message is. */
	const struct nlattr *stats;
	/* Private to link.c. */
	struct link_number pf_numbers[LINK_NUMBERS_MAX], vf_numbers[LINK_NUMBERS_MAX];
};

/* Reads one message. Everything is allocated from arena. Returns 0; -EBADMSG for a message that is
 * no whole RTM_NEWLINK; -ENOMEM. */
int link_read(const struct nlmsghdr *message, struct arena *arena, struct link *ret);

/* What the message says of settings of a PF's network device, or of a VF's own. */
void link_get_pf_settings(const struct link *link, struct pf_values *values);
void link_get_vf_settings(const struct link *link, struct vf_values *values);
/* What the network device has sent and received, as long as the message is there; nothing is known
 * where it does not say. */
void link_get_counters(const struct link *link, struct vf_counters *ret);
/* The attribute that has the setting of a PF's network device or of a VF's own, a number of 32
 * bits; IFLA_UNSPEC where there is none. */
int link_pf_attribute(enum pf_setting setting);
int link_vf_attribute(enum vf_setting setting);

/* Appends the attribute by which RTM_NEWLINKPROP gives a device one more name. 0 or -ENOMEM
 * (message too small). */
int link_put_altname(struct nl_msg *message, const char *name);
