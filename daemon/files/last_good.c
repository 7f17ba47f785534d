/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "files/last_good.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/document_file.h"
#include "files/file_tree.h"
#include "util/fd.h"
#include "util/text.h"
#include "util/trust.h"

#define NAME "last-good"
/* What is being written, and after the exchange what is not needed any more. */
#define NAME_NEW ".last-good.new"
/* Where a file system cannot exchange two directories: what was kept before, for as long as there
 * is no NAME. */
#define NAME_OLD ".last-good.old"

/* Beside the files. */
#define MANIFEST      "/manifest"
#define MANIFEST_HEAD "version: 1\n"
#define MANIFEST_MAX  (16u << 20)

#define DIR_FLAGS     (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* Finds the tree of that name in the state directory. Errors as of last_good_read(). */
static int find_tree(const struct last_good *where, const char *name, struct arena *arena,
		     struct diagnostics *diagnostics, const char **ret_path, time_t *ret_since)
{
	CLEANUP_TRUST_PLACE struct trust_place place = { .parent = -1 };
	const char *path = arena_printf(arena, "%s/%s", where->state, name);
	struct trust_fault fault = { 0 };
	int r;

	if (!path)
		return -ENOMEM;
	r = trust_find(AT_FDCWD, "", path, where->options.trusted_only, arena, &place, &fault);
	if (r == -ENOENT || r == -ENOMEM)
		return r;
	if (r == -EPERM && fault.path)
		return document_file_report(diagnostics, fault.path, fault.hint,
					    "is not trusted, and so the last good policy is not");
	if (r < 0)
		return document_file_report(diagnostics, path, NULL, strerror(-r));
	*ret_path = path;
	*ret_since = place.status.st_mtime;
	return 0;
}

static void make_manifest(const struct document *documents, size_t count, size_t skip,
			  struct text *out)
{
	text_append(out, MANIFEST_HEAD);
	digest_list(documents, count, skip, out);
}

/* Whether the documents that were read below root are those that were kept. */
static int check_manifest(const char *root, const struct document *documents, size_t count,
			  struct arena *arena, struct diagnostics *diagnostics,
			  char ret_digest[static DIGEST_SIZE])
{
	const char *path = arena_printf(arena, "%s" MANIFEST, root);
	CLEANUP_TEXT struct text manifest = { 0 };
	struct document kept;
	int r = path ? document_file_read_regular(path, MANIFEST_MAX, arena, diagnostics, &kept)
		     : -ENOMEM;

	if (r < 0)
		return r;
	make_manifest(documents, count, strlen(root), &manifest);
	if (manifest.failed)
		return -ENOMEM;
	if (kept.length != manifest.length ||
	    memcmp(kept.text, text_string(&manifest), kept.length) != 0)
		return document_file_report(
			diagnostics, path, NULL,
			"does not fit the files beside it: they are not what was kept");
	digest_make(kept.text + strlen(MANIFEST_HEAD), kept.length - strlen(MANIFEST_HEAD),
		    ret_digest);
	return 0;
}

int last_good_read(const struct last_good *where, struct arena *arena,
		   struct diagnostics *diagnostics, struct document **ret, size_t *ret_count,
		   time_t *ret_since, char ret_digest[static DIGEST_SIZE])
{
	struct document *documents;
	size_t count;
	struct dropin_options options = where->options;
	time_t since;
	int r;

	r = find_tree(where, NAME, arena, diagnostics, &options.root, &since);
	if (r == -ENOENT)
		r = find_tree(where, NAME_OLD, arena, diagnostics, &options.root, &since);
	if (r < 0)
		return r;
	r = dropin_read(where->directories, where->n_directories, &options, arena, diagnostics,
			&documents, &count);
	if (r >= 0)
		r = check_manifest(options.root, documents, count, arena, diagnostics, ret_digest);
	if (r < 0)
		return r == -EAGAIN ? -EINVAL : r;
	*ret = documents;
	*ret_count = count;
	*ret_since = since;
	return 0;
}

/* a is below root, b is not. */
static bool is_same_document(const struct document *a, const struct document *b)
{
	size_t a_length = strlen(a->name), b_length = strlen(b->name);

	return a_length >= b_length && !strcmp(a->name + a_length - b_length, b->name) &&
	       a->length == b->length && !memcmp(a->text, b->text, a->length);
}

/* Whether exactly these documents are kept. What cannot be read is written anew. */
static bool is_kept(const struct last_good *where, const struct document *documents, size_t count)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document *kept;
	size_t n_kept;
	char digest[DIGEST_SIZE];
	time_t since;

	if (arena_new(&arena) < 0 ||
	    last_good_read(where, arena, &diagnostics, &kept, &n_kept, &since, digest) < 0 ||
	    n_kept != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!is_same_document(&kept[i], &documents[i]))
			return false;
	return true;
}

/* Opens the state directory for one process alone. */
static int open_state(const struct last_good *where, int *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TRUST_PLACE struct trust_place place = { .parent = -1 };
	struct trust_fault fault;
	int fd, r;

	if (mkdir(where->state, 0755) < 0 && errno != EEXIST)
		return -errno;
	r = arena_new(&arena);
	if (r >= 0)
		r = trust_find(AT_FDCWD, "", where->state, where->options.trusted_only, arena,
			       &place, &fault);
	if (r < 0)
		return r;
	fd = trust_open(&place, DIR_FLAGS);
	if (fd < 0)
		return fd;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
		(void)close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

static bool exists(int state, const char *name)
{
	return !faccessat(state, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

/* A file system that is read-only refuses to remove even what is not there. */
static int remove_leftover(int state, const char *name)
{
	return exists(state, name) ? file_tree_remove(state, name) : 0;
}

/* Ends what an earlier process could not. */
static int tidy_up(int state)
{
	int r;

	if (!exists(state, NAME) && exists(state, NAME_OLD) &&
	    renameat(state, NAME_OLD, state, NAME) < 0)
		return -errno;
	r = remove_leftover(state, NAME_OLD);
	return r < 0 ? r : remove_leftover(state, NAME_NEW);
}

/* In two steps. Between them last_good_read() finds what was kept under its other name. */
static int publish_slowly(int state)
{
	int r;

	if (renameat(state, NAME, state, NAME_OLD) < 0)
		return -errno;
	if (!renameat(state, NAME_NEW, state, NAME))
		return 0;
	r = -errno;
	(void)renameat(state, NAME_OLD, state, NAME);
	return r;
}

/* Puts the new tree in the place of the one that is kept, in one step where there is one. */
static int publish(int state)
{
	if (!exists(state, NAME))
		return renameat(state, NAME_NEW, state, NAME) < 0 ? -errno : 0;
	if (!renameat2(state, NAME_NEW, state, NAME, RENAME_EXCHANGE))
		return 0;
	return errno == EINVAL || errno == ENOSYS ? publish_slowly(state) : -errno;
}

static int replace(int state, const struct document *documents, size_t count)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct document manifest = { .name = MANIFEST };
	int r;

	make_manifest(documents, count, 0, &text);
	manifest.text = text_string(&text);
	manifest.length = text.length;
	r = text.failed ? -ENOMEM : file_tree_write(state, NAME_NEW, documents, count);
	if (r >= 0)
		r = file_tree_write(state, NAME_NEW, &manifest, 1);
	if (r >= 0)
		r = publish(state);
	if (r >= 0 && fsync(state) < 0)
		r = -errno;
	/* The new one that failed, or those of before. What stays is removed the next time. */
	(void)tidy_up(state);
	return r < 0 ? r : 1;
}

int last_good_save(const struct last_good *where, const struct document *documents, size_t count)
{
	CLEANUP_FD int state = -1;
	bool kept = is_kept(where, documents, count);
	int r = open_state(where, &state);

	if (r >= 0)
		r = tidy_up(state);
	if (kept)
		return 0;
	return r < 0 ? r : replace(state, documents, count);
}
