/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "queue.h"

static bool comes_before(const struct entry *a, const struct entry *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct entry *a, struct entry *b)
{
	struct entry kept = *a;

	*a = *b;
	*b = kept;
}

/* A binary heap. */
static void sink(struct queue *queue, uint32_t i)
{
	for (;;) {
		uint32_t first = i;

		for (uint32_t child = 2 * i + 1; child <= 2 * i + 2; child++)
			if (child < queue->count &&
			    comes_before(&queue->items[child], &queue->items[first]))
				first = child;
		if (first == i)
			return;
		swap(&queue->items[i], &queue->items[first]);
		i = first;
	}
}

void queue_put(struct queue *queue, uint64_t at, enum entry_kind kind, uint32_t a, uint32_t b)
{
	uint32_t i = queue->count;

	if (queue->count == QUEUE_MAX) {
		queue->full = true;
		return;
	}
	queue->items[queue->count++] = (struct entry){ at, queue->order++, kind, a, b };
	for (; i && comes_before(&queue->items[i], &queue->items[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&queue->items[i], &queue->items[(i - 1) / 2]);
}

uint64_t queue_due(const struct queue *queue)
{
	return queue->count ? queue->items[0].at : UINT64_MAX;
}

struct entry queue_take(struct queue *queue)
{
	struct entry taken = queue->items[0];

	queue->items[0] = queue->items[--queue->count];
	sink(queue, 0);
	return taken;
}

void queue_drop(struct queue *queue, enum entry_kind kind)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < queue->count; i++)
		if (queue->items[i].kind != kind)
			queue->items[kept++] = queue->items[i];
	queue->count = kept;
	for (uint32_t i = kept / 2; i-- > 0;)
		sink(queue, i);
}
