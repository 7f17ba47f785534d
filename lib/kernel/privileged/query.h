/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What takes rights to find out that the daemon does not have: a list of queries, the answer to
 * each, and both as bytes between the daemon and sriovd-openers.
 *
 * A message is one packet. It begins with what it is and the number of queries. In a question an
 * item of 16 bytes follows for each; in an answer one of 16 bytes for each, in the same order, with
 * its text behind it. Whatever is not just so is no message. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/arena.h"
#include "util/text.h"

enum query_kind {
	/* A process that has a device node open. of: query_of_node(). text: its name. */
	QUERY_OPENER,
	/* What the SR-IOV CNI plugin has noted of a VF (privileged/cni_record.h). of:
	 * query_of_address(). text: where its network namespace is; number: enum cni_record_flag.
	 */
	QUERY_CNI_RECORD,
	/* The size of a PCI device's MSI-X table. of: query_of_address(). number: that. */
	QUERY_MSIX_VECTORS,
	/* A file system that other hosts have (privileged/mounted.h). of: its number in the list of
	 * these, from 0 on. text: its line there. */
	QUERY_MOUNT,
	QUERY_KIND_COUNT,
};

struct query {
	enum query_kind kind;
	uint64_t of;

	/* The answer. */
	int error;	  /* why it cannot be told: -errno; 0: it can */
	bool there;	  /* there is such a thing; else number is 0 and text NULL */
	uint32_t number;  /* as kind says, or 0 */
	const char *text; /* as kind says; printable, never empty, at most QUERY_TEXT_MAX bytes; or
			   * NULL */
};

/* The most of them in one message, and the longest text, so that an answer fits into one packet of
 * a unix socket (net.core.wmem_default, of 212992 bytes). */
#define QUERY_MAX	   512u
#define QUERY_TEXT_MAX	   255u

#define QUERY_QUESTION_MAX (8u + QUERY_MAX * 16u)
#define QUERY_ANSWER_MAX   (8u + QUERY_MAX * (16u + QUERY_TEXT_MAX))

uint64_t query_of_node(dev_t node);
dev_t query_node(const struct query *query);
/* "0000:3b:02.1"; -EINVAL for what is no such address. */
int query_of_address(const char *address, uint64_t *ret);
/* The address again, as sysfs writes it; NULL when out of memory. */
const char *query_address(const struct query *query, struct arena *arena);

/* Notes the answer: there, with what there is. A text is cut at QUERY_TEXT_MAX bytes. */
void query_answer(struct query *query, uint32_t number, const char *text);
/* Notes that it cannot be told, for that reason. */
void query_fail(struct query *query, int error);

/* Writes at most QUERY_MAX of them; what went wrong sticks to the text. */
void query_encode_question(const struct query *queries, size_t count, struct text *out);
void query_encode_answer(const struct query *queries, size_t count, struct text *out);

/* Reads a question: queries without answers, in arena. 0, -EBADMSG or -ENOMEM. */
int query_decode_question(const void *bytes, size_t length, struct arena *arena, struct query **ret,
			  size_t *ret_count);
/* Reads the answers to the queries that were asked. 0; -EBADMSG or -ENOMEM, with no query changed.
 * Texts live in arena. */
int query_decode_answer(const void *bytes, size_t length, struct arena *arena,
			struct query *queries, size_t count);
