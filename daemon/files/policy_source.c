/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/policy_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "document/dropin.h"
#include "document/yaml.h"
#include "files/last_good_writer.h"
#include "files/policy_watch.h"
#include "policy/left_out.h"
#include "util/text.h"

/* How long a file may be open for writing until that is called an error. */
#define PATIENCE_S 10

struct policy_source {
	struct policy_source_options options;
	struct log *log;
	struct dropin_options dropin;
	struct policy_watch *watch;	 /* NULL: nothing is noticed */
	struct last_good_writer *writer; /* NULL: nothing is kept */
	struct policy_standing standing;
	struct text said_in_force, said_left_out; /* what the log has of them */
	time_t written_since; /* a file is open for writing; CLOCK_MONOTONIC, 0: none is */
};

int policy_source_new(const struct policy_source_options *options, struct log *log,
		      struct policy_source **ret)
{
	CLEANUP(policy_source_free_cleanup) struct policy_source *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	self->options = *options;
	self->log = log;
	self->standing.relation = POLICY_NONE;
	self->dropin = (struct dropin_options){
		.root = options->root,
		.suffix = POLICY_SUFFIX,
		.misspelt = POLICY_SUFFIX_MISSPELT,
		.size_max = YAML_SIZE_MAX,
		.trusted_only = options->trusted_only,
	};
	*ret = TAKE(self);
	return 0;
}

void policy_source_free(struct policy_source *self)
{
	if (!self)
		return;
	policy_watch_free(self->watch);
	last_good_writer_free(self->writer);
	policy_standing_clear(&self->standing);
	text_clear(&self->said_in_force);
	text_clear(&self->said_left_out);
	free(self);
}

static void log_text(struct log *log, int level, const struct text *text)
{
	log_message(log, level, NULL, "%s", text_string(text));
}

static void append_place(struct text *text, const struct origin *origin)
{
	if (!origin->document)
		return;
	text_append(text, origin->document->name);
	if (origin->line)
		text_printf(text, ":%u:%u", origin->line, origin->column);
	text_append(text, ": ");
}

static void log_diagnostic(struct log *log, const struct diagnostic *item)
{
	static const int levels[] = {
		[SEVERITY_ERROR] = LOG_ERR,
		[SEVERITY_WARNING] = LOG_WARNING,
		[SEVERITY_NOTE] = LOG_INFO,
	};
	CLEANUP_TEXT struct text text = { 0 };

	append_place(&text, &item->origin);
	text_printf(&text, "%s: %s%s%s", severity_name(item->severity), item->message,
		    item->hint ? "; " : "", item->hint ? item->hint : "");
	log_text(log, levels[item->severity], &text);
}

/* One message a diagnostic, without the excerpt of the file: a journal has other lines around it.
 */
static void log_diagnostics(struct log *log, const struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->count; i++)
		log_diagnostic(log, &diagnostics->items[i]);
	if (diagnostics->dropped)
		log_message(log, LOG_ERR, NULL, "and %zu more", diagnostics->dropped);
}

static void describe_left_out(const struct left_out *file, struct text *out)
{
	append_place(out, &file->origin);
	text_append(out, file->reason);
}

/* Files that do not count here, where they are not those of the time before. */
static int log_left_out(struct policy_source *self, const struct policy *policy,
			const struct host *host)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text all = { 0 };
	struct left_out_list list;
	int r = arena_new(&arena);

	if (r >= 0)
		r = left_out_find(policy, host, arena, &list);
	for (size_t i = 0; r >= 0 && i < list.count; i++) {
		describe_left_out(&list.items[i], &all);
		text_append(&all, "\n");
	}
	if (r < 0 || all.failed)
		return r < 0 ? r : -ENOMEM;
	if (!log_is_news(&self->said_left_out, &all))
		return 0;
	for (size_t i = 0; i < list.count; i++) {
		CLEANUP_TEXT struct text text = { 0 };

		describe_left_out(&list.items[i], &text);
		log_text(self->log, LOG_INFO, &text);
	}
	return 0;
}

/* Reads documents, and logs what is to be said of them. */
static int read_documents(struct policy_source *self, const struct document *documents,
			  size_t count, const struct host *host, struct diagnostics *diagnostics,
			  struct policy **ret)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	int r = policy_read(documents, count, host, diagnostics, &policy);

	if (r >= 0)
		r = log_left_out(self, policy, host);
	if (r >= 0)
		*ret = TAKE(policy);
	return r;
}

int policy_source_keep(struct policy_source *self, const char *state_directory,
		       struct workers *workers, void (*done)(void *context), void *context)
{
	const struct last_good where = {
		.state = state_directory,
		.directories = self->options.directories,
		.n_directories = self->options.n_directories,
		.options = self->dropin,
	};

	return last_good_writer_new(&where, workers, self->log, done, context, &self->writer);
}

static time_t now(void)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* A file is open for writing: half of it is no policy, nor an error. Returns -EAGAIN as long as
 * that is not called an error. */
static int wait_for_writer(struct policy_source *self, const struct diagnostics *diagnostics)
{
	bool first = !self->written_since;

	if (first)
		self->written_since = now();
	if (self->watch)
		policy_watch_retry(self->watch);
	if (now() - self->written_since >= PATIENCE_S)
		return -EINVAL;
	if (first)
		log_message(self->log, LOG_INFO, NULL, "%s %s: it is read when it is closed",
			    diagnostics->items[0].origin.document->name,
			    diagnostics->items[0].message);
	return -EAGAIN;
}

static int digest_of(const struct document *documents, size_t count, char ret[static DIGEST_SIZE])
{
	CLEANUP_TEXT struct text list = { 0 };

	digest_list(documents, count, 0, &list);
	if (list.failed)
		return -ENOMEM;
	digest_make(text_string(&list), list.length, ret);
	return 0;
}

/* Keeps what was read, or notes why it is not in force. */
static void settle(struct policy_source *self, int error, const struct diagnostics *diagnostics,
		   const char digest[static DIGEST_SIZE])
{
	/* What nobody closes is asked for again and again, and told once. */
	if (error < 0 && self->written_since && self->standing.refused_since)
		return;
	if (error < 0 || !policy_standing_is(&self->standing, digest))
		log_diagnostics(self->log, diagnostics);
	if (error >= 0)
		policy_standing_accepted(&self->standing, digest);
	else
		policy_standing_refused(&self->standing, diagnostics);
}

int policy_source_read(struct policy_source *self, const struct host *host, struct policy **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	char digest[DIGEST_SIZE] = "";
	struct document *documents;
	size_t count;
	int r = arena_new(&arena);

	if (r < 0)
		return r;
	if (self->watch)
		policy_watch_note(self->watch);
	r = dropin_read(self->options.directories, self->options.n_directories, &self->dropin,
			arena, &diagnostics, &documents, &count);
	if (r == -EAGAIN)
		r = wait_for_writer(self, &diagnostics);
	else
		self->written_since = 0;
	if (r == -EAGAIN)
		return r;
	if (r >= 0)
		r = digest_of(documents, count, digest);
	if (r >= 0)
		r = read_documents(self, documents, count, host, &diagnostics, ret);
	settle(self, r, &diagnostics, digest);
	if (r >= 0 && self->writer)
		last_good_writer_write(self->writer, TAKE(arena), documents, count);
	return r;
}

static int read_last_good(struct policy_source *self, const struct host *host, struct policy **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document *documents;
	size_t count;
	char digest[DIGEST_SIZE];
	time_t kept;
	int r = arena_new(&arena);

	if (r >= 0)
		r = last_good_read(last_good_writer_where(self->writer), arena, &diagnostics,
				   &documents, &count, &kept, digest);
	if (r >= 0)
		r = read_documents(self, documents, count, host, &diagnostics, ret);
	if (r >= 0)
		policy_standing_restored(&self->standing, kept, digest);
	log_diagnostics(self->log, &diagnostics);
	return r;
}

int policy_source_restore(struct policy_source *self, const struct host *host, struct policy **ret)
{
	CLEANUP_TEXT struct text text = { 0 };
	int r = self->writer ? read_last_good(self, host, ret) : -ENOENT;

	if (r == -ENOMEM)
		return r;
	policy_standing_describe(&self->standing, true, &text);
	log_message(self->log, LOG_ERR, NULL, "%s", text_string(&text));
	return r;
}

void policy_source_log_in_force(struct policy_source *self, const struct policy *policy)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "policy in force: %zu rule%s; SHA-256 %s", policy->n_rules,
		    policy->n_rules == 1 ? "" : "s", self->standing.digest);
	if (log_is_news(&self->said_in_force, &text))
		log_text(self->log, LOG_INFO, &text);
}

const struct policy_standing *policy_source_standing(const struct policy_source *self)
{
	return &self->standing;
}

int policy_source_watch(struct policy_source *self, sd_event *event, void (*changed)(void *context),
			void *context)
{
	return policy_watch_new(event, self->options.directories, self->options.n_directories,
				&self->dropin, changed, context, &self->watch);
}

void policy_source_compare(struct policy_source *self)
{
	if (self->watch)
		policy_watch_compare(self->watch);
}

bool policy_source_is_settling(const struct policy_source *self)
{
	return self->watch && policy_watch_is_settling(self->watch);
}
