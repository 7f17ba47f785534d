/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/policy_watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "timer.h"
#include "util/text.h"

/* Configuration management and editors touch several files in a row. */
#define SETTLE_MS     100u
#define RETRY_MS      1000u
#define ACCURACY_USEC 10000u

#define GONE	      (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)

/* A directory, or its parent while it does not exist. */
struct directory {
	struct policy_watch *owner;
	char *path;
	sd_event_source *source;
	bool exists;
	dev_t device; /* what the path led to when it was watched last */
	ino_t inode;
};

struct policy_watch {
	sd_event *event;
	const struct dropin_options *options;
	struct directory *directories;
	size_t n_directories;
	sd_event_source *timer;
	bool compares; /* the timer has been set only for a comparison */
	uint64_t noted;
	void (*changed)(void *context);
	void *context;
};

static void close_stream(DIR **stream)
{
	if (*stream)
		(void)closedir(*stream);
}

/* What identifies a file and its contents; links are followed. */
static uint64_t fingerprint_of(int directory, const char *name, uint64_t seed)
{
	struct stat status = { 0 };
	uint64_t numbers[8];

	if (fstatat(directory, name, &status, 0) < 0)
		status.st_size = -errno;
	numbers[0] = status.st_dev;
	numbers[1] = status.st_ino;
	numbers[2] = (uint64_t)status.st_size;
	numbers[3] = (uint64_t)status.st_mode << 32 | status.st_uid;
	numbers[4] = (uint64_t)status.st_mtim.tv_sec;
	numbers[5] = (uint64_t)status.st_mtim.tv_nsec;
	numbers[6] = (uint64_t)status.st_ctim.tv_sec;
	numbers[7] = (uint64_t)status.st_ctim.tv_nsec;
	return XXH3_64bits_withSeed(numbers, sizeof(numbers),
				    XXH3_64bits_withSeed(name, strlen(name), seed));
}

/* A sum: files come in any order. */
static uint64_t fingerprint_directory(const struct policy_watch *self, size_t number)
{
	CLEANUP(close_stream) DIR *stream = opendir(self->directories[number].path);
	const struct dirent *item;
	uint64_t sum = 0;

	while (stream && (item = readdir(stream)))
		if (dropin_is_wanted(self->options, item->d_name) ||
		    dropin_is_misspelt(self->options, item->d_name))
			sum += fingerprint_of(dirfd(stream), item->d_name, number);
	return sum;
}

static uint64_t fingerprint(const struct policy_watch *self)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < self->n_directories; i++)
		sum += fingerprint_directory(self, i);
	return sum;
}

static void settle(struct policy_watch *self)
{
	self->compares = false;
	timer_set_after(self->timer, SETTLE_MS);
}

void policy_watch_compare(struct policy_watch *self)
{
	if (!policy_watch_is_settling(self) && fingerprint(self) != self->noted)
		settle(self);
}

void policy_watch_retry(struct policy_watch *self)
{
	self->compares = false;
	timer_set_after(self->timer, RETRY_MS);
}

static int on_settled(sd_event_source *source, uint64_t usec, void *context)
{
	struct policy_watch *self = context;

	(void)source;
	(void)usec;
	if (!self->compares || fingerprint(self) != self->noted)
		self->changed(self->context);
	return 0;
}

/* An event on something else may be of what the files lead to. */
static void compare_soon(struct policy_watch *self)
{
	if (policy_watch_is_settling(self))
		return;
	self->compares = true;
	timer_set_after(self->timer, SETTLE_MS);
}

/* Whether a regular file that has just appeared is still to be filled: its contents count once it
 * is closed. One more name of a file that is there already never is. */
static bool is_being_made(const struct directory *directory, const struct inotify_event *event)
{
	CLEANUP_TEXT struct text path = { 0 };
	struct stat status;

	if (!(event->mask & IN_CREATE))
		return false;
	text_printf(&path, "%s/%s", directory->path, event->name);
	return !path.failed && lstat(text_string(&path), &status) >= 0 && S_ISREG(status.st_mode) &&
	       status.st_nlink == 1;
}

static void on_file(const struct directory *directory, const struct inotify_event *event)
{
	const struct dropin_options *options = directory->owner->options;

	if (!dropin_is_wanted(options, event->name) && !dropin_is_misspelt(options, event->name))
		compare_soon(directory->owner);
	else if (!is_being_made(directory, event))
		settle(directory->owner);
}

static void watch_directory(struct directory *directory);

static int on_inotify(sd_event_source *source, const struct inotify_event *event, void *context)
{
	struct directory *directory = context;
	const char *base = strrchr(directory->path, '/');

	(void)source;
	if (event->mask & (IN_Q_OVERFLOW | GONE)) {
		if (event->mask & GONE)
			watch_directory(directory);
		settle(directory->owner);
	} else if (directory->exists && event->len) {
		on_file(directory, event);
	} else if (!directory->exists && event->len && base && !strcmp(event->name, base + 1)) {
		watch_directory(directory);
		settle(directory->owner);
	}
	return 0;
}

static int add_watch(struct directory *directory, const char *path, uint32_t mask)
{
	int r = sd_event_add_inotify(directory->owner->event, &directory->source, path,
				     mask | IN_ONLYDIR, on_inotify, directory);

	if (r >= 0)
		(void)sd_event_source_set_description(directory->source, path);
	return r;
}

static int watch_itself(struct directory *directory)
{
	struct stat status = { 0 };

	(void)stat(directory->path, &status);
	directory->device = status.st_dev;
	directory->inode = status.st_ino;
	return add_watch(directory, directory->path,
			 IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE |
				 IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF);
}

/* Watches the directory, or until it exists its parent. */
static void watch_directory(struct directory *directory)
{
	CLEANUP_FREE char *parent = NULL;
	sd_event_source *source;
	char *slash;

	directory->source = sd_event_source_disable_unref(directory->source);
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
	source = TAKE(directory->source);
	directory->exists = watch_itself(directory) >= 0;
	if (directory->exists) {
		sd_event_source_disable_unref(source);
		settle(directory->owner);
	} else {
		directory->source = source;
	}
}

/* Whether the path leads to another directory by now, as that of a link which was exchanged. */
static bool is_another(const struct directory *directory)
{
	struct stat status;

	return directory->exists && stat(directory->path, &status) >= 0 &&
	       (status.st_dev != directory->device || status.st_ino != directory->inode);
}

void policy_watch_note(struct policy_watch *self)
{
	for (size_t i = 0; i < self->n_directories; i++)
		if (is_another(&self->directories[i]))
			watch_directory(&self->directories[i]);
	self->noted = fingerprint(self);
}

static int add_directories(struct policy_watch *self, const char *const *directories, size_t count)
{
	self->directories = calloc(count + 1, sizeof(*self->directories));
	if (!self->directories)
		return -ENOMEM;
	for (; self->n_directories < count; self->n_directories++) {
		struct directory *directory = &self->directories[self->n_directories];
		const char *root = self->options->root;
		struct text path = { 0 };

		text_printf(&path, "%s%s", root ? root : "", directories[self->n_directories]);
		directory->owner = self;
		directory->path = text_take(&path);
		if (!directory->path)
			return -ENOMEM;
	}
	return 0;
}

int policy_watch_new(sd_event *event, const char *const *directories, size_t n_directories,
		     const struct dropin_options *options, void (*changed)(void *context),
		     void *context, struct policy_watch **ret)
{
	CLEANUP(policy_watch_free_cleanup) struct policy_watch *self = calloc(1, sizeof(*self));
	int r;

	if (!self)
		return -ENOMEM;
	self->event = sd_event_ref(event);
	self->options = options;
	self->changed = changed;
	self->context = context;
	r = add_directories(self, directories, n_directories);
	if (r >= 0)
		r = timer_new(event, "policy-settle", on_settled, self, &self->timer);
	if (r < 0)
		return r;
	(void)sd_event_source_set_time_accuracy(self->timer, ACCURACY_USEC);
	for (size_t i = 0; i < self->n_directories; i++)
		watch_directory(&self->directories[i]);
	*ret = TAKE(self);
	return 0;
}

void policy_watch_free(struct policy_watch *self)
{
	if (!self)
		return;
	for (size_t i = 0; self->directories && i < self->n_directories; i++) {
		sd_event_source_disable_unref(self->directories[i].source);
		free(self->directories[i].path);
	}
	sd_event_source_disable_unref(self->timer);
	sd_event_unref(self->event);
	free(self->directories);
	free(self);
}

bool policy_watch_is_settling(const struct policy_watch *self)
{
	int enabled = SD_EVENT_OFF;

	return sd_event_source_get_enabled(self->timer, &enabled) >= 0 && enabled != SD_EVENT_OFF;
}
