/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/policy_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "document/dropin.h"
#include "document/yaml.h"
#include "files/last_good_writer.h"
#include "policy/left_out.h"
#include "util/text.h"

/* Configuration management and editors touch several files in a row. */
#define SETTLE_USEC 100000u

/* A directory, or its parent while it does not exist. */
struct directory {
	struct policy_source *owner;
	char *path;
	sd_event_source *watch;
	bool exists;
};

struct policy_source {
	struct policy_source_options options;
	struct log *log;
	struct directory *directories;	 /* options.n_directories */
	struct last_good_writer *writer; /* NULL: nothing is kept */
	struct policy_standing standing;
	sd_event *event;
	sd_event_source *timer;
	void (*changed)(void *context);
	void *context;
};

static void watch_directory(struct directory *directory);

int policy_source_new(const struct policy_source_options *options, struct log *log,
		      struct policy_source **ret)
{
	CLEANUP(policy_source_free_cleanup) struct policy_source *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	self->options = *options;
	self->log = log;
	self->standing.relation = POLICY_NONE;
	self->directories = calloc(options->n_directories, sizeof(*self->directories));
	if (!self->directories)
		return -ENOMEM;
	for (size_t i = 0; i < options->n_directories; i++) {
		struct text path = { 0 };

		text_printf(&path, "%s%s", options->root ? options->root : "",
			    options->directories[i]);
		self->directories[i].owner = self;
		self->directories[i].path = text_take(&path);
		if (!self->directories[i].path)
			return -ENOMEM;
	}
	*ret = TAKE(self);
	return 0;
}

void policy_source_free(struct policy_source *self)
{
	if (!self)
		return;
	for (size_t i = 0; self->directories && i < self->options.n_directories; i++) {
		sd_event_source_disable_unref(self->directories[i].watch);
		free(self->directories[i].path);
	}
	sd_event_source_disable_unref(self->timer);
	last_good_writer_free(self->writer);
	policy_standing_clear(&self->standing);
	free(self->directories);
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

/* Files that do not count here. */
static int log_left_out(struct log *log, const struct policy *policy, const struct host *host)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct left_out_list list;
	int r = arena_new(&arena);

	if (r >= 0)
		r = left_out_find(policy, host, arena, &list);
	for (size_t i = 0; r >= 0 && i < list.count; i++) {
		CLEANUP_TEXT struct text text = { 0 };

		append_place(&text, &list.items[i].origin);
		text_append(&text, list.items[i].reason);
		log_text(log, LOG_INFO, &text);
		r = text.failed ? -ENOMEM : 0;
	}
	return r;
}

/* Reads documents, and logs what is to be said of them. */
static int read_documents(const struct policy_source *self, const struct document *documents,
			  size_t count, const struct host *host, struct diagnostics *diagnostics,
			  struct policy **ret)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	int r = policy_read(documents, count, host, diagnostics, &policy);

	if (r >= 0)
		r = log_left_out(self->log, policy, host);
	if (r >= 0)
		*ret = TAKE(policy);
	return r;
}

static struct dropin_options dropin_options_of(const struct policy_source *self)
{
	return (struct dropin_options){
		.root = self->options.root,
		.suffix = POLICY_SUFFIX,
		.misspelt = POLICY_SUFFIX_MISSPELT,
		.size_max = YAML_SIZE_MAX,
		.trusted_only = self->options.trusted_only,
	};
}

int policy_source_keep(struct policy_source *self, const char *state_directory,
		       struct workers *workers, void (*done)(void *context), void *context)
{
	const struct last_good where = {
		.state = state_directory,
		.directories = self->options.directories,
		.n_directories = self->options.n_directories,
		.options = dropin_options_of(self),
	};

	return last_good_writer_new(&where, workers, self->log, done, context, &self->writer);
}

int policy_source_read(struct policy_source *self, const struct host *host, struct policy **ret)
{
	const struct dropin_options options = dropin_options_of(self);
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document *documents;
	size_t count;
	int r = arena_new(&arena);

	if (r < 0)
		return r;
	r = dropin_read(self->options.directories, self->options.n_directories, &options, arena,
			&diagnostics, &documents, &count);
	if (r >= 0)
		r = read_documents(self, documents, count, host, &diagnostics, ret);
	log_diagnostics(self->log, &diagnostics);
	if (r >= 0 && self->writer)
		last_good_writer_write(self->writer, TAKE(arena), documents, count);
	if (r >= 0)
		policy_standing_accepted(&self->standing);
	else
		policy_standing_refused(&self->standing, &diagnostics);
	return r;
}

static int read_last_good(struct policy_source *self, const struct host *host, struct policy **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document *documents;
	size_t count;
	time_t kept;
	int r = arena_new(&arena);

	if (r >= 0)
		r = last_good_read(last_good_writer_where(self->writer), arena, &diagnostics,
				   &documents, &count, &kept);
	if (r >= 0)
		r = read_documents(self, documents, count, host, &diagnostics, ret);
	if (r >= 0)
		policy_standing_restored(&self->standing, kept);
	log_diagnostics(self->log, &diagnostics);
	return r;
}

int policy_source_restore(struct policy_source *self, const struct host *host, struct policy **ret)
{
	CLEANUP_TEXT struct text text = { 0 };
	int r = self->writer ? read_last_good(self, host, ret) : -ENOENT;

	if (r == -ENOMEM)
		return r;
	policy_standing_describe(&self->standing, &text);
	log_message(self->log, LOG_ERR, NULL, "%s", text_string(&text));
	return r;
}

const struct policy_standing *policy_source_standing(const struct policy_source *self)
{
	return &self->standing;
}

static int on_settled(sd_event_source *source, uint64_t usec, void *context)
{
	struct policy_source *self = context;

	(void)source;
	(void)usec;
	self->changed(self->context);
	return 0;
}

static void settle(struct policy_source *self)
{
	uint64_t now;

	if (sd_event_now(self->event, CLOCK_MONOTONIC, &now) >= 0 &&
	    sd_event_source_set_time(self->timer, now + SETTLE_USEC) >= 0)
		(void)sd_event_source_set_enabled(self->timer, SD_EVENT_ONESHOT);
}

/* Whether the event is about a policy file, or about the directory itself. */
static bool is_relevant(const struct directory *directory, const struct inotify_event *event)
{
	const struct dropin_options options = dropin_options_of(directory->owner);
	const char *base = strrchr(directory->path, '/');

	if (event->mask & (IN_Q_OVERFLOW | IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF))
		return true;
	if (!event->len)
		return false;
	if (directory->exists)
		return dropin_is_wanted(&options, event->name) ||
		       dropin_is_misspelt(&options, event->name);
	return base && !strcmp(event->name, base + 1);
}

static int on_inotify(sd_event_source *source, const struct inotify_event *event, void *context)
{
	struct directory *directory = context;

	(void)source;
	if (!is_relevant(directory, event))
		return 0;
	if (!directory->exists || (event->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)))
		watch_directory(directory);
	settle(directory->owner);
	return 0;
}

static int add_watch(struct directory *directory, const char *path, uint32_t mask)
{
	int r = sd_event_add_inotify(directory->owner->event, &directory->watch, path,
				     mask | IN_ONLYDIR, on_inotify, directory);

	if (r >= 0)
		(void)sd_event_source_set_description(directory->watch, path);
	return r;
}

static int watch_itself(struct directory *directory)
{
	return add_watch(directory, directory->path,
			 IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE |
				 IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF);
}

/* Watches the directory, or until it exists its parent. A directory that cannot be watched is still
 * read at each reload. */
static void watch_directory(struct directory *directory)
{
	CLEANUP_FREE char *parent = NULL;
	sd_event_source *watch;
	char *slash;

	directory->watch = sd_event_source_disable_unref(directory->watch);
	directory->exists = watch_itself(directory) >= 0;
	if (directory->exists)
		return;
	parent = strdup(directory->path);
	slash = parent ? strrchr(parent, '/') : NULL;
	if (!slash || slash == parent)
		return;
	*slash = '\0';
	if (add_watch(directory, parent, IN_CREATE | IN_MOVED_TO) < 0)
		return;
	/* It may have been made between the two. */
	watch = TAKE(directory->watch);
	directory->exists = watch_itself(directory) >= 0;
	if (directory->exists) {
		sd_event_source_disable_unref(watch);
		settle(directory->owner);
	} else {
		directory->watch = watch;
	}
}

int policy_source_watch(struct policy_source *self, sd_event *event, void (*changed)(void *context),
			void *context)
{
	int r;

	self->event = event;
	self->changed = changed;
	self->context = context;
	r = sd_event_add_time(event, &self->timer, CLOCK_MONOTONIC, 0, SETTLE_USEC / 10, on_settled,
			      self);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(self->timer, "policy-settle");
	r = sd_event_source_set_enabled(self->timer, SD_EVENT_OFF);
	for (size_t i = 0; r >= 0 && i < self->options.n_directories; i++)
		watch_directory(&self->directories[i]);
	return r;
}

bool policy_source_is_settling(const struct policy_source *self)
{
	int enabled = SD_EVENT_OFF;

	return self->timer && sd_event_source_get_enabled(self->timer, &enabled) >= 0 &&
	       enabled != SD_EVENT_OFF;
}
