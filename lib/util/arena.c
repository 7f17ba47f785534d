/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/arena.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Under AddressSanitizer every allocation is a block of its own, so that overruns are seen. */
#ifdef __SANITIZE_ADDRESS__
static const size_t chunk_size = 0;
#else
static const size_t chunk_size = 4000;
#endif

struct block {
	struct block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *head; /* the one that allocations are taken from */
};

int arena_new(struct arena **ret)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		return -ENOMEM;
	*ret = arena;
	return 0;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->head; block;) {
		struct block *next = block->next;

		free(block);
		block = next;
	}
	free(arena);
}

static size_t round_up(size_t size)
{
	return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

static struct block *block_new(size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);

	if (block)
		block->size = size;
	return block;
}

/* A large allocation gets a block to itself, behind the head, whose room stays in use. */
static void *alloc_large(struct arena *arena, size_t size)
{
	struct block *block = block_new(size);

	if (!block)
		return NULL;
	block->used = size;
	if (arena->head) {
		block->next = arena->head->next;
		arena->head->next = block;
	} else {
		arena->head = block;
	}
	return block->data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = arena->head;
	void *memory;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = round_up(size ? size : 1);
	if (!block || block->size - block->used < size) {
		if (size >= chunk_size / 4)
			return alloc_large(arena, size);
		block = block_new(chunk_size);
		if (!block)
			return NULL;
		block->next = arena->head;
		arena->head = block;
	}
	memory = block->data + block->used;
	block->used += size;
	return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(arena, total);
}

char *arena_strndup(struct arena *arena, const char *string, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, string, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	return arena_strndup(arena, string, strlen(string));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char buffer[256], *string; /* most are short, and formatted once */
	va_list arguments;
	size_t size;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	if (length < 0)
		return NULL;
	size = (size_t)length + 1;
	if (size <= sizeof(buffer))
		return arena_strndup(arena, buffer, size - 1);
	string = arena_alloc(arena, size);
	if (!string)
		return NULL;
	va_start(arguments, format);
	(void)vsnprintf(string, size, format, arguments);
	va_end(arguments);
	return string;
}

int arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? *capacity * 2 : 8;
	void *old, *new;

	if (count < *capacity)
		return 0;
	new = arena_array(arena, wanted, size);
	if (!new)
		return -ENOMEM;
	memcpy(&old, array, sizeof(old));
	if (count)
		memcpy(new, old, count * size);
	memcpy(array, &new, sizeof(new));
	*capacity = wanted;
	return 0;
}
