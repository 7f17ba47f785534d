/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "socket/outflow.h"

#include <stdbool.h>
#include <time.h>

static uint64_t now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int outflow_own(sd_bus *bus)
{
	return sd_bus_set_close_on_exit(bus, false);
}

uint64_t outflow_length(sd_bus *bus)
{
	uint64_t length;

	return sd_bus_get_n_queued_write(bus, &length) < 0 ? 0 : length;
}

/* Not by sd_bus_flush(), which knows no end. */
void outflow_end(sd_bus *bus, uint64_t us)
{
	uint64_t end = now_us() + us, now = now_us();

	for (; outflow_length(bus) && now < end; now = now_us()) {
		int r = sd_bus_process(bus, NULL);

		if (r == 0)
			r = sd_bus_wait(bus, end - now);
		if (r < 0)
			return;
	}
}
