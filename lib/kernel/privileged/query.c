/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/privileged/query.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

/* "sriovd" and a number that changes with the layout: two programs that were not installed together
 * do not understand each other. */
#define QUESTION_MAGIC UINT32_C(0x53510001)
#define ANSWER_MAGIC   UINT32_C(0x53410001)

struct head {
	uint32_t magic;
	uint32_t count;
};

struct asked {
	uint32_t kind;
	uint32_t zero;
	uint64_t of;
};

struct answered {
	uint32_t error; /* errno, or 0 */
	uint32_t there; /* 0 or 1 */
	uint32_t number;
	uint32_t length; /* of the text that follows; 0: none */
};

_Static_assert(sizeof(struct head) == 8 && sizeof(struct asked) == 16 &&
		       sizeof(struct answered) == 16,
	       "as the header says");

/* The most that the kernel gives for an error (MAX_ERRNO in linux/err.h). */
#define ERROR_MAX 4095u

/* Bits of a PCI address: domain, bus, device, function. */
#define ADDRESS_BITS (32 + 8 + 5 + 3)

uint64_t query_of_node(dev_t node)
{
	return (uint64_t)major(node) << 32 | minor(node);
}

dev_t query_node(const struct query *query)
{
	return makedev((unsigned)(query->of >> 32), (unsigned)(query->of & UINT32_MAX));
}

static void format_address(uint64_t of, char *buffer, size_t size)
{
	(void)snprintf(buffer, size, "%04x:%02x:%02x.%x", (unsigned)(of >> 16 & UINT32_MAX),
		       (unsigned)(of >> 8 & 0xff), (unsigned)(of >> 3 & 0x1f), (unsigned)(of & 7));
}

int query_of_address(const char *address, uint64_t *ret)
{
	unsigned domain, bus, device, function;
	char again[32];
	uint64_t of;

	if (sscanf(address, "%8x:%2x:%2x.%1x", &domain, &bus, &device, &function) != 4)
		return -EINVAL;
	of = (uint64_t)domain << 16 | bus << 8 | (device & 0x1f) << 3 | (function & 7);
	format_address(of, again, sizeof(again));
	if (strcmp(again, address) != 0)
		return -EINVAL;
	*ret = of;
	return 0;
}

const char *query_address(const struct query *query, struct arena *arena)
{
	char address[32];

	format_address(query->of, address, sizeof(address));
	return arena_strdup(arena, address);
}

void query_answer(struct query *query, uint32_t number, const char *text)
{
	query->error = 0;
	query->there = true;
	query->number = number;
	query->text = text && text[0] ? text : NULL;
}

void query_fail(struct query *query, int error)
{
	*query = (struct query){ .kind = query->kind, .of = query->of, .error = error };
}

static void put_head(struct text *out, uint32_t magic, size_t count)
{
	const struct head head = { magic, (uint32_t)count };

	text_append_n(out, (const char *)&head, sizeof(head));
}

void query_encode_question(const struct query *queries, size_t count, struct text *out)
{
	put_head(out, QUESTION_MAGIC, count);
	for (size_t i = 0; i < count; i++) {
		const struct asked asked = { queries[i].kind, 0, queries[i].of };

		text_append_n(out, (const char *)&asked, sizeof(asked));
	}
}

/* As much as may be sent, and no half of a character. */
static size_t length_of(const char *text)
{
	size_t length = text ? strnlen(text, QUERY_TEXT_MAX + 1) : 0;

	if (length <= QUERY_TEXT_MAX)
		return length;
	length = QUERY_TEXT_MAX;
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

void query_encode_answer(const struct query *queries, size_t count, struct text *out)
{
	put_head(out, ANSWER_MAGIC, count);
	for (size_t i = 0; i < count; i++) {
		const struct query *query = &queries[i];
		const struct answered answered = {
			.error = (uint32_t)-query->error,
			.there = query->there,
			.number = query->number,
			.length = (uint32_t)length_of(query->text),
		};

		text_append_n(out, (const char *)&answered, sizeof(answered));
		text_append_n(out, query->text ? query->text : "", answered.length);
	}
}

/* What is left to read of a message. */
struct cursor {
	const char *at;
	size_t left;
};

static bool take(struct cursor *cursor, void *ret, size_t length)
{
	if (cursor->left < length)
		return false;
	memcpy(ret, cursor->at, length);
	cursor->at += length;
	cursor->left -= length;
	return true;
}

static bool take_head(struct cursor *cursor, uint32_t magic, size_t *ret_count)
{
	struct head head;

	if (!take(cursor, &head, sizeof(head)) || head.magic != magic || head.count > QUERY_MAX)
		return false;
	*ret_count = head.count;
	return true;
}

/* Whether there can be such a thing. */
static bool is_askable(enum query_kind kind, uint64_t of)
{
	struct query query = { .kind = kind, .of = of };

	if (kind == QUERY_OPENER)
		return query_of_node(query_node(&query)) == of;
	return of >> ADDRESS_BITS == 0;
}

static bool take_asked(struct cursor *cursor, struct query *ret)
{
	struct asked asked;

	if (!take(cursor, &asked, sizeof(asked)) || asked.kind >= QUERY_KIND_COUNT || asked.zero ||
	    !is_askable(asked.kind, asked.of))
		return false;
	*ret = (struct query){ .kind = asked.kind, .of = asked.of };
	return true;
}

int query_decode_question(const void *bytes, size_t length, struct arena *arena, struct query **ret,
			  size_t *ret_count)
{
	struct cursor cursor = { bytes, length };
	struct query *queries;
	size_t count;

	if (!take_head(&cursor, QUESTION_MAGIC, &count) ||
	    cursor.left != count * sizeof(struct asked))
		return -EBADMSG;
	queries = arena_array(arena, count + 1, sizeof(*queries));
	if (!queries)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (!take_asked(&cursor, &queries[i]))
			return -EBADMSG;
	*ret = queries;
	*ret_count = count;
	return 0;
}

/* 1; 0: it is none; or -ENOMEM. */
static int take_text(struct cursor *cursor, size_t length, struct arena *arena, const char **ret)
{
	char *text;

	if (length > QUERY_TEXT_MAX || length > cursor->left)
		return 0;
	text = arena_strndup(arena, cursor->at, length);
	if (!text)
		return -ENOMEM;
	cursor->at += length;
	cursor->left -= length;
	*ret = length ? text : NULL;
	return strlen(text) == length && text_is_printable(text);
}

/* 1; 0: it is no answer; or -ENOMEM. What is not there, or cannot be told, has nothing besides. */
static int take_answered(struct cursor *cursor, struct arena *arena, struct query *ret)
{
	struct answered answered;

	if (!take(cursor, &answered, sizeof(answered)) || answered.error > ERROR_MAX ||
	    answered.there > 1 || (answered.there && answered.error) ||
	    (!answered.there && (answered.number || answered.length)))
		return 0;
	ret->error = -(int)answered.error;
	ret->there = answered.there;
	ret->number = answered.number;
	return take_text(cursor, answered.length, arena, &ret->text);
}

int query_decode_answer(const void *bytes, size_t length, struct arena *arena,
			struct query *queries, size_t count)
{
	struct cursor cursor = { bytes, length };
	struct query *answers = arena_array(arena, count + 1, sizeof(*answers));
	size_t n;

	if (!answers)
		return -ENOMEM;
	if (!take_head(&cursor, ANSWER_MAGIC, &n) || n != count)
		return -EBADMSG;
	for (size_t i = 0; i < count; i++) {
		int r = take_answered(&cursor, arena, &answers[i]);

		if (r <= 0)
			return r < 0 ? r : -EBADMSG;
		answers[i].kind = queries[i].kind;
		answers[i].of = queries[i].of;
	}
	if (cursor.left)
		return -EBADMSG;
	memcpy(queries, answers, count * sizeof(*answers));
	return 0;
}
