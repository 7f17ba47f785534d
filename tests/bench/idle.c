/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The least that a daemon of this kind takes when it has nothing to do: an event loop that waits
 * for udev, rtnetlink and the bus, linked as sriovd is, and nothing else. Prints its RSS and PSS.
 */

#include <libudev.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "bench.h"

static int on_input(sd_event_source *source, int fd, uint32_t events, void *context)
{
	(void)source, (void)fd, (void)events, (void)context;
	return 0;
}

static void wait_for_udev(sd_event *event)
{
	struct udev_monitor *monitor = udev_monitor_new_from_netlink(udev_new(), "udev");

	bench_require(monitor ? udev_monitor_enable_receiving(monitor) : -12, "udev");
	bench_require(sd_event_add_io(event, NULL, udev_monitor_get_fd(monitor), 1, on_input, NULL),
		      "udev");
}

static void wait_for_links(sd_event *event)
{
	struct nl_sock *socket = nl_socket_alloc();

	bench_require(socket ? nl_connect(socket, NETLINK_ROUTE) : -12, "rtnetlink");
	bench_require(nl_socket_add_membership(socket, RTNLGRP_LINK), "rtnetlink");
	bench_require(sd_event_add_io(event, NULL, nl_socket_get_fd(socket), 1, on_input, NULL),
		      "rtnetlink");
}

static void print_memory(void)
{
	FILE *stream = fopen("/proc/self/smaps_rollup", "re");
	char line[128];

	while (stream && fgets(line, sizeof(line), stream))
		if (!strncmp(line, "Rss:", 4) || !strncmp(line, "Pss:", 4))
			(void)printf("Least%.3s %ld\n", line, strtol(line + 4, NULL, 10));
}

int main(void)
{
	sd_event *event;
	sd_bus *bus;

	bench_require(sd_event_default(&event), "the event loop");
	wait_for_udev(event);
	wait_for_links(event);
	bench_require(sd_bus_default_system(&bus), "the bus");
	bench_require(sd_bus_attach_event(bus, event, 0), "the bus");
	bench_require(sd_event_run(event, 1000000), "the event loop");
	print_memory();
	return EXIT_SUCCESS;
}
