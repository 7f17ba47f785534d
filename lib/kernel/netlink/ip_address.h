/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An address of IPv4 or IPv6. One of IPv4 that IPv6 carries (::ffff:192.0.2.1, as sockets for both
 * have it) is one of IPv4. */

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ip_address {
	int family;				/* AF_INET or AF_INET6 */
	uint8_t bytes[sizeof(struct in6_addr)]; /* behind an address of IPv4 zeros */
};

/* From the bytes that the kernel has it in, size of them. -EBADMSG: it is none. */
int ip_address_read(int family, const void *bytes, size_t size, struct ip_address *ret);
/* From the first length bytes of a text, as "192.0.2.1" or "2001:db8::1". -EINVAL: it is none. */
int ip_address_parse(const char *text, size_t length, struct ip_address *ret);
size_t ip_address_size(const struct ip_address *address);
bool ip_address_equal(const struct ip_address *a, const struct ip_address *b);
/* Whether it means something only together with a network device (fe80::/10). */
bool ip_address_is_link_local(const struct ip_address *address);
/* Writes it to out, which has room for INET6_ADDRSTRLEN bytes, and returns that. */
const char *ip_address_format(const struct ip_address *address, char *out);
