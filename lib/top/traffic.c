/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/traffic.h"

const char *const traffic_names[VF_COUNTER_COUNT] = {
	[VF_RX_PACKETS] = "rx-packets",	    [VF_TX_PACKETS] = "tx-packets",
	[VF_RX_BYTES] = "rx-bytes",	    [VF_TX_BYTES] = "tx-bytes",
	[VF_RX_BROADCAST] = "rx-broadcast", [VF_RX_MULTICAST] = "rx-multicast",
	[VF_RX_DROPPED] = "rx-dropped",	    [VF_TX_DROPPED] = "tx-dropped",
};

struct traffic traffic_total(const struct vf_counters *counters)
{
	struct traffic total = { 0 };

	for (enum vf_counter i = 0; counters && i < VF_COUNTER_COUNT; i++)
		if (counters->known & VF_COUNTER_BIT(i))
			total.number[i] = counters->number[i];
	total.known = counters ? counters->known : 0;
	return total;
}

static uint64_t in_a_second(uint64_t count, uint64_t ms)
{
	uint64_t rate = (uint64_t)((double)count * 1000 / (double)ms + 0.5);

	return count && !rate ? 1 : rate;
}

struct traffic traffic_rate(const struct vf_counters *before, const struct vf_counters *after,
			    uint64_t ms)
{
	struct traffic rate = { 0 };
	unsigned both = before && after && ms ? before->known & after->known : 0;

	for (enum vf_counter i = 0; i < VF_COUNTER_COUNT; i++) {
		if (!(both & VF_COUNTER_BIT(i)))
			continue;
		if (after->number[i] < before->number[i])
			return (struct traffic){ 0 };
		rate.number[i] = in_a_second(after->number[i] - before->number[i], ms);
	}
	rate.known = both;
	return rate;
}

void traffic_add(struct traffic *sum, const struct traffic *part)
{
	for (enum vf_counter i = 0; i < VF_COUNTER_COUNT; i++)
		if (part->known & VF_COUNTER_BIT(i))
			sum->number[i] += part->number[i];
	sum->known |= part->known;
	sum->missing |= (VF_COUNTER_BIT(VF_COUNTER_COUNT) - 1) & ~part->known;
}
