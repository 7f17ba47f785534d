/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/dropin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "document/document_file.h"
#include "util/directory.h"
#include "util/fd.h"
#include "util/text.h"
#include "util/trust.h"

struct directory {
	const char *path;
	int fd; /* negative: there is no such directory, or it was refused */
	bool tells_others;
};

struct scan {
	const struct dropin_options *options;
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct directory *directories;
	size_t n_directories;
	struct dropin_entry *entries;
	size_t n_entries, capacity;
	bool refused; /* something was reported */
	bool written; /* only that a file is being written was */
};

static void scan_clear(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_directories; i++)
		if (scan->directories[i].fd >= 0)
			(void)close(scan->directories[i].fd);
}

static void close_stream(DIR **stream)
{
	if (*stream)
		(void)closedir(*stream);
}

static void note(struct diagnostics *diagnostics, const char *name, const char *message,
		 const char *what)
{
	diagnostics_report(diagnostics, SEVERITY_NOTE, ORIGIN_OF_FILE(name), NULL, "%s%s", message,
			   what);
}

/* Finds a file or directory, and reports why where it is refused; what is its name in messages. */
static int find(const struct scan *scan, int directory, const char *base, const char *name,
		const char *what, struct trust_place *ret)
{
	struct trust_fault fault;
	CLEANUP_TEXT struct text message = { 0 };
	int r = trust_find(directory, base, name, scan->options->trusted_only, scan->arena, ret,
			   &fault);

	if (r != -EPERM || !scan->options->trusted_only)
		return r;
	text_append(&message, "is refused: ");
	if (!fault.owner)
		text_append(&message, "others than root can write to ");
	text_append(&message, strcmp(fault.path, what) ? fault.path : "it");
	if (fault.owner)
		text_append(&message, " is not owned by root");
	if (message.failed)
		return -ENOMEM;
	return document_file_report(scan->diagnostics, what, fault.hint, text_string(&message));
}

static bool is_null_device(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == makedev(1, 3);
}

static const char *path_of(const struct scan *scan, const struct dropin_entry *entry)
{
	return arena_printf(scan->arena, "%s/%s", scan->directories[entry->directory].path,
			    entry->name);
}

/* Reads one entry of a directory. Returns 1 if there is a document, 0 if it is masked. */
static int read_entry(const struct scan *scan, const struct dropin_entry *entry,
		      struct document *ret)
{
	const struct directory *directory = &scan->directories[entry->directory];
	const char *path = path_of(scan, entry);
	CLEANUP_TRUST_PLACE struct trust_place place = { .parent = -1 };
	CLEANUP_FD int fd = -1;
	int r;

	if (!path)
		return -ENOMEM;
	r = find(scan, directory->fd, directory->path, entry->name, path, &place);
	if (r == -EINVAL)
		return r;
	if (r < 0)
		return document_file_report_errno(scan->diagnostics, path, r);
	if (is_null_device(&place.status)) {
		note(scan->diagnostics, path, "masked by a link to /dev/null", "");
		return 0;
	}
	/* Before it is opened: to open a device may do something, and to open a FIFO may hang. */
	if (!S_ISREG(place.status.st_mode))
		return document_file_report(scan->diagnostics, path, NULL,
					    "is refused: it is no regular file");
	fd = trust_open(&place, DOCUMENT_FILE_OPEN_FLAGS | O_NONBLOCK);
	if (fd < 0)
		return document_file_report_errno(scan->diagnostics, path, fd);
	if (fd_is_being_written(fd)) {
		(void)document_file_report(scan->diagnostics, path, NULL, "is being written");
		return -EAGAIN;
	}
	r = document_file_read_from(fd, path, scan->options->size_max, scan->arena,
				    scan->diagnostics, ret);
	return r < 0 ? r : 1;
}

bool dropin_is_wanted(const struct dropin_options *options, const char *name)
{
	return name[0] != '.' && text_has_suffix(name, options->suffix);
}

static bool has_suffix_in_any_case(const char *name, const char *suffix)
{
	size_t length = strlen(name), end = strlen(suffix);

	return length >= end && !strcasecmp(name + length - end, suffix);
}

bool dropin_is_misspelt(const struct dropin_options *options, const char *name)
{
	return name[0] != '.' && !text_has_suffix(name, options->suffix) &&
	       (has_suffix_in_any_case(name, options->suffix) ||
		(options->misspelt && has_suffix_in_any_case(name, options->misspelt)));
}

static void tell_of_suffix(struct diagnostics *diagnostics, enum severity severity,
			   const char *path, const char *message, const char *suffix)
{
	diagnostics_report(diagnostics, severity, ORIGIN_OF_FILE(path),
			   severity == SEVERITY_WARNING ? "rename it" : NULL,
			   "%s: its name does not end in '%s'", message, suffix);
}

void dropin_check_name(const char *path, const char *suffix, struct diagnostics *diagnostics)
{
	if (strcmp(path, "-") != 0 && !text_has_suffix(path, suffix))
		tell_of_suffix(diagnostics, SEVERITY_WARNING, path,
			       "a policy directory would pass it over", suffix);
}

static int add_entry(struct scan *scan, const char *name, size_t directory)
{
	struct dropin_entry entry = { arena_strdup(scan->arena, name), directory };
	int r;

	if (!entry.name)
		return -ENOMEM;
	r = arena_grow(scan->arena, &scan->entries, scan->n_entries, &scan->capacity,
		       sizeof(entry));
	if (r < 0)
		return r;
	scan->entries[scan->n_entries++] = entry;
	return 0;
}

static int add_file(struct scan *scan, const char *name, size_t number)
{
	bool misspelt = dropin_is_misspelt(scan->options, name);
	const char *path;

	if (dropin_is_wanted(scan->options, name))
		return add_entry(scan, name, number);
	if (!misspelt && (!scan->directories[number].tells_others || name[0] == '.'))
		return 0;
	path = arena_printf(scan->arena, "%s/%s", scan->directories[number].path, name);
	if (!path)
		return -ENOMEM;
	tell_of_suffix(scan->diagnostics, misspelt ? SEVERITY_WARNING : SEVERITY_NOTE, path,
		       "is passed over", scan->options->suffix);
	return 0;
}

static int list_directory(struct scan *scan, size_t number)
{
	/* The stream closes its descriptor; the directory's own stays open for openat(). */
	int copy = fcntl(scan->directories[number].fd, F_DUPFD_CLOEXEC, 0);
	CLEANUP(close_stream) DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *item;
	int r;

	if (!stream) {
		r = -errno;
		fd_cleanup(&copy);
		return r;
	}
	for (errno = 0; (item = readdir(stream)); errno = 0) {
		r = add_file(scan, item->d_name, number);
		if (r < 0)
			return r;
	}
	return -errno;
}

/* A root directory that was named is taken as it is; the check begins below it. */
static int find_directory(const struct scan *scan, const char *path, const char *full,
			  struct trust_place *ret)
{
	const char *root = scan->options->root;
	CLEANUP_FD int fd = -1;

	if (!root)
		return find(scan, AT_FDCWD, "", path, full, ret);
	fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : find(scan, fd, root, path, full, ret);
}

static bool tells_others(const struct dropin_options *options, const char *path)
{
	return options->tells_others && !(options->shared && directory_is(path, options->shared));
}

/* Finds a directory, checks and lists it. */
static int add_directory(struct scan *scan, const char *path, const char *full)
{
	size_t number = scan->n_directories;
	struct directory *directory = &scan->directories[number];
	CLEANUP_TRUST_PLACE struct trust_place place = { .parent = -1 };
	int r = find_directory(scan, path, full, &place);

	if (r == -ENOENT)
		return 0;
	if (r == -EINVAL)
		return r;
	if (r < 0)
		return document_file_report_errno(scan->diagnostics, full, r);
	directory->path = full;
	directory->tells_others = tells_others(scan->options, path);
	directory->fd = trust_open(&place, DOCUMENT_FILE_OPEN_FLAGS | O_DIRECTORY);
	if (directory->fd < 0)
		return document_file_report_errno(scan->diagnostics, full, directory->fd);
	scan->n_directories++;
	r = list_directory(scan, number);
	return r < 0 ? document_file_report_errno(scan->diagnostics, full, r) : 0;
}

static int add_directories(struct scan *scan, const char *const *directories, size_t count)
{
	const char *root = scan->options->root ? scan->options->root : "";

	scan->directories = arena_array(scan->arena, count, sizeof(*scan->directories));
	if (!scan->directories)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const char *path =
			arena_printf(scan->arena, "%s%s%s", root,
				     *root && directories[i][0] != '/' ? "/" : "", directories[i]);
		int r = path ? add_directory(scan, directories[i], path) : -ENOMEM;

		if (r == -ENOMEM)
			return r;
		scan->refused = scan->refused || r < 0;
	}
	return 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct dropin_entry *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order)
		return order;
	return (left->directory > right->directory) - (left->directory < right->directory);
}

static void swap_entries(struct dropin_entry *a, struct dropin_entry *b)
{
	struct dropin_entry entry = *a;

	*a = *b;
	*b = entry;
}

size_t dropin_order(struct dropin_entry *entries, size_t count)
{
	size_t kept = 0;

	if (!count)
		return 0;
	qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(entries[i].name, entries[kept - 1].name) != 0)
			swap_entries(&entries[kept++], &entries[i]);
	return kept;
}

/* Those behind the first n_kept have the name of one of these. */
static int note_masked(const struct scan *scan, size_t n_kept)
{
	for (size_t i = n_kept; i < scan->n_entries; i++) {
		const struct dropin_entry *entry = &scan->entries[i], *by = scan->entries;
		const char *path = path_of(scan, entry), *by_path;

		while (strcmp(by->name, entry->name) != 0)
			by++;
		by_path = path_of(scan, by);
		if (!path || !by_path)
			return -ENOMEM;
		note(scan->diagnostics, path, "masked by ", by_path);
	}
	return 0;
}

int dropin_read(const char *const *directories, size_t n_directories,
		const struct dropin_options *options, struct arena *arena,
		struct diagnostics *diagnostics, struct document **ret, size_t *ret_count)
{
	CLEANUP(scan_clear)
	struct scan scan = {
		.options = options,
		.arena = arena,
		.diagnostics = diagnostics,
	};
	struct document *documents;
	size_t n_files, count = 0;
	int r;

	r = add_directories(&scan, directories, n_directories);
	if (r < 0)
		return r;
	n_files = dropin_order(scan.entries, scan.n_entries);
	r = note_masked(&scan, n_files);
	if (r < 0)
		return r;
	documents = arena_array(arena, n_files, sizeof(*documents));
	if (!documents)
		return -ENOMEM;
	for (size_t i = 0; i < n_files; i++) {
		r = read_entry(&scan, &scan.entries[i], &documents[count]);
		if (r == -ENOMEM)
			return r;
		scan.written = scan.written || r == -EAGAIN;
		scan.refused = scan.refused || (r < 0 && r != -EAGAIN);
		count += r > 0;
	}
	if (diagnostics->failed)
		return -ENOMEM;
	if (scan.refused || scan.written)
		return scan.refused ? -EINVAL : -EAGAIN;
	*ret = documents;
	*ret_count = count;
	return 0;
}
