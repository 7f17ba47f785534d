/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-login.h>
#include <unistd.h>

#include "journal.h"
#include "util/text.h"

/* systemd says in JOURNAL_STREAM which stream is the journal's; if standard error is it, messages
 * go there with fields (systemd.exec(5)). */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &status) && status.st_dev == device && status.st_ino == inode;
}

/* Names come from devices and files. NULL, no field, where there is none. */
static const char *escape(const char *value, struct text *text)
{
	if (!value)
		return NULL;
	text_append_escaped(text, value);
	return text->failed ? NULL : text_string(text);
}

/* The journal asks /proc whose a message is, and has no answer for the last ones of a process that
 * has ended meanwhile (github.com/systemd/systemd/issues/2913). By this field "journalctl -u" finds
 * what root says of a unit. NULL outside of one. */
static char *find_unit(void)
{
	char *unit;

	return sd_pid_get_unit(0, &unit) < 0 ? NULL : unit;
}

static void write_journal(struct log *log, int level, const struct log_fields *fields,
			  const char *message)
{
	CLEANUP_FREE char *unit = find_unit();
	const char priority[] = { (char)('0' + level), '\0' };
	CLEANUP_TEXT struct text pf = { 0 }, rule = { 0 }, vf = { 0 }, step = { 0 };
	const struct journal_field entry[] = {
		{ "MESSAGE", message },
		{ "PRIORITY", priority },
		{ "SYSLOG_IDENTIFIER", program_invocation_short_name },
		{ "OBJECT_SYSTEMD_UNIT", unit },
		{ "PF", escape(fields->pf, &pf) },
		{ "RULE", escape(fields->rule, &rule) },
		{ "VF", escape(fields->vf, &vf) },
		{ "STEP", escape(fields->step, &step) },
		{ "EVENT", fields->event },
	};

	(void)log;
	(void)journal_send(JOURNAL_SOCKET, entry, sizeof(entry) / sizeof(entry[0]));
}

static void write_stderr(struct log *log, int level, const struct log_fields *fields,
			 const char *message)
{
	(void)log;
	(void)fields;
	if (level >= LOG_DEBUG)
		return;
	(void)fprintf(stderr, "%s\n", message);
}

struct log *log_process(void)
{
	static struct log journal = { write_journal }, standard_error = { write_stderr };

	return is_journal() ? &journal : &standard_error;
}

bool log_is_news(struct text *said, const struct text *text)
{
	if (!strcmp(text_string(said), text_string(text)))
		return false;
	text_clear(said);
	text_append(said, text_string(text));
	return true;
}

void log_message(struct log *log, int level, const struct log_fields *fields, const char *format,
		 ...)
{
	static const struct log_fields none;
	CLEANUP_FREE char *message = NULL;
	CLEANUP_TEXT struct text text = { 0 };
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&message, format, arguments);
	va_end(arguments);
	if (length < 0) {
		message = NULL;
		return;
	}
	text_append_escaped(&text, message);
	log->write(log, level, fields ? fields : &none, text_string(&text));
}
