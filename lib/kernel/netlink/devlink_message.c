/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/devlink_message.h"

#include <errno.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

/* A message's header, a handle and one number. */
#define MESSAGE_SIZE 256

/* devlink_nl_policy in net/devlink/leftover.c has the sizes. */
static const struct eswitch_setting {
	enum pf_setting setting;
	int type;
	size_t size;
} eswitch_settings[] = {
	{ PF_ESWITCH_MODE, DEVLINK_ATTR_ESWITCH_MODE, sizeof(uint16_t) },
	{ PF_ESWITCH_INLINE_MODE, DEVLINK_ATTR_ESWITCH_INLINE_MODE, sizeof(uint8_t) },
	{ PF_ESWITCH_ENCAP_MODE, DEVLINK_ATTR_ESWITCH_ENCAP_MODE, sizeof(uint8_t) },
};

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free);

static int message_new(uint16_t family, uint8_t version, uint8_t command, int flags,
		       struct nl_msg **ret)
{
	struct genlmsghdr header = { .cmd = command, .version = version };
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = nlmsg_alloc_size(MESSAGE_SIZE);

	if (!message ||
	    !nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_REQUEST | flags) ||
	    nlmsg_append(message, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	*ret = TAKE(message);
	return 0;
}

int devlink_message_family(struct nl_msg **ret)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r = message_new(GENL_ID_CTRL, 1, CTRL_CMD_GETFAMILY, 0, &message);

	if (r >= 0 && nla_put_string(message, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME) < 0)
		r = -ENOMEM;
	if (r >= 0)
		*ret = TAKE(message);
	return r;
}

/* The attribute, if the message has it and it is of that size at least. */
static const struct nlattr *find(const struct nlmsghdr *message, int type, size_t size)
{
	const struct nlattr *attribute;

	if (!nlmsg_valid_hdr(message, sizeof(struct genlmsghdr)))
		return NULL;
	attribute = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct genlmsghdr), type);
	return attribute && (size_t)nla_len(attribute) >= size ? attribute : NULL;
}

uint16_t devlink_message_read_family(const struct nlmsghdr *message)
{
	const struct nlattr *id = find(message, CTRL_ATTR_FAMILY_ID, sizeof(uint16_t));

	return id ? nla_get_u16(id) : 0;
}

static int put_handle(struct nl_msg *message, const char *handle)
{
	const char *slash = strchr(handle, '/');
	size_t length = slash ? (size_t)(slash - handle) : 0;
	struct nlattr *bus;

	if (!length || !slash[1])
		return -EINVAL;
	bus = nla_reserve(message, DEVLINK_ATTR_BUS_NAME, (int)length + 1);
	if (!bus)
		return -ENOMEM;
	memcpy(nla_data(bus), handle, length);
	((char *)nla_data(bus))[length] = '\0';
	return nla_put_string(message, DEVLINK_ATTR_DEV_NAME, slash + 1) < 0 ? -ENOMEM : 0;
}

int devlink_message_get_eswitch(uint16_t family, const char *handle, struct nl_msg **ret)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	int r = message_new(family, DEVLINK_GENL_VERSION, DEVLINK_CMD_ESWITCH_GET, 0, &message);

	if (r >= 0)
		r = put_handle(message, handle);
	if (r >= 0)
		*ret = TAKE(message);
	return r;
}

void devlink_message_read_eswitch(const struct nlmsghdr *message, struct pf_values *values)
{
	for (size_t i = 0; i < ARRAY_SIZE(eswitch_settings); i++) {
		const struct eswitch_setting *row = &eswitch_settings[i];
		const struct nlattr *attribute = find(message, row->type, row->size);

		if (!attribute)
			continue;
		VALUES_SET(values, row->setting,
			   (struct value){ .number = row->size == sizeof(uint8_t)
							     ? nla_get_u8(attribute)
							     : nla_get_u16(attribute) });
	}
}

int devlink_message_get_rates(uint16_t family, struct nl_msg **ret)
{
	return message_new(family, DEVLINK_GENL_VERSION, DEVLINK_CMD_RATE_GET, NLM_F_DUMP, ret);
}

/* NULL where there is none, or no end of it. */
static const char *find_string(const struct nlmsghdr *message, int type)
{
	const struct nlattr *attribute = find(message, type, 1);

	if (!attribute || !memchr(nla_data(attribute), '\0', (size_t)nla_len(attribute)))
		return NULL;
	return nla_data(attribute);
}

static bool is_about(const struct nlmsghdr *message, const char *handle)
{
	const char *bus = find_string(message, DEVLINK_ATTR_BUS_NAME);
	const char *device = find_string(message, DEVLINK_ATTR_DEV_NAME);
	size_t length = bus ? strlen(bus) : 0;

	return bus && device && !strncmp(handle, bus, length) && handle[length] == '/' &&
	       !strcmp(handle + length + 1, device);
}

const char *devlink_message_read_rate_node(const struct nlmsghdr *message, const char *handle)
{
	const struct nlattr *type = find(message, DEVLINK_ATTR_RATE_TYPE, sizeof(uint16_t));

	if (!type || nla_get_u16(type) != DEVLINK_RATE_TYPE_NODE || !is_about(message, handle))
		return NULL;
	return find_string(message, DEVLINK_ATTR_RATE_NODE_NAME);
}

static int put_value(struct nl_msg *message, const struct eswitch_setting *row, uint64_t value)
{
	if (row->size == sizeof(uint8_t))
		return nla_put_u8(message, row->type, (uint8_t)value);
	return nla_put_u16(message, row->type, (uint16_t)value);
}

int devlink_message_set_eswitch(uint16_t family, const char *handle, enum pf_setting setting,
				uint64_t value, struct nl_msg **ret)
{
	CLEANUP(nlmsg_free_cleanup) struct nl_msg *message = NULL;
	const struct eswitch_setting *row = NULL;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(eswitch_settings); i++)
		if (eswitch_settings[i].setting == setting)
			row = &eswitch_settings[i];
	if (!row)
		return -EINVAL;
	r = message_new(family, DEVLINK_GENL_VERSION, DEVLINK_CMD_ESWITCH_SET, NLM_F_ACK, &message);
	if (r >= 0)
		r = put_handle(message, handle);
	if (r >= 0 && put_value(message, row, value) < 0)
		r = -ENOMEM;
	if (r >= 0)
		*ret = TAKE(message);
	return r;
}
