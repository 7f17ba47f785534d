/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/policy_files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "document/document_file.h"
#include "document/dropin.h"
#include "document/yaml.h"
#include "memory.h"
#include "policy/policy.h"
#include "util/directory.h"
#include "util/paths.h"

/* What is to be read. */
struct sources {
	const char *root;
	bool tells_others;
	const char **directories, **files;
	size_t n_directories, n_files;
};

static bool is_standard(const char *directory)
{
	for (size_t i = 0; i < ARRAY_SIZE(policy_directories); i++)
		if (directory_is(directory, policy_directories[i]))
			return true;
	return false;
}

/* The rule on owner and mode holds as soon as one of the directories is the system's own. */
static bool must_trust(const struct sources *sources)
{
	for (size_t i = 0; i < sources->n_directories; i++)
		if (is_standard(sources->directories[i]))
			return true;
	return false;
}

static const char *path_of(const char *root, const char *word, struct arena *arena)
{
	if (!root || strcmp(word, "-") == 0)
		return word;
	return MEMORY_REQUIRE(arena_printf(arena, "%s%s%s", root, *word == '/' ? "" : "/", word));
}

/* Whether the directory is one of those by another word, or the same: it would mask itself. */
static bool has_directory(const struct sources *sources, const struct stat *directory,
			  struct arena *arena)
{
	struct stat status;

	for (size_t i = 0; i < sources->n_directories; i++)
		if (stat(path_of(sources->root, sources->directories[i], arena), &status) == 0 &&
		    status.st_dev == directory->st_dev && status.st_ino == directory->st_ino)
			return true;
	return false;
}

/* The standard directories may well not exist; what the user named must. */
static int add(struct sources *sources, const char *word, struct arena *arena,
	       struct diagnostics *diagnostics)
{
	const char *path = path_of(sources->root, word, arena);
	struct stat status = { 0 };

	if (strcmp(word, "-") == 0) {
		for (size_t i = 0; i < sources->n_files; i++)
			if (strcmp(sources->files[i], "-") == 0)
				return document_file_report(diagnostics, "<stdin>", NULL,
							    "can be read only once");
	} else if (stat(path, &status) < 0) {
		return document_file_report_errno(diagnostics, path, -errno);
	}
	if (S_ISDIR(status.st_mode) && has_directory(sources, &status, arena))
		return 0;
	if (S_ISDIR(status.st_mode)) /* which are given their root when they are read */
		sources->directories[sources->n_directories++] = word;
	else
		sources->files[sources->n_files++] = path;
	return 0;
}

static int sort(const char *const *words, size_t count, struct sources *sources,
		struct arena *arena, struct diagnostics *diagnostics)
{
	int result = 0, r;

	sources->files = MEMORY_REQUIRE(arena_array(arena, count, sizeof(char *)));
	for (size_t i = 0; i < count; i++) {
		r = add(sources, words[i], arena, diagnostics);
		if (r < 0)
			result = r;
	}
	return result;
}

static int read_directories(const struct sources *sources, struct arena *arena,
			    struct diagnostics *diagnostics, struct document **ret,
			    size_t *ret_count)
{
	const struct dropin_options options = {
		.root = sources->root,
		.suffix = POLICY_SUFFIX,
		.misspelt = POLICY_SUFFIX_MISSPELT,
		.tells_others = sources->tells_others,
		.shared = RUNTIME_DIRECTORY,
		.size_max = YAML_SIZE_MAX,
		.trusted_only = must_trust(sources),
	};

	return dropin_read(sources->directories, sources->n_directories, &options, arena,
			   diagnostics, ret, ret_count);
}

/* Reads all that can be. */
static int read_all(const struct sources *sources, struct arena *arena,
		    struct diagnostics *diagnostics, struct document **ret, size_t *ret_count)
{
	struct document *found = NULL, *documents;
	size_t count = 0;
	int result = read_directories(sources, arena, diagnostics, &found, &count), r;

	if (result == -ENOMEM)
		return result;
	documents = arena_array(arena, count + sources->n_files, sizeof(*documents));
	if (!documents)
		return -ENOMEM;
	if (count)
		memcpy(documents, found, count * sizeof(*documents));
	for (size_t i = 0; i < sources->n_files; i++) {
		dropin_check_name(sources->files[i], POLICY_SUFFIX, diagnostics);
		r = document_file_read(sources->files[i], YAML_SIZE_MAX, arena, diagnostics,
				       &documents[count]);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
		else
			count++;
	}
	*ret = documents;
	*ret_count = count;
	return result;
}

int policy_files_read(const char *root, const char *const *words, size_t count, bool tells_others,
		      struct arena *arena, struct diagnostics *diagnostics, struct document **ret,
		      size_t *ret_count)
{
	struct sources sources = { .root = root, .tells_others = tells_others };
	struct document *documents = NULL;
	size_t n_documents = 0;
	int r = 0, result;

	sources.directories = MEMORY_REQUIRE(
		arena_array(arena, count + ARRAY_SIZE(policy_directories), sizeof(char *)));
	if (count)
		r = sort(words, count, &sources, arena, diagnostics);
	else
		for (; sources.n_directories < ARRAY_SIZE(policy_directories);
		     sources.n_directories++)
			sources.directories[sources.n_directories] =
				policy_directories[sources.n_directories];
	result = read_all(&sources, arena, diagnostics, &documents, &n_documents);
	*ret = documents;
	*ret_count = n_documents;
	return result < 0 ? result : r;
}
