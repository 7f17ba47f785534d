/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "util/text.h"

#define FIELDS_MAX 6

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

struct journal_entry {
	struct text texts[FIELDS_MAX];
	struct iovec fields[FIELDS_MAX];
	int count;
};

static void add_field(struct journal_entry *entry, const char *key, const char *value)
{
	struct text *text = &entry->texts[entry->count];

	if (!value)
		return;
	text_printf(text, "%s=", key);
	text_append_escaped(text, value);
	if (text->failed)
		return;
	entry->fields[entry->count++] =
		(struct iovec){ .iov_base = text->data, .iov_len = text->length };
}

static void write_journal(struct log *log, int level, const struct log_fields *fields,
			  const char *message)
{
	struct journal_entry entry = { 0 };
	const char priority[] = { (char)('0' + level), '\0' };

	(void)log;
	add_field(&entry, "MESSAGE", message);
	add_field(&entry, "PRIORITY", priority);
	add_field(&entry, "PF", fields->pf);
	add_field(&entry, "RULE", fields->rule);
	add_field(&entry, "VF", fields->vf);
	add_field(&entry, "STEP", fields->step);
	(void)sd_journal_sendv(entry.fields, entry.count);
	for (size_t i = 0; i < FIELDS_MAX; i++)
		text_clear(&entry.texts[i]);
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
