/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/link.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "kernel/netlink/vf_list.h"

/* Numbers that are settings: of a PF's network device, and of a VF's own. */
static const struct {
	int attribute;
	enum pf_setting setting;
} pf_numbers[] = {
	{ IFLA_MTU, PF_MTU },
};

static const struct {
	int attribute;
	enum vf_setting setting;
} vf_numbers[] = {
	{ IFLA_MTU, VF_MTU },
};

_Static_assert(ARRAY_SIZE(pf_numbers) <= LINK_NUMBERS_MAX &&
		       ARRAY_SIZE(vf_numbers) <= LINK_NUMBERS_MAX,
	       "there is room for all");

/* A walk over the attributes of a message. */
struct walk {
	struct arena *arena;
	struct link *link;
	const struct nlattr *next;
	int room; /* bytes from next to the end of the message */
};

static uint32_t get_u32(const struct nlattr *attribute)
{
	return nla_len(attribute) < (int)sizeof(uint32_t) ? 0 : nla_get_u32(attribute);
}

static int read_name(struct walk *walk, const struct nlattr *attribute, const char **ret)
{
	const char *data = nla_data(attribute);

	*ret = arena_strndup(walk->arena, data, strnlen(data, (size_t)nla_len(attribute)));
	return *ret ? 0 : -ENOMEM;
}

static int read_altnames(struct walk *walk, const struct nlattr *properties)
{
	const struct nlattr *property;
	struct link *link = walk->link;
	size_t capacity = 0;
	int room, r;

	link->altnames.count = 0;
	nla_for_each_nested(property, properties, room)
	{
		if (nla_type(property) != IFLA_ALT_IFNAME)
			continue;
		r = arena_grow(walk->arena, &link->altnames.items, link->altnames.count, &capacity,
			       sizeof(*link->altnames.items));
		if (r < 0)
			return r;
		r = read_name(walk, property, &link->altnames.items[link->altnames.count]);
		if (r < 0)
			return r;
		link->altnames.count++;
	}
	return 0;
}

/* InfiniBand's addresses are longer, and no MACs. */
static bool read_mac(const struct nlattr *attribute, struct mac *ret)
{
	if (nla_len(attribute) != ETH_ALEN)
		return false;
	memcpy(ret->bytes, nla_data(attribute), ETH_ALEN);
	return true;
}

/* Reads the list and goes on where it really ends, if its length says the same modulo 64 KiB. If
 * not, it holds more than VFs or is damaged: its length is right then unless it may have wrapped,
 * or is less than a header's, and in these cases nobody can tell what follows. */
static int read_vfs(struct walk *walk, const struct nlattr *list, int available)
{
	const struct nlattr *end;
	ptrdiff_t length;
	int r;

	/* The number comes before the list. */
	r = vf_list_read(list, available, walk->link->num_vf, walk->arena, &walk->link->vfs,
			 &walk->link->n_vfs, &end);
	if (r < 0)
		return r;
	walk->link->has_vf_list = true;
	length = (const char *)end - (const char *)list;
	if ((uint16_t)length == list->nla_len) {
		walk->next = end;
		walk->room = available - (int)length;
	} else if (available > UINT16_MAX || list->nla_len < NLA_HDRLEN) {
		walk->room = 0;
	}
	return 0;
}

static void read_number(struct link *link, const struct nlattr *attribute)
{
	int type = nla_type(attribute);

	for (size_t i = 0; i < ARRAY_SIZE(pf_numbers); i++)
		if (pf_numbers[i].attribute == type)
			link->pf_numbers[i] = (struct link_number){ true, get_u32(attribute) };
	for (size_t i = 0; i < ARRAY_SIZE(vf_numbers); i++)
		if (vf_numbers[i].attribute == type)
			link->vf_numbers[i] = (struct link_number){ true, get_u32(attribute) };
}

static bool has_xdp(const struct nlattr *xdp)
{
	const struct nlattr *attached = nla_find(nla_data(xdp), nla_len(xdp), IFLA_XDP_ATTACHED);

	return attached && nla_len(attached) && nla_get_u8(attached) != XDP_ATTACHED_NONE;
}

/* The flag that users see is theirs alone (dev_get_flags() in net/core/dev.c), and counts once. */
static uint32_t count_listeners(const struct link *link, uint32_t promiscuity)
{
	return promiscuity && link->promiscuous ? promiscuity - 1 : promiscuity;
}

static int read_kind(struct walk *walk, const struct nlattr *info)
{
	const struct nlattr *kind = nla_find(nla_data(info), nla_len(info), IFLA_INFO_KIND);

	return kind ? read_name(walk, kind, &walk->link->kind) : 0;
}

static int read_attribute(struct walk *walk, const struct nlattr *attribute, int available)
{
	switch (nla_type(attribute)) {
	case IFLA_IFNAME:
		return read_name(walk, attribute, &walk->link->ifname);
	case IFLA_PARENT_DEV_NAME:
		return read_name(walk, attribute, &walk->link->parent);
	case IFLA_PROP_LIST:
		return read_altnames(walk, attribute);
	case IFLA_VFINFO_LIST:
		return read_vfs(walk, attribute, available);
	case IFLA_NUM_VF:
		walk->link->num_vf = get_u32(attribute);
		return 0;
	case IFLA_CARRIER_UP_COUNT:
		walk->link->carrier_ups = get_u32(attribute);
		return 0;
	case IFLA_MASTER:
		walk->link->master = get_u32(attribute);
		return 0;
	case IFLA_LINKINFO:
		return read_kind(walk, attribute);
	case IFLA_LINK:
		walk->link->lower = get_u32(attribute);
		return 0;
	case IFLA_LINK_NETNSID:
		walk->link->lower_nsid = (int32_t)get_u32(attribute);
		return 0;
	case IFLA_XDP:
		walk->link->has_xdp = has_xdp(attribute);
		return 0;
	case IFLA_PROMISCUITY:
		walk->link->listeners = count_listeners(walk->link, get_u32(attribute));
		return 0;
	case IFLA_PERM_ADDRESS:
		walk->link->has_permanent_mac = read_mac(attribute, &walk->link->permanent_mac);
		return 0;
	case IFLA_ADDRESS:
		walk->link->has_mac = read_mac(attribute, &walk->link->mac);
		return 0;
	case IFLA_STATS64:
		walk->link->stats = attribute;
		return 0;
	default:
		read_number(walk->link, attribute);
		return 0;
	}
}

/* A list whose length wrapped to less than a header is whole all the same. */
static bool walk_has_next(const struct walk *walk)
{
	return nla_ok(walk->next, walk->room) ||
	       (walk->room > NLA_HDRLEN && nla_type(walk->next) == IFLA_VFINFO_LIST);
}

static int walk_attributes(struct walk *walk)
{
	while (walk_has_next(walk)) {
		const struct nlattr *attribute = walk->next;
		int available = walk->room, r;

		walk->next = nla_next(attribute, &walk->room);
		r = read_attribute(walk, attribute, available);
		if (r < 0)
			return r;
	}
	return 0;
}

int link_read(const struct nlmsghdr *message, struct arena *arena, struct link *ret)
{
	struct link link = { .lower_nsid = NETNSA_NSID_NOT_ASSIGNED };
	struct walk walk = { .arena = arena, .link = &link };
	const struct ifinfomsg *info = nlmsg_data(message);
	int r;

	if (message->nlmsg_type != RTM_NEWLINK ||
	    message->nlmsg_len < (uint32_t)nlmsg_size(sizeof(*info)))
		return -EBADMSG;
	link.ifindex = (unsigned)info->ifi_index;
	link.up = info->ifi_flags & IFF_UP;
	link.carrier = info->ifi_flags & IFF_LOWER_UP;
	link.promiscuous = info->ifi_flags & IFF_PROMISC;
	walk.next = nlmsg_attrdata(message, sizeof(*info));
	walk.room = nlmsg_attrlen(message, sizeof(*info));
	r = walk_attributes(&walk);
	if (r < 0)
		return r;
	*ret = link;
	return 0;
}

void link_get_pf_settings(const struct link *link, struct pf_values *values)
{
	for (size_t i = 0; i < ARRAY_SIZE(pf_numbers); i++)
		if (link->pf_numbers[i].present)
			VALUES_SET(values, pf_numbers[i].setting,
				   (struct value){ .number = link->pf_numbers[i].number });
}

void link_get_vf_settings(const struct link *link, struct vf_values *values)
{
	for (size_t i = 0; i < ARRAY_SIZE(vf_numbers); i++)
		if (link->vf_numbers[i].present)
			VALUES_SET(values, vf_numbers[i].setting,
				   (struct value){ .number = link->vf_numbers[i].number });
}

/* Nobody counts broadcasts there. */
void link_get_counters(const struct link *link, struct vf_counters *ret)
{
	static const struct {
		enum vf_counter counter;
		size_t member;
	} rows[] = {
		{ VF_RX_PACKETS, offsetof(struct rtnl_link_stats64, rx_packets) },
		{ VF_TX_PACKETS, offsetof(struct rtnl_link_stats64, tx_packets) },
		{ VF_RX_BYTES, offsetof(struct rtnl_link_stats64, rx_bytes) },
		{ VF_TX_BYTES, offsetof(struct rtnl_link_stats64, tx_bytes) },
		{ VF_RX_MULTICAST, offsetof(struct rtnl_link_stats64, multicast) },
		{ VF_RX_DROPPED, offsetof(struct rtnl_link_stats64, rx_dropped) },
		{ VF_TX_DROPPED, offsetof(struct rtnl_link_stats64, tx_dropped) },
	};

	*ret = (struct vf_counters){ 0 };
	for (size_t i = 0; link->stats && i < ARRAY_SIZE(rows); i++) {
		if (nla_len(link->stats) < (int)(rows[i].member + sizeof(uint64_t)))
			continue;
		memcpy(&ret->number[rows[i].counter],
		       (const char *)nla_data(link->stats) + rows[i].member, sizeof(uint64_t));
		ret->known |= VF_COUNTER_BIT(rows[i].counter);
	}
}

int link_pf_attribute(enum pf_setting setting)
{
	for (size_t i = 0; i < ARRAY_SIZE(pf_numbers); i++)
		if (pf_numbers[i].setting == setting)
			return pf_numbers[i].attribute;
	return IFLA_UNSPEC;
}

int link_vf_attribute(enum vf_setting setting)
{
	for (size_t i = 0; i < ARRAY_SIZE(vf_numbers); i++)
		if (vf_numbers[i].setting == setting)
			return vf_numbers[i].attribute;
	return IFLA_UNSPEC;
}

int link_put_altname(struct nl_msg *message, const char *name)
{
	struct nlattr *properties = nla_nest_start(message, IFLA_PROP_LIST);

	if (!properties || nla_put_string(message, IFLA_ALT_IFNAME, name) < 0)
		return -ENOMEM;
	(void)nla_nest_end(message, properties);
	return 0;
}
