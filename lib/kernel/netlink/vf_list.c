/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/vf_list.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <string.h>

/* What the kernel puts in place of a flag that a driver does not report. */
#define NOT_REPORTED UINT32_MAX

/* Spoof check, link state, RSS query and trust all have this shape (linux/if_link.h). */
struct flag_payload {
	uint32_t vf;
	uint32_t setting;
};

/* IFLA_VF_VLAN_LIST as we write it and as the kernel does: one VLAN. */
struct vlan_payload {
	struct nlattr header;
	struct ifla_vf_vlan_info info;
};

/* Reading: a row per attribute of a VF. */

static void get_mac(const void *data, enum vf_setting setting, struct vf_values *values)
{
	struct ifla_vf_mac payload;
	struct value value = { 0 };

	memcpy(&payload, data, sizeof(payload));
	memcpy(value.mac.bytes, payload.mac, ETH_ALEN);
	VALUES_SET(values, setting, value);
}

/* Drivers that zero struct ifla_vf_info before they fill it in and have no protocol to tell leave 0
 * there with a VLAN set: mlx5_eswitch_get_vport_config() and liquidio_get_vf_config() of Linux 6.1
 * to 7.3, nfp as its firmware is. */
static uint16_t protocol_of(const struct ifla_vf_vlan_info *info)
{
	return info->vlan_proto ? ntohs(info->vlan_proto) : ETH_P_8021Q;
}

static void get_vlan(const void *data, enum vf_setting setting, struct vf_values *values)
{
	struct vlan_payload payload;

	memcpy(&payload, data, sizeof(payload));
	if (payload.header.nla_type != IFLA_VF_VLAN_INFO)
		return;
	VALUES_SET(values, setting,
		   (struct value){ .vlan = { .id = (uint16_t)payload.info.vlan,
					     .qos = (uint8_t)payload.info.qos,
					     .protocol = protocol_of(&payload.info) } });
}

static void get_rates(const void *data, enum vf_setting setting, struct vf_values *values)
{
	struct ifla_vf_rate payload;

	(void)setting; /* one attribute, two settings */
	memcpy(&payload, data, sizeof(payload));
	VALUES_SET(values, VF_MIN_TX_RATE, (struct value){ .number = payload.min_tx_rate });
	VALUES_SET(values, VF_MAX_TX_RATE, (struct value){ .number = payload.max_tx_rate });
}

static void get_flag(const void *data, enum vf_setting setting, struct vf_values *values)
{
	struct flag_payload payload;

	memcpy(&payload, data, sizeof(payload));
	if (payload.setting != NOT_REPORTED)
		VALUES_SET(values, setting, (struct value){ .number = payload.setting });
}

static void get_guid(const void *data, enum vf_setting setting, struct vf_values *values)
{
	struct ifla_vf_guid payload;

	memcpy(&payload, data, sizeof(payload));
	VALUES_SET(values, setting, (struct value){ .number = payload.guid });
}

static const struct attribute_reader {
	size_t size; /* of the payload, at least */
	enum vf_setting setting;
	void (*get)(const void *data, enum vf_setting setting, struct vf_values *values);
} readers[] = {
	[IFLA_VF_MAC] = { sizeof(struct ifla_vf_mac), VF_MAC, get_mac },
	[IFLA_VF_VLAN_LIST] = { sizeof(struct vlan_payload), VF_VLAN, get_vlan },
	[IFLA_VF_RATE] = { sizeof(struct ifla_vf_rate), VF_MIN_TX_RATE, get_rates },
	[IFLA_VF_SPOOFCHK] = { sizeof(struct flag_payload), VF_SPOOF_CHECK, get_flag },
	[IFLA_VF_LINK_STATE] = { sizeof(struct flag_payload), VF_LINK_STATE, get_flag },
	[IFLA_VF_RSS_QUERY_EN] = { sizeof(struct flag_payload), VF_QUERY_RSS, get_flag },
	[IFLA_VF_TRUST] = { sizeof(struct flag_payload), VF_TRUST, get_flag },
	[IFLA_VF_IB_NODE_GUID] = { sizeof(struct ifla_vf_guid), VF_NODE_GUID, get_guid },
	[IFLA_VF_IB_PORT_GUID] = { sizeof(struct ifla_vf_guid), VF_PORT_GUID, get_guid },
};

/* The item of a VF begins with its MAC attribute, in every kernel (rtnl_fill_vfinfo()), which
 * sets it apart from what follows a list whose length wrapped. */
static bool is_vf_item(const struct nlattr *item, int room)
{
	const struct nlattr *first = item + 1;

	return nla_ok(item, room) && nla_type(item) == IFLA_VF_INFO &&
	       nla_ok(first, nla_len(item)) && nla_type(first) == IFLA_VF_MAC &&
	       nla_len(first) == sizeof(struct ifla_vf_mac);
}

/* Drivers count in 64 bits; the attributes are aligned to 4 bytes. */
static const enum vf_counter counters[] = {
	[IFLA_VF_STATS_RX_PACKETS] = VF_RX_PACKETS,  [IFLA_VF_STATS_TX_PACKETS] = VF_TX_PACKETS,
	[IFLA_VF_STATS_RX_BYTES] = VF_RX_BYTES,	     [IFLA_VF_STATS_TX_BYTES] = VF_TX_BYTES,
	[IFLA_VF_STATS_BROADCAST] = VF_RX_BROADCAST, [IFLA_VF_STATS_MULTICAST] = VF_RX_MULTICAST,
	[IFLA_VF_STATS_RX_DROPPED] = VF_RX_DROPPED,  [IFLA_VF_STATS_TX_DROPPED] = VF_TX_DROPPED,
};

/* Behind IFLA_VF_STATS_MULTICAST is the padding (IFLA_VF_STATS_PAD). */
static bool is_counter(size_t type)
{
	return type < ARRAY_SIZE(counters) && type != IFLA_VF_STATS_PAD;
}

static int read_counters(const struct rtattr *stats, struct arena *arena, struct vf_counters **ret)
{
	struct vf_counters *read = arena_array(arena, 1, sizeof(*read));
	const struct rtattr *attribute = RTA_DATA(stats);
	int room = (int)RTA_PAYLOAD(stats);

	if (!read)
		return -ENOMEM;
	for (; RTA_OK(attribute, room); attribute = RTA_NEXT(attribute, room)) {
		size_t type = attribute->rta_type & NLA_TYPE_MASK;

		if (!is_counter(type) || RTA_PAYLOAD(attribute) < sizeof(uint64_t))
			continue;
		memcpy(&read->number[counters[type]], RTA_DATA(attribute), sizeof(uint64_t));
		read->known |= VF_COUNTER_BIT(counters[type]);
	}
	*ret = read;
	return 0;
}

static int read_vf(const struct nlattr *item, struct arena *arena, struct vf *ret)
{
	const struct rtattr *attribute = nla_data(item);
	int room = nla_len(item);

	/* Every attribute's payload begins with the VF's number; the first is as good as any. */
	memcpy(&ret->index, item + 2, sizeof(ret->index));
	ret->reported = true;
	/* The kernel's macros, not libnl's functions: a PF may have a thousand VFs of a dozen
	 * attributes each. */
	for (; RTA_OK(attribute, room); attribute = RTA_NEXT(attribute, room)) {
		size_t type = attribute->rta_type & NLA_TYPE_MASK;
		const struct attribute_reader *reader =
			type < ARRAY_SIZE(readers) ? &readers[type] : NULL;

		if (reader && reader->get && RTA_PAYLOAD(attribute) >= reader->size)
			reader->get(RTA_DATA(attribute), reader->setting, &ret->settings);
		else if (type == IFLA_VF_STATS &&
			 read_counters(attribute, arena, &ret->counters) < 0)
			return -ENOMEM;
	}
	return 0;
}

int vf_list_read(const struct nlattr *list, int available, uint32_t n_vfs, struct arena *arena,
		 struct vf **ret_vfs, uint32_t *ret_count, const struct nlattr **ret_end)
{
	int room = available - NLA_HDRLEN;
	const struct nlattr *item = list + 1;
	/* A hostile count must not make us allocate more than the bytes at hand could hold. */
	uint32_t most = room < 0 ? 0 : (uint32_t)room / sizeof(struct ifla_vf_mac), count = 0;
	struct vf *vfs = arena_array(arena, n_vfs < most ? n_vfs : most, sizeof(*vfs));

	if (!vfs)
		return -ENOMEM;
	while (count < n_vfs && count < most && is_vf_item(item, room)) {
		if (read_vf(item, arena, &vfs[count++]) < 0)
			return -ENOMEM;
		item = nla_next(item, &room);
	}
	*ret_vfs = vfs;
	*ret_count = count;
	*ret_end = item;
	return 0;
}

/* Writing: a row per setting of a VF. */

static int put_mac(struct nl_msg *message, int type, enum vf_setting setting,
		   const struct vf_change *change)
{
	struct ifla_vf_mac payload = { .vf = change->index };

	memcpy(payload.mac, change->values.value[setting].mac.bytes, ETH_ALEN);
	return nla_put(message, type, sizeof(payload), &payload);
}

static int put_vlan(struct nl_msg *message, int type, enum vf_setting setting,
		    const struct vf_change *change)
{
	const struct vlan *vlan = &change->values.value[setting].vlan;
	struct vlan_payload payload;

	memset(&payload, 0, sizeof(payload)); /* as put_guid() */
	payload.header.nla_len = NLA_HDRLEN + sizeof(payload.info);
	payload.header.nla_type = IFLA_VF_VLAN_INFO;
	payload.info.vf = change->index;
	payload.info.vlan = vlan->id;
	payload.info.qos = vlan->qos;
	payload.info.vlan_proto = htons(vlan->protocol);
	return nla_put(message, type, sizeof(payload), &payload);
}

static int put_rates(struct nl_msg *message, int type, enum vf_setting setting,
		     const struct vf_change *change)
{
	struct ifla_vf_rate payload = {
		.vf = change->index,
		.min_tx_rate = (uint32_t)change->values.value[VF_MIN_TX_RATE].number,
		.max_tx_rate = (uint32_t)change->values.value[VF_MAX_TX_RATE].number,
	};

	/* One attribute serves both, and was put with the lower rate. */
	if (setting == VF_MAX_TX_RATE && (change->mask & SETTING_BIT(VF_MIN_TX_RATE)))
		return 0;
	return nla_put(message, type, sizeof(payload), &payload);
}

static int put_flag(struct nl_msg *message, int type, enum vf_setting setting,
		    const struct vf_change *change)
{
	struct flag_payload payload = {
		.vf = change->index,
		.setting = (uint32_t)change->values.value[setting].number,
	};

	return nla_put(message, type, sizeof(payload), &payload);
}

static int put_guid(struct nl_msg *message, int type, enum vf_setting setting,
		    const struct vf_change *change)
{
	struct ifla_vf_guid payload;

	/* An initialiser would leave the holes in the struct as they were. */
	memset(&payload, 0, sizeof(payload));
	payload.vf = change->index;
	payload.guid = change->values.value[setting].number;
	return nla_put(message, type, sizeof(payload), &payload);
}

static const struct attribute_writer {
	int type;
	size_t size; /* of the payload; 0 where another row counts it */
	int (*put)(struct nl_msg *message, int type, enum vf_setting setting,
		   const struct vf_change *change);
} writers[VF_SETTING_COUNT] = {
	[VF_MAC] = { IFLA_VF_MAC, sizeof(struct ifla_vf_mac), put_mac },
	[VF_VLAN] = { IFLA_VF_VLAN_LIST, sizeof(struct vlan_payload), put_vlan },
	[VF_MIN_TX_RATE] = { IFLA_VF_RATE, sizeof(struct ifla_vf_rate), put_rates },
	[VF_MAX_TX_RATE] = { IFLA_VF_RATE, 0, put_rates },
	[VF_SPOOF_CHECK] = { IFLA_VF_SPOOFCHK, sizeof(struct flag_payload), put_flag },
	[VF_LINK_STATE] = { IFLA_VF_LINK_STATE, sizeof(struct flag_payload), put_flag },
	[VF_QUERY_RSS] = { IFLA_VF_RSS_QUERY_EN, sizeof(struct flag_payload), put_flag },
	[VF_TRUST] = { IFLA_VF_TRUST, sizeof(struct flag_payload), put_flag },
	[VF_NODE_GUID] = { IFLA_VF_IB_NODE_GUID, sizeof(struct ifla_vf_guid), put_guid },
	[VF_PORT_GUID] = { IFLA_VF_IB_PORT_GUID, sizeof(struct ifla_vf_guid), put_guid },
};

/* An item with those of the change's settings that are in mask; none where there are none, since
 * the kernel refuses an empty one. */
static int put_item(struct nl_msg *message, const struct vf_change *change, uint64_t mask)
{
	struct nlattr *item;

	if (!(change->mask & mask))
		return 0;
	item = nla_nest_start(message, IFLA_VF_INFO);
	if (!item)
		return -ENOMEM;
	for (enum vf_setting setting = 0; setting < VF_SETTING_COUNT; setting++) {
		const struct attribute_writer *writer = &writers[setting];

		if ((change->mask & mask & SETTING_BIT(setting)) && writer->put &&
		    writer->put(message, writer->type, setting, change) < 0)
			return -ENOMEM;
	}
	(void)nla_nest_end(message, item);
	return 0;
}

/* Beside a node GUID a port GUID would be ignored (do_setvfinfo() in net/core/rtnetlink.c returns
 * after the first of the two): it gets an item of its own. */
static int put_vf(struct nl_msg *message, const struct vf_change *change)
{
	const uint64_t apart = SETTING_BIT(VF_PORT_GUID);
	int r = put_item(message, change, vf_list_settings() & ~apart);

	return r < 0 ? r : put_item(message, change, apart);
}

uint64_t vf_list_settings(void)
{
	uint64_t mask = 0;

	for (enum vf_setting setting = 0; setting < VF_SETTING_COUNT; setting++)
		if (writers[setting].put)
			mask |= SETTING_BIT(setting);
	return mask;
}

size_t vf_list_size(size_t n_changes)
{
	size_t vf = 2 * NLA_HDRLEN; /* of its two items */

	for (size_t i = 0; i < ARRAY_SIZE(writers); i++)
		if (writers[i].size)
			vf += (size_t)nla_total_size((int)writers[i].size);
	return NLA_HDRLEN + n_changes * vf;
}

int vf_list_put(struct nl_msg *message, const struct vf_change *changes, size_t n_changes)
{
	struct nlattr *list = nla_nest_start(message, IFLA_VFINFO_LIST);

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < n_changes; i++)
		if (put_vf(message, &changes[i]) < 0)
			return -ENOMEM;
	(void)nla_nest_end(message, list);
	return 0;
}
