/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/told.h"

#include <string.h>

#include "pf/contest.h"
#include "pf/pass_log.h"

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

/* Whether the state of the pass is to be logged, which it is taken to be then. With quiet it is not
 * where it passes: that something is busy, or is waited for. */
static bool take_state(struct told *told, const struct pass *pass, bool quiet, uint64_t now)
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

/* Whether it is to be logged that the PF is paused, or is no longer, which it is taken to be then.
 * By when it is over: the same pause seen twice is one. */
static bool take_pause(struct told *told, const struct pass *pass)
{
	const struct pause *pause = &pass->observed->pause;
	uint64_t now = !pause->left ? 0 : pause->doubtful ? UINT64_MAX : pause->until;
	bool is_news = now != told->pause;

	told->pause = now;
	return is_news;
}

void told_begin_anew(struct told *told)
{
	told->hushed_until = 0;
}

/* Whether so many corrections were logged that this one, or what comes of the latest one, is not.
 */
static bool is_hushed(struct told *told, const struct correction *correction, bool contested,
		      uint64_t now)
{
	if (!correction->step)
		return now < told->hushed_until;
	if (log_quota_take(&told->corrections, !contested, now))
		return false;
	told->hushed_until = now + CONTEST_RECENT_MS;
	return true;
}

void told_pass(struct told *told, struct log *log, const struct pass *pass,
	       struct knowledge *knowledge, const struct correction *correction, bool contested,
	       uint64_t now)
{
	unsigned left_out = log_quota_renew(&told->corrections, now);
	bool quiet = is_hushed(told, correction, contested, now);

	if (left_out)
		pass_log_left_out(log, pass, left_out);
	if (take_pause(told, pass))
		pass_log_pause(log, pass);
	pass_log_ended(log, pass, knowledge, correction->step != NULL, quiet,
		       take_state(told, pass, quiet, now));
}
