/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/hex.h"

#include <errno.h>

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int parse_byte(const char *string, uint8_t *ret)
{
	int high = hex_digit(string[0]), low = high < 0 ? -1 : hex_digit(string[1]);

	if (low < 0)
		return -EINVAL;
	*ret = (uint8_t)(high << 4 | low);
	return 0;
}

int hex_parse_bytes(const char *string, uint8_t *ret, size_t count)
{
	char joint = '\0';

	for (size_t i = 0; i < count; i++) {
		if (parse_byte(string, &ret[i]) < 0)
			return -EINVAL;
		string += 2;
		if (i + 1 == count)
			break;
		if (*string != ':' && *string != '-')
			return -EINVAL;
		if (joint && *string != joint)
			return -EINVAL;
		joint = *string++;
	}
	return *string ? -EINVAL : 0;
}

int hex_parse_digits(const char *string, uint8_t *ret, size_t count)
{
	for (size_t i = 0; i < count; i++, string += 2)
		if (parse_byte(string, &ret[i]) < 0)
			return -EINVAL;
	return *string ? -EINVAL : 0;
}

int hex_parse_groups(const char *string, uint8_t *ret, size_t count)
{
	for (size_t i = 0; i < count; i++, string += 2) {
		if (i && i % 2 == 0 && *string++ != ':')
			return -EINVAL;
		if (parse_byte(string, &ret[i]) < 0)
			return -EINVAL;
	}
	return *string ? -EINVAL : 0;
}

char *hex_format_bytes(const uint8_t *bytes, size_t count, char *buffer)
{
	static const char digits[] = "0123456789abcdef";
	char *p = buffer;

	for (size_t i = 0; i < count; i++) {
		*p++ = digits[bytes[i] >> 4];
		*p++ = digits[bytes[i] & 0xf];
		*p++ = i + 1 < count ? ':' : '\0';
	}
	return buffer;
}
