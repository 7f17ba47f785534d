/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/link_match.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "util/mac.h"

const char *const link_directories[SEARCH_DIRECTORIES_MAX + 1] = {
	"/etc/systemd/network",
	"/run/systemd/network",
	"/usr/local/lib/systemd/network",
	"/usr/lib/systemd/network",
};

enum answer { MATCHES, DIFFERS, CANNOT_TELL };

#define BLANKS " \t"

/* A word of a list on its way; NULL: there is none left. -ENOMEM or 0. */
static int take_word(const struct search *search, const char **list, const char **ret)
{
	const char *begin = *list + strspn(*list, BLANKS);
	const size_t length = strcspn(begin, BLANKS);

	*list = begin + length;
	*ret = length ? arena_strndup(search->arena, begin, length) : NULL;
	return length && !*ret ? -ENOMEM : 0;
}

/* Whether one of the globs is the string's; a "!" before all turns it round. */
static int match_globs(const struct search *search, const char *list, const char *string)
{
	const bool negated = *list == '!';
	bool any = false;
	const char *glob;
	int r;

	if (!string)
		return CANNOT_TELL;
	for (list += negated;;) {
		r = take_word(search, &list, &glob);
		if (r < 0)
			return r;
		if (!glob)
			return any != negated ? MATCHES : DIFFERS;
		any = any || fnmatch(glob, string, 0) == 0;
	}
}

/* What the kernel reports is the permanent address, which a PF's own one is unless somebody has
 * changed it. */
static int match_mac(const struct search *search, const char *list)
{
	const char *word;
	struct mac mac;
	int r;

	if (!search->pf->has_permanent_mac)
		return CANNOT_TELL;
	for (;;) {
		r = take_word(search, &list, &word);
		if (r < 0)
			return r;
		if (!word)
			return DIFFERS;
		if (mac_parse(word, &mac) >= 0 && mac_equal(&mac, &search->pf->permanent_mac))
			return MATCHES;
	}
}

static int match_name(const struct search *search, const char *list)
{
	return match_globs(search, list, search->pf->ifname);
}

static int match_driver(const struct search *search, const char *list)
{
	return match_globs(search, list, search->pf->driver);
}

static int match_path(const struct search *search, const char *list)
{
	return match_globs(search, list, search->pf->id_path);
}

static const struct {
	const char *key;
	int (*match)(const struct search *search, const char *list);
} matches[] = {
	{ "MACAddress", match_mac },	{ "PermanentMACAddress", match_mac },
	{ "OriginalName", match_name }, { "Driver", match_driver },
	{ "Path", match_path },
};

static int match_line(const struct search *search, const struct ini_line *line)
{
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++)
		if (strcmp(line->key, matches[i].key) == 0)
			return matches[i].match(search, line->value);
	return CANNOT_TELL;
}

/* A file without [Match] is ignored, with a warning of udev's (link_load_one() in
 * src/udev/net/link-config.c). */
static int match_file(const struct search *search, const char *path, bool *ret_by_name)
{
	enum answer answer = MATCHES;
	struct ini_line *lines;
	size_t count, asked = 0;
	int r = search_read_lines(search, path, INI_SYSTEMD, &lines, &count);

	*ret_by_name = false;
	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (!lines[i].key || !lines[i].section || strcmp(lines[i].section, "Match") != 0 ||
		    !*lines[i].value)
			continue;
		asked++;
		*ret_by_name = *ret_by_name || (strcmp(lines[i].key, "OriginalName") == 0 &&
						strcmp(lines[i].value, "*") != 0);
		r = match_line(search, &lines[i]);
		if (r == DIFFERS)
			return DIFFERS;
		if (r == CANNOT_TELL)
			answer = CANNOT_TELL;
	}
	if (r < 0)
		return r;
	return asked ? answer : DIFFERS;
}

int link_match_find(struct search *search, const char **ret, bool *ret_by_name)
{
	const char **paths;
	size_t count;
	int r = search_find_dropins(search, link_directories, ".link", &paths, &count);

	*ret = NULL;
	for (size_t i = 0; r >= 0 && i < count; i++) {
		r = match_file(search, paths[i], ret_by_name);
		if (r == MATCHES)
			*ret = paths[i];
		if (r != DIFFERS)
			return r < 0 ? r : 0;
	}
	return r < 0 ? r : 0;
}
