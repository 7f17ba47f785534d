/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Cuts D-Bus messages short as they pass by. A bus takes some of 32 MiB and more, and sd-bus,
 * before it can tell how long a text is, looks at each byte of it. What can be meant for us is
 * short.
 *
 * Of a longer body the beginning is left, with its length in the header made right, so that what
 * follows is read as before: whoever reads the arguments finds that they end too early, and the
 * caller is answered so. Messages with a longer header go by unseen. */

#include <stddef.h>
#include <stdint.h>

/* 256 words of 255 bytes fit (bus/arguments.h). */
#define CUTTER_BODY_MAX	  (128u << 10)
#define CUTTER_HEADER_MAX (128u << 10)

#define CUTTER_FIXED_SIZE 16u

/* Begins with zeroes: where a connection does, with lines of text before the first message. */
struct cutter {
	int in_messages;
	int in_line; /* of the text */
	unsigned char head[CUTTER_FIXED_SIZE];
	size_t head_length;
	uint64_t pass, drop; /* bytes that follow: those of the message, then those cut off */
};

/* Takes n bytes from in and writes what is left of them to out, of n + CUTTER_FIXED_SIZE bytes. 0;
 * or -EBADMSG: these are no messages. */
int cutter_feed(struct cutter *cutter, const char *in, size_t n, char *out, size_t *ret_n);
