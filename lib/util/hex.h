/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Bytes in hexadecimal, as addresses are written. */

#include <stddef.h>
#include <stdint.h>

/* The value of a hexadecimal digit in either case, or -1. */
int hex_digit(char c);

/* Reads exactly count bytes, two digits each, joined by ':' or by '-': "52:54:00". Returns 0 or
 * -EINVAL, with ret then partly written. */
int hex_parse_bytes(const char *string, uint8_t *ret, size_t count);

/* Reads exactly count bytes, two digits each, joined by nothing. As above. */
int hex_parse_digits(const char *string, uint8_t *ret, size_t count);

/* Reads exactly count bytes, an even number, in groups of two that are joined by ':', as sysfs
 * prints a GUID: "0011:2233:4455:6677". As above. */
int hex_parse_groups(const char *string, uint8_t *ret, size_t count);

/* Writes count bytes in lower case, joined by ':', terminated: 3 * count bytes. Returns buffer. */
char *hex_format_bytes(const uint8_t *bytes, size_t count, char *buffer);
