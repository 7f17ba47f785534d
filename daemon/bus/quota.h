/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How much users may ask of the daemon, so that nobody keeps it from the others. Root is not
 * counted, and so never refused for what others do. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Questions that are not answered yet: of a user, and of all. */
#define QUOTA_OPEN     4u
#define QUOTA_OPEN_ALL 64u
/* Messages of a user: so many at once, and so many in each second thereafter. */
#define QUOTA_BURST	 128u
#define QUOTA_PER_SECOND 64u
/* Users that are counted at the same time. */
#define QUOTA_USERS 1024u

struct quota_user;

/* Begins with zeroes. */
struct quota {
	struct quota_user *users;
	size_t count;
	size_t open;
};

void quota_clear(struct quota *quota);

/* Counts a message of the user. Whether it is one that the user may send. now is in ms. */
bool quota_take(struct quota *quota, uid_t uid, uint64_t now);
/* Counts a question that is answered later, if the user may have one more. Whether that is so. */
bool quota_open(struct quota *quota, uid_t uid, uint64_t now);
/* Such a one was answered. */
void quota_close(struct quota *quota, uid_t uid);
