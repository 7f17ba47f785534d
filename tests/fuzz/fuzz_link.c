/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a link message of rtnetlink, with lists of VFs past the length that their attribute
 * can say. What is read of a VF is what writing and reading it again gives. */

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "harness.h"
#include "kernel/netlink/link.h"
#include "kernel/netlink/vf_list.h"

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

static struct vf_change change_of(const struct vf *vf)
{
	return (struct vf_change){
		.index = vf->index,
		.mask = vf->settings.present & vf_list_settings(),
		.values = vf->settings,
	};
}

static void require_equal(const struct vf *a, const struct vf *b)
{
	REQUIRE(a->index == b->index);
	REQUIRE(a->settings.present == b->settings.present);
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		REQUIRE(!VALUES_GET(&a->settings, i) ||
			value_equal(&vf_settings[i], &a->settings.value[i], &b->settings.value[i]));
}

/* A port GUID is left out: the kernel takes it in an item of its own only. */
static void check_round_trip(struct vf *vf, struct arena *arena)
{
	struct vf_change change;
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = nlmsg_alloc_size(NLMSG_HDRLEN + 1024);
	const struct nlattr *list, *end;
	struct vf *back;
	uint32_t count;

	vf->settings.present &= ~SETTING_BIT(VF_PORT_GUID);
	change = change_of(vf);
	REQUIRE(message && nlmsg_put(message, 0, 0, RTM_NEWLINK, 0, 0));
	REQUIRE(vf_list_put(message, &change, 1) == 0);
	list = nlmsg_attrdata(nlmsg_hdr(message), 0);
	REQUIRE((size_t)nla_len(list) + NLA_HDRLEN <= vf_list_size(1));
	REQUIRE(vf_list_read(list, nlmsg_attrlen(nlmsg_hdr(message), 0), 1, arena, &back, &count,
			     &end) == 0);
	REQUIRE(count == 1);
	require_equal(vf, back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_FREE struct nlmsghdr *message = NULL;
	struct link link = { 0 };
	int r;

	if (size < sizeof(*message))
		return 0;
	message = harness_message(data, size);
	REQUIRE(arena_new(&arena) == 0);
	r = link_read(message, arena, &link);
	REQUIRE(r == 0 || r == -EBADMSG);
	REQUIRE(r == 0 || !link.ifname);
	for (uint32_t i = 0; i < link.n_vfs; i++)
		check_round_trip(&link.vfs[i], arena);
	return 0;
}
