/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netlink/ip_address.h"

#include <errno.h>
#include <string.h>

/* What IPv6 has before an address of IPv4 that it carries. */
static const uint8_t mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static struct ip_address make(int family, const void *bytes)
{
	struct ip_address address = { .family = family };

	memcpy(address.bytes, bytes, ip_address_size(&address));
	return address;
}

int ip_address_read(int family, const void *bytes, size_t size, struct ip_address *ret)
{
	const struct ip_address shape = { .family = family };

	if ((family != AF_INET && family != AF_INET6) || size < ip_address_size(&shape))
		return -EBADMSG;
	*ret = make(family, bytes);
	if (family == AF_INET6 && !memcmp(bytes, mapped, sizeof(mapped)))
		*ret = make(AF_INET, (const uint8_t *)bytes + sizeof(mapped));
	return 0;
}

int ip_address_parse(const char *text, size_t length, struct ip_address *ret)
{
	char copy[INET6_ADDRSTRLEN];
	uint8_t bytes[sizeof(struct in6_addr)];

	if (length >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET, copy, bytes) == 1)
		return ip_address_read(AF_INET, bytes, sizeof(struct in_addr), ret);
	if (inet_pton(AF_INET6, copy, bytes) == 1)
		return ip_address_read(AF_INET6, bytes, sizeof(bytes), ret);
	return -EINVAL;
}

size_t ip_address_size(const struct ip_address *address)
{
	return address->family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

bool ip_address_equal(const struct ip_address *a, const struct ip_address *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, ip_address_size(a));
}

bool ip_address_is_link_local(const struct ip_address *address)
{
	return address->family == AF_INET6 && address->bytes[0] == 0xfe &&
	       (address->bytes[1] & 0xc0) == 0x80;
}

const char *ip_address_format(const struct ip_address *address, char *out)
{
	out[0] = '\0';
	(void)inet_ntop(address->family, address->bytes, out, INET6_ADDRSTRLEN);
	return out;
}
