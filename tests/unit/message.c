/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

static void *extend(struct message *message, size_t length)
{
	size_t at = message->length, padded = NLMSG_ALIGN(length);

	if (at + padded > message->capacity) {
		message->capacity = (at + padded) * 2;
		message->data = realloc(message->data, message->capacity);
		if (!message->data)
			abort();
	}
	memset(message->data + at, 0, padded);
	message->length += padded;
	return message->data + at;
}

void message_begin(struct message *message)
{
	struct nlmsghdr header = { .nlmsg_type = RTM_NEWLINK };
	struct ifinfomsg info = { .ifi_index = 7, .ifi_flags = IFF_UP | IFF_LOWER_UP };

	*message = (struct message){ 0 };
	memcpy(extend(message, sizeof(header)), &header, sizeof(header));
	memcpy(extend(message, sizeof(info)), &info, sizeof(info));
}

void message_free(struct message *message)
{
	free(message->data);
	*message = (struct message){ 0 };
}

void message_put(struct message *message, uint16_t type, const void *payload, size_t length)
{
	struct nlattr header = {
		.nla_len = (uint16_t)(NLA_HDRLEN + length),
		.nla_type = type,
	};
	unsigned char *at = extend(message, NLA_HDRLEN + length);

	memcpy(at, &header, sizeof(header));
	if (length)
		memcpy(at + NLA_HDRLEN, payload, length);
}

void message_put_u32(struct message *message, uint16_t type, uint32_t number)
{
	message_put(message, type, &number, sizeof(number));
}

size_t message_nest(struct message *message, uint16_t type)
{
	size_t at = message->length;

	message_put(message, type, NULL, 0);
	return at;
}

void message_end(struct message *message, size_t nest)
{
	uint16_t length = (uint16_t)(message->length - nest);

	memcpy(message->data + nest, &length, sizeof(length));
}

/* As rtnl_fill_vfinfo() does: each is padded to 8 bytes where that is needed. */
static void put_counters(struct message *message, uint64_t first)
{
	static const uint16_t types[] = {
		IFLA_VF_STATS_RX_PACKETS, IFLA_VF_STATS_TX_PACKETS, IFLA_VF_STATS_RX_BYTES,
		IFLA_VF_STATS_TX_BYTES,	  IFLA_VF_STATS_BROADCAST,  IFLA_VF_STATS_MULTICAST,
		IFLA_VF_STATS_RX_DROPPED, IFLA_VF_STATS_TX_DROPPED,
	};
	size_t stats = message_nest(message, IFLA_VF_STATS);

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		uint64_t number = first + i;

		message_put(message, IFLA_VF_STATS_PAD, NULL, 0);
		message_put(message, types[i], &number, sizeof(number));
	}
	message_end(message, stats);
}

void message_put_vf(struct message *message, const struct message_vf *vf)
{
	struct ifla_vf_mac mac = { .vf = vf->index, .mac = { 2, 0, 0, 0, 0, vf->mac_last } };
	struct ifla_vf_vlan vlan = { .vf = vf->index, .vlan = vf->vlan };
	struct ifla_vf_vlan_info info = {
		.vf = vf->index,
		.vlan = vf->vlan,
		.vlan_proto = htons(ETH_P_8021Q),
	};
	struct ifla_vf_rate rate = { .vf = vf->index, .max_tx_rate = 100 };
	struct ifla_vf_spoofchk spoofchk = { .vf = vf->index, .setting = 1 };
	struct ifla_vf_link_state link_state = { .vf = vf->index };
	struct ifla_vf_rss_query_en rss = { .vf = vf->index, .setting = UINT32_MAX };
	struct ifla_vf_trust trust = { .vf = vf->index, .setting = vf->trust };
	size_t item = message_nest(message, IFLA_VF_INFO), list;

	message_put(message, IFLA_VF_MAC, &mac, sizeof(mac));
	message_put(message, IFLA_VF_VLAN, &vlan, sizeof(vlan));
	message_put(message, IFLA_VF_RATE, &rate, sizeof(rate));
	message_put(message, IFLA_VF_SPOOFCHK, &spoofchk, sizeof(spoofchk));
	message_put(message, IFLA_VF_LINK_STATE, &link_state, sizeof(link_state));
	message_put(message, IFLA_VF_RSS_QUERY_EN, &rss, sizeof(rss));
	message_put(message, IFLA_VF_TRUST, &trust, sizeof(trust));
	list = message_nest(message, IFLA_VF_VLAN_LIST);
	message_put(message, IFLA_VF_VLAN_INFO, &info, sizeof(info));
	message_end(message, list);
	if (vf->first_count)
		put_counters(message, vf->first_count);
	message_end(message, item);
}

const struct nlmsghdr *message_finish(struct message *message)
{
	uint32_t length = (uint32_t)message->length;

	memcpy(message->data, &length, sizeof(length));
	return (const struct nlmsghdr *)(void *)message->data;
}
