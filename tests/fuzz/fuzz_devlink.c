/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as an answer of devlink, behind the handle that was asked about. What is read is within
 * what a policy can say, or is left out, and is the same when it is written and read again. */

#include <errno.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "kernel/netlink/devlink_message.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

static void check_round_trip(const struct pf_values *values)
{
	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++) {
		CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
		const struct value *value = VALUES_GET(values, i);
		struct pf_values back = { 0 };

		if (!value)
			continue;
		REQUIRE(devlink_message_set_eswitch(1, "pci/0000:3b:00.0", i, value->number,
						    &message) == 0);
		devlink_message_read_eswitch(nlmsg_hdr(message), &back);
		REQUIRE(back.present == SETTING_BIT(i));
		REQUIRE(VALUES_GET(&back, i)->number == value->number);
	}
}

/* Any text as a handle: refused, or in a message of which the kernel can read it. */
static void check_handle(const uint8_t *data, size_t size)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	CLEANUP_FREE char *handle = harness_text(data, size);
	int r = devlink_message_get_eswitch(1, handle, &message);

	REQUIRE(r == 0 || r == -EINVAL || r == -ENOMEM);
	REQUIRE(r == 0 || !message);
	REQUIRE(r < 0 || strchr(handle, '/'));
}

/* What is read of the message with other bytes behind its end. libnl's readers have no sanitizer
 * that would see them go there. */
static struct pf_values read_before(const struct nlmsghdr *message, size_t size, int byte)
{
	struct nlmsghdr *copy = malloc(size + 16);
	struct pf_values values = { 0 };

	REQUIRE(copy);
	memset(copy, byte, size + 16);
	memcpy(copy, message, size);
	devlink_message_read_eswitch(copy, &values);
	free(copy);
	return values;
}

/* A name is within the message, with its end. */
static void check_rate_node(const struct nlmsghdr *message, size_t size)
{
	const char *name = devlink_message_read_rate_node(message, "pci/0000:3b:00.0");
	const char *end = (const char *)message + size;

	REQUIRE(!name || (name > (const char *)message && name < end &&
			  memchr(name, '\0', (size_t)(end - name))));
}

static void check_end(const struct nlmsghdr *message, size_t size)
{
	struct pf_values zeros = read_before(message, size, 0);
	struct pf_values ones = read_before(message, size, 0xff);

	REQUIRE(zeros.present == ones.present);
	for (enum pf_setting i = 0; i < PF_SETTING_COUNT; i++)
		REQUIRE(!VALUES_GET(&zeros, i) || zeros.value[i].number == ones.value[i].number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_FREE struct nlmsghdr *message = NULL;
	struct pf_values values = { 0 };

	check_handle(data, size);
	if (size < sizeof(*message))
		return 0;
	message = harness_message(data, size);
	(void)devlink_message_read_family(message);
	devlink_message_read_eswitch(message, &values);
	check_round_trip(&values);
	check_rate_node(message, size);
	check_end(message, size);
	return 0;
}
