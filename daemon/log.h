/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages of the daemon: to the journal with fields when systemd runs it, else to standard error.
 */

#include <stdbool.h>
#include <syslog.h>

#include "util/text.h"

struct log_fields {
	const char *pf;	   /* PF=, the interface name or the address; NULL: none */
	const char *rule;  /* RULE=, names of the rules that matched */
	const char *vf;	   /* VF=, "0-3,6" */
	const char *step;  /* STEP=, what was done or tried */
	const char *event; /* EVENT=, what kind of thing has happened: "done", "refused" */
};

/* Where messages go; a test can bring its own. */
struct log {
	void (*write)(struct log *log, int level, const struct log_fields *fields,
		      const char *message);
};

/* The log of this process; never fails. */
struct log *log_process(void);

/* Whether a text is another than what was said the last time, which it is from now on. */
bool log_is_news(struct text *said, const struct text *text);

/* level as syslog(3). fields may be NULL. Messages have words of devices and files in them: what is
 * not printable, new lines included, is escaped; so it is in the journal's fields. */
void log_message(struct log *log, int level, const struct log_fields *fields, const char *format,
		 ...) __attribute__((__format__(__printf__, 4, 5)));
