/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One request by HTTP for the metrics of this host, on a connection that systemd has accepted
 * (sriovd-metrics.socket), and the answer. */

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a request, and how long one may take to come. */
#define SCRAPE_REQUEST_MAX 8192
#define SCRAPE_TIMEOUT_MS  5000

struct scrape {
	/* 200, or what is wrong: 400, 404, 405, 408, 431; the caller's 500: there is no answer */
	int status;
	bool head;	  /* what would be answered, without a body */
	bool openmetrics; /* it takes OpenMetrics; else the classic format */
};

/* Reads the request until its head ends. What is sent after that is not read. */
struct scrape scrape_receive(int fd);
/* Answers it; body is for status 200. 0 or -errno: it has gone. */
int scrape_answer(int fd, const struct scrape *scrape, const char *body, size_t length);
