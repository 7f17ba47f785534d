/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is still to come, in order of time. */

#include <stdbool.h>
#include <stdint.h>

enum entry_kind {
	ENTRY_HAPPENING,    /* a: its number in the history; b: how often it was repeated */
	ENTRY_LINK_EVENT,   /* to the daemon; a: ifindex */
	ENTRY_DEVICE_EVENT, /* to the daemon; a: number of the PF */
	ENTRY_LOST_EVENT,   /* to the daemon: it missed some */
	ENTRY_BOUND,	    /* a: number of the PF, that gets its driver */
	ENTRY_PLUGGED,	    /* a: number of the PF, that is put back */
	ENTRY_RESYNC,
	ENTRY_START,	    /* of the daemon */
	ENTRY_READY,	    /* the daemon is, and the boot is over */
	ENTRY_REQUEST_OVER, /* a: number of the request */
};

struct entry {
	uint64_t at;
	uint32_t order; /* of two at the same time the one that was put first comes first */
	enum entry_kind kind;
	uint32_t a, b;
};

#define QUEUE_MAX 4096

struct queue {
	struct entry items[QUEUE_MAX];
	uint32_t count;
	uint32_t order;
	bool full; /* something had to be left out */
};

void queue_put(struct queue *queue, uint64_t at, enum entry_kind kind, uint32_t a, uint32_t b);
/* When the next is due; UINT64_MAX if there is none. */
uint64_t queue_due(const struct queue *queue);
/* Takes the next out. There must be one. */
struct entry queue_take(struct queue *queue);
/* Leaves out those of that kind. */
void queue_drop(struct queue *queue, enum entry_kind kind);
