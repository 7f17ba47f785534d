/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "socket/cutter.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* Where lengths are in the fixed part of a header, which ends with that of the fields (Message
 * Format in the D-Bus Specification). */
#define BODY_LENGTH_AT	 4
#define FIELDS_LENGTH_AT 12
#define ALIGNMENT	 UINT64_C(8)

/* The first byte of a message is that of its order of bytes. No line of a server begins with
 * either: DATA, OK, REJECTED, ERROR, AGREE_UNIX_FD. */
static bool is_order(unsigned char byte)
{
	return byte == 'l' || byte == 'B';
}

static uint32_t get_length(const struct cutter *self, size_t at)
{
	uint32_t value;

	memcpy(&value, self->head + at, sizeof(value));
	return self->head[0] == 'l' ? le32toh(value) : be32toh(value);
}

static void set_body_length(struct cutter *self, uint32_t length)
{
	uint32_t value = self->head[0] == 'l' ? htole32(length) : htobe32(length);

	memcpy(self->head + BODY_LENGTH_AT, &value, sizeof(value));
}

/* Decides what becomes of a message. Whether any of it is left. */
static bool begin_message(struct cutter *self)
{
	uint64_t body = get_length(self, BODY_LENGTH_AT);
	uint64_t fields = get_length(self, FIELDS_LENGTH_AT);
	uint64_t rest = (fields + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	uint64_t left = body < CUTTER_BODY_MAX ? body : CUTTER_BODY_MAX;

	self->head_length = 0;
	if (fields > CUTTER_HEADER_MAX) {
		self->drop = rest + body;
		return false;
	}
	set_body_length(self, (uint32_t)left);
	self->pass = rest + left;
	self->drop = body - left;
	return true;
}

static size_t take(uint64_t *count, size_t n)
{
	size_t taken = *count < n ? (size_t)*count : n;

	*count -= taken;
	return taken;
}

static size_t take_text(struct cutter *self, const char *in, size_t n)
{
	size_t taken = 0;

	while (taken < n && (self->in_line || !is_order((unsigned char)in[taken])))
		self->in_line = in[taken++] != '\n';
	self->in_messages = taken < n;
	return taken;
}

static size_t take_head(struct cutter *self, const char *in, size_t n)
{
	size_t room = sizeof(self->head) - self->head_length, taken = n < room ? n : room;

	memcpy(self->head + self->head_length, in, taken);
	self->head_length += taken;
	return taken;
}

/* How many bytes of the next part come now; *ret_keep: whether they are to be left. */
static size_t next_part(struct cutter *self, const char *in, size_t n, bool *ret_keep)
{
	*ret_keep = !self->in_messages || self->pass;
	if (!self->in_messages)
		return take_text(self, in, n);
	return take(self->pass ? &self->pass : &self->drop, n);
}

int cutter_feed(struct cutter *self, const char *in, size_t n, char *out, size_t *ret_n)
{
	size_t written = 0, at = 0;

	while (at < n) {
		bool keep;
		size_t taken = next_part(self, in + at, n - at, &keep);

		if (keep) {
			memcpy(out + written, in + at, taken);
			written += taken;
		}
		at += taken;
		if (taken || at == n)
			continue;
		at += take_head(self, in + at, n - at);
		if (!is_order(self->head[0]))
			return -EBADMSG;
		if (self->head_length == sizeof(self->head) && begin_message(self)) {
			memcpy(out + written, self->head, sizeof(self->head));
			written += sizeof(self->head);
		}
	}
	*ret_n = written;
	return 0;
}
