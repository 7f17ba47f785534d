/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/told.h"

#include <string.h>

void told_init(struct told *told)
{
	*told = (struct told){ .state = STATE_APPLYING };
}

void told_clear(struct told *told)
{
	text_clear(&told->blocked);
}

/* Whoever comes and goes on purpose has some lines of an hour. */
static bool is_blocked_otherwise(struct told *told, const struct pass *pass, uint64_t now)
{
	if (pass->state != STATE_BLOCKED || !strcmp(text_string(&told->blocked), pass->reason))
		return false;
	(void)log_quota_renew(&told->news, now);
	return log_quota_take(&told->news, true, now);
}

bool told_take(struct told *told, const struct pass *pass, bool quiet, uint64_t now)
{
	enum pf_state before = told->state;

	if (quiet && (pass->state == STATE_RETRYING || pass->state == STATE_WAITING))
		return false;
	told->state = pass->state;
	if (pass->state == before && !is_blocked_otherwise(told, pass, now))
		return false;
	text_clear(&told->blocked);
	if (pass->state == STATE_BLOCKED)
		text_append(&told->blocked, pass->reason);
	return !(pass->state == STATE_UNMANAGED && before == STATE_APPLYING);
}

/* By when it is over: the same pause seen twice is one. */
bool told_take_pause(struct told *told, const struct pass *pass)
{
	const struct pause *pause = &pass->observed->pause;
	uint64_t now = !pause->left ? 0 : pause->doubtful ? UINT64_MAX : pause->until;
	bool is_news = now != told->pause;

	told->pause = now;
	return is_news;
}
