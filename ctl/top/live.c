/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "memory.h"
#include "top/background.h"
#include "top/screen.h"
#include "top/terminal.h"

enum source { KEYS, SIGNALS, TIMER, READINGS, SOURCE_COUNT };

struct live {
	struct background *background;
	struct screen *screen;
	unsigned period_s, waited_s;
	struct pollfd sources[SOURCE_COUNT];
	bool had_nothing; /* there was something to read, and it was no key */
};

/* The terminal's own ways to end a program, and the end of the terminal. They are waited for, so
 * that the screen is given back; those that stop and go on, and another size, are ncurses'. */
static int open_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGQUIT);
	(void)sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int open_timer(unsigned period_s)
{
	const struct itimerspec every = { { .tv_sec = period_s }, { .tv_sec = period_s } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0)
		(void)timerfd_settime(fd, 0, &every, NULL);
	return fd;
}

static void on_timer(struct live *live)
{
	uint64_t times;

	if (read(live->sources[TIMER].fd, &times, sizeof(times)) < 0)
		return;
	live->waited_s = background_ask(live->background) ? 0 : live->waited_s + live->period_s;
	/* A period or two a look may well take. */
	screen_waits(live->screen, live->waited_s > 2 ? live->waited_s : 0);
}

static void on_reading(struct live *live)
{
	struct reading *reading = background_take(live->background);

	if (!reading)
		return;
	live->waited_s = 0;
	screen_waits(live->screen, 0);
	screen_update(live->screen, reading);
}

/* False: that was the last. A terminal that is gone can be read from for ever, and has nothing. */
static bool on_keys(struct live *live)
{
	const short events = live->sources[KEYS].revents;
	bool had_key = false;
	unsigned key;

	while (terminal_key(&key)) {
		had_key = true;
		if (!screen_key(live->screen, key))
			return false;
	}
	if (events & (POLLHUP | POLLERR | POLLNVAL))
		return false;
	if (events & POLLIN && !had_key && live->had_nothing)
		return false;
	live->had_nothing = events & POLLIN && !had_key;
	return true;
}

static bool wait_and_act(struct live *live)
{
	int r = poll(live->sources, SOURCE_COUNT, -1);

	if (r < 0 && errno != EINTR)
		return false;
	for (size_t i = 0; r < 0 && i < SOURCE_COUNT; i++)
		live->sources[i].revents = 0;
	if (live->sources[SIGNALS].revents)
		return false;
	if (live->sources[TIMER].revents)
		on_timer(live);
	if (live->sources[READINGS].revents)
		on_reading(live);
	/* After a signal too: it may be that the terminal has another size. */
	return on_keys(live);
}

static enum verdict failure(const char *what, int r)
{
	(void)fprintf(stderr, "sriovctl top: cannot %s: %s\n", what, strerror(-r));
	return VERDICT_FAILED;
}

static enum verdict run(struct live *live)
{
	enum verdict verdict = terminal_begin();

	if (verdict != VERDICT_OK)
		return verdict;
	do
		screen_draw(live->screen);
	while (wait_and_act(live));
	terminal_end();
	return VERDICT_OK;
}

enum verdict live_run(struct reader *reader, struct reading *first, unsigned period_s)
{
	CLEANUP(background_free_cleanup) struct background *background = NULL;
	CLEANUP(screen_free_cleanup) struct screen *screen = screen_new(period_s);
	struct live live = { .screen = screen, .period_s = period_s };
	const int signals = open_signals(), timer = open_timer(period_s);
	enum verdict verdict;
	int r = background_new(reader, &background);

	screen_update(screen, first);
	if (r < 0)
		return failure("start a thread", r);
	if (signals < 0 || timer < 0)
		return failure("wait for signals and time", -errno);
	live.background = background;
	live.sources[KEYS] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	live.sources[SIGNALS] = (struct pollfd){ signals, POLLIN, 0 };
	live.sources[TIMER] = (struct pollfd){ timer, POLLIN, 0 };
	live.sources[READINGS] = (struct pollfd){ background_fd(background), POLLIN, 0 };
	verdict = run(&live);
	(void)close(signals);
	(void)close(timer);
	return verdict;
}
