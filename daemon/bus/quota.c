/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/quota.h"

#include <stdlib.h>

/* What a message costs, in thousandths; a full bucket has enough for a burst. */
#define COST UINT64_C(1000)
#define FULL (QUOTA_BURST * COST)

/* There is one as long as it differs from that of a user who never asked. */
struct quota_user {
	uid_t uid;
	uint64_t left; /* of FULL, at that time */
	uint64_t when;
	unsigned open;
};

void quota_clear(struct quota *self)
{
	free(self->users);
	*self = (struct quota){ 0 };
}

static uint64_t left_of(const struct quota_user *user, uint64_t now)
{
	uint64_t since = now > user->when ? now - user->when : 0;

	if (since >= FULL / QUOTA_PER_SECOND)
		return FULL;
	return user->left + since * QUOTA_PER_SECOND < FULL ? user->left + since * QUOTA_PER_SECOND
							    : FULL;
}

static void forget_idle(struct quota *self, uint64_t now)
{
	for (size_t i = self->count; i > 0; i--)
		if (!self->users[i - 1].open && left_of(&self->users[i - 1], now) == FULL)
			self->users[i - 1] = self->users[--self->count];
}

static struct quota_user *find(const struct quota *self, uid_t uid)
{
	for (size_t i = 0; i < self->count; i++)
		if (self->users[i].uid == uid)
			return &self->users[i];
	return NULL;
}

/* NULL where there are too many. */
static struct quota_user *find_or_add(struct quota *self, uid_t uid, uint64_t now)
{
	struct quota_user *user = find(self, uid);

	if (user)
		return user;
	if (!self->users)
		self->users = calloc(QUOTA_USERS, sizeof(*self->users));
	if (!self->users)
		return NULL;
	forget_idle(self, now);
	if (self->count == QUOTA_USERS)
		return NULL;
	user = &self->users[self->count++];
	*user = (struct quota_user){ .uid = uid, .left = FULL, .when = now };
	return user;
}

bool quota_take(struct quota *self, uid_t uid, uint64_t now)
{
	struct quota_user *user = uid ? find_or_add(self, uid, now) : NULL;

	if (!user)
		return !uid;
	user->left = left_of(user, now);
	user->when = now;
	if (user->left < COST)
		return false;
	user->left -= COST;
	return true;
}

bool quota_open(struct quota *self, uid_t uid, uint64_t now)
{
	struct quota_user *user = uid ? find_or_add(self, uid, now) : NULL;

	if (!user)
		return !uid;
	if (user->open == QUOTA_OPEN || self->open == QUOTA_OPEN_ALL)
		return false;
	user->open++;
	self->open++;
	return true;
}

void quota_close(struct quota *self, uid_t uid)
{
	struct quota_user *user = uid ? find(self, uid) : NULL;

	if (!user)
		return;
	user->open--;
	self->open--;
}
