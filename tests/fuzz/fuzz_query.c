/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a question to sriovd-openers, and as its answer to as many queries as they say that
 * they are about. What is read is what writing and reading it again gives. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "kernel/privileged/query.h"

/* The bytes in memory of their own size, so that no byte behind them is read unseen. */
static char *copy_of(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);

	REQUIRE(copy);
	memcpy(copy, data, size);
	return copy;
}

static void check_question(const char *bytes, size_t size, struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct query *queries;
	size_t count;
	int r = query_decode_question(bytes, size, arena, &queries, &count);

	REQUIRE(r == 0 || r == -EBADMSG);
	if (r < 0)
		return;
	REQUIRE(count <= QUERY_MAX && size <= QUERY_QUESTION_MAX);
	for (size_t i = 0; i < count; i++) {
		uint64_t of;

		if (queries[i].kind == QUERY_OPENER)
			of = query_of_node(query_node(&queries[i]));
		else
			REQUIRE(query_of_address(query_address(&queries[i], arena), &of) == 0);
		REQUIRE(of == queries[i].of);
	}
	query_encode_question(queries, count, &text);
	REQUIRE(text.length == size && !memcmp(text.data, bytes, size));
}

static void check_answer(const char *bytes, size_t size, struct arena *arena)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct query queries[QUERY_MAX] = { 0 };
	uint32_t count = 0;
	int r;

	if (size >= 8)
		memcpy(&count, bytes + 4, sizeof(count));
	if (count > QUERY_MAX)
		count = QUERY_MAX;
	r = query_decode_answer(bytes, size, arena, queries, count);
	REQUIRE(r == 0 || r == -EBADMSG);
	for (size_t i = 0; i < count; i++) {
		const struct query *query = &queries[i];

		REQUIRE(r == 0 || (!query->there && !query->error && !query->text));
		REQUIRE(query->error <= 0 && !(query->there && query->error));
		REQUIRE(!query->text || (query->text[0] && text_is_printable(query->text)));
	}
	if (r < 0)
		return;
	query_encode_answer(queries, count, &text);
	REQUIRE(text.length == size && !memcmp(text.data, bytes, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_FREE char *bytes = copy_of(data, size);

	REQUIRE(arena_new(&arena) == 0);
	check_question(bytes, size, arena);
	check_answer(bytes, size, arena);
	return 0;
}
